from modeltranslation.translator import TranslationOptions, register

from .models import Milestone, MilestonePlan, StageGuide


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("name",)


@register(MilestonePlan)
class MilestonePlanTranslation(TranslationOptions):
    fields = ("name",)


@register(StageGuide)
class StageGuideTranslation(TranslationOptions):
    fields = ("gate", "summary", "who", "entry", "gets", "asks", "evidence")
