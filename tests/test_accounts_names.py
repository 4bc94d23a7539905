import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.names import clean_display_name

REFUSED = """
admin|Admin|ADMIN|Аdmіn|аdмin|адмin|Αdmin|аⅾmin|ａｄｍｉｎ|𝐚𝐝𝐦𝐢𝐧
4dm1n|Adm!n|ADMlN|Admin Aigul|SiteAdmin|a.d.m.i.n|a d m i n|а-д-м-и-н
administrator|Администрация портала|Администратор|moderator|Модератор_1|М0дератор|Moдepатop|Модeратoр|M0DERAT0R
Әкімдік|Әкімдiк|Акимат Алматы|Министерство юстиции|Минисtерство|Министрлік|Ministry of Health|Министр|Министр ЦР
Президент|Президент РК|President KZ|Правительство РК|Government|Үкімет|Укімет|Полиция|Полиция Алматы|police
Прокуратура|Комитет|Комитет по туризму|Official|Support|Support Team|Редакция|Портал|portal|МВД РК|Egov
Аким города|Әкім Алматы|Мэр Шымкента|Техподдержка|Бывший участник|former participant
Test portal|ТЕSТ РОRТАL|testportal|Ашық Қоғам|Ашык Коғам
"""
ALLOWED = """
Айгүл|Айгүл Әбенова|Акимова|Аким Иванов|Әкім Сәрсенов|Жәкім|Хакимжан|Министров Олег|Президентов
John Smith|O'Brien-Łukasz|Badminton|Modern Kazakhstan|Модест|Судаков|Комиссаров|Депутатов|Нұрлан Қ.|Командир
Житель Алматы|Қала тұрғыны|Гражданка из Семея|Ромашка2024|Қарлығаш 🕊|Ли|Ян|李明|مريم|Steam|Официантка|Аноним
"""


def table(text):
    return [name for line in text.strip().splitlines() for name in line.split("|")]


@pytest.fixture(autouse=True)
def operator(settings):
    settings.OPERATOR_NAME = "Ашық Қоғам"


@pytest.mark.parametrize("name", table(REFUSED))
def test_a_name_that_passes_for_staff_or_a_public_body_is_refused(name):
    with pytest.raises(ValidationError) as refusal:
        clean_display_name(name)
    assert refusal.value.code == "reserved"


@pytest.mark.parametrize("name", table(ALLOWED))
def test_an_ordinary_name_or_pseudonym_is_kept_as_it_is(name):
    assert clean_display_name(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a", "length"),
        ("", "length"),
        ("а" * 61, "length"),
        ("aigul@example.kz", "address"),
        ("...!!!", "letters"),
        ("12", "letters"),
        ("🕊🕊", "letters"),
        ("Ай\u200bгүл", "characters"),
        ("Ай\u202eгүл", "characters"),
        ("Ай\u2066гүл", "characters"),
        ("Ай\ufeffгүл", "characters"),
        ("Ай\x00гүл", "characters"),
        ("Ай\x07гүл", "characters"),
        ("Ай\nгүл", "characters"),
        ("Ай\ud800гүл", "characters"),
        ("Ай\ue000гүл", "characters"),
        ("А\u0301\u0302\u0303йгүл", "marks"),
    ],
)
def test_a_name_of_tricks_is_refused_with_its_reason(name, code):
    with pytest.raises(ValidationError) as refusal:
        clean_display_name(name)
    assert refusal.value.code == code


def test_a_name_is_kept_in_nfc_with_single_spaces():
    assert clean_display_name("  Аи\u0306гүл   Ә. ") == "Айгүл Ә."


@given(st.text(max_size=80) | st.text(alphabet="аәбвгқaekmoptyxi0134 .-_'\u0301\u200b", max_size=20))
def test_any_text_is_either_kept_clean_or_refused(text):
    try:
        name = clean_display_name(text)
    except ValidationError:
        return
    assert 2 <= len(name) <= 60
    assert "@" not in name
    assert unicodedata.is_normalized("NFC", name)
    assert clean_display_name(name) == name
