"""Following a measure or a programme, and how often its news is mailed."""

from django.utils.translation import gettext_lazy as _

from feedback.actions.refusals import Invalid
from feedback.models import Follow, Participant
from feedback.models.person import Pace
from principles.models import Measure, Programme


def follow(participant: Participant, what: Measure | Programme) -> None:
    """Follow a measure, or all measures of a programme; twice is once."""
    Follow.objects.bulk_create([Follow(participant=participant, **_about(what))], ignore_conflicts=True)


def unfollow(participant: Participant, what: Measure | Programme) -> None:
    Follow.objects.filter(participant=participant, **_about(what)).delete()


def follows(user, what: Measure | Programme) -> bool:
    """Whether a reader, who may be anonymous, follows it."""
    return user.is_authenticated and Follow.objects.filter(participant__user=user, **_about(what)).exists()


def set_pace(participant: Participant, pace: str) -> None:
    """How often news of what they follow, and replies, are mailed; what concerns their own words comes at once."""
    if pace not in Pace.values:
        raise Invalid(_("Please choose how often we may write to you."))
    Participant.objects.filter(pk=participant.pk).update(pace=pace)


def _about(what: Measure | Programme) -> dict[str, Measure | Programme]:
    return {"measure" if isinstance(what, Measure) else "programme": what}
