"""Whatever becomes of a programme's file: it loads, or it is refused and then changes nothing."""

import pytest
from django.core.management import CommandError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.programme_builders import FAIR_KAZAKHSTAN
from tests.programme_files import SMALL, dump, load

pytestmark = pytest.mark.django_db

SHIPPED = FAIR_KAZAKHSTAN.read_text(encoding="utf-8")
JUNK = st.sampled_from(
    [
        "\0",
        "\t",
        "'",
        '"',
        "[",
        "{",
        "]",
        "}",
        "&a ",
        "*a",
        "!!int ",
        "!x ",
        "<<: ",
        "- ",
        "? ",
        ": ",
        "|\n",
        ">\n",
        "---\n",
    ]
    + [
        "...\n",
        "%",
        "@",
        "`",
        "#",
        "\\",
        "\u2028",
        "\ufeff",
        "\r",
        "\x85",
        "ё",
        "🙂",
        "\u202e",
        "null",
        "1.10",
        "~",
        "=",
        ",",
    ]
) | st.text(max_size=5)
POSITIONS = st.floats(0, 1, exclude_max=True)
MUTATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("delete"), POSITIONS),
        st.tuples(st.just("repeat"), POSITIONS),
        st.tuples(st.just("swap"), POSITIONS, POSITIONS),
        st.tuples(st.just("indent"), POSITIONS, st.integers(0, 12)),
        st.tuples(st.just("insert"), POSITIONS, JUNK),
        st.tuples(st.just("cut"), POSITIONS),
        st.tuples(st.just("values"), POSITIONS, POSITIONS),
    ),
    min_size=1,
    max_size=4,
)


def mutated(text, mutations):
    """`text` with lines deleted, repeated, swapped or indented anew, values swapped, and junk put in."""
    for kind, place, *rest in mutations:
        lines = text.splitlines(keepends=True) or [""]
        at = int(place * len(lines))
        if kind == "delete":
            del lines[at]
        elif kind == "repeat":
            lines.insert(at, lines[at])
        elif kind == "swap":
            other = int(rest[0] * len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == "indent":
            lines[at] = " " * rest[0] + lines[at].lstrip(" ")
        elif kind == "cut":
            lines = lines[:at]
        elif kind == "values":
            other = int(rest[0] * len(lines))
            (key, colon, value), (key_2, colon_2, value_2) = lines[at].partition(":"), lines[other].partition(":")
            lines[at], lines[other] = key + colon + value_2, key_2 + colon_2 + value
        else:
            lines[at] = lines[at][: at % (len(lines[at]) or 1)] + rest[0] + lines[at][at % (len(lines[at]) or 1) :]
        text = "".join(lines)
    return text


spoiling = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def loaded_small(tmp_path):
    load(tmp_path, SMALL)


@pytest.fixture
def loaded_shipped(tmp_path):
    load(tmp_path, SHIPPED)


@settings(spoiling, max_examples=80)
@given(mutations=MUTATIONS)
def test_a_spoilt_small_file_loads_or_is_refused_and_then_changes_nothing(tmp_path, loaded_small, mutations):
    load_spoilt(tmp_path, mutated(SMALL, mutations))


@settings(spoiling, max_examples=15)
@given(mutations=MUTATIONS)
def test_the_shipped_file_spoilt_loads_or_is_refused_and_then_changes_nothing(tmp_path, loaded_shipped, mutations):
    load_spoilt(tmp_path, mutated(SHIPPED, mutations))


def load_spoilt(tmp_path, spoilt):
    """Load `spoilt`, see that it is loaded for good or refused without a trace, and take it back."""
    before = dump()
    with transaction.atomic():
        try:
            load(tmp_path, spoilt.encode("utf-8", "surrogatepass"))
        except CommandError:
            assert dump() == before
        else:
            after = dump()
            load(tmp_path, spoilt.encode("utf-8", "surrogatepass"))
            assert dump() == after
        transaction.set_rollback(True)
