"""A consultation in all its states, for looking at every page of the portal: invented people, the shipped programme.

Beside the shipped programme, which is open and full of demo comments, stand three small ones: one that is closed, one
that has not opened, and one whose comments wait for moderation.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO

import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.db.models import Model
from django.utils import timezone

from feedback.actions.closing import save_statement
from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.following import follow
from feedback.actions.reactions import vote_on_comment
from feedback.actions.sanctions import warn_participant
from feedback.actions.themes import give_themes
from feedback.ledger.checkpoints import publish
from feedback.ledger.sequencer import sequence
from feedback.models import Brigade, BrigadeComment, Comment, Participant, ResultsReport
from principles.actions import revise_measure
from principles.models import Measure, Programme, Reading, Target
from principles.wording import Wording, figures_of, per_language, wording_of
from tests.answers import make_answer, make_editor
from tests.browser.security_key import give_security_key
from tests.builders import (
    hide,
    make_comment,
    make_moderator,
    make_participant,
    make_rule,
    make_user,
    rate_as,
    rate_by_many,
)
from tests.programme_builders import load_fair_kazakhstan, make_measure, make_programme
from tests.themes import make_theme

BUSY, REVISED, QUIET = "modern-classrooms", "water-supply", "open-geology"
UNPROVED = "unproved@example.org"  # the address of somebody who has not proved it
LONG_WORD = "Қанағаттандырылмағандықтарыңыздан"
DEMO = {"participants": 60, "comments": 600, "ratings": 1500, "seed": 3}
CLOSED = {
    "kk": "Қаладағы таза ауа бағдарламасы",
    "ru": "Программа чистого воздуха в городе",
    "en": "Clean air in the city",
}
# Said in two languages, and one part of it in Russian alone.
STATEMENT = {
    "heard": {
        "kk": "Тұрғындар ең алдымен пеш түтінінен құтылуды сұрады.",
        "ru": "Жители прежде всего просят избавить город от печного дыма.",
    },
    "changes": {
        "kk": "Газ тарту бірінші кезекке қойылады.\n\nКөлікке шектеу екінші кезеңде талқыланады.",
        "ru": "Газификация пойдёт первой очередью.\n\nОграничения для машин обсудим на втором этапе.",
    },
    "unchanged": {"ru": "Срок остаётся прежним: раньше не успеть провести сети."},
}
UPCOMING = {
    "kk": "Ауыл кітапханаларын жаңғырту",
    "ru": "Обновление сельских библиотек",
    "en": "New life for village libraries",
}
MODERATED = {"kk": "Мектеп асханаларының сапасы", "ru": "Качество школьных столовых", "en": "Better school canteens"}
PRINCIPLE = {"kk": "Жергілікті істер", "ru": "Местные дела", "en": "Local matters"}
SUMMARY = {
    "kk": "Не істелетіні, кім жауап беретіні және қашан аяқталатыны тұрғындармен бірге талқыланады.",
    "ru": "Что будет сделано, кто за это отвечает и когда закончат, обсуждается вместе с жителями.",
    "en": "What is done, who answers for it and when it ends is discussed together with residents.",
}
STEP = {"kk": "Бірінші қадам", "ru": "Первый шаг", "en": "The first step"}
REVISED_SUMMARY = {
    "kk": "Барлық қала мен ауыл сапалы ауызсумен толық қамтамасыз етіледі.",
    "ru": "Все города и сёла полностью обеспечиваются качественной питьевой водой.",
    "en": "All towns and villages are fully supplied with good drinking water.",
}

ANSWER = {
    "kk": "2027 жылы ауылдарға екі жүз химия мұғалімі жіберіледі; жол ақысын мемлекет төлейді.",
    "ru": "В 2027 году в сёла поедут двести учителей химии; дорогу оплатит государство.",
    "en": "In 2027 two hundred chemistry teachers go to villages; the state pays their way.",
}
THEME = {"name_kk": "Мұғалімдердің жетіспеуі", "name_ru": "Нехватка учителей", "name_en": "Too few teachers"}
BODY = {"kk": "Оқу-ағарту министрлігі", "ru": "Министерство просвещения", "en": "Ministry of Education"}


@dataclass
class World:
    """What `make_world` made, by the names under which pages ask for it."""

    people: dict[str, Participant] = field(default_factory=dict)
    staff: dict[str, Model] = field(default_factory=dict)  # accounts
    comments: dict[str, Comment] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    rows: dict[str, Model] = field(default_factory=dict)


def make_world(demo: dict[str, int] | None = None) -> World:
    """Fill an empty, migrated database; `demo` is how much `make_demo` makes."""
    quiet = StringIO()
    call_command("load_regions", verbosity=0, stdout=quiet)
    call_command("load_rules", stdout=quiet)
    load_fair_kazakhstan()
    call_command("make_demo", **(demo or DEMO), stdout=quiet, stderr=quiet)
    world = World()
    world.measures = {slug: Measure.objects.get(slug=slug) for slug in (BUSY, REVISED, QUIET)}
    _people(world)
    _revise(world.measures[REVISED])
    _discuss(world)
    _small_programmes(world)
    sequence()
    publish()
    return world


def _people(world: World) -> None:
    names = {"author": "Айгерім Қ.", "neighbour": "Ерлан", "newcomer": "Нурлан", "leaver": "Гульнара"}
    world.people = {who: make_participant(display_name=name, email=f"{who}@example.org") for who, name in names.items()}
    staff = make_participant(display_name="Дәулет", email="staff@example.org", is_staff=True, is_superuser=True)
    TOTP.activate(staff.user, generate_totp_secret())
    RecoveryCodes.activate(staff.user)
    keyholder = make_participant(display_name="Светлана", email="keyholder@example.org")
    world.rows["key"] = give_security_key(keyholder.user, "Телефон")
    keyholder.user.set_unusable_password()
    keyholder.user.save()
    world.people |= {"staff": staff, "keyholder": keyholder}
    unproved = make_user(email=UNPROVED)
    EmailAddress.objects.filter(user=unproved).update(verified=False)


def _revise(measure: Measure) -> None:
    """A measure of three editions: a substantive change after a correction."""
    rate_by_many(measure, [1, 2, 3, 3, 4, 4, 4, 5, 5, 5])
    rate_by_many(measure, [2, 4, 5])
    sequence()
    wording, figures = wording_of(measure.current_edition), figures_of(measure.current_edition)
    title = dict(wording.title) | {"en": f"{wording.title['en']} for all"}
    revise_measure(measure, wording=Wording(title, wording.summary), figures=figures, substantive=False)
    revise_measure(
        measure,
        wording=Wording(title, REVISED_SUMMARY),
        figures=figures,
        substantive=True,
        note={"kk": "Ауылдар нақты аталды.", "ru": "Сёла названы прямо.", "en": "Villages are named outright."},
    )
    sequence(timezone.now() + timedelta(seconds=61))  # when the ledger ends the tallies of the old wording


def _discuss(world: World) -> None:
    """A measure with progress, and with comments in every state that a reader or an author may meet."""
    author, neighbour = world.people["author"], world.people["neighbour"]
    measure, made = world.measures[BUSY], world.comments
    target = Target.objects.get(slug="classrooms-opened")
    for read_on, value, voice in ((date(2024, 6, 1), 3100, "government"), (date(2026, 3, 1), 5240, "independent")):
        Reading.objects.create(
            target=target,
            read_on=read_on,
            value=value,
            source_name="Ұлттық статистика бюросы",
            source_url="https://stat.example/classrooms",
            voice=voice,
        )
    rate_as(author, measure, 4)
    rate_as(author, measure, 2, "delivery")
    rate_as(author, world.measures[REVISED], 3)
    follow(author, measure)
    with time_machine.travel(timezone.now() - timedelta(hours=3)):
        edited = make_comment(measure, by=author, text="Кабинеттер ашылды, бірақ реактив жоқ.", language="kk")
    fuller = "Кабинеттер ашылды, бірақ реактив те, зертханашы да жоқ."
    edit_comment(edited, by=author, text=fuller, language="kk", stance="against")
    advertisement = make_comment(measure, by=author, text="Дешёвая обувь в моём магазине!", language="ru")
    moderator = make_moderator(display_name="Сәуле", email="moderator@example.org")
    hidden = hide(advertisement, by=moderator, explanation="Мұнда дүкеннің жарнамасына орын жоқ.")
    world.rows["decision"] = hidden.hiding_decision
    world.rows["warning"] = warn_participant(
        author, by=moderator, rule=make_rule(), explanation="Жарнаманы енді жарияламаңыз.", comment=hidden
    )
    withdraw_comment(make_comment(measure, by=author, text="I changed my mind."), by=author)
    make_comment(measure, by=world.people["leaver"], text="Жақсы шара.", language="kk")
    delete_account(world.people.pop("leaver").user, erase_comments=True)
    thread = make_comment(
        measure,
        by=neighbour,
        text="Наша школа получила кабинет химии, но учителя для него нет уже второй год.\n\n"
        "Отчёт: https://example.org/reports/2026/classrooms/a/very/long/address/that/goes/on/and/on",
        language="ru",
        stance="against",
    )
    for text, language in (
        (f"{LONG_WORD}: бізде де солай.", "kk"),
        ("У нас учительница приезжает из города два раза в неделю.", "ru"),
        ("Could colleges lend their teachers?", "en"),
        ("Колледжде де химик жетіспейді.", "kk"),
        ("Пусть платят за часы в селе больше.", "ru"),
    ):
        reply = make_comment(measure, by=author, text=text, language=language, parent=thread)
    vote_on_comment(thread, by=author, value=1)
    editor = world.staff["editor"] = make_editor(display_name="Марат", email="editor@example.org")
    today = timezone.localdate()
    world.rows["answer"] = make_answer(
        measure, thread, by=editor, text=ANSWER, body=BODY, outcome="partly", answered_on=today
    )
    made |= {"thread": thread, "edited": edited, "reply": reply}
    teachers = make_theme(measure.principle.programme, "teachers", wording=THEME)
    give_themes(Comment.objects.filter(measure=measure), [teachers], by=moderator)
    world.rows["report"] = ResultsReport.objects.create(
        programme=measure.principle.programme,
        state=ResultsReport.State.READY,
        folder="none",
        finished_at=timezone.now(),
    )
    _group(world, measure)


def _group(world: World, measure: Measure) -> None:
    """Comments of six accounts that are held to be alike, and when the first and the last of them were written."""
    firsts: dict[int, Comment] = {}
    for comment in Comment.objects.filter(measure=measure).exclude(author=None).order_by("created_at", "pk")[:60]:
        firsts.setdefault(comment.author_id, comment)
    alike = list(firsts.values())[:6]
    since, latest = alike[0].created_at, alike[-1].created_at
    group = Brigade.objects.create(measure=measure, simhash=0, accounts=len(alike), since=since, latest=latest)
    BrigadeComment.objects.bulk_create([BrigadeComment(brigade=group, comment=comment) for comment in alike])
    world.rows["group"] = group


def _small_programmes(world: World) -> None:
    now = timezone.now()
    closed = _small_programme("clean-air", CLOSED)
    with time_machine.travel(now - timedelta(days=2)):
        rate_by_many(closed, [4, 5, 5])
        make_comment(closed, by=world.people["neighbour"], text="Ауа тазарды, рақмет.", language="kk", stance="for")
    Programme.objects.filter(slug="clean-air").update(opens_at=now - timedelta(90), closes_at=now - timedelta(hours=1))
    save_statement(closed.principle.programme, by=world.staff["editor"], publish=True, **STATEMENT)
    upcoming = _small_programme("village-libraries", UPCOMING, opens_at=now + timedelta(20))
    moderated = _small_programme("school-canteens", MODERATED, moderation="before")
    world.measures |= {"closed": closed, "upcoming": upcoming, "moderated": moderated}
    author = world.people["author"]
    world.comments["pending"] = make_comment(moderated, by=author, text="Асхана таза, тағамы дәмді.", language="kk")


def _small_programme(slug: str, title: dict[str, str], **fields) -> Measure:
    """A programme of one measure, which asks what the shipped one asks."""
    programme = make_programme(
        slug, measures=0, questions=(), **per_language("title", title), **per_language("summary", SUMMARY), **fields
    )
    programme.principles.update(**per_language("title", PRINCIPLE), **per_language("summary", SUMMARY))
    programme.areas.all().delete()
    for question in Programme.objects.get(slug="fair-kazakhstan").questions.all():
        question.pk, question.programme = None, programme
        question.save()
    return make_measure(programme, title=STEP, summary=SUMMARY, area=None)
