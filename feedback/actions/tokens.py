"""Personal tokens of the API: made, shown once, revoked."""

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.actions.refusals import Invalid, NotPossibleNow
from feedback.models import ApiToken
from feedback.models.token import digest_of, new_secret
from portal.plain_text import clean_text

MOST_TOKENS = 20
NOTE_USE_EVERY = timedelta(hours=1)


@transaction.atomic
def make_token(user: AbstractBaseUser, *, name: str, scope: str) -> tuple[ApiToken, str]:
    """A new token and its secret, which is kept nowhere."""
    name = " ".join(clean_text(name).split())
    if not name or len(name) > 60:
        raise Invalid(_("Give the token a name of at most 60 characters."))
    if scope not in ApiToken.Scope.values:
        raise Invalid
    if user.api_tokens.filter(revoked_at=None).count() >= MOST_TOKENS:
        raise NotPossibleNow(_("You have 20 tokens. Please revoke one that you no longer need."))
    secret = new_secret()
    token = ApiToken.objects.create(user=user, name=name, scope=scope, digest=digest_of(secret), hint=secret[:8])
    return token, secret


def revoke_token(token: ApiToken, *, by: AbstractBaseUser) -> None:
    """Close one's own token for good."""
    ApiToken.objects.filter(pk=token.pk, user=by, revoked_at=None).update(revoked_at=timezone.now())


def token_of(secret: str) -> ApiToken | None:
    """The usable token with this secret, with its user; that it was used is noted once an hour."""
    token = ApiToken.objects.usable().select_related("user__region").filter(digest=digest_of(secret)).first()
    now = timezone.now()
    if token and (token.used_at is None or now - token.used_at > NOTE_USE_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    return token
