"""Forms of the consultation's pages: they parse and say what is wrong; actions write."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from feedback.models import ApiToken, Rule
from feedback.models.comment import Language, Stance
from feedback.models.person import Pace
from feedback.text import LONGEST_COMMENT, has_words
from portal.plain_text import clean_text


class PlainTextField(forms.CharField):
    """Text of several lines, cleaned as `clean_text` does; says how long it is when that is too long."""

    def __init__(self, *, longest: int, rows: int = 6, **options):
        attributes = {"rows": rows, "data-draft": "", "data-longest": longest, "data-left": _("%s characters left")}
        options.setdefault("widget", forms.Textarea(attrs=attributes))
        super().__init__(strip=False, **options)
        self.longest = longest

    def to_python(self, value):
        return clean_text(super().to_python(value) or "")

    def validate(self, value):
        super().validate(value)
        if value and not has_words(value):
            raise forms.ValidationError(_("There is nothing to read in this text."))
        if len(value) > self.longest:
            over = len(value) - self.longest
            raise forms.ValidationError(
                ngettext(
                    "The text is %(over)s character too long (at most %(longest)s). Nothing is lost: shorten it.",
                    "The text is %(over)s characters too long (at most %(longest)s). Nothing is lost: shorten it.",
                    over,
                )
                % {"over": over, "longest": self.longest}
            )


def form_token() -> str:
    """What tells one filled form from the next, so that sending it twice is sending it once."""
    return str(uuid.uuid4())


class CommentForm(forms.Form):
    """A comment, a reply, or an edit of one."""

    text = PlainTextField(
        longest=LONGEST_COMMENT,
        label=_("Your comment"),
        error_messages={"required": _("The text is empty. Please write your comment.")},
    )
    stance = forms.ChoiceField(
        label=_("Your stance on the measure"),
        required=False,
        choices=[
            ("", pgettext_lazy("my stance", "not stated")),
            (Stance.FOR, pgettext_lazy("my stance", "for")),
            (Stance.AGAINST, pgettext_lazy("my stance", "against")),
            (Stance.NEUTRAL, pgettext_lazy("my stance", "neutral")),
        ],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=_("Language of the comment"),
        required=False,
        choices=[("", _("recognise it for me")), *Language.choices],
    )
    edition = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("The form was incomplete. It is whole again now: please send it once more."),
            "invalid": _("The form was incomplete. It is whole again now: please send it once more."),
        },
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=36, required=False)

    def __init__(self, *args, edition: int | None = None, **kwargs):
        initial = {"edition": edition, "token": form_token()} | (kwargs.pop("initial", None) or {})
        super().__init__(*args, initial=initial, **kwargs)

    @property
    def key(self) -> str | None:
        """What its visible fields look like: as every empty one does, or (None) as no other, for something is in it."""
        return None if self.is_bound or self.initial.keys() - {"edition", "token"} else type(self).__name__

    def renew(self, edition: int) -> None:
        """Give a refused form the hidden fields with which it can be sent again."""
        self.data = self.data.copy()
        self.data["edition"] = edition
        self.data.setdefault("token", form_token())


class ReplyForm(CommentForm):
    """A reply carries no stance of its own."""

    stance = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Your reply")
        self.fields["language"].label = _("Language of the reply")
        self.fields["text"].error_messages["required"] = _("The text is empty. Please write your reply.")


class RatingForm(forms.Form):
    """One answer to one question."""

    value = forms.TypedChoiceField(
        coerce=int,
        choices=[(value, value) for value in range(1, 6)],
        error_messages={
            "required": _("Please choose one of the five answers."),
            "invalid_choice": _("Please choose one of the five answers."),
        },
    )
    edition = forms.IntegerField()


class ReportForm(forms.Form):
    """Which rule a comment breaks, and why."""

    rule = forms.ModelChoiceField(
        Rule.objects.none(),
        to_field_name="code",
        label=_("Which rule does it break?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Please choose the rule that this comment breaks."),
            "invalid_choice": _("Please choose the rule that this comment breaks."),
        },
    )
    note = PlainTextField(longest=1000, rows=3, required=False, label=_("What should the staff know?"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = Rule.objects.in_force()


class AppealForm(forms.Form):
    """Why the author thinks that a decision is wrong."""

    text = PlainTextField(
        longest=2000,
        label=_("Your reasons"),
        error_messages={"required": _("Please say why you think that the decision is wrong.")},
    )


class PaceForm(forms.Form):
    """How often news of what one follows is mailed."""

    pace = forms.ChoiceField(
        label=_("How often may we write to you?"),
        choices=Pace.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose how often we may write to you."),
            "invalid_choice": _("Please choose how often we may write to you."),
        },
    )


class DeleteAccountForm(forms.Form):
    """What becomes of my comments, and that I mean it."""

    comments = forms.ChoiceField(
        label=_("What should become of your comments?"),
        choices=[
            (
                "erase",
                _(
                    "Erase them: text and name are deleted; where each comment stood, the page says that its author "
                    "had it erased"
                ),
            ),
            ("keep", _("Leave them, under the name “former participant”")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what should become of your comments.")},
    )
    sure = forms.BooleanField(
        label=_("Yes, delete my account. I know that this cannot be undone."),
        error_messages={"required": _("Please confirm that you want to delete your account.")},
    )


class TokenForm(forms.Form):
    """A name for a new token, and what it may do."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("To recognise it by: for example, the name of your program.")
    )
    scope = forms.ChoiceField(
        label=_("It may"), choices=ApiToken.Scope.choices, initial=ApiToken.Scope.READ, widget=forms.RadioSelect
    )


class ReceiptForm(forms.Form):
    """A receipt, pasted or as its file; `receipt` is its text."""

    text = forms.CharField(
        label=_("The receipt's text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(label=_("or its file"), required=False, allow_empty_file=True)

    def clean(self):
        values = super().clean()
        file = values.get("file")
        text = file.read(200_000).decode("utf-8", "replace") if file else values.get("text", "")
        if not text.strip():
            self.add_error("text", _("Paste a receipt, or choose its file."))
        return values | {"receipt": text}
