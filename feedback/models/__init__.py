"""What people answer, what staff decide about it, and the record of both."""

from feedback.models.answer import Answer, AnsweredComment, ClosingStatement
from feedback.models.appeal import Appeal, Sanction
from feedback.models.breakdown import (
    Breakdown,
    CountedParticipant,
    Dimension,
    Margins,
    ProgrammeFigures,
    WeightedResult,
)
from feedback.models.brigade import Brigade, BrigadeComment, BrigadeSearch
from feedback.models.bulk import BulkDecision, BulkTarget
from feedback.models.comment import Comment, CommentVersion
from feedback.models.decision import Decision, DecisionExplanation
from feedback.models.desk import DeskItem, SavedExplanation, StaffNote
from feedback.models.export import Export, ExportRecord
from feedback.models.figure import DecisionTime, ModerationFigure
from feedback.models.ledger import (
    CommentCount,
    LedgerEntry,
    Log,
    OutboxEntry,
    ProgrammeState,
    SequencedEdition,
)
from feedback.models.ledger_tree import Checkpoint, Cosignature, SigningKey, TreeNode, Witness
from feedback.models.limit import RequestCount
from feedback.models.notice import Follow, Notice
from feedback.models.paper import PaperBatch, PaperSheet
from feedback.models.person import Participant, StaffMember
from feedback.models.rating import Rating, Tally
from feedback.models.reaction import CommentVote, Report
from feedback.models.results_report import ResultsReport
from feedback.models.rule import Rule, RuleVersion
from feedback.models.search import CommentWords, DeskWords, KnownWord
from feedback.models.signal import Signal, TextPrint, WatchWord
from feedback.models.submission import Submission
from feedback.models.theme import CommentTheme, Theme, ThemeVersion
from feedback.models.token import ApiToken

__all__ = [
    "Answer",
    "AnsweredComment",
    "ApiToken",
    "Appeal",
    "Breakdown",
    "Brigade",
    "BrigadeComment",
    "BrigadeSearch",
    "BulkDecision",
    "BulkTarget",
    "Checkpoint",
    "ClosingStatement",
    "Comment",
    "CommentCount",
    "CommentTheme",
    "CommentVersion",
    "CommentVote",
    "CommentWords",
    "Cosignature",
    "CountedParticipant",
    "Decision",
    "DecisionExplanation",
    "DecisionTime",
    "DeskItem",
    "DeskWords",
    "Dimension",
    "Export",
    "ExportRecord",
    "Follow",
    "KnownWord",
    "LedgerEntry",
    "Log",
    "Margins",
    "ModerationFigure",
    "Notice",
    "OutboxEntry",
    "PaperBatch",
    "PaperSheet",
    "Participant",
    "ProgrammeFigures",
    "ProgrammeState",
    "Rating",
    "Report",
    "RequestCount",
    "ResultsReport",
    "Rule",
    "RuleVersion",
    "Sanction",
    "SavedExplanation",
    "SequencedEdition",
    "Signal",
    "SigningKey",
    "StaffMember",
    "StaffNote",
    "Submission",
    "Tally",
    "TextPrint",
    "Theme",
    "ThemeVersion",
    "TreeNode",
    "WatchWord",
    "WeightedResult",
    "Witness",
]
