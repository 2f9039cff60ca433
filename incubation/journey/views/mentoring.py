"""The page of a mentor: whom one goes with, and what was written down of each meeting."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from park.accounts.doors import signed_in
from park.workflow.actions import MoveRefused

from .. import actions
from ..forms import MeetingForm
from ..models import Mentorship


@signed_in("Everybody sees only whom they mentor themselves.")
@require_http_methods(["GET", "HEAD", "POST"])
def mentoring(request):
    """List whom one mentors, with the last meetings; take what is written down of a meeting."""
    mine = Mentorship.objects.filter(mentor=request.user).select_related("tenant__organisation")
    bound, refusal, status = None, "", 200
    if request.method == "POST":
        chosen = request.POST.get("mentorship", "")
        mentorship = get_object_or_404(mine, pk=int(chosen) if chosen.isdigit() else 0)
        bound = MeetingForm(request.POST, auto_id=f"m{mentorship.pk}_%s")
        bound.of = mentorship.pk
        status = 422
        if bound.is_valid():
            try:
                actions.log_meeting(mentorship=mentorship, by=request.user, **bound.cleaned_data)
            except MoveRefused as refused:
                refusal, status = str(refused), refused.status
            else:
                messages.success(request, _("The meeting is written down."))
                return redirect("journey:mentoring")
    rows = [
        {
            "mentorship": each,
            "name": str(each.tenant),
            "stage": each.tenant.get_stage_display(),
            "meetings": list(each.meetings.all())[:5],
            "form": bound if bound is not None and bound.of == each.pk else MeetingForm(auto_id=f"m{each.pk}_%s"),
        }
        for each in mine.prefetch_related("meetings").order_by("ended_on", "-since")[:50]
    ]
    context = {"rows": rows, "refusal": refusal, "bound": [bound] if bound is not None else []}
    return render(request, "journey/mentoring.html", context, status=status)
