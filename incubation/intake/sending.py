"""Sending an application, reading what was sent, and changing one's mind."""

import datetime as dt
from http import HTTPStatus

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from park.accounts.doors import row_by_row
from park.workflow.actions import MoveRefused

from . import access, actions, team
from .forms import AnswerForm, DeclarationForm, WithdrawForm
from .models import Application
from .progress import Draft
from .reading import sections
from .receipts import receipt_of
from .states import REVIEW_CLOCK, SCREENING_CLOCK
from .taskpages import posted_text
from .tracker import track
from .views import OWN, own, refused, task_row, to_application, tracker_page


@row_by_row(OWN)
def check(request, ref):
    """Read it through, declare it true, send it."""
    record = own(request, ref)
    if not record.is_draft:
        return redirect("intake:sent", record.ref)
    draft = Draft.of(record)
    form = DeclarationForm(request.POST or None, initial={"read_at": record.saved_at.isoformat()})
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                actions.submit(
                    application=record, by=request.user, says_true=True, agrees_to_storage=True,
                    read_at=read_moment(form.cleaned_data["read_at"]),
                )  # fmt: skip
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
                form.data = form.data | {"read_at": record.saved_at.isoformat()}
                status = refusal.status
            else:
                return redirect("intake:sent", record.ref)
    answers = draft.snapshot()
    page = {
        "application": record,
        "sections": sections(record, answers, change=access.may_write(request.user, record)),
        "unfinished": [task_row(record, each) for each in draft.unfinished],
        "form": form,
        "check_days": SCREENING_CLOCK.working_days,
        "review_days": REVIEW_CLOCK.working_days,
        "may_send": record.talent.user_id == request.user.pk,
        **confirming(record, team.digest_of(answers), request.user),
        "crumbs": [
            (_("Your application"), reverse("intake:application", args=[record.ref])), (_("Check and send"), ""),
        ],
    }  # fmt: skip
    return render(request, "intake/check.html", page, status=status)


def confirming(record: Application, digest: str, user) -> dict:
    """Return who has to confirm this wording, who has, and whether the reader still has to."""
    if len(record.roles) < 2 and not team.invited_to_sign(record).exists():
        return {}
    done = team.confirmations(record, digest)
    signers = team.co_signers(record)
    rows = [{"name": each.user.display_name, "signature": done.get(each.user_id)} for each in signers]
    rows += [{"name": address, "invited": True} for address in team.invited_to_sign(record)]
    return {
        "digest": digest,
        "signers": rows,
        "unsigned": any(not row.get("signature") for row in rows),
        "asks_you": any(each.user_id == user.pk and each.user_id not in done for each in signers),
    }


def read_moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


@row_by_row(OWN)
@require_safe
def sent(request, ref):
    """The receipt: the number, and what was sent, for good."""
    record = own(request, ref)
    if record.submitted_at is None:
        return to_application(record)
    if record.ref != ref:
        return redirect("intake:sent", record.ref)
    first = record.revisions.select_related("sent_by").order_by("number").first()
    page = {
        "application": record,
        "sections": sections(record, first.answers) if first else [],
        "signatures": list(team.confirmations(record, team.digest_of(first.answers)).values()) if first else [],
        "sender": first and first.sent_by.display_name,
        "receipt": receipt_of(record),
        "tracker": track(record),
        "crumbs": [(_("Applications"), reverse("intake:applications")), (record.ref, "")],
    }
    return render(request, "intake/sent.html", page)


@row_by_row(OWN)
def withdraw(request, ref):
    """Ask once, then withdraw; it can be taken back for seven days."""
    record = own(request, ref)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(application=record, by=request.user, note=form.cleaned_data["note"])
        except MoveRefused as refusal:
            return refused(request, refusal, record)
        messages.success(request, _("Withdrawn. You can take this back within seven days."))
        return to_application(record)
    page = {
        "application": record,
        "form": form,
        "crumbs": [(record.ref, reverse("intake:application", args=[record.ref])), (_("Withdraw"), "")],
    }
    return render(request, "intake/withdraw.html", page)


@row_by_row(OWN)
@require_POST
def undo_withdraw(request, ref):
    record = own(request, ref)
    try:
        actions.undo_withdraw(application=record, by=request.user)
    except MoveRefused as refusal:
        return refused(request, refusal, record)
    messages.success(request, _("Your application goes on where it stood."))
    return to_application(record)


@row_by_row(OWN)
@require_POST
def discard(request, ref):
    record = own(request, ref)
    try:
        actions.discard(application=record, by=request.user)
    except MoveRefused as refusal:
        return refused(request, refusal, record)
    messages.success(request, _("The draft is discarded. Your papers stay in your documents."))
    return redirect("intake:applications")


@row_by_row(OWN)
@require_POST
def answer(request, ref):
    """Send what the park asked for."""
    record = own(request, ref)
    posted_text(request)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.answer(application=record, by=request.user, text=form.cleaned_data["text"])
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your answer is sent."))
            return to_application(record)
    if not record.waits_for_applicant:
        return to_application(record)
    page = tracker_page(request, record) | {"answer_form": form, "form": form}
    return render(request, "intake/tracker.html", page, status=409)
