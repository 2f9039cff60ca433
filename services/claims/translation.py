from modeltranslation.translator import TranslationOptions, register

from .models import Budget


@register(Budget)
class BudgetTranslation(TranslationOptions):
    fields = ("name",)
