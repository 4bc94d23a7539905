"""What is found in a text: on a table of what is there and what only looks like it, and at an end on any text."""

import signal
import string
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from feedback.signals.detect import detect, mask

TABLE = yaml.safe_load((Path(__file__).parent / "data" / "signals.yaml").read_text(encoding="utf-8"))
# Ten times a comment's longest, where reading takes a tenth of a second; going back and forth over it takes minutes.
LONG, PATIENCE = 50_000, 20
HOSTILE = [
    *string.punctuation,
    *("1", "7", "8", "a", "ә", "Ұ", " ", "\n", "\u00a0", "\u200e", "\u0301", "٨", "１", "@", "😀"),
    *("1 ", "11 ", "1-", "11-11-11-", "8 7", "+7", "+7 ", "8(((", "8 701 123 45 6", "٨٧٠١", "\u200e8", "0101 "),
    *("a@", "a.", "a-", "x@a.", "a @ ", "a(at", "a (at) ", f"{'a' * 64} ", f"x@{'a-' * 31}.", "[at]", "@@"),
    *("http://", "www.", "www.a.", "a.kz ", "t.me/", "://", "a.kz/", "kz.", "http://a@", "ҚҰ ", "АБВГ а "),
    *("900101100004 ", "87011234567 ", "a@b.kz ", "900101 100004-", "4400 4302 ", "7011234567"),
]


def kinds(text: str) -> list[str]:
    return [signal.kind for signal in detect(text)]


def cases(there: str):
    return [pytest.param(kind, text, id=f"{kind}: {text}") for kind, row in TABLE.items() for text in row[there]]


@pytest.mark.parametrize(("kind", "text"), cases("found"))
def test_what_is_there_is_found(kind, text):
    assert (kind, kind in kinds(text)) == (kind, True)


@pytest.mark.parametrize(("kind", "text"), cases("none"))
def test_what_only_looks_like_it_is_not_found(kind, text):
    assert (kind, kind in kinds(text)) == (kind, False)


@pytest.mark.parametrize("kind", ["iin", "phone", "email"])
def test_the_table_is_long_enough(kind):
    assert len(set(TABLE[kind]["found"])) >= 30
    assert len(set(TABLE[kind]["none"])) >= 30


def test_signals_come_in_one_order_and_give_nobody_away():
    text = "ИИН 900101100004, тел. 8 701 123 45 67 и 8 702 765 43 21, asan@mail.kz, dana (at) mail.kz, www.gov.kz/a"
    assert detect(text) == [
        ("iin", "***0004"),
        ("phone", "***4567, ***4321"),
        ("email", "***@mail.kz"),
        ("link", "gov.kz"),
    ]


def test_of_many_the_first_are_named_and_the_rest_counted():
    assert detect("a.kz b.kz c.kz d.kz e.kz") == [("link", "a.kz, b.kz, c.kz +2")]


def test_shouting_is_told_by_its_share():
    assert detect("СКОЛЬКО МОЖНО ЖДАТЬ НОВУЮ школу") == [("capitals", "81%")]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ИИН 900101100004.", "ИИН ************."),
        ("ЖСН 900101 100004!", "ЖСН ****** ******!"),
        ("+7 (701) 123-45-67 – я", "+* (***) ***-**-** – я"),
        ("пишите asan@mail.kz, жду", "пишите ****@****.**, жду"),
        ("asan (at) mail.ru", "**** (**) ****.**"),
        ("2024 жылы 12 мектеп", "2024 жылы 12 мектеп"),
        ("БИН 040740000001", "БИН 040740000001"),
        ("", ""),
    ],
)
def test_what_is_personal_is_masked_and_nothing_else(text, masked):
    assert mask(text) == masked


@given(st.text(alphabet="0123456789 +-().@aкZ7８\u00a0\n", max_size=200))
def test_a_masked_text_is_as_long_and_has_nothing_personal_left(text):
    masked = mask(text)
    assert len(masked) == len(text)
    assert set(kinds(masked)) & {"iin", "phone", "email"} == set()


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    assert len(mask(text)) == len(text)
    assert {signal.detail != "" for signal in detect(text)} <= {True}


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_keeps_the_reader_busy_for_long(piece):
    text = (piece * LONG)[:LONG]
    with at_most(PATIENCE):
        detect(text)
        assert len(mask(text)) == len(text)


@contextmanager
def at_most(seconds: int):
    """Ends what takes more of the processor's own time: no measurement, but a pattern that would go on for minutes."""

    def end(number, frame):
        pytest.fail(f"still reading after {seconds} s of work")

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
