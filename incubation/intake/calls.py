"""Before an application: how to apply, which calls are open, and what each of them asks for. Open to everybody."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from incubation.journey.path import park_map
from park.accounts.doors import open_to_all

from .definition import read
from .models import Call, FormVersion
from .pace import by_call, usual
from .states import REVIEW_CLOCK, SCREENING_CLOCK


def usual_times(call: Call | None) -> dict:
    """Return how long the steps of this call really take, in words."""
    known = by_call()
    return {step: usual(call and call.pk, step, known) for step in ("screening", "review")}


def asked_by(version: FormVersion | None, call: Call | None) -> dict:
    """Return what the pages say of a form, its questions and its papers, and how long an application takes."""
    definition = read(version) if version else None
    return {
        "parts": definition.parts if definition else [],
        "papers": definition.papers if definition else [],
        "check_days": SCREENING_CLOCK.working_days,
        "review_days": REVIEW_CLOCK.working_days,
        "usual": usual_times(call),
    }


@open_to_all("How to apply is public.")
@require_safe
def guide(request):
    """Who can apply, what to prepare, every question, and the calls that are open or open later."""
    now = timezone.now()
    calls, later = list(Call.objects.open_at(now)), list(Call.objects.opening_after(now))
    only = calls[0] if len(calls) == 1 else None
    page = asked_by(FormVersion.objects.in_use(), only) | {
        "calls": calls,
        "later": later,
        "call": only,
        "next_call": next(iter(later), None),
        "stages": park_map(),
        "crumbs": [(_("Home"), reverse("desk:home")), (_("How to apply"), "")],
    }
    return render(request, "intake/guide.html", page)


@open_to_all("What a call is about is public.")
@require_safe
def call(request, slug):
    """One call: what it is about, who may apply, until when, and what its form asks for."""
    found = get_object_or_404(Call.objects.select_related("form"), slug=slug)
    now, version = timezone.now(), found.form_version
    if version is None:
        raise Http404
    page = asked_by(version, found) | {
        "call": found,
        "is_open": found.is_open(now),
        "is_over": found.closes_at is not None and found.closes_at <= now,
        "crumbs": [
            (_("Home"), reverse("desk:home")), (_("How to apply"), reverse("intake:guide")), (found.name, ""),
        ],
    }  # fmt: skip
    return render(request, "intake/call.html", page)
