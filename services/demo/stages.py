"""Gates, problems, mentors and what else befalls tenants, in every state; each case goes through the verbs.

The gates of the past, which brought the park's tenants where they stand, are written down set by set.
"""

import datetime as dt
import random
from collections.abc import Callable
from itertools import cycle

import pgtrigger
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from incubation.facts import actions as facts
from incubation.facts.models import Source
from incubation.journey import actions, judging
from incubation.journey.models import (
    Gate,
    GateCondition,
    GateScorer,
    GateTerms,
    HandoverItem,
    MentorMeeting,
    Mentorship,
    Problem,
    StageEnrolment,
    Tenant,
    TenantExit,
)
from incubation.journey.stages import Stage
from park.accounts.models import User
from park.files.actions import receive

from . import past
from .papers import pdf
from .residents import keep, noon

READY = {
    Stage.PROJECT_PRE: {
        "project.team_size": 3, "project.ip_statement_signed": True, "project.plan_accepted": True,
        "project.company_decided": True,
    },
    Stage.ENTERPRISE_PRE: {
        "enterprise.seat_in_park": True, "enterprise.is_sme": True, "enterprise.lease_signed": True,
        "enterprise.agreement_signed": True,
    },
    Stage.STARTUP: {"enterprise.first_product": True, "enterprise.first_customer": True},
    Stage.GROWTH: {"enterprise.revenue_2y_cny": 14_000_000, "enterprise.acquired_or_listed": False},
    Stage.ACCELERATED: {"enterprise.own_site": True},
}  # fmt: skip
CASES = (
    (Stage.PROJECT_PRE, "requested"), (Stage.STARTUP, "requested"), (Stage.ENTERPRISE_PRE, "waived"),
    (Stage.PROJECT_PRE, "in_review"), (Stage.GROWTH, "in_review"), (Stage.ENTERPRISE_PRE, "to_decide"),
    (Stage.STARTUP, "to_decide"), (Stage.STARTUP, "held"), (Stage.GROWTH, "held"), (Stage.PROJECT_PRE, "returned"),
    (Stage.ENTERPRISE_PRE, "withdrawn"), (Stage.PROJECT_PRE, "again"),
)  # fmt: skip
PROBLEMS = (
    ("space", "The clean room is closed at night", "Our runs take 30 hours. Since May the clean room closes at 22:00."),
    ("permits", "居留许可即将到期", "一位外籍同事的居留许可下月到期，材料清单有两个版本，不知以哪个为准。"),
    ("money", "R&D ledger was sent back", "The tax office sent our R&D ledger back. It wants hours by project."),
    ("people", "No optical engineer in six months", "We have searched since spring. Is there a shared list?"),
    ("technology", "检测设备排队时间长", "共享检测设备排队超过三周，影响样机交付。"),
    ("market", "Hospital asks for a local reference", "Two hospitals ask for a local reference before a trial."),
    ("life", "School place for two children", "Our chief engineer moves in August with two children of 7 and 10."),
    ("other", "The letter box has no name", "Registered post went back twice because the box carries the old name."),
)  # fmt: skip
PROBLEM_PATHS = ("raised", "raised", "in_hand", "asked", "solved", "confirmed", "confirmed", "dropped")
MENTORS, A_DAY = 24, dt.timedelta(days=1)
KINDS = (
    "gate-asked", "gate-arrived", "gate-returned", "gate-checked", "gate-score", "gate-decide", "gate-held",
)  # fmt: skip
PROBLEM_KINDS = (
    "problem-raised", "problem-taken", "problem-asked", "problem-answered", "problem-solved", "problem-reopened",
)  # fmt: skip
Tell = Callable[[str], None]


def store(seed: int, tenants: list[Tenant], kept: set[int], staff: dict[str, User], today: dt.date, tell: Tell) -> None:
    """Store what happens in the stages. ``kept`` are the tenants of the demo's sign-ins, which only get a past."""
    rng = random.Random(f"{seed}:stages")  # of its own: what others draw stays as it was
    tenants = list(
        Tenant.objects.filter(pk__in=[tenant.pk for tenant in tenants])
        .select_related("talent__user", "organisation", "enterprise")
        .order_by("pk")
    )
    tell("gates of the past")
    history(rng, tenants, staff, today)
    mentors(rng, tenants, kept, staff, today)
    others = [tenant for tenant in tenants if tenant.state == "active" and tenant.pk not in kept]
    free = {stage: [tenant for tenant in others if tenant.stage == stage] for stage in Stage}
    tell("gates")
    for stage, ending in CASES:
        case(rng, free[stage].pop(0), ending, staff)
    first = next(tenant for tenant in tenants if tenant.pk in kept and tenant.stage == Stage.PROJECT_PRE)
    prepare(first, staff["intake@park.example"])
    tell("problems")
    for n, path in enumerate(PROBLEM_PATHS):
        problem(rng, free[list(Stage)[n % 5]].pop(0), n, path, staff)
    standing(free, staff, today)


# --- The past, set by set ---------------------------------------------------------------------------------------------
def history(rng: random.Random, tenants: list[Tenant], staff: dict[str, User], today: dt.date) -> None:
    """Write down the gate by which each tenant came into its stage, and how those left that have left."""
    officers, managers = (cycle([staff[f"{name}@park.example"] for name in names]) for names in (
        ("intake", "intake2"), ("manager", "manager2"),
    ))  # fmt: skip
    terms = {each.stage: each for each in GateTerms.objects.in_use()}
    passed = [(t, list(Stage)[Stage(t.stage).number - 2], t.stage) for t in tenants if Stage(t.stage).number > 1]
    passed += [(t, Stage(t.stage), "") for t in tenants if t.state == "graduated"]
    gates = []
    for tenant, origin, target in passed:
        day = noon(tenant.stage_since if target else tenant.stage_since + dt.timedelta(days=20))
        gates.append(
            Gate(
                tenant=tenant, origin=origin, target=target, terms=terms[origin], state="passed",
                requested_by=tenant.talent.user, requested_at=day - 24 * A_DAY, checked_by=next(officers),
                checked_at=day - 20 * A_DAY, decided_by=next(managers), decided_at=day,
            )
        )  # fmt: skip
    began = today - dt.timedelta(days=300)
    recent = [g for g in gates if g.target and g.tenant.state == "active" and g.tenant.stage_since > began]
    for gate in recent[:4]:
        gate.state = "conditional"
    keep(Gate, gates)
    experts = cycle([staff[f"expert{n}@panel.example"] for n in range(1, 7)])
    keep(
        GateScorer,
        [
            GateScorer(
                gate=gate, person=person, role=role, asked_by=gate.checked_by, asked_at=gate.checked_at,
                scores={line["key"]: mark for line in gate.terms.scorecard}, total=mark * 20, advice="pass",
                scored_at=gate.checked_at + 5 * A_DAY,
            )
            for gate in gates
            for person, role, mark in (
                (next(experts), "expert", rng.choice((3, 4, 4, 5))), (next(experts), "mentor", rng.choice((3, 4))),
            )
        ],
    )  # fmt: skip
    conditions(recent[:4], today)
    opened = {gate.tenant_id: gate for gate in gates if gate.target}
    times = list(StageEnrolment.objects.filter(tenant__in=opened, stage__in=list(Stage)[1:]).select_related("tenant"))
    times = [each for each in times if each.stage == opened[each.tenant_id].target]
    for each in times:
        each.gate = opened[each.tenant_id]
    with pgtrigger.ignore("journey.StageEnrolment:its_record_stays"):
        StageEnrolment.objects.bulk_update(times, ["gate"], batch_size=500)
    exits([tenant for tenant in tenants if tenant.state == "exited"], staff)


def conditions(gates: list[Gate], today: dt.date) -> None:
    """Give gates that were passed with conditions one that is far, one that is near, one that is late, one met."""
    words = ("Sign the second lease", "Register the trademark", "Hire a bookkeeper", "Insure the laboratory")
    rows = [
        GateCondition(gate=gate, text=text, due_on=today + dt.timedelta(days=days))
        for gate, text, days in zip(gates, words, (60, 10, -6, 30), strict=False)
    ]
    if len(rows) > 3:
        rows.append(
            GateCondition(
                gate=gates[3], text="File the statutes in both languages", due_on=today - dt.timedelta(days=20),
                met_at=noon(today - dt.timedelta(days=25)), met_by=gates[3].checked_by, proof="Seen on paper",
            )
        )  # fmt: skip
    keep(GateCondition, rows)


def exits(left: list[Tenant], staff: dict[str, User]) -> None:
    kinds, survivals = cycle(TenantExit.Kind.values), cycle(("goes_on", "ended", "not_known"))
    first, second = staff["manager@park.example"], staff["manager2@park.example"]
    rows = keep(
        TenantExit,
        [
            TenantExit(
                tenant=tenant, kind=next(kinds), reason="Demo: it left the park.", announced_by=first,
                announced_at=noon(tenant.stage_since), leaves_on=tenant.stage_since + dt.timedelta(days=20),
                survival=next(survivals), confirmed_by=second,
                confirmed_at=noon(tenant.stage_since + dt.timedelta(days=20)),
            )
            for tenant in left
        ],
    )  # fmt: skip
    keep(
        HandoverItem,
        [
            HandoverItem(leaving=each, item=item, done_at=each.confirmed_at, done_by=first)
            for each in rows
            for item in HandoverItem.Item
        ],
    )


def mentors(
    rng: random.Random, tenants: list[Tenant], kept: set[int], staff: dict[str, User], today: dt.date
) -> None:
    """Give most tenants a mentor: experts, and people of the park who came as technical heads of others' companies."""
    experts = [staff[f"expert{n}@panel.example"] for n in range(1, 7)]
    heads = User.objects.filter(talent__isnull=False, memberships=None, is_staff=False)
    heads = heads.exclude(email__startswith="scholar").order_by("pk")
    people = [*experts, *heads[: MENTORS - len(experts)]]
    turn = cycle(people)
    active = [tenant for tenant in tenants if tenant.state == "active"]
    rows = keep(
        Mentorship,
        [
            Mentorship(
                tenant=tenant, mentor=next(turn), since=max(tenant.stage_since, today - dt.timedelta(days=400)),
                assigned_by=staff["manager@park.example"],
            )
            for n, tenant in enumerate(active)
            if n % 9
        ],
    )  # fmt: skip
    talks = (
        "Pricing and the first ten customers.", "Which claims of the patent hold.", "Cash until next summer.",
        "团队分工与股权安排。",
    )  # fmt: skip
    keep(
        MentorMeeting,
        [
            MentorMeeting(
                mentorship=row, held_on=row.since + (today - row.since) * part // 4, minutes=rng.choice((45, 60, 90)),
                text=rng.choice(talks), logged_by=row.mentor,
                logged_at=noon(row.since + (today - row.since) * part // 4),
            )
            for row in rows[::3]
            if row.tenant_id not in kept  # what people wrote stands in one language; these pages are shown in two
            for part in (1, 3)
        ],
    )  # fmt: skip


# --- Cases of today, through the verbs --------------------------------------------------------------------------------
def prepare(tenant: Tenant, officer: User) -> None:
    """Let a tenant be ready for its gate: facts known to the park, papers shown."""
    given = [facts.Given(key, value, Source.STAFF) for key, value in READY[Stage(tenant.stage)].items()]
    facts.record_many(tenant=tenant, given=given, by=officer)
    for entry in judging.terms_for(tenant.stage).mandatory:
        file = SimpleUploadedFile(f"{entry['key']}.pdf", pdf("Demo paper", entry["en"]), "application/pdf")
        document = receive(tenant.talent.user, file, entry["kind"])
        actions.show_paper(tenant=tenant, by=tenant.talent.user, key=entry["key"], document=document)


def case(rng: random.Random, tenant: Tenant, ending: str, staff: dict[str, User]) -> Gate:
    """Bring a tenant to its gate, and the gate as far as ``ending``."""
    officer, manager = staff["intake@park.example"], staff["manager@park.example"]
    prepare(tenant, officer)
    if ending == "waived":
        facts.record(tenant=tenant, key="enterprise.lease_signed", value=False, source=Source.STAFF, by=officer)
    words = "What the plan promised for this stage is done."
    gate = actions.request_gate(tenant=tenant, by=tenant.talent.user, note=words)
    if ending == "again":  # held once, asked for again
        _to_decision(gate, staff)
        actions.hold(gate=gate, by=manager, note="Find a second customer first.")
        _age(gate, 70)
        Gate.objects.filter(pk=gate.pk).update(retry_on=timezone.localdate() - A_DAY)
        again = actions.request_gate(tenant=tenant, by=tenant.talent.user, note="There are two customers now.")
        _age(again, 2)
        return again
    if ending == "withdrawn":
        actions.withdraw(gate=gate, by=tenant.talent.user, note="The audit comes first.")
    elif ending == "returned":
        actions.send_back(gate=gate, by=officer, note="The plan has no figures for the second year.")
    elif ending == "waived":
        _waive(gate, officer)
    elif ending == "in_review":
        _to_review(gate, staff)
        _score(gate, gate.asked.first().person, rng.choice((3, 4)))
    elif ending in ("to_decide", "held"):
        _to_decision(gate, staff)
        if ending == "held":
            plan = "Close the first paid order. The mentor meets the team every two weeks; we look again in spring."
            actions.hold(gate=gate, by=manager, note=plan)
    _age(gate, rng.choice((1, 2, 4)) if ending == "requested" else rng.randint(6, 20))
    return gate


def _waive(gate: Gate, officer: User) -> None:
    reason = "The register follows in January; the notary has confirmed it."
    for name, _words, _state in actions.still_open(gate):
        actions.waive(gate=gate, what=name, by=officer, reason=reason)


def _to_review(gate: Gate, staff: dict[str, User]) -> None:
    officer = staff["intake@park.example"]
    _waive(gate, officer)
    mentor = gate.tenant.mentorships.filter(ended_on=None).values_list("mentor", flat=True).first()
    expert = staff[f"expert{gate.pk % 6 + 1}@panel.example"]
    scorers = [(staff["intake2@park.example"], "officer"), (expert, "expert")]
    if mentor is not None and mentor != scorers[1][0].pk:
        scorers.append((User.objects.get(pk=mentor), "mentor"))
    for person, role in scorers:
        actions.assign(gate=gate, person=person, role=role, by=officer)
    actions.check(gate=gate, by=officer)


def _score(gate: Gate, person: User, mark: int) -> None:
    gate.refresh_from_db()
    marks = {line["key"]: mark for line in gate.terms.scorecard}
    advice = "pass" if mark > 3 else "conditions"
    actions.score(gate=gate, by=person, scores=marks, advice=advice, comment="Demo: a steady team.")


def _to_decision(gate: Gate, staff: dict[str, User]) -> None:
    _to_review(gate, staff)
    for n, asked in enumerate(gate.asked.select_related("person")):
        _score(gate, asked.person, 3 + n % 2)
    gate.refresh_from_db()


def _age(gate: Gate, days: int) -> None:
    """Give a gate that came about just now its days: asked for so long ago, then step by step."""
    gate.refresh_from_db()
    asked = timezone.now() - dt.timedelta(days=days, hours=3)
    moments = [asked + dt.timedelta(hours=9 * n) for n in range(14)]
    past.move(gate, moments, fields=("requested_at", "checked_at", "decided_at"), kinds=KINDS)


def problem(rng: random.Random, tenant: Tenant, n: int, path: str, staff: dict[str, User]) -> Problem:
    """Let a tenant have raised a problem that came as far as ``path``."""
    owner, solver = tenant.talent.user, staff[("services", "window", "intake")[n % 3] + "@park.example"]
    category, title, text = PROBLEMS[n]
    raised = actions.raise_problem(tenant=tenant, by=owner, category=category, title=title, text=text)
    if path == "dropped":
        actions.drop_problem(problem=raised, by=owner, note="It solved itself.")
    elif path != "raised":
        actions.take_problem(problem=raised, by=solver)
    if path == "asked":
        actions.ask_about_problem(problem=raised, by=solver, note="Since when, and whom did you write to?")
    if path in ("solved", "confirmed"):
        actions.solve_problem(problem=raised, by=solver, note="It is arranged; write to me if it comes again.")
    if path == "confirmed":
        if n % 2:
            actions.reopen_problem(problem=raised, by=owner, note="It came again on Monday.")
            actions.solve_problem(problem=raised, by=solver, note="Now with the landlord's word on paper.")
        actions.confirm_problem(problem=raised, by=owner)
    raised.refresh_from_db()
    asked = timezone.now() - dt.timedelta(days=rng.randint(1, 9), hours=2)
    moments = [asked + dt.timedelta(hours=4 * step) for step in range(10)]
    past.move(raised, moments, fields=("raised_at", "solved_at"), kinds=PROBLEM_KINDS)
    return raised


def standing(free: dict[str, list[Tenant]], staff: dict[str, User], today: dt.date) -> None:
    """Suspend two tenants, give two more time, let one be overdue, one announce its exit, one be corrected."""
    manager, second = staff["manager@park.example"], staff["manager2@park.example"]
    actions.suspend(
        tenant=free[Stage.STARTUP].pop(0), by=manager, cause="arrears", effect="No rent relief until it is paid.",
        note="The rent of two quarters is unpaid.",
    )  # fmt: skip
    actions.suspend(
        tenant=free[Stage.PROJECT_PRE].pop(0), by=manager, cause="at_its_wish", note="The founder is abroad until May."
    )
    for stage in (Stage.PROJECT_PRE, Stage.GROWTH):
        tenant = free[stage].pop(0)
        due = max(tenant.stage_due, today) + dt.timedelta(days=80)
        actions.extend(tenant=tenant, by=second, due=due, note="The trials take longer than planned.")
    for tenant in (free[Stage.STARTUP].pop(0), free[Stage.ENTERPRISE_PRE].pop(0)):
        due = tenant.stage_since + (today - tenant.stage_since) * 4 // 5
        Tenant.objects.filter(pk=tenant.pk).update(stage_due=due)
        tenant.enrolments.filter(ended_on=None).update(due=due)
    leaving = free[Stage.ENTERPRISE_PRE].pop(0)
    actions.announce_exit(tenant=leaving, by=leaving.talent.user, note="We join a partner in Suzhou.")
    actions.hand_over(tenant=leaving, by=manager, items=["reports", "data"])
    error = "The licence that was shown belongs to another company; see the register."
    actions.propose_correction(tenant=free[Stage.STARTUP].pop(0), by=manager, target=Stage.ENTERPRISE_PRE, note=error)
    actions.draft_terms(stage=Stage.GROWTH, by=manager, wording={"pass_mark": 65})
    begun = actions.draft_terms(stage=Stage.ENTERPRISE_PRE, by=manager, wording={"pass_mark": 55})
    actions.drop_terms(terms=begun, by=manager, note="The old mark stays.")
    newer = actions.draft_terms(stage=Stage.ACCELERATED, by=manager, wording={"retry_days": 90})
    actions.publish_terms(terms=newer, by=second, note="More time after a hold.")
