"""The policies of one tenant as it should go through them: what counts now, what closes, what the next stage opens."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.utils import timezone

from incubation.facts import wide_row
from incubation.journey.stages import Stage
from park.rules.judge import judge
from park.rules.states import Verdict as Word

from . import judging
from .judging import Match
from .kinds import Applicant
from .models import Policy, SetAside, Verdict, VerdictChange
from .scope import COMPANY_STAGES, STAGE_FACTS
from .states import State
from .status import closes_at

SOON = dt.timedelta(days=30)  # a deadline within them is one to act upon
HALF = 14  # days to the deadline at which a policy draws half as much
FAR = 365  # days that a policy without an end counts as


@dataclass(frozen=True)
class ForYou:
    """Everything a tenant of this kind can use. ``next``: what the next stage opens, judged as if it had begun."""

    stage: Stage
    matches: Sequence[Match]
    aside: Sequence[Match] = ()
    next: Sequence[Match] = ()
    next_stage: Stage | None = None
    lapsing: frozenset[int] = frozenset()  # policies that a tenant of the next stage cannot use
    lost: Sequence[Verdict] = field(default_factory=tuple)

    @property
    def now(self) -> list[Match]:
        """Return what fits or may fit and is for the stage in which the tenant stands."""
        return [match for match in self.matches if is_now(match, self.stage)]

    @property
    def soon(self) -> list[Match]:
        """Return what fits or may fit now and ends soon: by its deadline, or at the tenant's next gate."""
        limit = timezone.now() + SOON
        return [m for m in self.now if ((end := ends(m)) is not None and end <= limit) or m.policy.pk in self.lapsing]


def of(tenant) -> ForYou:
    """Return the policies of a tenant in the order in which they deserve its time: a constant number of statements."""
    policies = list(judging.running().annotate(aside=SetAside.objects.of("pk", tenant.pk)))
    row = wide_row.row_of(tenant)
    values, known, now = wide_row.values_of(row), judging.origins(row), timezone.now()

    def judged(policy: Policy, values) -> Match:
        return Match(policy, judge(judging.rule_of(policy.current), values), known, str(tenant), now)

    mine = [judged(policy, values) for policy in policies if judging.may_apply(policy, tenant)]
    stage = next_stage(tenant)
    opens, lapsing = [], set()
    if stage is not None:
        then = values | dict.fromkeys((key.replace(".", "_") for key in STAGE_FACTS), str(stage))
        here = {match.policy.pk: match for match in mine}
        for policy in policies:
            match = here.get(policy.pk)
            if match is not None and is_now(match, tenant.stage):
                if str(stage) not in policy.current.stages:
                    lapsing.add(policy.pk)
            elif not policy.aside and _opens(policy, tenant, stage):
                later = judged(policy, then)
                if later.verdict != Word.NOT_NOW:
                    opens.append(later)
    in_order = sorted(mine, key=lambda match: order(match, now))
    return ForYou(
        Stage(tenant.stage),
        [match for match in in_order if not match.policy.aside],
        [match for match in in_order if match.policy.aside],
        sorted(opens, key=lambda match: order(match, now)), stage, frozenset(lapsing),
        lost(tenant),
    )  # fmt: skip


def next_stage(tenant) -> Stage | None:
    later = list(Stage)[Stage(tenant.stage).number :]
    return later[0] if later else None


def is_now(match: Match, stage: str) -> bool:
    return match.verdict != Word.NOT_NOW and str(stage) in match.version.stages


def _opens(policy: Policy, tenant, stage: Stage) -> bool:
    """Tell whether the next stage could open a policy: it is for that stage, and not for the one of the tenant."""
    if str(stage) not in policy.current.stages:
        return False
    if not judging.may_apply(policy, tenant):  # a company's, while there is only a project
        return policy.applicant == Applicant.ENTERPRISE and stage in COMPANY_STAGES
    return str(tenant.stage) not in policy.current.stages


def ends(match: Match) -> dt.datetime | None:
    """Return when a policy ends for those who would use it."""
    version = match.version
    return version.deadline or (closes_at(version.valid_until) if version.valid_until else None)


def order(match: Match, now: dt.datetime) -> tuple:
    """Closing soon times fit: how sure it is, times how near its end. What does not fit now comes after all others."""
    end = ends(match)
    days = FAR if end is None else max((end - now).days, 0)
    sure = 1 if match.verdict == Word.FITS else 1 / (1 + max(match.judgement.blocking, 1))
    return match.verdict == Word.NOT_NOW, -sure * HALF / (HALF + min(days, FAR)), *match.order


def lost(tenant) -> list[Verdict]:
    """Return the verdicts of released policies that fitted the tenant once and do not any more, the latest first."""
    fitted = VerdictChange.objects.filter(version=OuterRef("version"), tenant=OuterRef("tenant"), word=Word.FITS)
    return list(
        Verdict.objects.filter(Exists(fitted), ~SetAside.objects.of("version__policy"), tenant=tenant)
        .filter(version__state=State.RELEASED)
        .exclude(word=Word.FITS)
        .select_related("version__policy")
        .order_by("-judged_at")[:5]
    )

