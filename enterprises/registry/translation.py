from modeltranslation.translator import TranslationOptions, register

from .models import Enterprise


@register(Enterprise)
class EnterpriseTranslation(TranslationOptions):
    fields = ("about",)
