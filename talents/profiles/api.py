"""People for partner systems: only those who agreed to be shown, with what a showcase may say of a person."""

from collections import defaultdict

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from park.api.resources import Resource, Shown, Words, label, plain
from park.api.scopes import Scope

from .models import Degree, Honour, Talent
from .sectors import Sector


class TalentFilter(filters.FilterSet):
    sector = filters.MultipleChoiceFilter(choices=Sector.choices)
    degree = filters.MultipleChoiceFilter(choices=Degree.choices)
    origin = filters.CharFilter(max_length=3, help_text="ISO 3166, three letters.")


class HonourSerializer(serializers.Serializer):
    name = Words()
    granted_by = Words()
    level = serializers.ChoiceField(Honour.Level.choices)
    year = serializers.IntegerField()


class TalentSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    name_zh = serializers.CharField(allow_blank=True)
    origin = serializers.CharField(allow_blank=True, help_text="Country or region returned from, ISO 3166.")
    degree = serializers.CharField(allow_blank=True)
    degree_label = Words()
    sector = serializers.CharField(allow_blank=True)
    sector_label = Words()
    specialty = serializers.CharField(allow_blank=True)
    about = serializers.CharField(allow_blank=True)
    honours = HonourSerializer(many=True)


class TalentResource(Resource):
    """People of the park who agreed to be shown. A consent that is withdrawn ends at once."""

    purpose = _("People who agreed to be shown")
    required_scopes = (Scope.TALENTS_READ,)
    serializer_class = TalentSerializer
    filterset_class = TalentFilter
    lookup_field, lookup_url_kwarg, lookup_value_regex = "pk", "id", "[0-9]{1,18}"
    orderings = {"id": ("pk",), "-id": ("-pk",)}
    shown = {
        "id": Shown(("pk",), lambda resource, row: row["pk"]),
        "name": plain("name"),
        "name_zh": plain("name_zh"),
        "origin": plain("origin"),
        "degree": plain("degree"),
        "degree_label": label("degree", Degree),
        "sector": plain("sector"),
        "sector_label": label("sector", Sector),
        "specialty": plain("specialty"),
        "about": plain("about"),
        "honours": Shown((), lambda resource, row: resource.honours[row["pk"]]),
    }

    def get_queryset(self):
        return Talent.objects.shown_in_public()

    def gather(self, rows):
        self.honours = defaultdict(list)
        if "honours" in self.wanted:
            for honour in Honour.objects.filter(talent__in=[row["pk"] for row in rows]).order_by("-year", "pk"):
                self.honours[honour.talent_id].append(
                    {
                        "name": self.speech.column(vars(honour), "name"),
                        "granted_by": self.speech.column(vars(honour), "granted_by"),
                        "level": honour.level,
                        "year": honour.year,
                    }
                )
