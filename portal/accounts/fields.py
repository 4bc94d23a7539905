"""Fields that several forms of accounts share."""

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

LONGEST_EMAIL = 254
LONGEST_PASSWORD = 1000

password_rules = password_validation.password_validators_help_text_html


class EmailInput(forms.EmailInput):
    def __init__(self, attrs=None):
        super().__init__({"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"} | (attrs or {}))


def email_field(label=None, **options):
    label = label or _("E-mail address")
    missing = {"required": _("Please enter an e-mail address.")}
    return allauth_forms.EmailField(
        label=label, widget=EmailInput(), max_length=LONGEST_EMAIL, error_messages=missing, **options
    )


def password_field(label, autocomplete, **options):
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": _("Please enter a password.")},
        **options,
    )


class NewPasswordField(allauth_forms.SetPasswordField):
    """A password to be set; checked against Django's validators for the form's user."""

    def __init__(self):
        super().__init__(label=_("New password"), help_text=password_rules(), max_length=LONGEST_PASSWORD)
        self.widget.attrs.pop("placeholder", None)
