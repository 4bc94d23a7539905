"""Registration: address, password and name, age and consent, and the human check."""

from allauth.account import forms as allauth_forms
from allauth.core import context, ratelimit
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.accounts import human
from portal.accounts.documents import VERSIONS
from portal.accounts.fields import email_field, password_field, password_rules
from portal.accounts.forms import AboutMe
from portal.accounts.models import Consent, User


class SignupForm(AboutMe, allauth_forms.SignupForm):
    """Registration: address, password and name; what may be said; age, consent and the human check."""

    minimum_age = forms.BooleanField()
    consent = forms.BooleanField(
        label=_("I agree to the privacy notice and the participation rules."),
        error_messages={"required": _("Without your consent there can be no account.")},
    )
    altcha = forms.CharField(required=False, widget=forms.HiddenInput)
    question = forms.CharField(required=False, widget=forms.HiddenInput)
    answer = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )

    field_order = (
        "email",
        "password1",
        "display_name",
        "language",
        "region",
        "age_band",
        "gender",
        "minimum_age",
        "consent",
        "answer",
        "altcha",
        "question",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field(help_text=_("We send a code to it. It is never public."))
        self.fields["password1"] = password_field(_("Password"), "new-password", help_text=password_rules())
        self.fields["minimum_age"].label = _("I am %(age)s years old or older.") % {"age": settings.MINIMUM_AGE}
        self.fields["minimum_age"].error_messages["required"] = _("Participants are %(age)s years old or older.") % {
            "age": settings.MINIMUM_AGE
        }
        self.fields["language"].initial = (get_language() or "kk")[:2]
        self.order_fields(self.field_order)
        self.challenge = human.new_challenge()
        if not self.is_bound:
            self._ask_question()

    def _ask_question(self):
        """A question for the page to show, and in a form that comes back nothing of the old one."""
        self.fields["answer"].label, token = human.new_question()
        self.initial["question"] = token
        if self.is_bound:
            self._bound_fields_cache.pop("answer", None)  # it remembers the old question as its label
            self.data = self.data.copy()
            self.data["question"], self.data["answer"] = token, ""

    def full_clean(self):
        super().full_clean()
        if self.is_bound and self._errors:
            self._ask_question()

    def clean(self):
        cleaned = super().clean()
        self._check_human()
        return cleaned

    def _check_human(self):
        """Check, and spend only with a form that is right in all else: correcting a fault costs no second proof."""
        solution = self.cleaned_data.get("altcha")
        try:
            digest = human.check_solution(solution) if solution else self._check_answer()
            if digest and not self._errors:
                human.use(digest)
        except ValidationError as fault:
            self.add_error(None if solution else "answer", fault)
            self.data = self.data.copy()
            self.data["altcha"] = ""

    def _check_answer(self):
        """Digest of the answered question, or nothing where other faults bring the form back with a new question.

        An answer is not even read then: it costs none of the network's tries, and nobody can try answers for nothing.
        """
        answer = (self.cleaned_data.get("answer") or "").strip()
        if answer and self._errors:
            return ""
        if answer and not ratelimit.consume(context.request, action="signup_by_question"):
            raise ValidationError(
                _(
                    "Too many registrations without the automatic check came from your network. "
                    "Please try again in an hour, or with JavaScript turned on."
                ),
                code="limited",
            )
        return human.check_answer(self.cleaned_data.get("question") or "", answer)

    def try_save(self, request):
        if self.account_already_exists:
            # As many hashes and, near enough, as many writes as for a new address: time tells nothing either.
            User().set_password(self.cleaned_data["password1"])
            human.write_as_if()
            self.account_already_exists = not discard_unproved(self.cleaned_data["email"])
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:  # the same address registered a moment ago
            self.account_already_exists = True
            return super().try_save(request)

    def custom_signup(self, request, user):
        Consent.objects.bulk_create(
            Consent(user=user, document=document, version=version, language=get_language())
            for document, version in VERSIONS.items()
        )


def discard_unproved(email):
    """Forget a registration whose address was never proved, so that whoever owns the address can register.

    Otherwise somebody could register another person's address, wait until its owner proves it by a sign-in code,
    and come in by the password chosen at first.
    """
    unproved = User.objects.filter(email__iexact=email, last_login=None, is_staff=False).exclude(
        emailaddress__verified=True
    )
    found = list(unproved)  # one at most
    for user in found:
        user.delete()
    return bool(found)
