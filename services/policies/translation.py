from modeltranslation.translator import TranslationOptions, register

from .models import GoldenCase, Policy, PolicyVersion


@register(Policy)
class PolicyTranslation(TranslationOptions):
    fields = ("issuing_body",)


@register(PolicyVersion)
class PolicyVersionTranslation(TranslationOptions):
    fields = ("title", "summary", "notes", "contact")


@register(GoldenCase)
class GoldenCaseTranslation(TranslationOptions):
    fields = ("name",)
