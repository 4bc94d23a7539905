"""The style page: every component in all its states, made of thin air, for whoever works on the portal's looks."""

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

from django.contrib.admin.views.decorators import staff_member_required
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from feedback.forms import CommentForm
from feedback.ledger.receipt_check import Verdict
from feedback.models import Answer, ClosingStatement, Tally
from feedback.models.comment import State
from feedback.results import QuestionResult
from feedback.results.unshown import Unshown
from feedback.views.entries import Entry
from feedback.views.listing import Choice
from principles.models import LANGUAGES, Edition, Question, Reading
from principles.wording_diff import word_diff

NOON = datetime(2026, 11, 23, 7, tzinfo=UTC)
LONG_WORD = {
    "kk": "Қанағаттандырылмағандықтарыңыздан",
    "ru": "Превысокомногорассмотрительствующий",
    "en": "Incomprehensibilities",
}


@staff_member_required
def style(request):
    """For staff alone: nothing here is real."""
    context = {
        "measure": SimpleNamespace(slug="example", takes_contributions=True),
        "edition": SimpleNamespace(number=1),
        "results": [(name, result(*numbers)) for name, numbers in RESULTS.items()],
        "entries": [entry(state) for state in State.values] + [own_entry()],
        "own_comments": [own_comment(state) for state in State.values if state != State.ERASED],
        "refused": CommentForm({"text": "", "stance": "x", "edition": "1"}, edition=1),
        "form": CommentForm(edition=1, initial={"text": LONG_WORD[request.LANGUAGE_CODE] * 4}),
        "choice": Choice(order="agreed"),
        "long_word": LONG_WORD[request.LANGUAGE_CODE] * 3,
        "programmes": [
            ("open", programme(closes_at=NOON, is_open=True)),
            ("not open yet", programme(opens_at=NOON)),
            ("closed", programme(closes_at=NOON, has_closed=True)),
        ],
        "is_open": True,
        "answers": [answer(outcome) for outcome in Answer.Outcome.values] + [whole_answer()],
        "answered": comment(State.PUBLISHED, pk=UUID(int=300)),
        "unanswered": comment(State.PUBLISHED, pk=UUID(int=301)),
        "statement": statement(),
        "changes": [word_diff("Roads to all villages.", after) for after in ("Roads to most villages.", "Water.")],
        "unshown": [Unshown("Not yet.", ["By region", LONG_WORD[request.LANGUAGE_CODE] * 2])],
        "verdicts": VERDICTS,
    }
    return render(request, "feedback/style.html", context)


# n and the counts of released ratings (None: nothing released), one's own value and whether it waits.
RESULTS = {
    "nobody has rated": (0, None, None, False),
    "nine have rated, one's own waits": (9, None, 4, True),
    "ten are released": (10, [1, 0, 2, 3, 4], 5, False),
    "many, some wait, one's own among them": (100_007, [9_000, 11_000, 20_000, 35_000, 25_000], 2, True),
    "unanimous": (12, [0, 0, 0, 0, 12], None, False),
}


VERDICTS = [
    *(
        Verdict(kind, {"opening": {}, "log": "example.org/ledger"}, 12_345, 67_890, State.HIDDEN.value)
        for kind in ("counted", "changed", "replaced", "entered", "waits", "due", "withheld")
    ),
    *(
        Verdict(kind, {"opening": {}, "log": "example.org/ledger"})
        for kind in ("misquoted", "lost", "broken", "elsewhere", "forged", "unreadable")
    ),
]


def result(n: int, counts: list[int] | None, own: int | None, waits: bool) -> QuestionResult:
    """A result as the page of a measure shows it."""
    question = Question(slug=f"question-{n}")
    asked = f"{_('Do you support this measure?')} ({number_format(n, force_grouping=True)})"
    for language in LANGUAGES:
        setattr(question, f"text_{language}", asked)
        for value, label in enumerate((_("against"), _("against"), _("neutral"), _("for"), _("for")), 1):
            setattr(question, f"label_{value}_{language}", f"{label} {value}")
    tally = Tally(n=n, seq=1 if counts else None)
    tally.counts = counts or [0] * 5
    rating = SimpleNamespace(value=own, waiting=waits, released_once=False) if own else None
    return QuestionResult(question, tally, own=rating, chosen=own)


def programme(**facts) -> SimpleNamespace:
    return SimpleNamespace(**{"opens_at": None, "closes_at": None, "is_open": False, "has_closed": False} | facts)


def comment(state: str, **facts) -> SimpleNamespace:
    """A comment as the templates read it."""
    version = SimpleNamespace(
        text=f"{LONG_WORD['kk']} https://example.org/{'long/' * 12}\n\nКөшеге жаңа мектеп керек.", language="kk"
    )
    rule = SimpleNamespace(title=_("Rules of participation"))
    decision = SimpleNamespace(rule_version=rule, explanation=SimpleNamespace(text="Бұл — жарнама.", language="kk"))
    return SimpleNamespace(
        **{
            "pk": UUID(int=State.values.index(state) + 1),
            "state": state,
            "state_label": State(state).label,
            "is_visible": state == State.PUBLISHED,
            "measure": SimpleNamespace(slug="example", takes_contributions=True),
            "parent_id": None,
            "author": SimpleNamespace(name="Айгерім"),
            "channel": "web",
            "stance": "for",
            "get_stance_display": _("for"),
            "language": "kk",
            "created_at": NOON,
            "edited_at": NOON,
            "shown": version,
            "latest": version,
            "has_waiting_edit": False,
            "hiding_decision": decision,
            "agree_count": 12,
            "disagree_count": 3,
            "reply_count": 5,
        }
        | facts
    )


def entry(state: str) -> Entry:
    return Entry(comment(state), vote=1, answers=[answer(Answer.Outcome.DECLINED, pk=200)])


def own_entry() -> Entry:
    against = {"stance": "against", "get_stance_display": _("against")}
    own = comment(State.PUBLISHED, pk=UUID(int=100), has_waiting_edit=True, reply_count=1, **against)
    alone = {"author": SimpleNamespace(name=None), "stance": "", "reply_count": 0}
    reply = comment(State.PUBLISHED, pk=UUID(int=101), parent_id=own.pk, **alone)
    return Entry(own, is_own=True, replies=[Entry(reply)])


def answer(outcome: str, **fields) -> Answer:
    """An answer that exists in every language; `comment_count` is what a query would count."""
    texts = {f"text_{each}": f"{LONG_WORD[each]} https://example.org/{'long/' * 12}" for each in LANGUAGES}
    bodies = {f"body_{each}": LONG_WORD[each] for each in LANGUAGES}
    values = {"pk": 1 + Answer.Outcome.values.index(outcome), "answered_on": NOON.date(), "published_at": NOON}
    made = Answer(outcome=outcome, **texts | bodies | values | fields)
    made.comment_count = 0
    return made


def whole_answer() -> Answer:
    """One in Kazakh alone, corrected, with all that may hang on an answer."""
    only = {f"{field}_{each}": "" for field in ("text", "body") for each in ("ru", "en")}
    more = {"edition": Edition(number=2, created_at=NOON), "reading": Reading(read_on=NOON.date()), "changed_at": NOON}
    made = answer(Answer.Outcome.PARTLY, pk=100, link="https://example.org/", **only, **more)
    made.comment_count = 12
    return made


def statement() -> ClosingStatement:
    parts = {f"{part}_{each}": LONG_WORD[each] * 3 for part in ("heard", "unchanged") for each in LANGUAGES}
    return ClosingStatement(published_at=NOON, changes_kk=LONG_WORD["kk"], **parts)


def own_comment(state: str) -> SimpleNamespace:
    return comment(state, pk=UUID(int=200 + State.values.index(state)))
