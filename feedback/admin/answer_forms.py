"""The forms in which editors write: an answer, and the statement that closes a programme."""

import re
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.actions import answers, closing
from feedback.actions.answer_contents import Contents
from portal.localized import LANGUAGES, localized
from principles.admin.forms import ProgrammePartForm
from principles.models import Edition, Measure, Reading

COMMENT_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class CarefulForm(ProgrammePartForm):
    """A form that names what the editor saw, and shows what they typed again where the action refuses it."""

    fixed = ()
    refusal = None  # set on the class that is made for one request

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "seen" in self.fields:
            self.fields["seen"].initial = self.seen_now()

    def seen_now(self) -> str:
        """What the saved row says now; blank before the first saving."""
        row = self._meta.model.objects.filter(pk=self.instance.pk).first() if self.instance.pk else None
        return self.seen_of(row) if row else ""

    def clean(self):
        cleaned = super().clean()
        if self.refusal:
            # What they save next is meant to stand against what is saved now.
            self.data = self.data.copy()
            self.data["seen"] = self.seen_now()
            raise ValidationError(self.refusal)
        return cleaned

    def texts(self, field: str) -> dict[str, str]:
        """A translated field by language."""
        return {language: self.cleaned_data.get(f"{field}_{language}") or "" for language in LANGUAGES}


class MeasureChoice(forms.ModelChoiceField):
    def label_from_instance(self, measure):
        return f"{measure.code} {localized(measure.current_edition, 'title')}"


class ReadingChoice(forms.ModelChoiceField):
    def label_from_instance(self, reading):
        return f"{reading.read_on:%d.%m.%Y} · {reading.target.slug} · {reading.get_voice_display()}"


class AnswerForm(CarefulForm):
    seen_of = staticmethod(answers.seen_of)

    measure = MeasureChoice(Measure.objects.none(), label=capfirst(_("measure")))
    about_comments = forms.CharField(
        label=_("Comments that it answers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "cols": 80}),
        help_text=_("One address or id of a comment per line; blank where the answer is to the measure."),
    )
    edition = forms.ModelChoiceField(
        Edition.objects.none(),
        label=capfirst(_("edition that came of it")),
        required=False,
        help_text=_("Save the measure first; then its editions and readings stand here."),
    )
    reading = ReadingChoice(Reading.objects.none(), label=capfirst(_("reading that came of it")), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        answer = self.instance
        if self.initial.get("answered_on") is None:
            self.fields["answered_on"].initial = timezone.localdate()
        self.fields["measure"].queryset = Measure.objects.with_wording().order_by(
            "principle__programme__order", "principle__order", "order", "pk"
        )
        measure = answer.measure_id or self.initial.get("measure")
        if measure and str(measure).isdecimal():
            self.fields["edition"].queryset = Edition.objects.filter(measure=measure).select_related("measure")
            self.fields["reading"].queryset = Reading.objects.filter(target__measure=measure).select_related("target")
            self.fields["edition"].help_text = ""
        if answer.pk:
            ties = answer.answered.order_by("pk").values_list("comment", flat=True)
            self.fields["about_comments"].initial = "\n".join(map(str, ties))
        if answer.published_at:
            self.fix("measure")
            self.fields.pop("publish_at", None)
        if "publish_at" in self.fields:  # Django's own widget names neither of its two fields
            for widget, name in zip(self.fields["publish_at"].widget.widgets, (_("Date:"), _("Time:")), strict=True):
                widget.attrs["aria-label"] = name

    def clean_about_comments(self) -> frozenset[UUID]:
        found, strange = set(), []
        for line in self.cleaned_data["about_comments"].split():
            ids = COMMENT_ID.findall(line)
            found.update(UUID(each) for each in ids)
            if not ids:
                strange.append(line[:80])
        if strange:
            raise ValidationError(_t("These name no comment: %(lines)s") % {"lines": ", ".join(strange[:5])})
        return frozenset(found)

    def contents(self) -> Contents:
        values = self.cleaned_data
        return Contents(
            measure=values["measure"],
            outcome=values["outcome"],
            answered_on=values["answered_on"],
            text=self.texts("text"),
            body=self.texts("body"),
            link=values["link"],
            edition=values["edition"],
            reading=values["reading"],
            comments=values["about_comments"],
        )


class ClosingStatementForm(CarefulForm):
    fixed = ("programme",)
    seen_of = staticmethod(closing.seen_of)
