"""Forms of the desk: they parse and say what is missing; actions decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.actions.decisions import LONGEST_EXPLANATION
from feedback.actions.sanctions import LONGEST_SUSPENSION
from feedback.actions.transitions import NEEDS_EXPLANATION, NEEDS_RULE
from feedback.forms import PlainTextField
from feedback.models import Decision, Rule, SavedExplanation
from feedback.text import LONGEST_COMMENT
from portal.localized import localized
from portal.plain_text import clean_text

Action = Decision.Action
KNOWN = {*Action.values, "preview"} - {Action.UNDO}


def _explanation(**options) -> PlainTextField:
    field = PlainTextField(longest=LONGEST_EXPLANATION, rows=4, label=_("Explanation for the author"), **options)
    del field.widget.attrs["data-draft"]
    return field


class DecisionForm(forms.Form):
    """One decision about the version and under the last decision that the moderator saw.

    `act` is a decision's action, or "preview", which decides nothing.
    """

    act = forms.CharField(required=False)
    rule = forms.ModelChoiceField(
        Rule.objects.none(), to_field_name="code", label=_("Rule"), required=False, empty_label="–"
    )
    saved = forms.ModelChoiceField(
        SavedExplanation.objects.none(), label=_("Saved explanation"), required=False, empty_label="–"
    )
    explanation = _explanation(required=False)
    phrases = forms.CharField(
        label=_("What to remove"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One exact phrase of the text in each line. It is removed wherever it stands."),
    )
    personal = forms.BooleanField(
        label=_("Remove identification and phone numbers and e-mail addresses"), required=False
    )
    authority = forms.CharField(
        label=_("Authority"), required=False, max_length=200, help_text=_("Who demands it. The name is public.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rules, self.saved, self.language = [], [], ""
        self.fields["rule"].queryset = Rule.objects.in_force()
        self.fields["saved"].queryset = SavedExplanation.objects.all()

    def offer(self, *, rules: list[Rule], saved: list[SavedExplanation], language: str) -> None:
        """What there is to choose from, for a form that is shown; `language` is the author's."""
        self.rules, self.saved, self.language = rules, saved, language
        self.fields["rule"].choices = [("", "–"), *((rule.code, str(rule)) for rule in rules)]
        self.fields["saved"].choices = [("", "–"), *self._groups()]

    def _groups(self) -> list[tuple[str, list[tuple[int, str]]]]:
        titles = {rule.pk: str(rule) for rule in self.rules}
        groups: dict[str, list[tuple[int, str]]] = {}
        for text in self.saved:
            if text.rule_id in titles:
                groups.setdefault(titles[text.rule_id], []).append((text.pk, localized(text, "name").text))
        return list(groups.items())

    def texts(self) -> list[dict]:
        """The saved explanations in the author's language, for the page's script."""
        codes = {rule.pk: rule.code for rule in self.rules}
        return [
            {"key": text.pk, "rule": codes[text.rule_id], "text": localized(text, "text", self.language).text}
            for text in self.saved
            if text.rule_id in codes
        ]

    def lines(self) -> list[str]:
        """The phrases to remove, cleaned as the comment was."""
        return [phrase for line in self.cleaned_data["phrases"].splitlines() if (phrase := clean_text(line))]

    def clean(self):
        values = super().clean()
        action = values.get("act")
        if action not in KNOWN:
            raise forms.ValidationError(_("Please press one of the buttons."))
        if action in NEEDS_RULE and not values.get("rule") and "rule" not in self.errors:
            self.add_error("rule", _("This decision needs a rule."))
        if action in NEEDS_EXPLANATION and not values.get("explanation") and "explanation" not in self.errors:
            self.add_error("explanation", _("This decision needs an explanation for the author."))
        if action == Action.REDACT and not values.get("personal") and not (values.get("phrases") or "").strip():
            self.add_error("phrases", _("Mark what to remove."))
        if action == Action.DEMAND and not (values.get("authority") or "").strip():
            self.add_error("authority", _("Name the authority that demands it."))
        return values

    def filled(self, key: str | None) -> dict[str, str]:
        """What the saved explanation `key` puts into the form: its text in the author's language, and its rule."""
        chosen = next((text for text in self.texts() if str(text["key"]) == key), None)
        return {"explanation": chosen["text"], "rule": chosen["rule"]} if chosen else {}

    def renew(self, **seen: int | None) -> None:
        """What is decided next is about what this answer shows; everything else that was typed stays."""
        self.data = self.data.copy()
        for name, value in seen.items():
            self.data[name] = "" if value is None else value


class SanctionForm(forms.Form):
    """A warning to the author, or a suspension from writing."""

    kind = forms.ChoiceField(
        label=_("What to do"), choices=[("warn", _("warn")), ("suspend", _("suspend from writing"))]
    )
    days = forms.IntegerField(
        label=_("Days of suspension"),
        required=False,
        min_value=1,
        max_value=LONGEST_SUSPENSION.days,
        initial=7,
    )
    rule = forms.ModelChoiceField(Rule.objects.none(), to_field_name="code", label=_("Rule"), empty_label="–")
    explanation = _explanation()

    def __init__(self, *args, rules: list[Rule], senior: bool, **kwargs):
        super().__init__(*args, prefix="sanction", **kwargs)
        self.fields["rule"].queryset = Rule.objects.in_force()
        self.fields["rule"].choices = [("", "–"), *((rule.code, str(rule)) for rule in rules)]
        if not senior:
            self.fields["kind"].choices = self.fields["kind"].choices[:1]
            del self.fields["days"]

    def clean(self):
        values = super().clean()
        if values.get("kind") == "suspend" and not values.get("days") and "days" not in self.errors:
            self.add_error("days", _("A suspension lasts 1 to 90 days."))
        return values


class RulingForm(forms.Form):
    """How an appeal against a warning or a suspension ends."""

    act = forms.ChoiceField(
        label=_("Ruling"),
        choices=[(Action.UPHOLD, _("uphold")), (Action.REVERSE, _("reverse"))],
        widget=forms.RadioSelect,
    )
    explanation = _explanation()
