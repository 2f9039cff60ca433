"""Whom a release reaches or reached, for the staff area: sets, counts, tenants with their reasons."""

from collections.abc import Sequence

from django.db.models import Count, Q
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incubation.facts.models import TenantFact
from park.notices.models import Delivery, DeliveryState, Pause

from . import forecast, judging, matching
from .models import PolicyVersion, Preview

PAGE = 50


def shown(version: PolicyVersion, seen: Preview, which: str) -> dict:
    """Return what the page of a preview shows: totals, forecasts, the list asked for, and the drift."""
    drift = matching.drift(seen, matching.look(version))
    last = forecast.against_last(version, seen)
    gained, lost, came, went = forecast.names(
        last["gained"] if last else (), last["lost"] if last else (), drift["gained"], drift["lost"]
    )
    lists = {"fits": seen.fits, "may_fit": seen.may_fit, "near": seen.near}
    if which not in lists:
        which = next((name for name, ids in lists.items() if ids), "fits")
    labels = {"fits": _("Fit"), "may_fit": _("May fit"), "near": _("One condition away")}
    return {
        "seen": seen,
        "lists": [(name, labels[name], len(ids), name == which) for name, ids in lists.items()],
        "ids": lists[which],
        "which": which,
        "groups": forecast.by_group(seen),
        "budget": forecast.budget(version, seen),
        "mails": forecast.mails(seen),
        "last": last and {"version": last["version"], "gained": gained, "lost": lost},
        "drift_names": {"gained": came, "lost": went},
        "drift_mark": matching.mark_of(drift),
        "drift": drift_in_words(drift) if drift["gained"] or drift["lost"] or drift["people"] else "",
    }


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


def drift_named(drift: dict) -> str:
    """Say what became different between preview and release, and for whom."""
    came, went = forecast.names(drift.get("gained", []), drift.get("lost", []))
    named = [
        (label, ", ".join(map(str, each["tenants"])) + (" …" if each["more"] else ""))
        for label, each in ((_("Came"), came), (_("Went"), went))
        if each["n"]
    ]
    return format_html("{}{}", drift_in_words(drift), format_html_join("", "<br>{}: {}", named))


def ledger(version: PolicyVersion) -> list[tuple[str, int]]:
    """Return what became of a release, one count a state: two statements, whatever its size."""
    told = matching.notices_of(version).aggregate(all=Count("pk"), read=Count("read_at"))
    mails = Delivery.objects.filter(notice__in=matching.notices_of(version)).order_by()
    waits = Q(state__in=[DeliveryState.PENDING, DeliveryState.HELD])
    counted = mails.aggregate(
        stopped=Count("pk", filter=waits & Q(paused=True)),
        held=Count("pk", filter=Q(state=DeliveryState.HELD, paused=False)),
        waiting=Count("pk", filter=Q(state=DeliveryState.PENDING, paused=False)),
        sending=Count("pk", filter=Q(state=DeliveryState.SENDING)),
        sent=Count("pk", filter=Q(state=DeliveryState.SENT)),
        failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
        dead=Count("pk", filter=Q(state=DeliveryState.DEAD)),
        cancelled=Count("pk", filter=Q(state=DeliveryState.CANCELLED)),
    )
    return [
        (_("Told in the portal"), told["all"]),
        (_("Read in the portal"), told["read"]),
        (_("Mails paused"), counted["stopped"]),
        (_("Mails waiting"), counted["waiting"]),
        (_("Kept for the digest"), counted["held"]),
        (_("Mails being sent"), counted["sending"]),
        (_("Mails sent"), counted["sent"]),
        (_("Mails refused"), counted["failed"]),
        (_("Mails given up"), counted["dead"]),
        (_("Mails cancelled"), counted["cancelled"]),
    ]


def stop_of(version: PolicyVersion) -> Pause | None:
    """Return the pause in which a release stands, with who made it."""
    of_it = Pause.objects.filter(kind__in=matching.RELEASED, subject_id=version.pk, version=version.number)
    return of_it.filter(ended_at=None).select_related("by").first()
