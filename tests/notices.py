"""Builders of everything that people are told of, through the same actions as everything else."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.timezone import make_aware

from feedback.actions.access import staff_member_of
from feedback.actions.appeals import appeal_decision, appeal_sanction, rule_on_appeal
from feedback.actions.due import do_due_work
from feedback.actions.moderation import ask_to_edit, hide_comment, hide_on_demand, publish_comment, redact_comment
from feedback.actions.notices import tell_answer, tell_closing
from feedback.actions.sanctions import suspend_participant, warn_participant
from feedback.models import Answer, ClosingStatement, Comment, Notice, Participant
from principles.models import Measure
from tests.builders import make_comment, make_moderator, make_rule, make_user, seen

TEXT = {"kk": "Бұл жерде дүкенді жарнамалауға болмайды.", "ru": "Здесь не место для рекламы.", "en": "No shop here."}
WRITTEN = {
    "kk": "Менің дүкеніме келіңіздер, арзан.",
    "ru": "Приходите в мой магазин, дёшево.",
    "en": "Come to my shop, it is cheap.",
}
UNDO_IS_OVER = timedelta(seconds=40)
MONDAY = make_aware(datetime(2026, 11, 23, 7, 0))  # in the portal's time zone, an hour before digests


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def per_language(field: str, texts: dict[str, str] = TEXT) -> dict[str, str]:
    return {f"{field}_{language}": text for language, text in texts.items()}


def own_comment(person: Participant, measure: Measure, **fields) -> Comment:
    language = person.user.language
    return make_comment(measure, by=person, **{"language": language, "text": WRITTEN[language]} | fields)


def decide(action: str, comment: Comment, **fields):
    """The decision `action` about `comment`, explained in its language."""
    decide_so = {
        "hide": hide_comment,
        "redact": redact_comment,
        "ask": ask_to_edit,
        "demand": hide_on_demand,
        "publish": publish_comment,
    }[action]
    fields = {"by": make_moderator(), "explanation": TEXT[comment.language]} | fields
    if action in {"hide", "redact"}:
        fields.setdefault("rule", make_rule())
    if action == "redact":
        fields["spans"] = [(0, 5)]
    if action == "demand":
        fields["authority"] = "Prosecutor's office 7"
    return decide_so(comment, **fields, **seen(comment))


def warn(person: Participant, **fields):
    fields = {"by": make_moderator(), "rule": make_rule(), "explanation": TEXT[person.user.language]} | fields
    return warn_participant(person, **fields)


def suspend(person: Participant, **fields):
    fields = {"by": make_moderator(), "rule": make_rule(), "explanation": TEXT[person.user.language]} | fields
    return suspend_participant(person, days=7, **fields)


def appeal(decided, person: Participant):
    act = appeal_sanction if hasattr(decided, "participant") else appeal_decision
    return act(decided, by=person, text=WRITTEN[person.user.language])


def rule(appeal, *, reverse: bool):
    """The ruling of somebody who did not decide."""
    of_comment = seen(appeal.decision.comment) if appeal.decision_id else {}
    language = appeal.participant.user.language
    return rule_on_appeal(appeal, by=make_moderator(), reverse=reverse, explanation=TEXT[language], **of_comment)


def make_answer(measure: Measure, *comments: Comment, **fields) -> Answer:
    """A published answer, of which people were told."""
    answer = Answer.objects.create(
        measure=measure,
        **{"outcome": "partly", "answered_on": date(2026, 11, 20), "published_at": timezone.now()}
        | {"by": staff_member_of(make_moderator())}
        | per_language("text")
        | per_language("body", {"kk": "Білім министрлігі", "ru": "Министерство образования", "en": "Ministry 5"})
        | fields,
    )
    answer.comments.set(comments)
    tell_answer(answer)
    return answer


def make_closing(programme) -> ClosingStatement:
    statement = ClosingStatement.objects.create(
        programme=programme, by=staff_member_of(make_moderator()), published_at=timezone.now(), **per_language("heard")
    )
    tell_closing(statement)
    return statement


def kinds_told(person: Participant) -> list[str]:
    """What a participant has been told, the first first, decisions that wait for their undoing to be over included."""
    return list(Notice.objects.of(person).order_by("pk").values_list("kind", flat=True))


def mail_due(after: timedelta = UNDO_IS_OVER) -> None:
    """Mail what is due when this time has gone by."""
    do_due_work(timezone.now() + after)


def moderator(role: str = "moderator", **fields):
    """Somebody of the staff with this role, on duty."""
    user = make_user(is_staff=True, **fields)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user
