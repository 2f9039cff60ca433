from modeltranslation.translator import TranslationOptions, register

from .models import Criterion, Meeting, Round, Rubric


@register(Rubric)
class RubricTranslation(TranslationOptions):
    fields = ("name",)


@register(Criterion)
class CriterionTranslation(TranslationOptions):
    fields = ("label", "hint", "meanings")


@register(Round)
class RoundTranslation(TranslationOptions):
    fields = ("name",)


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ("name",)
