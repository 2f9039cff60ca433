"""A tenant's path page, part by part: where it is, what the gate asks, papers, milestones, what opens behind it."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from incubation.facts.derivation import KEYS as COMPUTED
from park.workflow.models import Clock

from . import judging
from .ageing import stay_of
from .judging import FRESH, Standing
from .models import Gate, GateCondition, StageGuide, Tenant
from .stages import Stage
from .states import UNDER_WAY, GateState

TONES = {
    GateState.REQUESTED: "info", GateState.IN_REVIEW: "info", GateState.TO_DECIDE: "info", GateState.HELD: "ask",
    GateState.CONDITIONAL: "ask", GateState.PASSED: "met", GateState.RETURNED: "ask", GateState.WITHDRAWN: "plain",
    GateState.CLOSED: "plain",
}  # fmt: skip
PAPER_TONES = {FRESH: "met", judging.STALE: "ask", judging.MISSING: "", judging.UNREAD: "no"}



def criteria(tenant: Tenant, standing: Standing, answers: bool) -> list[dict]:
    """Return what the gate asks, as ``criterion.html`` takes it; what one can answer oneself has its way there."""
    here = reverse("journey:path", args=[tenant.organisation.slug])
    found = []
    for entry in standing.entries:
        shown = entry.as_criterion()
        asked = next((key for key in entry.missing if key not in COMPUTED), "")
        if answers and asked:
            url = reverse("facts:answer", args=[tenant.organisation.slug, asked])
            shown["fix"] = {"label": _("Answer"), "url": f"{url}?next={here}"}
        elif answers and entry.stale:
            url = reverse("facts:answer", args=[tenant.organisation.slug, entry.stale])
            shown["fix"] = {"label": _("Bring it up to date"), "url": f"{url}?next={here}"}
        elif answers and entry.key not in COMPUTED and entry.actual:
            url = reverse("facts:answer", args=[tenant.organisation.slug, entry.key])
            shown["correct_url"] = f"{url}?next={here}"
        found.append(shown)
    return found


def papers(standing: Standing, gives: bool) -> list[dict]:
    """Return the papers that the gate asks for, with how long each counts."""
    words = {
        FRESH: _("Counts"), judging.STALE: _("Too old"), judging.MISSING: _("Missing"), judging.UNREAD: _("Held back"),
    }  # fmt: skip
    return [
        {
            "key": paper.key,
            "label": paper.label,
            "mandatory": paper.mandatory,
            "fresh_days": paper.fresh_days,
            "state": paper.state,
            "word": words[paper.state] if paper.state != judging.MISSING or paper.mandatory else _("If you have one"),
            "tone": PAPER_TONES[paper.state],
            "name": paper.shown.document.name if paper.shown else "",
            "url": paper.shown.document.get_absolute_url() if paper.shown else "",
            "size": paper.shown.document.size if paper.shown else 0,
            "issued_on": paper.shown.issued_on if paper.shown else None,
            "until": paper.until,
            "gives": gives,
        }
        for paper in standing.papers
    ]


def gate_now(tenant: Tenant) -> Gate | None:
    """Return the gate that the tenant stands at, or that held it."""
    states = [*UNDER_WAY, GateState.HELD]
    return tenant.gates.filter(state__in=states).select_related("terms").first()


def case(gate: Gate | None) -> dict | None:
    """Return where the gate's case is: one sentence, who acts, by when, and the steps."""
    if gate is None:
        return None
    clock = Clock.objects.of(gate).open().order_by("due_at").first() if gate.state in UNDER_WAY else None
    sentences = {
        GateState.REQUESTED: _("An officer checks what you have shown. You do not need to do anything."),
        GateState.IN_REVIEW: _("The people who score it are reading it. You do not need to do anything."),
        GateState.TO_DECIDE: _("All scores are in. A manager of the park decides. You do not need to do anything."),
        GateState.HELD: _("You were held at the gate. This is the plan for what is missing."),
    }
    done = {GateState.REQUESTED: 1, GateState.IN_REVIEW: 2, GateState.TO_DECIDE: 3, GateState.HELD: 4}[gate.state]
    labels = [_("Asked for"), _("Checked"), _("Scored"), _("Decided")]
    states = ["done" if place < done else "now" if place == done else "ahead" for place in range(4)]
    return {
        "gate": gate,
        "tag": gate.get_state_display(),
        "tone": TONES[gate.state],
        "sentence": sentences[gate.state],
        "due": clock.due_at if clock else None,
        "late": bool(clock and clock.is_late),
        "steps": [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)],
        "may_withdraw": gate.state in UNDER_WAY,
    }


def conditions(tenant: Tenant) -> list[GateCondition]:
    return list(GateCondition.objects.open().filter(gate__tenant=tenant))


def past(tenant: Tenant) -> list[dict]:
    """Return the gates that were decided, newest first, as ``timeline.html`` takes them."""
    decided = tenant.gates.exclude(state__in=[*UNDER_WAY, GateState.WITHDRAWN]).order_by("-requested_at")[:10]
    return [
        {
            "title": f"{gate.get_origin_display()} → {Stage(gate.target).label if gate.target else _('Graduation')}",
            "text": gate.get_state_display(),
            "moment": gate.decided_at or gate.requested_at,
            "icon": "gate",
        }
        for gate in decided
    ]


def behind(tenant: Tenant) -> dict | None:
    """Return what opens after the gate: what one gets in the stage behind it."""
    stage = Stage(tenant.stage).next
    guide = StageGuide.objects.filter(stage=stage).first() if stage else None
    if guide is None:
        return None
    return {
        "name": stage.label,
        "lines": guide.gets.splitlines(),
        "url": reverse("journey:stage", args=[stage.number, stage.slug]),
    }


def milestones(tenant: Tenant, edits: bool) -> list[dict]:
    return [
        {"pk": each.pk, "name": each.name, "reached_on": each.reached_on, "planned_on": each.planned_on, "edits": edits}
        for each in tenant.milestones.filter(stage=tenant.stage)
    ]


def where(tenant: Tenant, day: dt.date) -> dict:
    """Return where a tenant is: its stage, since when, until when, how much of its time is used."""
    stay = stay_of(tenant, day)
    return {
        "stage": Stage(tenant.stage).label,
        "since": tenant.stage_since,
        "due": tenant.stage_due,
        "late": bool(tenant.stage_due and tenant.stage_due < day and not stay.aside),
        "stay": stay,
    }


def mentors(tenant: Tenant) -> list[dict]:
    """Return who goes with the tenant now, and what was written down of the last meetings."""
    running = tenant.mentorships.filter(ended_on=None).select_related("mentor").prefetch_related("meetings")
    return [{"name": each.mentor.display_name, "meetings": list(each.meetings.all())[:3]} for each in running]
