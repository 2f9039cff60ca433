"""Companies for partner systems: only those that agreed, and of each only what it agreed to show."""

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from enterprises.growth.models import Recognition, Rung
from park.api.languages import columns
from park.api.resources import ABSENT, Resource, Shown, Words, words
from park.api.scopes import Scope
from talents.profiles.sectors import Sector

from .models import Enterprise, PublicField
from .showcase import READERS, publicly_readable


class CompanyFilter(filters.FilterSet):
    """A company is found by what it shows, never by what it keeps to itself."""

    sector = filters.MultipleChoiceFilter(choices=Sector.choices, method="in_field")
    recognition = filters.MultipleChoiceFilter(choices=Rung.choices, method="holding", help_text="Held today.")
    search = filters.CharFilter(method="named", max_length=100, help_text="Part of the name.")

    def in_field(self, queryset, name, value):
        return queryset.filter(sector__in=value, public_fields__contains=[PublicField.SECTOR]) if value else queryset

    def holding(self, queryset, name, value):
        if not value:
            return queryset
        today = timezone.localdate()
        held = Recognition.objects.filter(rung__in=value, valid_from__lte=today).exclude(valid_until__lt=today)
        return queryset.filter(pk__in=held.values("enterprise"), public_fields__contains=[PublicField.RECOGNITIONS])

    def named(self, queryset, name, value):
        return queryset.filter(organisation__name_en__icontains=value) | queryset.filter(
            organisation__name_zh_hans__icontains=value
        )


class CompanySerializer(serializers.Serializer):
    """A field that a company does not show is absent."""

    id = serializers.IntegerField()
    name = Words()
    sector = serializers.ChoiceField(Sector.choices, required=False)
    sector_label = Words(required=False)
    stage = Words(required=False)
    about = Words(required=False)
    website = serializers.CharField(required=False)
    founders = serializers.ListField(child=serializers.CharField(), required=False, help_text="Those who agreed too.")
    headcount = serializers.IntegerField(required=False)
    recognitions = serializers.ListField(child=Words(), required=False)


def _consented(field: str, *needed: str):
    """A field of the company's own row, where it agreed to show it."""

    def decorate(write) -> Shown:
        def guarded(resource, row):
            return (write(resource, row) or ABSENT) if field in row["public_fields"] else ABSENT

        return Shown(("public_fields", *needed), guarded)

    return decorate


def _told(field: str) -> Shown:
    """A field that a reader of the showcase knows, of this floor or of one above."""
    return _consented(field)(lambda resource, row: resource.told[field].get(row["pk"]))


@_consented("sector", "sector")
def _sector(resource, row):
    return row["sector"]


@_consented("sector", "sector")
def _sector_label(resource, row):
    return resource.speech.write(lambda: Sector(row["sector"]).label)


@_consented("about", *columns("about"))
def _about(resource, row):
    said = resource.speech.column(row, "about")
    return said if said and (not isinstance(said, dict) or any(said.values())) else None


@_consented("website", "website")
def _website(resource, row):
    return row["website"]


class CompanyResource(Resource):
    """Companies that agreed to be shown, with what each agreed to show. A consent that is withdrawn ends at once."""

    purpose = _("Companies that agreed to be shown, with the fields that each agreed to")
    required_scopes = (Scope.COMPANIES_READ,)
    serializer_class = CompanySerializer
    filterset_class = CompanyFilter
    lookup_field, lookup_url_kwarg, lookup_value_regex = "pk", "id", "[0-9]{1,18}"
    orderings = {"id": ("pk",), "-id": ("-pk",)}
    public_page = "registry:companies"
    shown = {
        "id": Shown(("pk",), lambda resource, row: row["pk"]),
        "name": words("organisation__name"),
        "sector": _sector,
        "sector_label": _sector_label,
        "stage": _told("stage"),
        "about": _about,
        "website": _website,
        "founders": _told("founders"),
        "headcount": _told("headcount"),
        "recognitions": _told("recognitions"),
    }
    spoken = {"stage", "recognitions"}

    def get_queryset(self):
        return Enterprise.objects.shown_in_public()

    def gather(self, rows):
        asked = [field for field in ("stage", "founders", "headcount", "recognitions") if field in self.wanted]
        self.told = {field: {} for field in asked}
        if not asked or not rows:
            return
        companies = list(publicly_readable(Enterprise.objects.filter(pk__in=[row["pk"] for row in rows])))
        for field in asked:
            if read := READERS.get(field):
                self.told[field] = self.speech.values(lambda read=read: read(companies), field in self.spoken)
