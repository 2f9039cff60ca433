"""The five stages for partner systems: what each is, what its gate asks, how many are in it."""

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from park.api.resources import Resource, Shown, Words, label, plain, words
from park.api.scopes import Scope

from .models import StageGuide, Tenant
from .stages import Stage


class MonthsSerializer(serializers.Serializer):
    least = serializers.IntegerField()
    most = serializers.IntegerField()


class StageSerializer(serializers.Serializer):
    code = serializers.ChoiceField(Stage.choices)
    number = serializers.IntegerField(min_value=1, max_value=5)
    name = Words()
    gate = Words(help_text="The gate that leads into it.")
    summary = Words()
    who = Words()
    entry = Words(help_text="What one brings, one a line.")
    gets = Words(help_text="What one gets, one a line.")
    next_gate_asks = Words(help_text="What the next gate asks, one a line.")
    usual_months = MonthsSerializer()
    tenants = serializers.IntegerField(help_text="Projects and companies that stand in it now.")


class StageResource(Resource):
    """The five stages in their order, with gates and with how many projects and companies stand in each."""

    purpose = _("The five stages: gates, usual time, how many projects and companies stand in each")
    required_scopes = (Scope.STAGES_READ,)
    serializer_class = StageSerializer
    lookup_field, lookup_url_kwarg, lookup_value_regex = "stage", "code", "[a-z_]{1,20}"
    orderings = {"number": ("pk",), "-number": ("-pk",)}
    public_page = "journey:stages"
    shown = {
        "code": plain("stage"),
        "number": Shown(("stage",), lambda resource, row: Stage(row["stage"]).number),
        "name": label("stage", Stage),
        "gate": words("gate"),
        "summary": words("summary"),
        "who": words("who"),
        "entry": words("entry"),
        "gets": words("gets"),
        "next_gate_asks": words("asks"),
        "usual_months": Shown(
            ("months_from", "months_to"),
            lambda resource, row: {"least": row["months_from"], "most": row["months_to"]},
        ),
        "tenants": plain("tenants"),
    }

    def get_queryset(self):
        here = Tenant.objects.in_the_park().filter(stage=OuterRef("stage")).order_by().values("stage")
        counted = Subquery(here.annotate(n=Count("pk")).values("n"), IntegerField())
        return StageGuide.objects.annotate(tenants=Coalesce(counted, 0))
