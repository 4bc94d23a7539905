"""What is proposed, decided and answered, as exports: measures with their results, decisions, official answers."""

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from feedback.export.columns import column, moment, string, texts, whole
from feedback.export.contributions import CODE, MEASURE, PRINCIPLE, PROGRAMME, TITLES
from feedback.export.expressions import Joined, Listed, Uuid, address
from feedback.export.kinds import Kind
from feedback.models import Answer, AnsweredComment, Decision, Tally
from feedback.models.comment import State
from feedback.models.rating import VALUES
from principles.models import Measure, Question

STATES = {
    "published": _("Published comments and replies."),
    "pending": _("Comments and replies that wait for moderation."),
    "hidden": _("Hidden comments and replies."),
    "withdrawn": _("Comments and replies that were withdrawn."),
    "erased": _("Comments and replies that were erased."),
}
VALUE = {
    1: _("Released ratings with the value 1."),
    2: _("Released ratings with the value 2."),
    3: _("Released ratings with the value 3."),
    4: _("Released ratings with the value 4."),
    5: _("Released ratings with the value 5."),
}
RULE_TITLES = {
    "kk": _("Title of the rule, in Kazakh."),
    "ru": _("Title of the rule, in Russian."),
    "en": _("Title of the rule, in English."),
}
ANSWERS = {
    "kk": _("Answer and reason, in Kazakh."),
    "ru": _("Answer and reason, in Russian."),
    "en": _("Answer and reason, in English."),
}
BODIES = {
    "kk": _("Body in charge, in Kazakh."),
    "ru": _("Body in charge, in Russian."),
    "en": _("Body in charge, in English."),
}


def measure_columns():
    return (
        string("slug", _("Name of the measure in addresses and in other tables."), plain=True),
        string("programme", PROGRAMME, "principle__programme__slug"),
        string("principle", PRINCIPLE, "principle__slug"),
        string("code", CODE),
        string("area", _("Slug of the policy area."), "area__slug"),
        *texts("title", TITLES, "current_edition__title"),
        whole("edition", _("Number of the current edition."), "current_edition__number"),
        whole(
            "substantive_edition",
            _("Number of the substantive edition whose ratings are counted here."),
            "current_edition__series",
        ),
        *moment("retired", _("Since when it is no longer in the programme."), "retired_at"),
        whole(
            "comments_submitted",
            _("Comments and replies ever received."),
            Coalesce(F("comment_count__submitted"), 0),
        ),
        *(
            whole(f"comments_{state}", meaning, Coalesce(F(f"comment_count__{state}"), 0))
            for state, meaning in STATES.items()
        ),
        *(
            result
            for slug in dict.fromkeys(Question.objects.order_by("order", "pk").values_list("slug", flat=True))
            for result in _results_of(slug)
        ),
        string("url", _("Address of its page."), address("measures/{}/", "slug"), plain=True),
    )


def _results_of(slug: str):
    """The columns of the tally of one question; of measures in whose programme it is not asked they are empty."""

    def of_tally(value):
        tallies = Tally.objects.filter(
            question__slug=slug, edition__measure=OuterRef("pk"), edition__number=OuterRef("current_edition__series")
        )
        return Subquery(tallies.annotate(_value=value).values("_value")[:1])

    def released(value):
        return of_tally(Case(When(seq__isnull=False, then=value)))

    counts = [F(f"count_{value}") for value in VALUES]
    joined = Joined(*(part for count in counts for part in (Value(" "), count)))
    return (
        whole(f"{slug}_n", _("Everybody who rated, those who wait for the next group included."), of_tally(F("n"))),
        whole(f"{slug}_released_n", _("Released ratings."), released(sum(counts[1:], counts[0]))),
        *(whole(f"{slug}_c{value}", VALUE[value], released(F(f"count_{value}"))) for value in VALUES),
        column(f"{slug}_median", "integer", _("Lower median of the released ratings."), released(joined), made=_median),
        column(
            f"{slug}_share_positive",
            "number",
            _("Share of 4 and 5 among the released ratings, 0 to 1."),
            released(joined),
            made=_share,
        ),
    )


def _tally(counts: str) -> Tally:
    numbers = {f"count_{value}": int(count) for value, count in zip(VALUES, counts.split(), strict=True)}
    return Tally(seq=0, **numbers)


def _median(counts: str) -> int | None:
    return _tally(counts).median


def _share(counts: str) -> float | None:
    return _tally(counts).share_positive


def decision_columns():
    return (
        whole("id", _("Number of the decision."), "pk"),
        string("comment", _("UUID of the comment."), Uuid(F("comment")), plain=True),
        string("programme", PROGRAMME, "comment__measure__principle__programme__slug"),
        string("measure", MEASURE, "comment__measure__slug"),
        string("measure_code", CODE, "comment__measure__code"),
        string("action", _("What was decided."), values=Decision.Action.values),
        string("rule", _("Code of the rule it was decided under."), "rule_version__rule__code"),
        whole("rule_version", _("Number of the rule's wording at the time."), "rule_version__number"),
        *texts("rule_title", RULE_TITLES, "rule_version__title"),
        string("authority", _("Who demanded it, where an authority did.")),
        string("by", _("Who decided; empty after leaving."), "by__user__display_name"),
        string("role", _("Role of who decided.")),
        string(
            "explanation", _("What the author was told."), "explanation__text", usual=False, needs="feedback.decide"
        ),
        string("from", _("State before."), "from_state", values=State.values),
        string("to", _("State after."), "to_state", values=State.values),
        whole("about", _("Number of the decision that this one undoes, upholds or reverses."), "about_id"),
        *moment("decided", _("When it was decided."), "created_at"),
    )


def answer_columns():
    linked = AnsweredComment.objects.filter(answer=OuterRef("pk")).order_by("pk")
    state = Case(
        When(published_at__isnull=False, then=Value("published")),
        When(publish_at__isnull=False, then=Value("timed")),
        default=Value("draft"),
    )
    return (
        string("code", _("Name of the answer."), Joined(Value("a"), F("pk")), plain=True),
        string("programme", PROGRAMME, "measure__principle__programme__slug"),
        string("measure", MEASURE, "measure__slug"),
        string("measure_code", CODE, "measure__code"),
        column(
            "comments",
            "list",
            _("UUIDs of the comments that it answers; empty: the measure itself."),
            Listed(linked.values(item=Uuid(F("comment")))),
        ),
        string("outcome", _("What became of it."), values=Answer.Outcome.values),
        *texts("text", ANSWERS, "text"),
        *texts("body", BODIES, "body"),
        column("date", "date", _("Day of the answer."), "answered_on"),
        string("link", _("Address of more about it.")),
        whole("edition", _("Number of the edition that came of it."), "edition__number"),
        string("state", _("Whether everybody can read it."), state, values=("draft", "timed", "published")),
        *moment("published", _("When it was published."), "published_at"),
        *moment("changed", _("When it was last changed after that."), "changed_at"),
    )


MEASURES = Kind(
    "measures",
    _("measures"),
    Measure,
    lambda: Measure.objects.order_by("principle__programme__order", "principle__order", "principle", "order", "pk"),
    measure_columns,
    "principle__programme__slug",
)
DECISIONS = Kind(
    "decisions",
    _("decisions"),
    Decision,
    lambda: Decision.objects.order_by("pk"),
    decision_columns,
    "comment__measure__principle__programme__slug",
)
ANSWERS_KIND = Kind(
    "answers",
    _("answers"),
    Answer,
    lambda: Answer.objects.order_by("pk"),
    answer_columns,
    "measure__principle__programme__slug",
)
