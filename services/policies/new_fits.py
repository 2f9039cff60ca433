"""Tenants that a released version came to fit: found when they are judged again, told once, and told why.

What turned is found by judging anew what was known when the tenant was last judged, and comparing condition by
condition. Everything here may be run twice: who was found before is not found again.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from incubation.facts.models import Source, TenantFact
from incubation.journey.models import TenantState
from park.pages.wording import local_date
from park.rules import explain
from park.rules.judge import judge
from park.rules.tree import Rule

from . import judging, past
from .models import Judged, KnownUntil, NewFit, PolicyVersion, Verdict, VerdictChange

NEW_FIT = "policy-newly-fits"  # of the notices
CHUNK = 500


def find(version: PolicyVersion, at: dt.datetime) -> int:
    """Write down whom the check of this moment found to fit for the first time. Returns its batch, 0 for nobody."""
    earlier = VerdictChange.objects.filter(
        version=OuterRef("version"), tenant=OuterRef("tenant"), word=Verdict.Word.FITS, at__lt=at
    )
    found = list(
        Verdict.objects.filter(version=version, judged_at=at, word=Verdict.Word.FITS)
        .filter(~Exists(earlier), tenant__state=TenantState.ACTIVE)
        .order_by("tenant")
    )
    if not found:
        return 0
    batch = (NewFit.objects.filter(version=version).aggregate(last=Max("batch"))["last"] or 0) + 1
    rule = judging.rule_of(version)
    for start in range(0, len(found), CHUNK):
        verdicts = found[start : start + CHUNK]
        turned = _turned(version, rule, verdicts)
        NewFit.objects.bulk_create(
            [
                NewFit(
                    version=version, tenant_id=each.tenant_id, batch=batch, turned=turned[each.tenant_id],
                    trace=each.trace, judged_at=at,
                )
                for each in verdicts
            ],
            ignore_conflicts=True,
        )  # fmt: skip
    return batch


def _turned(version: PolicyVersion, rule: Rule, verdicts: list[Verdict]) -> dict[int, int]:
    """Return by tenant the conditions that are met and were not when it was last judged: three statements."""
    ids = [verdict.tenant_id for verdict in verdicts]
    judged = Judged.objects.filter(tenant=OuterRef("tenant")).values("before")
    since = Coalesce(Subquery(judged), Value(version.released_at))
    changes: dict[int, list] = {}
    for change in KnownUntil.objects.filter(tenant__in=ids, until__gt=since).order_by("until", "pk"):
        changes.setdefault(change.tenant_id, []).append(change)
    rows = TenantFact.objects.in_bulk(ids)
    counted = sum(1 << each.index for each in rule.criteria if not each.preferred)
    return {
        verdict.tenant_id: verdict.met & ~_met_before(rule, rows[verdict.tenant_id], changes) & counted
        for verdict in verdicts
    }


def _met_before(rule: Rule, row: TenantFact, changes: dict[int, list]) -> int:
    """Return the conditions that were met then; all of them where nothing of then is known: nothing turned."""
    then = past.undone(row, changes.get(row.pk, ()))
    return judge(rule, then.values).met if then else -1


def told_of(version: PolicyVersion, batch: int):
    """Return the tenants of a batch as ids."""
    return NewFit.objects.filter(version=version, batch=batch).values("tenant")


def reasons(found: NewFit) -> list[str]:
    """Say what turned, in the language of the reader: each condition with its value, where it comes from and when."""
    match = judging.of_verdict(found)
    entries = explain.trace(match.judgement, match.known)
    return [_reason(entry) for entry in entries if entry.index is not None and found.turned >> entry.index & 1]


def _reason(entry: explain.Entry) -> str:
    if not entry.actual:
        return entry.needed
    if not entry.source or entry.as_of is None:
        return _("%(condition)s: %(value)s") % {"condition": entry.needed, "value": entry.actual}
    known = {
        "condition": entry.needed, "value": entry.actual, "source": Source(entry.source).label,
        "day": local_date(entry.as_of),
    }  # fmt: skip
    if entry.ended:
        known["last"] = local_date(entry.ended)
        return _("%(condition)s: %(value)s (%(source)s, %(day)s; stale: it was valid until %(last)s)") % known
    return _("%(condition)s: %(value)s (%(source)s, %(day)s)") % known


def of_readers(keys: Iterable, roles: Iterable[str]):
    """Return what was found behind these notices; one row a reader and tenant, with its ``reader``."""
    keys = list(keys)
    member = "tenant__organisation__memberships"
    return (
        NewFit.objects.filter(
            Q(**{
                f"{member}__user__in": {key.recipient_id for key in keys}, f"{member}__ended_at": None,
                f"{member}__role__in": list(roles),
            }),
            version__in={key.subject_id for key in keys}, batch__in={key.version for key in keys},
        )
        .annotate(reader=F(f"{member}__user"))
        .select_related("version__policy", "tenant__organisation")
        .order_by("pk")
    )  # fmt: skip
