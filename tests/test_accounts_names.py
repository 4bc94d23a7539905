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
Минздрав|Минздрав РК|МИД РК|МИД|MID RK|МЧС|МЧС Алматы|Минфин|Минюст|Минобразования|Мин. образования|Мин здрав|Minzdrav
Нацбанк|Национальный банк|Национальный Банк РК|National Bank|Ұлттық банк|Қазақстан Ұлттық Банкі|Ulttyq Bank|Нац банк
Агентство РК|Агентство по статистике|Agency for Civil Service|Налоговая служба|Налоговая|КГД|Салық қызметі|Tax Service
Жоғарғы Сот|Верховный суд РК|Суд|Сот|Алматы қалалық соты|Государственный орган|Мемлекеттік орган|Орган|Civil Service
Госслужба|Государственная служба|ЦОН|ЦОН 12|ХҚКО|Управление образования|Управление здравоохранения Алматы|Басқарма
Денсаулық сақтау басқармасы|Совет безопасности|Security Council|Қауіпсіздік Кеңесі|Ombudsman|Омбудсмен|Посольство
Уполномоченный по правам человека|Embassy|Embassy of Kazakhstan|Ambassador|Посол Казахстана|Елшілік|Консульство
Republic of Kazakhstan|The Republic of Kazakhstan|Қазақстан Республикасы|Республика Казахстан|РК|ҚР
Мэр|Мэр Иванов|Mayor|Mayor of Almaty|Polisia|Polisiya|Politsiya|Policia KZ|Полиция102|Счетная палата|Госорган|Госуслуги
Касым-Жомарт Токаев|Қасым-Жомарт Тоқаев|Токаев Касым-Жомарт Кемелевич|Kassym-Jomart Tokayev|Қ.-Ж. Тоқаев Қасым Жомарт
Нурсултан Назарбаев|Нұрсұлтан Назарбаев
Ad min|A d m i n|A d m i n Aigul|Ад мин|Аддмин|AAdmmiin|а дмин|Moder ator|Мини стерство юстиции|Пре зидент|Mod|mod1|MOD
Moд|admin1|admin2024|adminkz|Админы|Админка|Operator|Оператор|Оператор портала|Комитет РК|Комитеты|Kомитет
Избирательная комиссия|Сайлау комиссиясы|Election Commission|Қолдау қызметі|МВД|MVD|КНБ|ҰҚК|Министр|Сенат
Test portal|ТЕSТ РОRТАL|testportal|Ашық Қоғам|Ашык Коғам
"""
ALLOWED = """
Айгүл|Айгүл Әбенова|Акимова|Аким Иванов|Әкім Сәрсенов|Жәкім|Хакимжан|Министров Олег|Президентов
John Smith|O'Brien-Łukasz|Badminton|Modern Kazakhstan|Модест|Судаков|Комиссаров|Депутатов|Нұрлан Қ.|Командир
Adminbek|Админбек Қ.|Администова|Админов|Мод|Оператор Kino|Видеооператор|Акимов|Акимова Дина|Судьин|Банкова|Әкімбек
Министрова|Госман|Гостева|Минаев|Минара|Минажат|Нацарь|Нацуко|Судакова|Сотников|Сотова|Мэри|Мэрилин
Органбаев|Агентов|Комитетов|Департаментов|Порталов|Банкир|Банкир Нурлан|Посольский|Сенатова|Токаев|Айбек Токаев
Касым-Жомарт Ахметов|Касымов Жомарт|Қасым Аманжолов|Жомарт|Назарбаева Асель|Нұрсұлтан Әли|Нурсултан Ахметов
К.Р. Ахметов|K.P. Smith|Д. А. Ким|Ли Ян|Ада Минаева|Аида Мин|Аким Атабаев|Аким Атов|Цой Виктор|Цхай|Сим
Гүлнар Сұлтанова|Ерлан Госманұлы|Бауыржан|Айдос Жұмабаев|Динмухамед|Дінмұхамед|Әсел|Світлана|Наталья Егова|Егов
Гражданин Республики Казахстан|Казахстанец|Қазақстандық|Учитель из Семея|Мұғалім|Дәрігер|Ата-ана|Бабушка|Студент
Рустем Комиссаров|Полина|Полиен|Полиграф|Президентова|Премьера|Системный|Кинооператор|Любитель джаза|Болат Ресеев
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
        ("\u3164\u3164", "characters"),  # letters that show nothing
        ("Ab\u2800\uffa0", "characters"),
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
