"""What people said, as exports: comments, ratings, and the participants themselves."""

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from feedback.export.columns import column, moment, string, texts, whole
from feedback.export.expressions import Joined, Listed, Uuid, address, only_published, truth
from feedback.export.kinds import Kind
from feedback.models import AnsweredComment, Comment, CommentTheme, Participant, Rating
from feedback.models.comment import Channel, Language, Stance, State
from feedback.models.rating import VALUES
from feedback.signals.detect import mask

PROGRAMME, PRINCIPLE, MEASURE = _("Slug of the programme."), _("Slug of the principle."), _("Slug of the measure.")
CODE = _("Number of the measure in the programme, such as 2.10: a text, not a decimal.")
TITLES = {
    "kk": _("Title of the measure, in Kazakh."),
    "ru": _("Title of the measure, in Russian."),
    "en": _("Title of the measure, in English."),
}
WITHHELD = (State.PENDING, State.HIDDEN)
REGION = _("Code of the region, where it was given.")
AGE_BAND = _("Age group by year of birth, where it was given.")
GENDER = _("Gender, where it was given.")


def _answers():
    """Codes of the published answers to a comment, oldest first."""
    linked = AnsweredComment.objects.published().filter(comment=OuterRef("pk")).order_by("answer_id")
    return Case(When(answered_at__isnull=False, then=Listed(linked.values(item=Joined(Value("a"), F("answer_id"))))))


def _themes(item=None):
    """One item for each theme of a comment, in the codebook's order."""
    tags = CommentTheme.objects.filter(comment=OuterRef("pk")).order_by("theme__order", "theme_id")
    return Listed(tags.values(item=item or F("theme__code")))


def comment_columns():
    return (
        string("id", _("UUID of the comment."), Uuid(F("pk")), plain=True),
        string("programme", PROGRAMME, "measure__principle__programme__slug"),
        string("principle", PRINCIPLE, "measure__principle__slug"),
        string("measure", MEASURE, "measure__slug"),
        string("measure_code", CODE, "measure__code"),
        *texts("measure_title", TITLES, "measure__current_edition__title", usual=False),
        whole("edition", _("Number of the edition that its author saw.")),
        string(
            "parent",
            _("UUID of the comment that it replies to; empty: it is not a reply."),
            Uuid(F("parent")),
            plain=True,
        ),
        string("state", _("Who may read it."), values=State.values),
        string("text", _("What was said; empty unless it is published."), only_published("shown__text")),
        string(
            "withheld_text",
            _("What was said in a comment that waits or is hidden, personal data masked; never public."),
            Case(When(state__in=WITHHELD, then=F("latest__text"))),
            made=mask,
            usual=False,
            needs="feedback.decide",
        ),
        string("language", _("Language of the text."), values=Language.values),
        string(
            "stance",
            _("Where its author stands, as the author picked it; empty unless it is published."),
            only_published("stance"),
            values=Stance.values,
        ),
        string(
            "author_name",
            _("Display name of the author; empty on paper, after leaving, and unless it is published."),
            only_published("author__user__display_name"),
        ),
        string(
            "author_pseudonym",
            _("Random name of the author, the same on all comments; empty unless it is published."),
            only_published("author__pseudonym"),
            plain=True,
        ),
        *moment("created", _("When it was received."), "created_at"),
        *moment("edited", _("When it was last edited."), "edited_at"),
        whole("votes_agree", _("Participants who agree."), "agree_count"),
        whole("votes_disagree", _("Participants who disagree."), "disagree_count"),
        whole("replies", _("Published replies."), "reply_count"),
        string("channel", _("How it came."), values=Channel.values),
        column("answers", "list", _("Codes of the official answers to it."), _answers()),
        column("themes", "list", _("Codes of the themes that the staff, or a program of theirs, noted."), _themes()),
        column(
            "themes_by",
            "list",
            _("For each of these themes, whether a person (person) or a program (machine) noted it."),
            _themes(Case(When(by=None, then=Value("machine")), default=Value("person"))),
            usual=False,
        ),
        string(
            "url",
            _("Address of its page."),
            address("measures/{}/comments/{}/", "measure__slug", Uuid(F("pk")), language="language"),
            plain=True,
        ),
    )


def rating_columns():
    return (
        string(
            "who",
            _("Random name of one participant's rating of this question and edition."),
            Uuid(F("who")),
            plain=True,
        ),
        string("programme", PROGRAMME, "question__programme__slug"),
        string("principle", PRINCIPLE, "edition__measure__principle__slug"),
        string("measure", MEASURE, "edition__measure__slug"),
        string("measure_code", CODE, "edition__measure__code"),
        *texts("measure_title", TITLES, "edition__measure__current_edition__title", usual=False),
        string("question", _("Slug of the question."), "question__slug"),
        whole("edition", _("Number of the substantive edition that was rated."), "edition__number"),
        whole("value", _("The released value, 1 to 5."), "released_value", values=VALUES),
        string("channel", _("How it came."), values=Channel.values),
        string("region", REGION, personal=True, usual=False),
        string("age_band", AGE_BAND, personal=True, usual=False),
        string("gender", GENDER, personal=True, usual=False),
    )


def released_ratings():
    """Ratings that have joined the results; their order says nothing about when they were given."""
    return Rating.objects.filter(released_value__isnull=False).order_by("who")


def _number_of(rows) -> Coalesce:
    counted = rows.order_by().values("_by").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def participant_columns():
    comments = Comment.objects.filter(author=OuterRef("pk")).annotate(_by=F("author"))
    ratings = Rating.objects.filter(participant=OuterRef("pk"), value__isnull=False).annotate(_by=F("participant"))
    return (
        string("pseudonym", _("Random name of the participant, the same on all comments."), plain=True),
        string("name", _("Display name; empty after leaving."), "user__display_name"),
        string("email", _("E-mail address; empty after leaving."), "user__email", personal=True, usual=False),
        column("left", "boolean", _("Whether the account is deleted."), truth(Q(user=None))),
        *moment("joined", _("When the account was made; empty after leaving."), "user__date_joined"),
        string("language", _("Language of letters to the participant."), "user__language", values=Language.values),
        string("region", REGION, "user__region__code", personal=True, usual=False),
        string("age_band", AGE_BAND, "user__age_band", personal=True, usual=False),
        string("gender", GENDER, "user__gender", personal=True, usual=False),
        whole("comments", _("Comments and replies ever received from the participant."), _number_of(comments)),
        whole(
            "comments_published", _("Those of them that are published."), _number_of(comments.filter(state="published"))
        ),
        whole("ratings", _("Questions about measures that the participant has rated."), _number_of(ratings)),
    )


COMMENTS = Kind(
    "comments",
    _("comments"),
    Comment,
    lambda: Comment.objects.order_by("created_at", "id"),
    comment_columns,
    "measure__principle__programme__slug",
)
RATINGS = Kind("ratings", _("ratings"), Rating, released_ratings, rating_columns, "question__programme__slug")
PARTICIPANTS = Kind(
    "participants", _("participants"), Participant, lambda: Participant.objects.order_by("pk"), participant_columns
)
