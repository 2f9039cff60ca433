"""Whom a release reaches or reached, for the staff area: sets, counts, tenants with their reasons."""

from collections.abc import Sequence

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.registry.models import Sector
from incubation.facts.models import TenantFact
from incubation.journey.stages import Stage
from park.notices.models import Delivery, DeliveryState, Notice

from . import judging, matching
from .models import PolicyVersion, Preview

PAGE = 50


def shown(version: PolicyVersion, seen: Preview, which: str) -> dict:
    """Return what the page of a preview shows: totals, counts by stage and field, the list asked for, and the drift."""
    now = matching.look(version)
    drift = matching.drift(seen, now)
    lists = {"fits": seen.fits, "may_fit": seen.may_fit, "near": seen.near}
    if which not in lists:
        which = next((name for name, ids in lists.items() if ids), "fits")
    labels = {"fits": _("Fit"), "may_fit": _("May fit"), "near": _("One condition away")}
    return {
        "seen": seen,
        "lists": [(name, labels[name], len(ids), name == which) for name, ids in lists.items()],
        "ids": lists[which],
        "which": which,
        "counts": _by_stage_and_sector(version),
        "drift": drift_in_words(drift) if drift["gained"] or drift["lost"] or drift["people"] else "",
    }


def _by_stage_and_sector(version: PolicyVersion) -> list[dict]:
    counts = matching.counts(version)
    order = {str(stage): place for place, stage in enumerate(Stage)}
    return [
        entry | {"stage": Stage(entry["stage"]).label, "sector": dict(Sector.choices).get(entry["sector"], "–")}
        for entry in sorted(counts, key=lambda entry: (order[entry["stage"]], entry["sector"]))
        if entry["fits"] or entry["may_fit"] or entry["near"]
    ]


def rows(version: PolicyVersion, ids: Sequence[int]) -> list[dict]:
    """Return these tenants with what stands against each: three statements, whatever their number."""
    found = TenantFact.objects.filter(pk__in=list(ids)).select_related("tenant__organisation").order_by("pk")
    return [
        {
            "tenant": row.tenant,
            "stage": row.tenant.get_stage_display(),
            "counts": match.counts,
            "reasons": [
                _("%(condition)s: %(state)s") % {"condition": criterion["rule"], "state": _state(criterion)}
                for criterion in match.criteria
                if criterion["state"] != "met"
            ],
        }
        for row, match in zip(found, judging.of_rows(version, found), strict=True)
    ]


def _state(criterion: dict) -> str:
    if criterion["state"] == "unknown":
        return _("not known")
    return _("not met (%(value)s)") % {"value": criterion["evidence"]}


def drift_in_words(drift: dict) -> str:
    """Say what became different between preview and release."""
    gained, lost = len(drift.get("gained", [])), len(drift.get("lost", []))
    if not gained and not lost:
        return _("Nothing: the same tenants.")
    more = ngettext("%(n)s tenant more", "%(n)s tenants more", gained) % {"n": gained}
    fewer = ngettext("%(n)s tenant fewer", "%(n)s tenants fewer", lost) % {"n": lost}
    return _("%(more)s, %(fewer)s") % {"more": more, "fewer": fewer}


def _notices(version: PolicyVersion):
    return Notice.objects.filter(kind=matching.KIND, subject_id=version.pk, version=version.number)


def read(version: PolicyVersion) -> int:
    """Return how many of those told have read it in the portal."""
    return _notices(version).exclude(read_at=None).count()


def mails(version: PolicyVersion) -> list[tuple[str, int]]:
    """Return how many e-mails stand where."""
    counted = (
        Delivery.objects.filter(notice__in=_notices(version)).values("state").annotate(n=Count("pk")).order_by("state")
    )
    return [(str(DeliveryState(entry["state"]).label), entry["n"]) for entry in counted]
