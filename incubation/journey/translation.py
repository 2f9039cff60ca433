from modeltranslation.translator import TranslationOptions, register

from .models import GateTerms, Milestone, MilestonePlan, StageGuide


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("name",)


@register(MilestonePlan)
class MilestonePlanTranslation(TranslationOptions):
    fields = ("name",)


@register(StageGuide)
class StageGuideTranslation(TranslationOptions):
    fields = ("gate", "summary", "who", "entry", "gets", "asks", "evidence")


@register(GateTerms)
class GateTermsTranslation(TranslationOptions):
    fields = ("notes",)
