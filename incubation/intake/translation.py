from modeltranslation.translator import TranslationOptions, register

from .models import ApplicationForm, Call


@register(Call)
class CallTranslation(TranslationOptions):
    fields = ("name", "about", "who")


@register(ApplicationForm)
class ApplicationFormTranslation(TranslationOptions):
    fields = ("name",)
