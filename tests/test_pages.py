"""Pages in three languages: what they show to everybody, and how many queries they cost."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings as project
from django.test import Client
from django.utils import timezone

from feedback.ledger.sequencer import sequence
from portal.accounts.documents import VERSIONS
from principles.actions import revise_measure
from principles.models import Edition, Programme, Question, Reading, Target
from principles.wording import Wording, wording_of
from tests.builders import make_comment, make_moderator, make_participant, rate_by_many, signed_in
from tests.programme_builders import load_fair_kazakhstan, make_measure, make_programme
from tests.test_contributing import text_of
from tests.test_tallies import revise


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_anonymous_pages_answer_in_every_language_and_hold_no_form_and_no_cookie(client, language):
    load_fair_kazakhstan()
    measure_page = f"/{language}/measures/mobile-coverage/"
    for path in (
        f"/{language}/",
        f"/{language}/programmes/fair-kazakhstan/",
        f"/{language}/principles/fair-economy/",
        measure_page,
        f"{measure_page}editions/1/",
        f"/{language}/moderation/",
        f"/{language}/about/",
        f"/{language}/privacy/",
    ):
        response = client.get(path)
        assert (path, response.status_code) == (path, 200)
        html = response.content.decode()
        assert html.count("<h1") == 1
        assert f'<html lang="{language}"' in html
        assert 'method="post"' not in html  # a search asks nothing of who reads
        assert "<script>" not in html
        assert "style=" not in html
        assert response.cookies == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepts", "language"),
    [("ru-RU,ru;q=0.9", "ru"), ("kk", "kk"), ("de,en;q=0.5", "en"), ("", "en"), ("xx;q=\x7f", "en")],
)
def test_the_root_leads_to_the_language_of_the_browser(client, accepts, language):
    assert client.get("/", headers={"accept-language": accepts})["Location"] == f"/{language}/"


@pytest.mark.django_db
def test_the_root_leads_a_person_to_their_saved_language():
    browser = signed_in(make_participant(language="kk"))
    assert browser.get("/", headers={"accept-language": "ru"})["Location"] == "/kk/"


@pytest.mark.django_db
def test_the_language_switch_stays_on_the_page(client):
    measure = make_measure()
    html = client.get(f"/en/measures/{measure.slug}/?x=1").content.decode()
    assert f'<a href="/kk/measures/{measure.slug}/?x=1" lang="kk" hreflang="kk">' in html


@pytest.mark.django_db
def test_the_front_page_shows_the_whole_programme_whose_it_is_and_that_nobody_endorses_it(client):
    load_fair_kazakhstan()
    html = client.get("/en/").content.decode()
    codes = re.findall(r'<h3><a href="[^"]+"><span class="code">([\d.]+)</span>', html)
    assert (len(codes), codes[7], codes[15]) == (33, "2.2", "2.10")
    text = text_of(client.get("/en/"))
    assert "Announced by Kassym-Jomart Tokayev, presidential candidate on 26 October 2022." in text
    assert "Fair Kazakhstan is for everyone and for everyone. Now and Forever" in text
    assert "The portal does not endorse the programme." in text


@pytest.mark.django_db
def test_where_there_are_several_programmes_the_front_page_lists_them(client):
    make_programme("first-programme")
    make_programme("second-programme")
    html = client.get("/en/").content.decode()
    assert re.findall(r'href="/en/programmes/([^/]+)/"', html) == ["first-programme", "second-programme"]


@pytest.mark.django_db
def test_where_there_is_no_programme_the_front_page_says_so(client):
    assert "No programme is under discussion yet." in text_of(client.get("/en/"))


@pytest.mark.django_db
def test_a_text_missing_in_one_language_falls_back_with_a_label_and_its_own_lang(client):
    measure = make_measure(title={"ru": "Только по-русски"}, summary={"ru": "Описание"})
    html = client.get(f"/kk/measures/{measure.slug}/").content.decode()
    assert re.search(r'<h1>.*<span lang="ru">Только по-русски</span> <small class="fallback">\(.+\)</small></h1>', html)


@pytest.mark.django_db
def test_labels_of_answers_and_whose_programme_it_is_fall_back_with_their_label_too(client):
    measure = make_measure()
    Question.objects.update(label_5_kk="")
    Programme.objects.update(announced_by_ru="Кто-то", announced_on=date(2022, 10, 26))
    rate_by_many(measure, [5] * 10)
    sequence()
    marked = r'<span lang="ru">{}</span> <small class="fallback">'
    html = client.get(f"/kk/measures/{measure.slug}/").content.decode()
    assert len(re.findall(marked.format(r"support 5 \(ru\)"), html)) == 3  # the table, the median and the share
    assert re.search(marked.format("Кто-то"), client.get("/kk/").content.decode())


@pytest.mark.django_db
def test_a_measure_shows_released_counts_as_a_table_with_median_and_share_and_no_average(client):
    measure = make_measure()
    rate_by_many(measure, [1, 1, 2, 3, 4, 4, 5, 5, 5, 5])
    sequence()
    html = client.get(f"/en/measures/{measure.slug}/").content.decode()
    table = re.search(r'(?s)<section class="question" id="support".*?</table>', html)[0]
    assert re.findall(r'class="number">(\d+)<', table) == ["2", "1", "1", "2", "4"]
    text = text_of(client.get(f"/en/measures/{measure.slug}/"))
    assert "10 participants have rated." in text
    assert "The middle answer is “support 4 (en)”. 60% chose “support 4 (en)” or “support 5 (en)”." in text


@pytest.mark.django_db
def test_a_measure_with_fewer_than_ten_ratings_shows_their_number_alone(client):
    measure = make_measure()
    rate_by_many(measure, [5] * 9)
    sequence()
    html = client.get(f"/en/measures/{measure.slug}/").content.decode()
    assert "9 participants have rated" in html
    assert '<table class="tally">' not in html


@pytest.mark.django_db
def test_an_old_edition_stays_readable_with_the_tally_that_belongs_to_it(client):
    measure = make_measure(title="Old wording")
    rate_by_many(measure, [5] * 10)
    sequence()
    revise(measure, "New wording")
    sequence(timezone.now() + timedelta(seconds=61))
    old = text_of(client.get(f"/en/measures/{measure.slug}/editions/1/"))
    new = text_of(client.get(f"/en/measures/{measure.slug}/"))
    assert ("Old wording (en)" in old, "10 participants have rated" in old) == (True, True)
    assert "This is not the current wording." in old
    assert ("New wording" in new, "10 participants" in new) == (True, False)


@pytest.mark.django_db
def test_what_waits_when_a_wording_is_replaced_is_promised_to_nobody(client):
    measure = make_measure()
    rate_by_many(measure, [5] * 10)
    sequence()
    rate_by_many(measure, [1] * 3)
    sequence()
    revise(measure, "New wording")
    said = []
    for seconds in (0, 61):
        sequence(timezone.now() + timedelta(seconds=seconds))
        said.append(text_of(client.get(f"/en/measures/{measure.slug}/editions/1/")))
    assert "the answers of 3 of them are shown only if their last group has reached ten" in said[0]
    assert "the answers of 3 of them are not shown, because their last group stayed smaller than ten" in said[1]
    assert ["join these results" in each for each in said] == [False, False]


@pytest.mark.django_db
def test_where_a_wording_changed_in_other_languages_alone_its_page_says_in_which(client):
    measure = make_measure(title={"kk": "Су", "ru": "Вода", "en": "Water"})
    wording = wording_of(measure.current_edition)
    revise_measure(
        measure,
        wording=Wording(dict(wording.title) | {"en": "Water for all", "ru": "Вода для всех"}, wording.summary),
        figures=[],
        substantive=False,
    )
    address = f"measures/{measure.slug}/editions/2/"
    kazakh, english = (client.get(f"/{language}/{address}").content.decode() for language in ("kk", "en"))
    said = kazakh.partition("Бұл тілдегі мәтін өзгерген жоқ.")[2].partition("</p>")[0]
    assert re.findall(r'href="([^"]+)" lang="(\w+)"', said) == [
        (f"/ru/{address}", "ru"),
        (f"/en/{address}", "en"),
    ]
    assert ('id="diff"' in kazakh, 'id="diff"' in english, "did not change" in english) == (False, True, False)


@pytest.mark.django_db
def test_a_comment_in_another_language_than_the_page_s_says_in_which(client):
    measure = make_measure()
    for text, language in (("Бар.", "kk"), ("Да.", "ru")):
        make_comment(measure, text=text, language=language)
    for address in (f"/kk/measures/{measure.slug}/", "/kk/"):
        text = text_of(client.get(address))
        assert ("(орыс тілінде)" in text, "(қазақ тілінде)" in text) == (True, False)


@pytest.mark.django_db
def test_a_card_counts_the_ratings_that_its_share_is_of(client):
    measure = make_measure()
    rate_by_many(measure, [1] * 4 + [5] * 6)
    sequence()
    rate_by_many(measure, [1] * 3)
    sequence()
    assert "60% positive · 10 ratings counted" in text_of(client.get("/en/"))


@pytest.mark.django_db
def test_breakdowns_are_promised_where_there_are_results(client):
    measure = make_measure()
    before = text_of(client.get(f"/en/measures/{measure.slug}/"))
    rate_by_many(measure, [5] * 10)
    sequence()
    after = text_of(client.get(f"/en/measures/{measure.slug}/"))
    assert ["Results by region" in text for text in (before, after)] == [False, True]
    assert "Results of this measure on their own page" in before


@pytest.mark.django_db
def test_before_it_opens_a_programme_says_when_one_can_take_part(client):
    make_programme(opens_at=datetime(2100, 5, 1, 12, tzinfo=UTC))
    text = text_of(client.get("/en/"))
    assert "This consultation opens on 1 May 2100" in text
    assert "How to take part Read" in " ".join(text.split()).replace("1. ", "")
    assert "Register now, to take part then" in text


@pytest.mark.django_db
def test_a_target_with_readings_shows_its_progress_each_voice_apart(client):
    load_fair_kazakhstan()
    target = Target.objects.get(slug="classrooms-opened")
    for voice, value in (("government", 7000), ("independent", 3500)):
        Reading.objects.create(
            target=target,
            read_on=date(2025, 9, 1),
            value=Decimal(value),
            source_name=f"Source of {voice}",
            source_url="https://example.org/source",
            voice=voice,
        )
    text = text_of(client.get("/en/measures/modern-classrooms/"))
    assert "Classrooms opened : at least 7,000 classrooms" in text
    assert "government &nbsp;· reached" in text
    assert "independent assessment &nbsp;· 50% of the way" in text
    assert "1 September 2025 : 3,500 classrooms&nbsp;· Source of independent" in text


@pytest.mark.django_db
def test_a_retired_measure_stays_readable_and_takes_nothing(client):
    measure = make_measure()
    measure.retired_at = timezone.now()
    measure.save()
    answer = client.get(f"/en/measures/{measure.slug}/")
    assert answer.status_code == 200
    assert "This measure is no longer part of the programme." in text_of(answer)
    browser = signed_in(make_participant())
    assert browser.post(f"/en/measures/{measure.slug}/comments/", {"text": "x", "edition": "1"}).status_code == 403


@pytest.mark.django_db
def test_dates_and_numbers_have_each_language_s_own_form(client):
    measure = make_measure()
    Edition.objects.filter(measure=measure).update(created_at=timezone.make_aware(timezone.datetime(2026, 11, 23, 12)))
    seen = {
        language: re.search(r"2026[^<]*қараша|23\xa0ноября 2026\xa0г\.|23 November 2026", html)[0]
        for language in ("kk", "ru", "en")
        for html in [client.get(f"/{language}/measures/{measure.slug}/").content.decode()]
    }
    assert seen == {"kk": "2026\xa0ж. 23\xa0қараша", "ru": "23\xa0ноября 2026\xa0г.", "en": "23 November 2026"}


@pytest.mark.django_db
def test_each_language_is_offered_under_its_own_name():
    assert dict(project.LANGUAGES) == {"kk": "Қазақша", "ru": "Русский", "en": "English"}
    assert Programme.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_style_page_shows_every_state_and_is_for_staff(language):
    address = f"/{language}/style/"
    assert Client().get(address).status_code == 302
    assert signed_in(make_participant()).get(address).status_code == 302
    staff = Client()
    staff.force_login(make_moderator())
    html = staff.get(address).content.decode()
    states = set(re.findall(r'class="comment state-(\w+)"', html))
    assert states == {"pending", "published", "hidden", "withdrawn", "erased"}
    assert html.count('<table class="tally">') == 3


@pytest.mark.django_db
def test_the_ways_to_sign_in_lead_back_to_the_very_question_and_to_the_form(client):
    measure = make_measure()
    address = f"/en/measures/{measure.slug}/"
    links = re.findall(r'<a class="button" href="([^"]+)">Sign in to', client.get(address).content.decode())
    back = f"/en/accounts/login/?next={address}"
    assert links == [f"{back}%23support", f"{back}%23delivery", f"{back}%23write"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "says"),
    [("info@example.kz", "write to the operator: info@example.kz."), ("", "(no address has been given here yet).")],
)
def test_the_privacy_notice_names_the_operators_address_or_says_that_there_is_none(client, settings, address, says):
    settings.OPERATOR_EMAIL = address
    assert says in text_of(client.get("/en/privacy/")).replace(" .", ".")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("name", ["about", "privacy", "accessibility"])
def test_what_a_document_leaves_open_is_filled_in_and_its_links_lead_somewhere(client, language, name):
    html = client.get(f"/{language}/{name}/").content.decode()
    text = html.partition('<div class="document">')[2].partition("</main>")[0]
    assert not re.search(r"[{}]", text)
    assert (VERSIONS["privacy"] in text) == (name == "privacy")
    links = re.findall('href="(/[^"]*)"', text)
    assert len(links) == (4 if name == "about" else 0)
    assert {client.get(link).status_code for link in links} <= {200}
