"""The page of those who are asked to score a tenant at its gate: what is shown, the scorecard, stepping aside."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from park.accounts.doors import row_by_row
from park.workflow.actions import MoveRefused
from park.workflow.models import Clock

from .. import actions, judging, way
from ..forms import AsideForm, ScoreForm
from ..models import GateScorer
from ..states import GateState


@row_by_row("the people who are asked to score this gate")
@require_http_methods(["GET", "HEAD", "POST"])
def score(request, public_id):
    """Show a gate to somebody who scores it, until they step aside; take the score or the reason to step aside."""
    asked = get_object_or_404(
        GateScorer.objects.select_related("gate__tenant__organisation", "gate__terms"),
        gate__public_id=public_id, person=request.user, stepped_aside_at=None,
    )  # fmt: skip
    gate, lines = asked.gate, asked.gate.terms.scorecard
    is_open = gate.state == GateState.IN_REVIEW and asked.scored_at is None
    form, aside, refusal, status = ScoreForm(lines), AsideForm(), "", 200
    if request.method == "POST" and is_open:
        try:
            if request.POST.get("act") == "aside":
                aside, done = AsideForm(request.POST), _("You have stepped aside. Thank you for saying so.")
                if aside.is_valid():
                    actions.step_aside(gate=gate, by=request.user, **aside.cleaned_data)
                    messages.success(request, done)
                    return redirect(reverse("desk:me"))
            else:
                form = ScoreForm(lines, request.POST)
                if form.is_valid():
                    given = form.cleaned_data
                    actions.score(
                        gate=gate, by=request.user, scores=form.scores(), advice=given["advice"],
                        comment=given["comment"],
                    )  # fmt: skip
                    messages.success(request, _("Your score is sent. Thank you."))
                    return redirect("journey:score", public_id)
            status = 422
        except MoveRefused as refused:
            refusal, status = str(refused), refused.status
    facts = gate.found or gate.facts
    standing = judging.stood(gate, facts)
    papers = [paper for paper in judging.papers(gate.tenant, gate.terms) if paper.shown]
    clock = Clock.objects.of(gate).open().filter(name="review").first()
    page = {
        "gate": gate,
        "asked": asked,
        "is_open": is_open,
        "criteria": [entry.as_criterion() for entry in standing.entries],
        "papers": papers,
        "waivers": gate.waivers.all() if asked.role == GateScorer.Role.OFFICER else [],
        "milestones": way.milestones(gate.tenant, False),
        "due": clock.due_at if clock else None,
        "form": form,
        "aside": aside,
        "refusal": refusal,
    }
    return render(request, "journey/score.html", page, status=status)
