"""Everything that the portal holds about one person, for that person to read: in their language, in plain words.

What only says the same again, and what serves the machinery alone, is in the file (`feedback.own_data`).
"""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import (
    BooleanField,
    Case,
    F,
    Field,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, Left, Length, NullIf
from django.db.models.lookups import GreaterThan
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.actions.access import ROLE_NAMES
from feedback.models import (
    AnsweredComment,
    Appeal,
    Comment,
    CommentTheme,
    CommentVersion,
    CommentVote,
    CountedParticipant,
    Decision,
    DecisionExplanation,
    Follow,
    Notice,
    Participant,
    Rating,
    Report,
    Sanction,
    ThemeVersion,
)
from feedback.models.comment import Channel, Language, State
from feedback.models.rating import VALUES
from feedback.own_data import SECTIONS, Section
from portal.localized import FALLBACKS

User = get_user_model()
# Whose measure a row is of; it is named with its programme.
MEASURE = {
    Comment: "measure",
    Rating: "edition__measure",
    Follow: "measure",
    DecisionExplanation: "decision__comment__measure",
} | dict.fromkeys(
    (CommentVersion, Decision, AnsweredComment, CommentTheme, CommentVote, Report, Sanction), "comment__measure"
)
# What a row is about beside that, where only keys would say so: {path: label}.
ABOUT = {
    User: {"named": _("region")},
    EmailAddress: {"email": _("e-mail address")},
    Participant: {"pseudonym": _("random name in open data")},
    Comment: {"latest__text": _("text")},
    Decision: {"named": _("rule")},
    DecisionExplanation: {"decision__action": _("action"), "decision__created_at": _("date of the decision")},
    AnsweredComment: {"answer__outcome": _("outcome"), "answer__published_at": _("date")},
    CommentTheme: {"named": _("theme")},
    Report: {"named": _("rule")},
    Sanction: {"named": _("rule")},
    Rating: {"named": _("question"), "edition__number": _("edition")},
    CountedParticipant: {"named": _("programme")},
}
# Which of the person's own comments a row is about; it is named by its beginning.
COMMENT = dict.fromkeys((Decision, AnsweredComment, CommentTheme), "comment") | {
    DecisionExplanation: "decision__comment"
}
BEGINNING = 120  # characters
# What stands in each language: {model: path}, as `named`.
NAMED = {
    User: "region__name",
    Rating: "question__text",
    Decision: "rule_version__title",
    Report: "rule__current_version__title",
    Sanction: "rule_version__title",
    CountedParticipant: "programme__title",
}
# What a field is called here: by its name, and of a model where one name means several things.
CALLED = {
    "created_at": _("date"),
    "given_at": _("date"),
    "last_login": _("last sign-in"),
    "is_active": _("account in use"),
    "is_staff": _("one of the staff"),
    "edited_at": _("date of the last edit"),
    "changed_at": _("date of the last change"),
    "withdrawn_at": _("date of withdrawal"),
    "answered_at": _("date of the first answer"),
    "handled_at": _("date when the staff looked at it"),
    "mailed_at": _("date of the e-mail"),
    "read_at": _("date of reading"),
    "ruled_at": _("date of the ruling"),
    "lifted_at": _("date of lifting"),
    "used_at": _("date of last use"),
    "last_used_at": _("date of last use"),
    "digest_at": _("last e-mail with news"),
    "channel": _("how it was sent"),
    "role": _("role of who decided"),
    "ruled_role": _("role of who decided"),
    "from_state": _("state before"),
    "to_state": _("state after"),
    "type": _("kind"),
    "region": _("region"),
    "age_band": _("age group, by year of birth"),
    "gender": _("gender"),
    "released_value": _("counted as"),
    "released_once": _("in the public results"),
    "waiting": _("waits to join the public results"),
    "machine": _("program that noted it"),
    "public": _("readable by everybody"),
}
CALLED_OF = {
    Appeal: {"due_at": _("to be decided by")},
    Rating: {"value": _("my rating")},
    CommentVote: {"value": _("my vote")},
    CountedParticipant: {"channel": _("way of taking part")},
}
# What only the file has: keys and counters, what serves the machinery, and what another field of the row says already.
IN_FILE_ALONE = {"salt", "commitment", "moderation", "agreement", "counted_as_change", "since", "shown_before"} | {
    "agree_count",
    "disagree_count",
    "reply_count",
}
IN_FILE_ALONE_OF = {Decision: {"language"}, Notice: {"due_at"}}
SAID = {"value": "value_said", "released_value": "released_said"}  # of a rating, with the answer's words


def own_data_shown(user: AbstractBaseUser) -> Iterator[tuple[str | Promise, list[list[tuple[str, object]]]]]:
    """(title, rows of (label, value)) of each section that has rows, without what is empty.

    A field without a name for people is left out. A comment stands with its newest text, and only its other versions
    stand below it.
    """
    for section in SECTIONS:
        rows = _rows(section, user)
        labels = _labels(section)
        names = _names(section)
        shown = [
            [
                (label, names.get(key, {}).get(row[key], row[key]))
                for key, label in labels.items()
                if row[key] not in (None, "")
            ]
            for row in (rows.values(*labels) if labels else ())
        ]
        if shown := [row for row in shown if row]:
            yield section.title, shown


def _fields(section: Section) -> list[Field]:
    alone = IN_FILE_ALONE | IN_FILE_ALONE_OF.get(section.model, set())
    return [
        field
        for field in section.fields()
        if not (field.is_relation or field.primary_key or field.name in alone)
        and (isinstance(field.verbose_name, Promise) or field.name in CALLED)
    ]


def _labels(section: Section) -> dict[str, str | Promise]:
    """{what to read of a row: what it is called}, in the order of the page."""
    model = section.model
    labels = {"of_programme": _("programme"), "of_measure": _("measure")} if model in MEASURE else {}
    labels |= {"of_comment": _("comment")} if model in COMMENT else {}
    labels |= ABOUT.get(model, {})
    called = CALLED | CALLED_OF.get(model, {})
    for field in _fields(section):
        key = SAID.get(field.name, field.name) if model is Rating else field.name
        if model is CommentVersion and field.name == "public":
            key = "public_now"
        labels.setdefault(key, called.get(field.name, field.verbose_name))
    return labels


def _names(section: Section) -> dict[str, dict]:
    """{what is read of a row: {its value: what that is called}}."""
    regions = User._meta.get_field("region").related_model
    names = {
        "state": dict(State.choices),
        "role": ROLE_NAMES,
        "ruled_role": ROLE_NAMES,
        "language": dict(Language.choices),
        "channel": dict(Channel.choices)
        | {"web": _("on the website"), "api": _("by a program"), "paper": _("on paper")},
        "age_band": dict(User.AgeBand.choices),
        "gender": dict(User.Gender.choices),
        "document": {"privacy": _("Privacy"), "rules": _("Rules of participation")},
        "answer__outcome": dict(AnsweredComment._meta.get_field("answer").related_model.Outcome.choices),
        "decision__action": dict(Decision.Action.choices),
    }
    if section.model in (Rating, CountedParticipant):
        names["region"] = {region.code: region.name for region in regions.objects.all()}
    if section.model is CommentVote:
        names["value"] = {1: _("agree"), -1: _("disagree")}
    chosen = {field.name: dict(field.flatchoices) for field in _fields(section) if field.flatchoices}
    return chosen | {key: each for key, each in names.items() if key == "channel" or key not in chosen}


def _rows(section: Section, user: AbstractBaseUser) -> QuerySet:
    model, rows = section.model, section.rows(user)
    if model in MEASURE:
        rows = rows.annotate(**_measure(model))
    if model in COMMENT:
        rows = rows.annotate(of_comment=_beginning(f"{COMMENT[model]}__latest__text"))
    if model in NAMED:
        rows = rows.annotate(named=_in_language(NAMED[model]))
    if model is CommentTheme:
        rows = rows.annotate(named=_name_then())
    if model is Rating:
        rows = rows.annotate(**{said: _answer(value) for value, said in SAID.items()})
    if model is CommentVersion:
        readable = Q(public=True, comment__state=State.PUBLISHED)
        rows = rows.exclude(comment__latest=F("pk")).annotate(
            public_now=Case(When(readable, then=Value(True)), default=Value(False), output_field=BooleanField())
        )
    return rows


def _measure(model: type[Model]) -> dict:
    """The measure's code and title, and the programme's title; where a row is of none, nothing."""
    path = MEASURE[model]
    words = F(f"{path}__code"), Value(" "), _in_language(f"{path}__current_edition__title")
    title = Concat(*words, output_field=TextField())
    programme = _in_language(f"{path}__principle__programme__title")
    if model is Follow:
        programme = Coalesce(programme, _in_language("programme__title"), output_field=TextField())
    return {
        "of_measure": Case(When(**{f"{path}__isnull": False}, then=title), output_field=TextField()),
        "of_programme": programme,
    }


def _beginning(path: str) -> Case:
    """The text at `path`, or its first `BEGINNING` characters."""
    cut = Concat(Left(path, BEGINNING), Value("…"), output_field=TextField())
    return Case(When(GreaterThan(Length(path), BEGINNING), then=cut), default=F(path), output_field=TextField())


def _in_language(path: str) -> Coalesce:
    """The text at `path` in the language of the page, or in the next best one."""
    texts = (F(f"{path}_{code}") for code in FALLBACKS[get_language() or "en"])
    return Coalesce(*(NullIf(text, Value("")) for text in texts), output_field=TextField())


def _name_then() -> Subquery:
    """A theme's name in the wording in which it was given."""
    then = ThemeVersion.objects.filter(theme=OuterRef("theme"), number=OuterRef("version"))
    return Subquery(then.order_by().annotate(said=_in_language("name")).values("said"))


def _answer(value: str) -> Case:
    """The rating in the field `value` with what stands beside it on the scale: "4 – rather yes"."""
    return Case(
        *(
            When(**{value: each}, then=Concat(Value(f"{each} – "), _in_language(label), output_field=TextField()))
            for each, label in ((each, f"question__label_{each}") for each in VALUES)
        ),
        output_field=TextField(),
    )
