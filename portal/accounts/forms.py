"""Forms of sign-in and of the account. Labels and hints are ours; the logic of codes is allauth's."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthCodeForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthCodeAgainForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.accounts.fields import NewPasswordField, email_field, password_field
from portal.accounts.models import Region, User
from portal.accounts.names import clean_display_name
from portal.accounts.second_factors import mark_used, was_used
from portal.alphabets import sort_key
from portal.localized import localized


class AboutMe(forms.Form):
    """What a participant may say about themselves, at registration and later."""

    display_name = forms.CharField(
        label=_("Display name"),
        help_text=_(
            "Others see it beside your comments. It may be a pseudonym. Your e-mail address is never shown there."
        ),
        max_length=60,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages={"required": _("Please enter a display name.")},
    )
    language = forms.ChoiceField(label=_("Language of e-mails"), choices=settings.LANGUAGES)
    region = forms.ModelChoiceField(
        label=_("Region"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=_("Rather not say"),
        help_text=_(
            "We ask so that everybody sees which regions are missing. It is shown only in groups of ten or more people."
        ),
    )
    age_band = forms.ChoiceField(
        label=_("Age group, by year of birth"),
        choices=[("", _("Rather not say")), *User.AgeBand.choices],
        required=False,
        help_text=_(
            "We ask so that everybody sees which generations are missing. It is shown only in groups of ten or more "
            "people."
        ),
    )
    gender = forms.ChoiceField(
        label=_("Gender"),
        choices=[("", _("Rather not say")), *User.Gender.choices],
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "We ask so that everybody sees whose voices are missing. It is shown only in groups of ten or more people."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        region.queryset = Region.objects.filter(country=settings.COUNTRY)
        named = [(row.kind != "city", localized(row, "name"), row.pk) for row in region.queryset]
        named.sort(key=lambda row: (row[0], sort_key(row[1].text, row[1].language)))
        region.choices = [("", region.empty_label), *((pk, name.text) for _is_region, name, pk in named)]

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


class AddKeyForm(AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


class RenameKeyForm(EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


class OnceOnly:
    """A used code of an app is a wrong code for as long as it would be right, and counts as a wrong try."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("placeholder", None)  # allauth's says the label once more

    def clean_code(self):
        if was_used(self.user, self.cleaned_data["code"]):
            self.cleaned_data["code"] = ""
        code = super().clean_code()
        from_app = getattr(self, "authenticator", None) is None or self.authenticator.type == Authenticator.Type.TOTP
        if from_app and not mark_used(self.user, code):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OnceOnly, AllauthCodeForm):
    pass


class CodeAgainForm(OnceOnly, AllauthCodeAgainForm):
    pass


class SetUpAppForm(OnceOnly, ActivateTOTPForm):
    pass
