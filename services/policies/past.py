"""Any verdict as it was at a past moment: made again from the version that was listed then and the facts known then."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from incubation.facts import wide_row
from incubation.facts.models import TenantFact
from incubation.facts.vocabulary import TENANT_FACTS
from park.rules.explain import Known
from park.rules.judge import judge
from park.workflow.calendar import beijing_day
from park.workflow.models import TransitionLog

from . import judging
from .judging import Match
from .models import KnownUntil, Policy, PolicyVersion, VerdictChange


@dataclass(frozen=True, slots=True)
class KnownThen:
    """What was known of a tenant at a moment: values by column, and where each comes from by key."""

    values: Mapping[str, object]
    origins: Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class Then:
    """A verdict of a past moment: made again, and as it was written down, where it was."""

    match: Match
    written: VerdictChange | None

    @property
    def agrees(self) -> bool:
        return self.written is None or self.written.word == self.match.verdict


def version_then(policy: Policy, moment: dt.datetime) -> PolicyVersion | None:
    """Return the version of a policy that was listed at a moment; None where there was none yet, or none any more."""
    versions = list(policy.versions.filter(approved_at__lte=moment).order_by("-number"))
    withdrawn = set(
        TransitionLog.objects.filter(
            content_type=ContentType.objects.get_for_model(PolicyVersion),
            object_id__in=[version.pk for version in versions],
            move="withdraw", refusal="", at__lte=moment,
        ).values_list("object_id", flat=True)
    )  # fmt: skip
    return next((version for version in versions if version.pk not in withdrawn), None)


def known_then(tenant, moment: dt.datetime) -> KnownThen | None:
    """Return what was known of a tenant at a moment: two statements. None where nothing of then is kept."""
    row = TenantFact.objects.filter(pk=tenant.pk).first()
    if row is None:
        return None
    changes = KnownUntil.objects.filter(tenant=tenant.pk, until__gt=moment).order_by("until", "pk")
    return undone(row, changes, beijing_day(moment))


def undone(row: TenantFact, changes, day: dt.date | None = None) -> KnownThen | None:
    """Take changes back, the last one first, from what is known now; what ran out is told as seen on the day."""
    changes = list(changes)
    if any(change.began for change in changes):
        return None
    values, origins = dict(wide_row.values_of(row)), dict(row.origins)
    for change in reversed(changes):
        values.update(change.was)
        origins.update(change.origins)
    cleaned = {fact.column: fact.clean(values[fact.column]) for fact in TENANT_FACTS.facts}
    return KnownThen(cleaned, wide_row.explained(origins, day))


def verdict_then(policy: Policy, tenant, moment: dt.datetime) -> Then | None:
    """Return what a policy said of a tenant at a moment; None where the policy or the facts of then are not there."""
    version, known = version_then(policy, moment), known_then(tenant, moment)
    if version is None or known is None:
        return None
    version.policy = policy
    judgement = judge(judging.rule_of(version), known.values)
    match = Match(policy, judgement, known.origins, str(tenant), moment, of=version)
    return Then(match, written_then(version, tenant, moment))


def written_then(version: PolicyVersion, tenant, moment: dt.datetime) -> VerdictChange | None:
    """Return the verdict that stood written at a moment."""
    written = VerdictChange.objects.filter(version=version, tenant=tenant.pk, at__lte=moment)
    return written.order_by("-at", "-pk").first()


def kept_since(tenant) -> dt.datetime | None:
    """Return from which moment on the park can show what was known of a tenant."""
    return KnownUntil.objects.filter(tenant=tenant.pk, began=True).values_list("until", flat=True).first()
