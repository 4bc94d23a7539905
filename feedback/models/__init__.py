"""What people answer, what staff decide about it, and the record of both."""

from feedback.models.comment import Comment, CommentVersion, CommentVote, Report
from feedback.models.decision import Decision, DecisionExplanation
from feedback.models.ledger import (
    CommentCount,
    LedgerEntry,
    Log,
    OutboxEntry,
    ProgrammeState,
    SequencedEdition,
)
from feedback.models.person import Participant, StaffMember
from feedback.models.rating import Rating, Tally
from feedback.models.rule import Rule, RuleVersion
from feedback.models.search import CommentWords, KnownWord
from feedback.models.submission import Submission

__all__ = [
    "Comment",
    "CommentCount",
    "CommentVersion",
    "CommentVote",
    "CommentWords",
    "Decision",
    "DecisionExplanation",
    "KnownWord",
    "LedgerEntry",
    "Log",
    "OutboxEntry",
    "Participant",
    "ProgrammeState",
    "Rating",
    "Report",
    "Rule",
    "RuleVersion",
    "SequencedEdition",
    "StaffMember",
    "Submission",
    "Tally",
]
