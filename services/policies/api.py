"""Policies for partner systems: the catalogue as its pages show it."""

from collections import defaultdict

import django_filters as filters
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from incubation.journey.stages import Stage
from park.api.resources import Resource, Shown, Words, label, page, plain, words
from park.api.scopes import Scope
from park.pages.wording import BEIJING
from park.rules.explain import in_words
from park.rules.tree import parse
from talents.profiles.sectors import Sector

from .kinds import Applicant, Confidence, Kind, Level, Live
from .models import Policy, PolicyVersion
from .states import LISTED
from .words import every_word


class PolicyFilter(filters.FilterSet):
    status = filters.MultipleChoiceFilter("live", choices=Live.choices, help_text="How it stands today.")
    kind = filters.MultipleChoiceFilter(choices=Kind.choices)
    level = filters.MultipleChoiceFilter(choices=Level.choices)
    applicant = filters.MultipleChoiceFilter(choices=Applicant.choices)
    stage = filters.ChoiceFilter("current__stages", "contains", choices=Stage.choices, method="holding")
    sector = filters.ChoiceFilter("current__sectors", "contains", choices=Sector.choices, method="holding")
    closes_before = filters.IsoDateTimeFilter("current__deadline", "lt")
    issued_after = filters.DateFilter("issued_on", "gte")
    search = filters.CharFilter(method="with_words", max_length=200, help_text="Chinese or English words.")

    def holding(self, queryset, name, value):
        return queryset.filter(**{f"{name}__contains": [value]})

    def with_words(self, queryset, name, value):
        return queryset.filter(search=every_word(value))


class TextSerializer(serializers.Serializer):
    """Money and dates are data; what people read stands in ``text``."""

    text = Words()
    kind = serializers.CharField(source="type")
    amount_min = serializers.DecimalField(18, 2, allow_null=True, help_text="Yuan.")
    amount_max = serializers.DecimalField(18, 2, allow_null=True, help_text="Yuan.")
    rate = serializers.FloatField(allow_null=True)


class CriterionSerializer(serializers.Serializer):
    rule = Words(help_text="The condition in plain words.")
    alternatives = serializers.ListField(child=Words(), help_text="Where one of several is enough.")
    preferred = serializers.BooleanField(help_text="An advantage, not a condition.")
    note = Words()
    clause = serializers.CharField(allow_blank=True)
    facts = serializers.ListField(child=serializers.CharField(), help_text="Names of the facts that it asks.")


class VersionSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    state = serializers.ChoiceField([(state.value, state.label) for state in LISTED])
    released_at = serializers.DateTimeField(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class SourceSerializer(serializers.Serializer):
    document = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)


class PolicySerializer(serializers.Serializer):
    slug = serializers.SlugField()
    title = Words()
    summary = Words()
    status = serializers.ChoiceField(Live.choices, help_text="Computed from the dates at this moment.")
    status_label = Words()
    kind = serializers.ChoiceField(Kind.choices)
    kind_label = Words()
    level = serializers.ChoiceField(Level.choices)
    level_label = Words()
    region = serializers.CharField()
    applicant = serializers.ChoiceField(Applicant.choices)
    applicant_label = Words()
    issuing_body = Words()
    document_no = serializers.CharField(allow_blank=True)
    issued_on = serializers.DateField(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True, help_text="Applications end at this moment.")
    amount_max = serializers.DecimalField(18, 2, allow_null=True, help_text="Yuan.")
    stages = serializers.ListField(child=serializers.ChoiceField(Stage.choices))
    sectors = serializers.ListField(child=serializers.ChoiceField(Sector.choices))
    benefits = TextSerializer(many=True)
    documents = serializers.ListField(child=Words())
    steps = serializers.ListField(child=Words())
    criteria = CriterionSerializer(many=True, help_text="The conditions in words, in the order of the rule.")
    rule = serializers.JSONField(help_text="The same conditions as data.")
    versions = VersionSerializer(many=True, help_text="Newest first.")
    tags = serializers.ListField(child=serializers.CharField())
    source = SourceSerializer()
    confidence = serializers.ChoiceField(Confidence.choices, help_text="How sure the park is of what it has noted.")
    approximate_dates = serializers.ListField(child=serializers.CharField())
    page = Words(help_text="The page that shows the same.")


def _moment(column: str) -> Shown:
    return Shown((column,), lambda resource, row: row[column] and row[column].astimezone(BEIJING))


def _said(resource, entry: dict):
    """Return a text of ``{"en": …, "zh": …}``."""
    return resource.speech.column({"text_en": entry.get("en"), "text_zh_hans": entry.get("zh")}, "text")


def _texts(column: str) -> Shown:
    return Shown((column,), lambda resource, row: [_said(resource, entry) for entry in row[column]])


def _benefits(resource, row) -> list[dict]:
    return [
        {
            "text": _said(resource, entry),
            "kind": entry.get("type") or "",
            "amount_min": _decimal(entry.get("amount_min")),
            "amount_max": _decimal(entry.get("amount_max")),
            "rate": entry.get("rate"),
        }
        for entry in row["current__benefits"]
    ]


def _decimal(value) -> str | None:
    return None if value is None else f"{value:.2f}"


def _criteria(resource, row) -> list[dict]:
    rule = parse(row["current__rule"], PolicyVersion.vocabulary)
    return [
        {
            "rule": said["rule"],
            "alternatives": said["alternatives"],
            "preferred": said["preferred"],
            "note": said["note"],
            "clause": said["clause"],
            "facts": list(said["keys"]),
        }
        for said in resource.speech.side_by_side(lambda: in_words(rule), ("rule", "alternatives", "note"))
    ]


def _source(resource, row) -> dict:
    return {"document": row["source_document"], "url": row["source_url"]}


class PolicyResource(Resource):
    """Policies that the park has checked: conditions in words and as data, versions, how each stands now."""

    purpose = _("Policies the park has checked: conditions in words and as data, versions, how each stands today")
    required_scopes = (Scope.POLICIES_READ,)
    serializer_class = PolicySerializer
    filterset_class = PolicyFilter
    lookup_field, lookup_url_kwarg, lookup_value_regex = "slug", "slug", "[-a-zA-Z0-9_]{1,80}"
    orderings = {"slug": ("slug",), "-slug": ("-slug",), "newest": ("-pk",)}
    public_page = "policies:catalogue"
    shown = {
        "slug": plain("slug"),
        "title": words("current__title"),
        "summary": words("current__summary"),
        "status": plain("live"),
        "status_label": label("live", Live),
        "kind": plain("kind"),
        "kind_label": label("kind", Kind),
        "level": plain("level"),
        "level_label": label("level", Level),
        "region": plain("region"),
        "applicant": plain("applicant"),
        "applicant_label": label("applicant", Applicant),
        "issuing_body": words("issuing_body"),
        "document_no": plain("document_no"),
        "issued_on": plain("issued_on"),
        "valid_from": plain("current__valid_from"),
        "valid_until": plain("current__valid_until"),
        "closes_at": _moment("current__deadline"),
        "amount_max": plain("current__amount_max"),
        "stages": plain("current__stages"),
        "sectors": plain("current__sectors"),
        "benefits": Shown(("current__benefits",), _benefits),
        "documents": _texts("current__documents"),
        "steps": _texts("current__steps"),
        "criteria": Shown(("current__rule",), _criteria),
        "rule": plain("current__rule"),
        "versions": Shown((), lambda resource, row: resource.versions[row["pk"]]),
        "tags": plain("tags"),
        "source": Shown(("source_document", "source_url"), _source),
        "confidence": plain("confidence"),
        "approximate_dates": plain("approximate_dates"),
        "page": page("policies:policy", "slug"),
    }

    def get_queryset(self):
        return Policy.objects.listed().with_status(timezone.now())

    def gather(self, rows):
        if "versions" not in self.wanted:
            return
        found = PolicyVersion.objects.filter(
            policy__in=[row["pk"] for row in rows], state__in=LISTED, number__lte=F("policy__current__number")
        )  # what is to amend the version shown is not told before its release
        columns = ("policy_id", "number", "state", "released_at", "valid_from", "valid_until")
        self.versions = defaultdict(list)
        for version in found.order_by("-number").values(*columns):
            self.versions[version.pop("policy_id")].append(version)
