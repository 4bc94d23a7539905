"""Everything that the portal holds about one person, for that person: as data, and as a page.

A section is one table with the rows that refer to the person. `LEFT_OUT` says of every other table that refers to
people or to comments why it is in none; a test finds a table that is in neither.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Case, F, Model, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.actions.access import ROLE_NAMES
from feedback.models import (
    AnsweredComment,
    ApiToken,
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
    StaffMember,
    Submission,
    ThemeVersion,
)
from feedback.models.comment import State
from feedback.models.rating import VALUES
from portal.localized import FALLBACKS

User = get_user_model()
# Secrets of the account itself, and what is kept for the machinery alone.
NEVER = {"password", "data", "digest", "simhash", "is_superuser"}
# Whoever decided does so for the portal, and is named nowhere else either.
STAFF = {"by", "ruled_by"}


@dataclass(frozen=True)
class Section:
    key: str
    title: str | Promise
    model: type[Model]
    where: Callable[[AbstractBaseUser], Q]
    newest: str = "pk"  # what grows from row to row

    def rows(self, user: AbstractBaseUser) -> QuerySet:
        return QuerySet(model=self.model).filter(self.where(user)).order_by(f"-{self.newest}", "-pk")

    def fields(self) -> list:
        return [f for f in self.model._meta.concrete_fields if f.name not in NEVER | STAFF]


def _own(lookup: str) -> Callable[[AbstractBaseUser], Q]:
    return lambda user: Q(**{lookup: user})


Consent = User._meta.get_field("consents").related_model
AUTHOR, PARTICIPANT = _own("comment__author__user"), _own("participant__user")
SECTIONS = (
    Section("account", _("Account"), User, lambda user: Q(pk=user.pk)),
    Section("addresses", _("E-mail addresses"), EmailAddress, _own("user")),
    Section("consents", _("What you agreed to"), Consent, _own("user")),
    Section("second_factors", _("Second factors"), Authenticator, _own("user")),
    Section("tokens", _("API tokens"), ApiToken, _own("user")),
    Section("participant", _("As a participant"), Participant, _own("user")),
    Section("staff", _("As one of the staff"), StaffMember, _own("user")),
    Section("comments", _("Comments"), Comment, _own("author__user"), newest="created_at"),
    Section("versions", _("Versions of the comments"), CommentVersion, AUTHOR),
    Section("decisions", _("Decisions about them"), Decision, AUTHOR),
    Section(
        "explanations", _("Explanations of the decisions"), DecisionExplanation, _own("decision__comment__author__user")
    ),
    Section("answered", _("Answers to them"), AnsweredComment, AUTHOR),
    Section("themes", _("Themes that they were given"), CommentTheme, AUTHOR),
    Section("ratings", _("Ratings"), Rating, PARTICIPANT),
    Section("votes", _("Votes"), CommentVote, PARTICIPANT),
    Section("reports", _("Reports"), Report, PARTICIPANT),
    Section("appeals", _("Appeals"), Appeal, PARTICIPANT),
    Section("sanctions", _("Warnings and suspensions"), Sanction, PARTICIPANT),
    Section("follows", _("What you follow"), Follow, PARTICIPANT),
    Section("notices", _("What we have told you"), Notice, PARTICIPANT),
    Section("counted", _("As whom you were counted"), CountedParticipant, PARTICIPANT),
    Section("submissions", _("Marks of what was sent in the last day"), Submission, PARTICIPANT),
)
# What a row is about, where only keys would say so: {path: label}.
OF_COMMENT = {"comment__measure__code": _("measure")}
ABOUT = {
    EmailAddress: {"email": _("e-mail address")},
    Participant: {"pseudonym": _("random name in open data")},
    Comment: {"measure__code": _("measure")},
    CommentVersion: OF_COMMENT,
    Decision: OF_COMMENT | {"named": _("rule")},
    DecisionExplanation: {f"decision__{path}": label for path, label in OF_COMMENT.items()}
    | {"decision__action": _("action"), "decision__created_at": _("decided")},
    CommentTheme: OF_COMMENT | {"named": _("theme")},
    Sanction: {"named": _("rule")},
    CommentVote: OF_COMMENT,
    Report: OF_COMMENT,
    Rating: {"edition__measure__code": _("measure"), "named": _("question"), "edition__number": _("edition")},
    Follow: {"measure__code": _("measure"), "programme__slug": _("programme")},
}
# What stands in each language: {model: path}, as `named`.
NAMED = {
    Rating: "question__text",
    Decision: "rule_version__title",
    Sanction: "rule_version__title",
}
# Where the name of a field says too little by itself.
PLAINER = {
    Appeal: {"due_at": _("to be decided by")},
    Notice: {"due_at": _("told at the earliest")},
    Follow: {"created_at": _("created")},
}
VALUES_SAID = {"value": "value_said", "released_value": "released_said"}  # of a rating, with the answer's words
# Keys and counters, and what another field of the row says already: these are in the file alone.
IN_FILE_ALONE = {"salt", "commitment", "moderation", "agreement"} | {
    f"{counted}_count" for counted in ("agree", "disagree", "reply")
}
LEFT_OUT = {
    "accounts.User_groups": "roles of the staff",
    "accounts.User_user_permissions": "nobody has any of their own",
    "admin.LogEntry": "what staff did in the administration",
    "feedback.Answer": "the comments that it answers are in `answered`",
    "feedback.DeskItem": "the desk's order of work",
    "feedback.Signal": "hints to the staff about a text that is in `versions`",
    "feedback.BrigadeComment": "hints to the staff about texts that are in `versions`",
    "feedback.TextPrint": "numbers made from a text that is in `versions`",
    "feedback.CommentWords": "the words of a text that is in `versions`",
    "feedback.StaffNote": "the staff's own words",
    "feedback.BulkTarget": "the decision is in `decisions`",
    "feedback.PaperSheet": "whoever filled in a sheet has no account",
}


def own_data(user: AbstractBaseUser) -> dict[str, list[dict]]:
    """{section: [{field: value as text, number, time or None}]}."""
    return {
        section.key: [
            {field.name: _plain(row[field.attname]) for field in section.fields()}
            for row in section.rows(user).values(*[field.attname for field in section.fields()])
        ]
        for section in SECTIONS
    }


def own_data_shown(user: AbstractBaseUser) -> Iterator[tuple[str | Promise, list[list[tuple[str, object]]]]]:
    """(title, rows of (label, value)) of each section that has rows, without what is empty.

    Where a table has fields with names for people, these alone, after what the row is about; keys and counters are in
    the file.
    """
    names_of_values = {"state": dict(State.choices), "role": ROLE_NAMES, "ruled_role": ROLE_NAMES}
    for section in SECTIONS:
        plain = [
            field
            for field in section.fields()
            if not (field.is_relation or field.primary_key or field.name in IN_FILE_ALONE)
        ]
        fields = [field for field in plain if isinstance(field.verbose_name, Promise)] or plain
        about = ABOUT.get(section.model, {})
        labels = about | {field.attname: field.verbose_name for field in fields if field.attname not in about}
        labels |= PLAINER.get(section.model, {})
        names = {field.attname: dict(field.flatchoices) or names_of_values.get(field.name, {}) for field in fields}
        if section.model is DecisionExplanation:
            names["decision__action"] = dict(Decision.Action.choices)
        if section.model is CommentVote:
            names["value"] = {1: _("agree"), -1: _("disagree")}
        found = section.rows(user)
        if section.model in NAMED:
            found = found.annotate(named=_in_language(NAMED[section.model]))
        if section.model is CommentTheme:
            found = found.annotate(named=_name_then())
        if section.model is Rating:
            found = found.annotate(**{said: _answer(value) for value, said in VALUES_SAID.items()})
            labels = {VALUES_SAID.get(key, key): label for key, label in labels.items()}
        rows = [
            [
                (label, names.get(key, {}).get(row[key], row[key]))
                for key, label in labels.items()
                if row[key] not in (None, "")
            ]
            for row in found.values(*labels)
        ]
        if rows := [row for row in rows if row]:
            yield section.title, rows


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
            When(**{value: each}, then=Concat(Value(f"{each} – "), _in_language(f"question__label_{each}")))
            for each in VALUES
        ),
        output_field=TextField(),
    )


def _plain(value):
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)
