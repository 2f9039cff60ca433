from modeltranslation.translator import TranslationOptions, register

from .models import Licence, Offer


@register(Licence)
class LicenceTranslation(TranslationOptions):
    fields = ("name",)


@register(Offer)
class OfferTranslation(TranslationOptions):
    fields = ("name", "deliverable")
