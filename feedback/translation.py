from modeltranslation.translator import TranslationOptions, register

from feedback.models import Answer, ClosingStatement, RuleVersion, SavedExplanation


@register(RuleVersion)
class RuleVersionTranslation(TranslationOptions):
    fields = ("title", "text")


@register(SavedExplanation)
class SavedExplanationTranslation(TranslationOptions):
    fields = ("text",)


@register(Answer)
class AnswerTranslation(TranslationOptions):
    fields = ("text", "body")


@register(ClosingStatement)
class ClosingStatementTranslation(TranslationOptions):
    fields = ("heard", "changes", "unchanged")
