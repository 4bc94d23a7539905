from modeltranslation.translator import TranslationOptions, register

from principles.models import Area, Edition, Principle, Programme, Question, TargetFigure


@register(Programme)
class ProgrammeTranslation(TranslationOptions):
    fields = ("title", "summary", "announced_by")


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("text", "label_1", "label_2", "label_3", "label_4", "label_5")


@register(Area)
class AreaTranslation(TranslationOptions):
    fields = ("name",)


@register(Principle)
class PrincipleTranslation(TranslationOptions):
    fields = ("title", "summary")


@register(Edition)
class EditionTranslation(TranslationOptions):
    fields = ("title", "summary", "note")


@register(TargetFigure)
class TargetFigureTranslation(TranslationOptions):
    fields = ("label",)
