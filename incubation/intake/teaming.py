"""Writing together, page by page: who takes part, inviting, joining by the link of a mail, confirming."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from park.accounts.doors import row_by_row
from park.workflow.actions import MoveRefused
from park.workflow.calendar import closing

from . import access, actions, team
from .forms import InviteForm, PartForm
from .models import Application, CoApplicant, Role, TeamAct
from .progress import Draft
from .taskpages import posted_text
from .views import OWN, own, refused, to_application

SHOWN_ACTS = 50


@row_by_row(OWN)
def members(request, ref):
    """Who writes this application together, who is invited, and who did what; leads invite here."""
    record = own(request, ref)
    leads = access.may_lead(request.user, record)
    form = InviteForm(request.POST or None) if leads else None
    status = HTTPStatus.OK
    if request.method == "POST":
        if form is None:
            raise Http404
        posted_text(request)
        status = invite(request, record, form)
        if status == HTTPStatus.OK:
            words = {"address": form.cleaned_data["email"]}
            messages.success(request, _("The invitation is on its way to %(address)s.") % words)
            return redirect("intake:team", record.ref)
    return render(request, "intake/team.html", team_page(request, record, form, leads), status=status)


def invite(request, record: Application, form: InviteForm) -> int:
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    said = form.cleaned_data
    try:
        actions.invite(
            application=record, by=request.user, email=said["email"], role=said["role"], signs=said["signs"],
            until=closing(said["until"]) if said["until"] else None,
        )  # fmt: skip
    except MoveRefused as refusal:
        form.add_error("until" if refusal.code == "past" else "email", str(refusal))
        return refusal.status
    return HTTPStatus.OK


def team_page(request, record: Application, form: InviteForm | None, leads: bool) -> dict:
    parts = list(record.co_applicants.current().select_related("user"))
    digest = team.wording(Draft.of(record)) if record.is_draft and any(part.signs for part in parts) else ""
    signed = team.confirmations(record, digest) if digest else {}
    rows = [
        {
            "part": part,
            "own": part.user_id == request.user.pk,
            "signature": signed.get(part.user_id),
            "form": PartForm(initial={"role": part.role, "signs": part.signs}, auto_id=f"part-{part.pk}-%s"),
        }
        for part in parts
    ]
    return {
        "application": record,
        "rows": rows,
        "invitations": list(record.invitations.open().select_related("invited_by")),
        "form": form,
        "leads": leads,
        "lead_label": Role.LEAD.label,
        "acts": [act_row(record, act) for act in record.acts.select_related("actor")[:SHOWN_ACTS]],
        "crumbs": [
            (_("Your application"), reverse("intake:application", args=[record.ref])), (_("Working together"), ""),
        ],
    }  # fmt: skip


def act_row(record: Application, act: TeamAct) -> dict:
    """Return one act in words: a task and a paper by the name that the form gives them."""
    about, definition = act.about, Draft(record).definition
    if act.kind == TeamAct.Kind.WROTE:
        about = task.label if (task := definition.task(act.about)) else act.about
    elif act.kind in {TeamAct.Kind.ADDED, TeamAct.Kind.REMOVED, TeamAct.Kind.EXCUSED, TeamAct.Kind.UNEXCUSED}:
        about = paper.label if (paper := definition.paper(act.about)) else act.about
    elif act.kind == TeamAct.Kind.ROLE:
        name, _colon, role = act.about.rpartition(": ")
        about = f"{name}: {Role(role).label if role in Role.values else role}"
    return {"who": act.actor.display_name, "what": act.get_kind_display(), "about": about, "at": act.at}


def part_of(request, ref: str, pk: int) -> CoApplicant:
    """Return a co-applicant of an application that the reader takes part in; else 404."""
    record = own(request, ref)
    return get_object_or_404(record.co_applicants.current().select_related("application__talent", "user"), pk=pk)


@row_by_row(OWN)
@require_POST
def change_part(request, ref, pk):
    part = part_of(request, ref, pk)
    form = PartForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose a role."))
        return redirect("intake:team", part.application.ref)
    try:
        actions.change_part(co_applicant=part, by=request.user, **form.cleaned_data)
    except MoveRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Changed: %(name)s.") % {"name": part.user.display_name})
    return redirect("intake:team", part.application.ref)


@row_by_row(OWN)
@require_POST
def end_part(request, ref, pk):
    """End somebody's part, or leave oneself."""
    part = part_of(request, ref, pk)
    try:
        actions.end_part(co_applicant=part, by=request.user)
    except MoveRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("intake:team", part.application.ref)
    if part.user_id == request.user.pk:
        messages.success(request, _("You do not take part any more."))
        return redirect("intake:applications")
    words = {"name": part.user.display_name}
    messages.success(request, _("%(name)s does not take part any more and sees nothing of it.") % words)
    return redirect("intake:team", part.application.ref)


@row_by_row(OWN)
@require_POST
def take_invitation_back(request, ref, pk):
    record = own(request, ref)
    invitation = get_object_or_404(record.invitations.waiting().select_related("application__talent"), pk=pk)
    try:
        actions.take_invitation_back(invitation=invitation, by=request.user)
    except MoveRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The invitation is taken back. Its link opens nothing now."))
    return redirect("intake:team", record.ref)


# --- Joining ----------------------------------------------------------------------------------------------------------
@row_by_row("whoever holds the link of a mail and signs in with the address it went to")
def invitation(request, token):
    """Say who invites to what, and join at a press."""
    found = actions.invitation_of(token)
    if found is None:
        raise Http404(_("This invitation does not hold any more. Ask for a new one."))
    return joining(request, found)


@row_by_row("whoever was invited at an address that they have confirmed")
def join(request, pk):
    """Join without the mail at hand: the invitation is known by the reader's confirmed address."""
    return joining(request, get_object_or_404(actions.invitations_for(request.user), pk=pk))


def joining(request, found):
    refusal = None
    if request.method == "POST":
        try:
            joined = actions.join(invitation=found, by=request.user)
        except MoveRefused as refused_now:
            refusal = refused_now
        else:
            messages.success(request, _("Welcome. You take part now."))
            return to_application(joined.application)
    mine = actions.invitations_for(request.user).filter(pk=found.pk).exists()
    page = {
        "invitation": found,
        "application": found.application,
        "mine": mine,
        "refusal": refusal,
        "crumbs": [(_("Applications"), reverse("intake:applications")), (_("Invitation"), "")],
    }
    return render(request, "intake/invitation.html", page, status=refusal.status if refusal else HTTPStatus.OK)


@row_by_row(OWN)
@require_POST
def sign(request, ref):
    """Confirm the application as it was read through."""
    record = own(request, ref)
    try:
        actions.sign(application=record, by=request.user, read=request.POST.get("read", ""))
    except MoveRefused as refusal:
        if record.is_draft:
            messages.warning(request, str(refusal))
            return redirect("intake:check", record.ref)
        return refused(request, refusal, record)
    messages.success(request, _("Confirmed. If somebody changes a word of it, you are asked again."))
    return redirect("intake:check", record.ref)
