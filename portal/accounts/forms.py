"""Forms of registration, sign-in and the account. Labels and hints are ours; the logic of codes is allauth's."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context, ratelimit
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.accounts import human
from portal.accounts.documents import VERSIONS
from portal.accounts.models import Consent, Region, User
from portal.accounts.names import clean_display_name

LONGEST_EMAIL = 254
LONGEST_PASSWORD = 1000

password_rules = password_validation.password_validators_help_text_html


class EmailInput(forms.EmailInput):
    def __init__(self, attrs=None):
        super().__init__({"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"} | (attrs or {}))


def email_field(label=None, **options):
    label = label or _("E-mail address")
    return allauth_forms.EmailField(label=label, widget=EmailInput(), max_length=LONGEST_EMAIL, **options)


def password_field(label, autocomplete, **options):
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **options,
    )


class NewPasswordField(allauth_forms.SetPasswordField):
    """A password to be set; checked against Django's validators for the form's user."""

    def __init__(self):
        super().__init__(label=_("New password"), help_text=password_rules(), max_length=LONGEST_PASSWORD)
        self.widget.attrs.pop("placeholder", None)


class AboutMe(forms.Form):
    """What a participant may say about themselves, at registration and later."""

    display_name = forms.CharField(
        label=_("Display name"),
        help_text=_(
            "Others see it beside your comments. It may be a pseudonym. It is not your e-mail address, which "
            "nobody sees."
        ),
        max_length=60,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    language = forms.ChoiceField(label=_("Language of e-mails"), choices=settings.LANGUAGES)
    region = forms.ModelChoiceField(
        label=_("Region"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=_("Rather not say"),
        help_text=_("We ask to see whose regions are missing. It is shown only in groups of ten or more people."),
    )
    age_band = forms.ChoiceField(
        label=_("Year of birth"),
        choices=[("", _("Rather not say")), *User.AgeBand.choices],
        required=False,
        help_text=_("We ask to see whose generations are missing. It is shown only in groups of ten or more people."),
    )
    gender = forms.ChoiceField(
        label=_("Gender"),
        choices=[("", _("Rather not say")), *User.Gender.choices],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("We ask to see whose voices are missing. It is shown only in groups of ten or more people."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.filter(country=settings.COUNTRY)

    def clean_display_name(self):
        return clean_display_name(self.cleaned_data["display_name"])

    def fill(self, user):
        for name in ("display_name", "language", "region", "age_band", "gender"):
            setattr(user, name, self.cleaned_data[name])


class AccountForm(AboutMe):
    """The same, for a person who has an account."""

    field_order = ("display_name", "language", "region", "age_band", "gender")

    def __init__(self, *args, user, **kwargs):
        self.user = user
        initial = {name: getattr(user, name) for name in ("display_name", "language", "age_band", "gender")}
        super().__init__(*args, initial=initial | {"region": user.region_id}, **kwargs)

    def clean_display_name(self):
        # A name once given stays good: staff's own, and one that a new name of the portal makes reserved.
        if self.cleaned_data["display_name"] == self.user.display_name:
            return self.user.display_name
        return super().clean_display_name()

    def save(self):
        self.fill(self.user)
        self.user.save(update_fields=["display_name", "language", "region", "age_band", "gender"])


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
        self.fields["email"] = email_field(help_text=_("We send a code to it. Nobody else sees it."))
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
            if not self._errors:
                human.use(digest)
        except ValidationError as fault:
            self.add_error(None if solution else "answer", fault)
            self.data = self.data.copy()
            self.data["altcha"] = ""

    def _check_answer(self):
        answer = (self.cleaned_data.get("answer") or "").strip()
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
    return bool(unproved.delete()[0])


def is_proved(user, email):
    return EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = email_field()
        self.fields["password"] = password_field(_("Password"), "current-password")


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):
    email = email_field()

    def clean_email(self):
        email = super().clean_email()
        if self._user and not is_proved(self._user, email):
            self._user = None
        return email


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    email = email_field()

    def clean_email(self):
        email = super().clean_email()
        self.users = [user for user in self.users if is_proved(user, email)]
        return email


class CodeForm(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the e-mail")
        self.fields["code"].widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        )


class ConfirmLoginCodeForm(CodeForm, allauth_forms.ConfirmLoginCodeForm):
    pass


class ConfirmEmailForm(CodeForm, allauth_forms.ConfirmEmailVerificationCodeForm):
    def clean_code(self):
        """A code proves nothing where there is nobody to prove it for: a known address, a registration given up."""
        code = super().clean_code()
        if self.user is None:
            raise get_adapter().validation_error("incorrect_code")
        return code


class ConfirmPasswordResetForm(CodeForm, allauth_forms.ConfirmPasswordResetCodeForm):
    pass


class OnePassword:
    """A new password is typed once; who mistypes it resets it by mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("password2")
        user = self.fields["password1"].user
        self.fields["password1"] = NewPasswordField()
        self.fields["password1"].user = user


class NewPasswordForm(OnePassword, allauth_forms.ResetPasswordKeyForm):
    pass


class SetPasswordForm(OnePassword, allauth_forms.SetPasswordForm):
    pass


class ChangePasswordForm(OnePassword, allauth_forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = password_field(_("Current password"), "current-password")
        self.order_fields(["oldpassword", "password1"])


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field(_("Password"), "current-password")


class NewEmailForm(allauth_forms.AddEmailForm):
    email = email_field(
        _("New e-mail address"), help_text=_("We send a code to it; until you enter it, nothing changes.")
    )
