"""What helps moderators to see and to explain: words to watch, and saved explanations."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from feedback.admin.records import RuleFilter
from feedback.models import Rule, SavedExplanation, WatchWord
from feedback.search.words import words_in
from portal.admin_search import BoundedSearch
from portal.admin_words import PlainWords
from portal.localized import LANGUAGES, localized
from portal.plain_text import clean_text
from portal.templatetags.portal import language_name


class WatchWordForm(PlainWords):
    plain = staticmethod(clean_text)

    class Meta:
        model = WatchWord
        fields = ["language", "word", "note"]
        help_texts = {
            "word": _("Found in all its endings, in comments of every language; several words as they follow."),
        }

    def clean_word(self):
        word = " ".join(clean_text(self.cleaned_data["word"]).split())
        if not any(words_in(word)):
            raise forms.ValidationError(_("There is no word in it."))
        return word


@admin.register(WatchWord)
class WatchWordAdmin(BoundedSearch, admin.ModelAdmin):
    """Words that give a comment the signal "a word from the list"; they never hide anything."""

    form = WatchWordForm
    list_display = ["word", "language", "note"]
    list_filter = ["language"]
    search_fields = ["word", "note"]
    show_full_result_count = False


class SavedExplanationForm(PlainWords):
    plain = staticmethod(clean_text)

    class Meta:
        model = SavedExplanation
        fields = ["rule", "name", "text", "order"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "rule" in self.fields:
            self.fields["rule"].queryset = Rule.objects.in_force()


@admin.register(SavedExplanation)
class SavedExplanationAdmin(BoundedSearch, TranslationAdmin):
    """Texts that explain decisions under a rule; each author gets the one in the language of the comment."""

    form = SavedExplanationForm
    list_display = ["named", "rule", "missing", "order"]
    list_filter = [RuleFilter]
    list_select_related = ["rule__current_version"]
    show_full_result_count = False

    @admin.display(description=_("name"), ordering="order")
    def named(self, saved):
        return localized(saved, "name").text

    @admin.display(description=_("missing languages"))
    def missing(self, saved):
        without = [language for language in LANGUAGES if not getattr(saved, f"text_{language}")]
        return ", ".join(str(language_name(code)) for code in without) or "-"
