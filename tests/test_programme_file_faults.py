"""Everything that `manage.py load_programme` refuses, each with its line."""

import pytest
from django.core.management import CommandError, call_command

from tests.programme_files import REFUSED, SMALL, changed, dump, faults, load

pytestmark = pytest.mark.django_db

FAULTS = [
    # old text, new text, fault
    # languages
    ("title: {kk: Бір, ru: Один, en: One}", "title: {ru: Один, en: One}", "41: measure 1.1: title is missing in kk"),
    (
        "title: {kk: Бір, ru: Один, en: One}",
        "title: {kk: '', ru: Один, en: One}",
        "41: measure 1.1: title is missing in kk",
    ),
    (
        "title: {kk: Бір, ru: Один, en: One}",
        "title: {kk: ~, ru: Один, en: One}",
        "41: measure 1.1: title is missing in kk",
    ),
    (
        "title: {kk: Бір,",
        "title: {kk: Бір, de: Eins,",
        "41: measure 1.1: title: unknown language 'de'; it can be kk, ru, en",
    ),
    (
        "title: {kk: Бір, ru: Один, en: One}",
        "title: One",
        "41: measure 1.1: title must be given in kk, ru, en, not as a text",
    ),
    (
        "title: {kk: Бір, ru: Один, en: One}",
        "title: [One]",
        "41: measure 1.1: title must be given in kk, ru, en, not as a list",
    ),
    ("en: One}", "en: [One]}", "41: measure 1.1: title in en must be a single value, not a list"),
    # keys
    (
        "paragraph: 3",
        "chapter: 3",
        "40: measure 1.1: unknown key 'chapter'; it can have code, slug, title, summary, area, paragraph, targets",
    ),
    ("        paragraph: 3", "        code: '1.3'", "40: measure 1.3: duplicate key 'code', first on line 37"),
    ("kk: Бір,", "kk: Бір, kk: Бір,", "41: measure 1.1: title: duplicate key 'kk', first on line 41"),
    ("  country: KZ", "  order: 1", "16: programme: duplicate key 'order', first on line 7"),
    ("        slug: two\n", "", "50: measure 1.2: slug is missing"),
    ('      - code: "1.2"\n        slug', "      - slug", "50: measure two: code is missing"),
    ("moderation: before", "<<: {}", "15: programme: the merge key << is not allowed"),
    ("moderation: before", "[a]: b", "15: programme: a key must be a single value, not a list"),
    ("moderation: before", "? {a: b}\n  : c", "15: programme: a key must be a single value, not a mapping"),
    # slugs and codes
    ("slug: two", "slug: one", "51: duplicate measure slug 'one', first on line 38"),
    ('code: "1.2"', 'code: "1.1"', "50: duplicate measure code '1.1', first on line 37"),
    (
        "slug: two",
        "slug: Two",
        "51: measure 1.2: slug 'Two' is no slug: use small Latin letters, digits and single hyphens",
    ),
    (
        "slug: two",
        "slug: екі",
        "51: measure 1.2: slug 'екі' is no slug: use small Latin letters, digits and single hyphens",
    ),
    ("slug: two", f"slug: {'x' * 81}", "51: measure 1.2: slug is longer than 80 characters (it has 81)"),
    (
        "  schools: {kk",
        "  Farms: {kk: а, ru: а, en: a}\n  schools: {kk",
        "25: area Farms: 'Farms' is no slug: use small Latin letters, digits and single hyphens",
    ),
    (
        'code: "1.2"',
        "code: 1.10",
        '50: measure 1.10: code 1.10 is not quoted and could be read as a number; write "1.10"',
    ),
    ('code: "1.2"', 'code: "1 2"', "50: measure 1 2: code '1 2' is no code: use letters, digits, points and hyphens"),
    (
        'code: "1.2"',
        'code: "1.23456789012"',
        "50: measure 1.23456789012: code is longer than 12 characters (it has 13)",
    ),
    ('code: "1.2"', "code: ['1.2']", "50: measure two: code must be a single value, not a list"),
    # dates
    (
        "announced_on: 2026-01-31",
        "announced_on: 2026-02-30",
        "5: programme: announced_on '2026-02-30' is an impossible date",
    ),
    (
        "announced_on: 2026-01-31",
        "announced_on: 31.01.2026",
        "5: programme: announced_on '31.01.2026' is no date: write YYYY-MM-DD",
    ),
    (
        "announced_on: 2026-01-31",
        "announced_on: 0001-01-01",
        "5: programme: announced_on '0001-01-01' is not between 1900 and 2200",
    ),
    (
        "published_on: 2026-02-01",
        "published_on: 20260201",
        "11: programme: source: published_on '20260201' is no date: write YYYY-MM-DD",
    ),
    (
        "opens: 2026-03-01",
        "opens: 2026-03-01T25:00Z",
        "13: programme: opens '2026-03-01T25:00Z' is an impossible date or time",
    ),
    (
        "opens: 2026-03-01",
        "opens: 2026-03-01T09:00",
        "13: programme: opens '2026-03-01T09:00' is no date, and no date and time with offset: "
        "write 2026-11-23 or 2026-11-23T09:00+05:00",
    ),
    ("opens: 2026-03-01", "opens: 2026-04-01", "14: programme: closes must be later than opens"),
    ("opens: 2026-03-01", "opens: 2026-03-31T19:00Z", "14: programme: closes must be later than opens"),
    # figures
    *[
        (
            "value: 7.5",
            f"value: {value}",
            f"47: measure 1.1: target one-target: value '{shown or value}' is no number: "
            "write digits only, with a point before decimals, without quotes",
        )
        for value, shown in [
            ("many", ""),
            ("true", ""),
            (".nan", ""),
            (".inf", ""),
            ("0x1F", ""),
            ("1e3", ""),
            ("1_000", ""),
            ("007", ""),
            ("'7'", "7"),
            ("7,5", ""),
            ("1:30", ""),
            ("+7", ""),
            ("٧", ""),
        ]
    ],
    (
        "value: 7.5",
        "value: 123456789012345",
        "47: measure 1.1: target one-target: value 123456789012345 has more than 14 digits before the point",
    ),
    ("value: 7.5", "value: 7.12345", "47: measure 1.1: target one-target: value 7.12345 has more than 4 decimals"),
    ("value: 7.5", "value:", "47: measure 1.1: target one-target: value is empty"),
    ("value: 7.5", "value: [7]", "47: measure 1.1: target one-target: value must be a single value, not a list"),
    ("due: 2030", "due: 30", "49: measure 1.1: target one-target: due '30' is no year between 1900 and 2200"),
    ("due: 2030", "due: 20300", "49: measure 1.1: target one-target: due '20300' is no year between 1900 and 2200"),
    (
        "comparison: at_least",
        "comparison: about",
        "46: measure 1.1: target one-target: comparison 'about' is unknown; it can be equal, at_least, "
        "at_most, more_than, less_than",
    ),
    (
        "unit: years",
        "unit: tons",
        "48: measure 1.1: target one-target: unit 'tons' is unknown: there is no such unit in the file",
    ),
    ("area: schools", "area: farms", "39: measure 1.1: area 'farms' is unknown: there is no such area in the file"),
    ("paragraph: 3", "paragraph: three", "40: measure 1.1: paragraph 'three' is no whole number between 1 and 32767"),
    ("order: 7", "order: 99999", "16: programme: order '99999' is no whole number between 0 and 32767"),
    # questions
    (
        "en: [a, b, c, d, e]",
        "en: [a, b, c, d]",
        "23: question support: labels in en must be a list of exactly 5 labels",
    ),
    ("en: [a, b, c, d, e]", "en: a", "23: question support: labels in en must be a list of exactly 5 labels"),
    ("en: [a, b, c, d, e]", "en: [a, b, c, d, '']", "23: question support: label 5 is empty"),
    ("      ru: [а, б, в, г, д]\n", "", "20: question support: labels is missing in ru"),
    # units
    (
        "en: {one: '{n} year', other: '{n} years'}",
        "en: {other: years}",
        "30: unit years in en: other has no {n} for the number to stand in",
    ),
    (
        "en: {one: '{n} year', other: '{n} years'}",
        "en: {other: '{n} {x}'}",
        "30: unit years in en: other has a brace other than {n}",
    ),
    ("few: '{n} года', ", "", "29: unit years in ru: the plural form few is missing"),
    ("{other: '{n} жыл'}", "{one: '{n} жыл'}", "28: unit years in kk: the plural form other is missing"),
    ("    kk: {other: '{n} жыл'}\n", "", "27: unit years is missing in kk"),
    # texts
    ("en: One}", f"en: {'x' * 201}}}", "41: measure 1.1: title in en is longer than 200 characters (it has 201)"),
    ("en: One}", 'en: "a\\nb"}', "41: measure 1.1: title in en must stand on one line"),
    ("en: One}", 'en: "a\\0b"}', "41: measure 1.1: title in en has the control character U+0000"),
    ("en: One}", 'en: "a\\uD800b"}', "41: measure 1.1: title in en has a lone surrogate, U+D800"),
    ("en: One}", 'en: "a\\u202Eb"}', "41: measure 1.1: title in en has U+202E, which turns the direction of writing"),
    ("en: One}", "en: a\x07b}", "41: the character U+0007 is not allowed"),
    ("en: One}", "en: a\x00b}", "41: the character U+0000 is not allowed"),
    ("en: One}", 'en: "\\UFFFFFFFF"}', "41: not YAML: there is no such character"),
    (
        "url: https://example.org/source",
        "url: ftp://example.org",
        "10: programme: source: url 'ftp://example.org' is no address: it must begin with https:// or http://",
    ),
    ("url: https://example.org/source", "url: https://", "10: programme: source: url 'https://' is no address"),
    ("url: https://example.org/source", "url: 'http://[::1'", "10: programme: source: url 'http://[::1' is no address"),
    (
        "country: KZ",
        "country: Kazakhstan",
        "7: programme: country 'Kazakhstan' is no country: write the two capitals of ISO 3166, such as KZ",
    ),
    (
        "language: en",
        "language: English",
        "12: programme: source: language 'English' is no language: write the two letters of ISO 639-1, such as kk",
    ),
    (
        "moderation: before",
        "moderation: never",
        "15: programme: moderation 'never' is unknown; it can be after, before",
    ),
    # YAML that this format does without
    ("en: One}", "en: *x}", "41: the alias *x is not allowed; write the text out"),
    ("en: One}", "en: &x One}", "41: the anchor &x is not allowed"),
    ("en: One}", "en: !!str One}", "41: the tag tag:yaml.org,2002:str is not allowed"),
    (
        "en: One}",
        "en: !!python/object:os.system One}",
        "41: the tag tag:yaml.org,2002:python/object:os.system is not allowed",
    ),
    ("en: One}", "en: One", "42: not YAML: expected ',' or '}', but got ':'"),
    # shape
    ('      - code: "1.2"\n', '      - 7\n      - code: "1.2"\n', "50: measure no. 2 must be a mapping, not a text"),
    ("en: One}", f"en: {'[' * 30}{']' * 30}}}", "41: is nested more than 20 deep"),
]


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS, ids=range(len(FAULTS)))
def test_a_fault_is_told_with_its_line(tmp_path, old, new, fault):
    assert faults(tmp_path, changed((old, new))) == [fault]


def test_all_faults_of_a_file_are_told_together(tmp_path):
    text = changed(
        ("en: Small}", "}"),
        ("country: KZ", "county: KZ"),
        ("kk: [а, ә, б, в, г]", "kk: [а]"),
        ("comparison: at_least", "comparison: about"),
        ("value: 7.5", "value: true"),
        ('code: "1.2"', "code: 1.10"),
        ("slug: two", "slug: one"),
    )

    assert faults(tmp_path, text) == [
        "3: programme: title is missing in en",
        "7: programme: unknown key 'county'; it can have slug, title, summary, announced_on, announced_by, "
        "country, source, opens, closes, moderation, order",
        "21: question support: labels in kk must be a list of exactly 5 labels",
        "46: measure 1.1: target one-target: comparison 'about' is unknown; it can be equal, at_least, at_most, "
        "more_than, less_than",
        "47: measure 1.1: target one-target: value 'true' is no number: write digits only, with a point before "
        "decimals, without quotes",
        '50: measure 1.10: code 1.10 is not quoted and could be read as a number; write "1.10"',
        "51: duplicate measure slug 'one', first on line 38",
    ]


def test_faults_of_the_file_and_of_the_database_are_told_together(tmp_path):
    load(tmp_path, SMALL)

    assert faults(tmp_path, changed(("slug: small", "slug: other"), ("country: KZ", "country: ''"))) == [
        "7: programme: country is empty",
        "33: principle slug 'first' is taken by the programme 'small'",
        "38: measure slug 'one' is taken by the programme 'small'",
        "44: target slug 'one-target' is taken by the programme 'small'",
        "51: measure slug 'two' is taken by the programme 'small'",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", " is empty"),
        ("# nothing\n", " is empty"),
        ("---\n", "2: the file must be a mapping with the keys programme, questions, principles, areas, units"),
        ("- a\n", "1: the file must be a mapping with the keys programme, questions, principles, areas, units"),
        ("a: b: c\n", "1: not YAML: mapping values are not allowed here"),
        ("a: 1\n\tb: 2\n", "2: not YAML: found character '\\t' that cannot start any token"),
        ("a: 'x\n", "2: not YAML: found unexpected end of stream"),
        ("%YAML 9.9\n---\na: 1\n", "1: not YAML: found incompatible YAML document (version 1.* is required)"),
        (SMALL + "---\na: 1\n", "54: a second document begins here; the file must hold one"),
        (b"a: \xff\n", "1: is not UTF-8"),
        (b"a: 1\nb: \xed\xa0\x80\n", "2: is not UTF-8"),
        (SMALL.encode("utf-16"), "1: is not UTF-8"),
        ("#" * (5 * 1024 * 1024 + 1), " is larger than 5 MB"),
        ("[" * 100_000, "1: is nested more than 20 deep"),
        ("- " * 100_000, "1: is nested more than 20 deep"),
        ("{a: " * 100_000, "1: is nested more than 20 deep"),
        ("? " * 100_000, "1: is nested more than 20 deep"),
    ],
)
def test_a_file_that_is_no_programme_at_all_is_refused(tmp_path, text, fault):
    assert faults(tmp_path, text) == [fault]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("missing.yaml", "there is no such file"), ("", "is not a file"), ("a\0b", "there is no such file")],
)
def test_what_cannot_be_read_is_refused(tmp_path, name, reason):
    path = tmp_path / name

    with pytest.raises(CommandError) as refused:
        call_command("load_programme", str(path))

    assert str(refused.value) == f"{REFUSED}\n{path}: {reason}"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path):
    load(tmp_path, b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    before = dump()

    load(tmp_path, SMALL)

    assert dump() == before


def test_empty_lists_and_missing_parts_are_told(tmp_path):
    assert faults(tmp_path, "programme:\nquestions: []\nprinciples: 7\nunits: []\n") == [
        "1: programme must be a mapping, not empty",
        "2: the file: questions is empty",
        "3: the file: principles must be a list, not a text",
        "4: the file: units must be a mapping, not a list",
    ]
