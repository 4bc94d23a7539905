from modeltranslation.translator import TranslationOptions, register

from feedback.models import RuleVersion


@register(RuleVersion)
class RuleVersionTranslation(TranslationOptions):
    fields = ("title", "text")
