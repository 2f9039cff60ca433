"""Institutions for partner systems: what each may offer today, by which licence, and how fast it replies."""

from collections import defaultdict

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from incubation.journey.stages import Stage
from park.api.resources import Resource, Shown, Words, label, page, plain, words
from park.api.scopes import Scope
from talents.profiles.sectors import Sector

from . import prices
from .kinds import InstitutionType, Language
from .models import Institution, Licence, Offer, today


class InstitutionFilter(filters.FilterSet):
    kind = filters.MultipleChoiceFilter("type", choices=InstitutionType.choices)
    language = filters.ChoiceFilter(choices=Language.choices, method="working_in")
    sector = filters.ChoiceFilter(choices=Sector.choices, method="in_field", help_text="Those without fields take any.")
    stage = filters.ChoiceFilter(choices=Stage.choices, method="taking", help_text="Offers something in this stage.")
    offer = filters.CharFilter(method="offering", max_length=60, help_text="Code of a service on offer today.")
    key_partner = filters.BooleanFilter()
    search = filters.CharFilter(method="with_words", max_length=100)

    def working_in(self, queryset, name, value):
        return queryset.filter(languages__contains=[value])

    def in_field(self, queryset, name, value):
        return queryset.filter(sectors__contains=[value]) | queryset.filter(sectors__len=0)

    def taking(self, queryset, name, value):
        return queryset.serving(today(), stages__contains=[value])

    def offering(self, queryset, name, value):
        return queryset.serving(today(), code=value)

    def with_words(self, queryset, name, value):
        return queryset.mentioning(value)


class OfferSerializer(serializers.Serializer):
    code = serializers.SlugField()
    name = Words()
    deliverable = Words()
    price = Words(help_text="A guide, in words.")
    price_min = serializers.DecimalField(18, 2, allow_null=True)
    price_max = serializers.DecimalField(18, 2, allow_null=True)
    price_unit = serializers.CharField(allow_blank=True)
    working_days = serializers.IntegerField(allow_null=True)
    stages = serializers.ListField(child=serializers.ChoiceField(Stage.choices))
    licence = serializers.CharField(allow_blank=True, help_text="Code of the licence it needs; empty: none.")


class LicenceSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Words()
    number = serializers.CharField()
    issued_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True, help_text="The last day on which it holds.")
    valid = serializers.BooleanField(help_text="Whether it holds today, on the park's calendar.")


class ReplySerializer(serializers.Serializer):
    minutes = serializers.IntegerField(allow_null=True, help_text="The middle value of the last year.")
    replies = serializers.IntegerField(help_text="How many replies stand behind it.")
    cases = serializers.IntegerField(help_text="Cases taken for the park in the last year.")


class InstitutionSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    name = Words()
    kind = serializers.ChoiceField(InstitutionType.choices)
    kind_label = Words()
    key_partner = serializers.BooleanField()
    fictitious = serializers.BooleanField(help_text="Made up for the demonstration.")
    languages = serializers.ListField(child=serializers.ChoiceField(Language.choices))
    sectors = serializers.ListField(child=serializers.ChoiceField(Sector.choices), help_text="Empty means every field.")
    offers = OfferSerializer(many=True, help_text="What it may offer today; a lapsed licence hides what needs it.")
    licences = LicenceSerializer(many=True)
    first_reply = ReplySerializer()
    page = Words(help_text="The page that shows the same.")


def _first_reply(resource, row) -> dict:
    took = row["first_reply"]
    return {
        "minutes": round(took.total_seconds() / 60) if took else None,
        "replies": row["replies"],
        "cases": row["cases"],
    }


class InstitutionResource(Resource):
    """Institutions whose licences the park has on record, with what each may offer today and how fast it replies."""

    purpose = _("Institutions: services on offer today, licences and until when they hold, measured reply time")
    required_scopes = (Scope.INSTITUTIONS_READ,)
    serializer_class = InstitutionSerializer
    filterset_class = InstitutionFilter
    lookup_field, lookup_url_kwarg, lookup_value_regex = "organisation__slug", "slug", "[-a-zA-Z0-9_]{1,80}"
    orderings = {"slug": ("organisation__slug",), "-slug": ("-organisation__slug",)}
    public_page = "intermediaries:directory"
    shown = {
        "slug": plain("organisation__slug"),
        "name": words("organisation__name"),
        "kind": plain("type"),
        "kind_label": label("type", InstitutionType),
        "key_partner": plain("key_partner"),
        "fictitious": plain("fictitious"),
        "languages": plain("languages"),
        "sectors": plain("sectors"),
        "offers": Shown((), lambda resource, row: resource.offers[row["pk"]]),
        "licences": Shown((), lambda resource, row: resource.licences[row["pk"]]),
        "first_reply": Shown(("first_reply", "replies", "cases"), _first_reply),
        "page": page("intermediaries:institution", "organisation__slug"),
    }

    def get_queryset(self):
        listed = Institution.objects.listed()
        return listed.measured(timezone.now()) if "first_reply" in self.wanted else listed

    def gather(self, rows):
        ids, day = [row["pk"] for row in rows], today()
        self.offers, self.licences = defaultdict(list), defaultdict(list)
        if "offers" in self.wanted:
            for offer in Offer.objects.open_on(day).filter(institution__in=ids).order_by("pk"):
                self.offers[offer.institution_id].append(self._offer(offer))
        if "licences" in self.wanted:
            for licence in Licence.objects.filter(institution__in=ids).order_by("code", "pk"):
                self.licences[licence.institution_id].append(self._licence(licence, day))

    def _offer(self, offer: Offer) -> dict:
        return {
            "code": offer.code,
            "name": self.speech.column(vars(offer), "name"),
            "deliverable": self.speech.column(vars(offer), "deliverable"),
            "price": self.speech.write(lambda: prices.price(offer)),
            "price_min": offer.price_min,
            "price_max": offer.price_max,
            "price_unit": offer.unit,
            "working_days": offer.working_days,
            "stages": offer.stages,
            "licence": offer.licence_code,
        }

    def _licence(self, licence: Licence, day) -> dict:
        return {
            "code": licence.code,
            "name": self.speech.column(vars(licence), "name"),
            "number": licence.number,
            "issued_on": licence.issued_on,
            "expires_on": licence.expires_on,
            "valid": licence.holds_on(day),
        }
