import re

import pytest
from django.core.management import CommandError, call_command

from portal.accounts.models import Region
from portal.alphabets import sort_key

pytestmark = pytest.mark.django_db
CODES = "10 11 15 19 23 27 31 33 35 39 43 47 55 59 61 62 63 71 75 79"


def load(*arguments):
    call_command("load_regions", *arguments, verbosity=0)


def test_kazakhstan_has_seventeen_regions_and_three_cities_named_in_three_languages():
    load()
    assert sorted(Region.objects.values_list("code", flat=True)) == [f"KZ-{code}" for code in CODES.split()]
    assert Region.objects.filter(kind="region").count() == 17
    assert set(Region.objects.filter(kind="city").values_list("name_en", flat=True)) == {
        "Astana",
        "Almaty",
        "Shymkent",
    }
    for language in ("kk", "ru", "en"):
        names = set(Region.objects.values_list(f"name_{language}", flat=True))
        assert len(names) == 20
        assert all(names)


def test_loading_again_changes_nothing():
    load()
    before = list(Region.objects.order_by("pk").values())
    load()
    assert list(Region.objects.order_by("pk").values()) == before


def test_a_changed_file_updates_names_and_keeps_the_rows(tmp_path):
    load()
    row = Region.objects.get(code="KZ-62")
    file = tmp_path / "regions.yaml"
    file.write_text("country: KZ\nregions:\n  - {code: KZ-62, kind: region, kk: А, ru: Б, en: C}\n", encoding="utf-8")
    load(file)
    changed = Region.objects.get(pk=row.pk)
    assert (changed.name_kk, changed.name_ru, changed.name_en) == ("А", "Б", "C")
    assert Region.objects.count() == 20


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "country: KZ",
        "country: Kazakhstan\nregions: []",
        "country: KZ\nregions:\n  - {code: KZ-1, kind: region, kk: А, ru: Б}",
        "country: KZ\nregions:\n  - {code: KZ-1, kind: village, kk: А, ru: Б, en: C}",
        "country: KZ\nregions:\n  - {code: A, kind: city, kk: А, ru: Б, en: C}\n"
        "  - {code: A, kind: city, kk: А, ru: Б, en: C}",
    ],
    ids=["empty", "no yaml", "no regions", "country", "no English", "kind", "twice"],
)
def test_a_bad_file_is_refused_and_changes_nothing(tmp_path, text):
    file = tmp_path / "regions.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        load(file)
    assert Region.objects.count() == 0


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError):
        load(tmp_path / "none.yaml")


@pytest.mark.django_db
def test_regions_are_offered_cities_first_and_then_by_the_alphabet_of_the_page(client):
    call_command("load_regions", verbosity=0)
    html = client.get("/kk/accounts/signup/").content.decode()
    options = re.search(r'(?s)<select name="region".*?</select>', html)[0]
    names = re.findall(r'<option value="\d+">([^<]+)', options)
    assert names[:5] == ["Алматы", "Астана", "Шымкент", "Абай облысы", "Ақмола облысы"]
    assert names.index("Қарағанды облысы") < names.index("Маңғыстау облысы") < names.index("Ұлытау облысы")
    assert len(names) == 20


def test_kazakh_letters_follow_the_ones_they_grew_from():
    words = ["ұлт", "құм", "ән", "із", "ар", "ком", "ыдыс", "үй", "бар", "ту"]
    assert sorted(words, key=lambda word: sort_key(word, "kk")) == [
        "ар", "ән", "бар", "ком", "құм", "ту", "ұлт", "үй", "ыдыс", "із",
    ]  # fmt: skip
