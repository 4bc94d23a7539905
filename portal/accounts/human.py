"""The human check of registration: a proof of work for browsers, a small sum in words for everybody else.

Both are signed with a key derived from SECRET_KEY, expire after `LIFETIME`, and count once: the digest of a passed
check goes into a table with a unique constraint, so no process accepts it again. docs/decisions/0003 says why.
"""

import base64
import json
import secrets
from datetime import timedelta

from altcha import create_challenge_v1, verify_solution_v1
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.accounts.models import UsedChallenge

LIFETIME = timedelta(minutes=20)
WORK = 50_000  # SHA-256 hashes at most, half of it on average: about a second on a cheap phone
SALT = "portal.accounts.human"


def _key() -> str:
    return salted_hmac(SALT, "challenge", algorithm="sha256").hexdigest()


def new_challenge() -> str:
    """A fresh altcha challenge (version 1: find `number` with SHA-256(salt + number) = challenge) as JSON."""
    challenge = create_challenge_v1(
        algorithm="SHA-256", max_number=WORK, hmac_key=_key(), expires=timezone.now() + LIFETIME
    )
    return json.dumps(challenge.to_dict())


def check_solution(payload: str) -> str:
    """Digest of a right and timely altcha solution (base64 of JSON); a ValidationError for any other."""
    try:
        content = json.loads(base64.b64decode(payload, validate=True))
        right, fault = verify_solution_v1(content, _key())
        digest = str(content["challenge"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        right, fault, digest = False, None, ""
    if fault and "expired" in fault:
        raise ValidationError(_("The automatic check has expired. Please send the form again."), code="expired")
    if not right:
        raise ValidationError(_("The automatic check failed. Please send the form again."), code="wrong")
    return digest


def number_word(number: int) -> str:
    """`number`, 1 to 9, in words of the active language."""
    return [
        pgettext("number in a sum", "one"),
        pgettext("number in a sum", "two"),
        pgettext("number in a sum", "three"),
        pgettext("number in a sum", "four"),
        pgettext("number in a sum", "five"),
        pgettext("number in a sum", "six"),
        pgettext("number in a sum", "seven"),
        pgettext("number in a sum", "eight"),
        pgettext("number in a sum", "nine"),
    ][number - 1]


def new_question() -> tuple[str, str]:
    """A sum in words and the token that proves its answer. Neither the sum nor the answer can be read off the token."""
    first, second = secrets.randbelow(9) + 1, secrets.randbelow(9) + 1
    nonce = secrets.token_hex(16)
    token = signing.dumps({"nonce": nonce, "proof": _proof(nonce, first + second)}, salt=SALT)
    question = _("How much is %(first)s plus %(second)s? Write a number.") % {
        "first": number_word(first),
        "second": number_word(second),
    }
    return question, token


def check_answer(token: str, answer: str) -> str:
    """Digest of a right and timely answer to the question of `token`; a ValidationError for any other."""
    if not answer:
        raise ValidationError(_("Please answer the question."), code="required")
    try:
        content = signing.loads(token, salt=SALT, max_age=LIFETIME)
        nonce, proof = content["nonce"], content["proof"]
    except signing.SignatureExpired:
        raise ValidationError(_("The question has expired. Please answer the new one."), code="expired") from None
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        raise ValidationError(_("Please answer the question."), code="wrong") from None
    # Digits of any script, as people type them.
    number = int(answer) if answer.isdecimal() and len(answer) <= 3 else -1
    if not constant_time_compare(proof, _proof(nonce, number)):
        raise ValidationError(_("The answer is not right. Please answer the new question."), code="wrong")
    return salted_hmac(SALT, nonce, algorithm="sha256").hexdigest()


def use(digest: str) -> None:
    """Spend a passed check; a ValidationError where it was spent before, by whichever process."""
    UsedChallenge.objects.filter(expires_at__lt=timezone.now()).delete()
    try:
        with transaction.atomic():
            UsedChallenge.objects.create(digest=digest, expires_at=timezone.now() + 2 * LIFETIME)
    except IntegrityError:
        raise ValidationError(_("This check was used before. Please send the form again."), code="replayed") from None


def write_as_if() -> None:
    """One row that means nothing, so that an answer without a write takes as long as one with."""
    UsedChallenge.objects.create(digest=secrets.token_hex(32), expires_at=timezone.now())


def _proof(nonce: str, answer: int) -> str:
    return salted_hmac(SALT, f"{nonce}:{answer}", secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
