"""One search over everything that is public: policies, institutions, companies, pages of the stages."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from enterprises.registry.models import Enterprise
from incubation.journey.models import StageGuide
from incubation.journey.path import address
from incubation.journey.stages import Stage
from services.intermediaries.models import Institution
from services.policies.facets import BEST, Asked, catalogue

SHOWN = 5


def find(text: str) -> list[dict]:
    """Return groups of hits, each with its total and the way to all of them; groups without a hit are left out."""
    groups = [policies(text), institutions(text), companies(text), stages(text)]
    return [group for group in groups if group["total"]]


def policies(text: str) -> dict:
    """Ask the catalogue's own search: Chinese words and English stems."""
    found = catalogue(Asked(text=text, order=BEST))
    hits = [
        {"title": policy.current.title, "url": policy.get_absolute_url(), "text": policy.issuing_body}
        for policy in found.page(1)[:SHOWN]
    ]
    return {
        "title": _("Policies"), "total": found.total, "hits": hits,
        "more_url": f"{reverse('policies:catalogue')}?q={text}" if found.total > SHOWN else "",
    }  # fmt: skip


def institutions(text: str) -> dict:
    found = Institution.objects.listed().mentioning(text).select_related("organisation").distinct()
    hits = [
        {"title": str(institution), "url": institution.get_absolute_url(), "text": institution.get_type_display()}
        for institution in found[:SHOWN]
    ]
    return {
        "title": _("Institutions"), "total": found.count(), "hits": hits,
        "more_url": f"{reverse('intermediaries:directory')}?q={text}" if len(hits) == SHOWN else "",
    }  # fmt: skip


def companies(text: str) -> dict:
    """Search the names that companies agreed to show, and nothing else of them."""
    named = Q(organisation__name_en__icontains=text) | Q(organisation__name_zh_hans__icontains=text)
    found = Enterprise.objects.shown_in_public().filter(named).select_related("organisation").order_by("pk")
    page = reverse("registry:companies")
    hits = [{"title": str(company), "url": page, "text": ""} for company in found[:SHOWN]]
    return {
        "title": _("Companies"),
        "total": found.count(),
        "hits": hits,
        "more_url": page if len(hits) == SHOWN else "",
    }


def stages(text: str) -> dict:
    said = Q(summary_en__icontains=text) | Q(summary_zh_hans__icontains=text) | Q(gets_en__icontains=text)
    found = StageGuide.objects.filter(said | Q(gets_zh_hans__icontains=text))
    hits = [
        {"title": guide.get_stage_display(), "url": address(Stage(guide.stage)), "text": guide.summary}
        for guide in found[:SHOWN]
    ]
    return {"title": _("Stages"), "total": len(hits), "hits": hits, "more_url": ""}
