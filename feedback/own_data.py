"""Everything that the portal holds about one person, for that person, as data (`own_data_page`: to be read).

A section is one table with the rows that refer to the person. `LEFT_OUT` says of every other table that refers to
people or to comments why it is in none; a test finds a table that is in neither.
"""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
)

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
    Section("versions", _("Other versions of the comments"), CommentVersion, AUTHOR),
    Section("decisions", _("Decisions about your comments"), Decision, AUTHOR),
    Section(
        "explanations", _("Explanations of the decisions"), DecisionExplanation, _own("decision__comment__author__user")
    ),
    Section("answered", _("Answers to your comments"), AnsweredComment, AUTHOR),
    Section("themes", _("Themes of your comments"), CommentTheme, AUTHOR),
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
    "feedback.DeskWords": "the words of a text that is in `versions`",
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


def _plain(value):
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)
