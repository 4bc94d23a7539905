"""What people of the staff type into a form of the admin, as it is kept."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator


def keep_plain(form: forms.BaseForm, plain: Callable[[str], str]) -> None:
    """Give the texts of a cleaned form as `plain` makes them.

    One of which nothing is left over was not filled in; one may have become too long, since some letters are two when
    they are composed.
    """
    for name, value in list(form.cleaned_data.items()):
        if isinstance(value, str):
            field = form.fields[name]
            text = form.cleaned_data[name] = plain(value)
            if value and not text and field.required:
                form.add_error(name, field.error_messages["required"])
            elif longest := getattr(field, "max_length", None):
                try:
                    MaxLengthValidator(longest)(text)
                except ValidationError as fault:
                    form.add_error(name, fault)


class PlainWords(forms.ModelForm):
    """A form whose texts are kept as `plain` makes them."""

    @staticmethod
    def plain(text: str) -> str:
        raise NotImplementedError

    def clean(self):
        super().clean()
        keep_plain(self, self.plain)
        return self.cleaned_data
