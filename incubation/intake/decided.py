"""What an applicant does after a decision: shows how conditions are met, asks for a second look."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from park.accounts.doors import row_by_row
from park.files.actions import NotAccepted, NotStored, receive
from park.files.models import Document
from park.workflow.actions import MoveRefused

from . import actions
from .decision_forms import EvidenceForm, SecondLookForm
from .decision_letters import letter_of
from .models import Application, Condition
from .states import CONDITIONAL
from .views import OWN, own, refused, to_application

PAGE = ["GET", "HEAD", "POST"]


@row_by_row(OWN)
@require_http_methods(PAGE)
def condition(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Show how one condition is met: a file, words, or both."""
    record = own(request, ref)
    asked = get_object_or_404(Condition.objects.binding(), pk=pk, decision__application=record)
    if record.state != CONDITIONAL or asked.met_at:
        messages.info(request, _("Nothing more is to be shown for this condition."))
        return to_application(record)
    form = EvidenceForm(*posted(request), initial={"words": asked.words})
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        document = kept(request, form) if form.is_valid() else None
        if form.is_valid():
            try:
                actions.show_evidence(
                    application=record, condition=asked, by=request.user, document=document,
                    words=form.cleaned_data["words"],
                )  # fmt: skip
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Sent. Your case officer looks at it."))
                return to_application(record)
    return render(request, "intake/condition.html", page(record, form, condition=asked), status=status)


@row_by_row(OWN)
@require_http_methods(PAGE)
def second_look(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask that a refusal is looked at again."""
    record = own(request, ref)
    until = actions.ask_until(record)
    if until is None:
        messages.info(request, _("A second look can be asked for once, within ten working days of a refusal."))
        return to_application(record)
    form = SecondLookForm(*posted(request))
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        document = kept(request, form) if form.is_valid() else None
        if form.is_valid():
            try:
                actions.ask_second_look(
                    application=record, by=request.user, ground=form.cleaned_data["ground"],
                    text=form.cleaned_data["text"], document=document,
                )  # fmt: skip
            except MoveRefused as refusal:
                return refused(request, refusal, record)
            messages.success(request, _("Sent. A different person looks at it and answers within 15 working days."))
            return to_application(record)
    more = {"until": until, "decision": actions.standing(record), "letter": letter_of(record)}
    return render(request, "intake/second_look.html", page(record, form, **more), status=status)


def posted(request: HttpRequest) -> tuple:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def page(record: Application, form, **more) -> dict:
    crumbs = [(_("Applications"), reverse("intake:applications"))]
    crumbs += [(record.ref, reverse("intake:application", args=[record.ref]))]
    return {"application": record, "form": form, "crumbs": crumbs, **more}


def kept(request: HttpRequest, form) -> Document | None:
    """Keep the file that was added, if any; what is wrong with it is said at the field."""
    upload = form.cleaned_data.get("file")
    if not upload:
        return None
    try:
        return receive(request.user, upload, "other")
    except (NotAccepted, NotStored) as refusal:
        form.add_error("file", str(refusal))
        return None
