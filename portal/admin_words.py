"""What people of the staff type into a form of the admin, as it is kept."""

from django import forms


class PlainWords(forms.ModelForm):
    """A form whose texts are kept as `plain` makes them; one of which nothing is left over was not filled in."""

    @staticmethod
    def plain(text: str) -> str:
        raise NotImplementedError

    def clean(self):
        super().clean()
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str):
                self.cleaned_data[name] = self.plain(value)
                if value and not self.cleaned_data[name] and self.fields[name].required:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return self.cleaned_data
