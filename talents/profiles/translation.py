from modeltranslation.translator import TranslationOptions, register

from .models import Honour


@register(Honour)
class HonourTranslation(TranslationOptions):
    fields = ("name", "granted_by")
