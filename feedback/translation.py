from modeltranslation.translator import TranslationOptions, register

from feedback.models import Answer, BulkDecision, ClosingStatement, RuleVersion, SavedExplanation, ThemeVersion


@register(RuleVersion)
class RuleVersionTranslation(TranslationOptions):
    fields = ("title", "text")


@register(SavedExplanation)
class SavedExplanationTranslation(TranslationOptions):
    fields = ("name", "text")


@register(BulkDecision)
class BulkDecisionTranslation(TranslationOptions):
    fields = ("explanation",)


@register(Answer)
class AnswerTranslation(TranslationOptions):
    fields = ("text", "body")


@register(ClosingStatement)
class ClosingStatementTranslation(TranslationOptions):
    fields = ("heard", "changes", "unchanged")


@register(ThemeVersion)
class ThemeVersionTranslation(TranslationOptions):
    fields = ("name", "description")
