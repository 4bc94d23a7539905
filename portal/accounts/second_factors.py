"""How secrets of second factors stand in the database: encrypted, so that a copy of it alone makes no codes.

Fernet (AES-128-CBC with HMAC-SHA-256, https://github.com/fernet/spec) under a key derived from `SECRET_KEY`; what was
written under one of `SECRET_KEY_FALLBACKS` is still read. `seal_second_factors` brings every row to the newest key.
"""

import base64
import logging

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

SEALED = "fernet:"
SALT = "portal.accounts.second_factors"
# What of an authenticator's data is secret: of an app, and of recovery codes; a security key's is public.
SECRETS = ("secret", "seed")
log = logging.getLogger("portal.accounts")


class MFAAdapter(DefaultMFAAdapter):
    def generate_authenticator_name(self, user, type: str) -> str:
        """What a new key is called unless its owner calls it otherwise: "Security key", "Security key 2"…"""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return f"{_('Security key')} {number}" if number > 1 else _("Security key")

    def encrypt(self, text: str) -> str:
        return SEALED + _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where no key of ours opens it, one that nobody knows, so that no code is right."""
        if not encrypted_text.startswith(SEALED):  # written before secrets were encrypted
            return encrypted_text
        try:
            return _keys().decrypt(encrypted_text.removeprefix(SEALED)).decode()
        except InvalidToken:
            log.error("a second factor was encrypted under a SECRET_KEY that is not known here")
            return generate_totp_secret()


def mark_used(user, code: str) -> bool:
    """Note that an app's code was used, for as long as it would be right; whether this call was the first to.

    allauth notes it for one period alone, and with a tolerance a code is right for longer (RFC 6238, section 5.2: no
    code is accepted a second time).
    """
    periods = 2 * app_settings.TOTP_TOLERANCE + 1
    return cache.add(_used_key(user, code), "used", timeout=periods * app_settings.TOTP_PERIOD)


def was_used(user, code: str) -> bool:
    return cache.get(_used_key(user, code)) is not None


def _used_key(user, code: str) -> str:
    digest = salted_hmac(SALT, f"{user.pk} {normalize_user_code(code)}", algorithm="sha256").hexdigest()
    return f"portal.accounts.code:{digest}"


def seal_all() -> int:
    """Encrypt each secret under the newest key; returns how many rows changed. One that no key opens stays."""
    changed = 0
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row and (sealed := {name: _seal(row.data[name]) for name in SECRETS if name in row.data}):
                row.data |= sealed
                row.save(update_fields=["data"])
                changed += 1
    return changed


def _seal(text: str) -> str:
    if not text.startswith(SEALED):
        return MFAAdapter().encrypt(text)
    try:
        return SEALED + _keys().rotate(text.removeprefix(SEALED)).decode()
    except InvalidToken:
        return text


def _keys() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    digest = salted_hmac(SALT, "key", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
