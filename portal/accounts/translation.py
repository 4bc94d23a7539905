from modeltranslation.translator import TranslationOptions, register

from portal.accounts.models import Region


@register(Region)
class RegionTranslation(TranslationOptions):
    fields = ("name",)
