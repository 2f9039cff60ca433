"""The applicant's thread with the park: reading it, and writing into it."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from park.accounts.doors import row_by_row
from park.files import actions as files
from park.workflow.actions import MoveRefused

from . import actions
from .filling import posted_text
from .forms import TalkForm
from .threads import thread
from .views import OWN, own


@row_by_row(OWN)
def talk(request, ref):
    """Read what was written about a sent application, and write to the case officer."""
    record = own(request, ref)
    if record.submitted_at is None:
        raise Http404
    form, status = TalkForm(request.POST or None, request.FILES or None), HTTPStatus.OK
    if request.method == "POST":
        posted_text(request)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                upload = form.cleaned_data["file"]
                documents = [files.receive(request.user, upload, "other")] if upload else []
                actions.write(
                    application=record, text=form.cleaned_data["text"], by=request.user, documents=documents
                )
            except (files.NotAccepted, files.NotStored) as refusal:
                form.add_error("file", str(refusal))
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Your message is sent."))
                return redirect("intake:talk", record.ref)
    page = {
        "application": record,
        "thread": thread(request.user, record),
        "form": form,
        "crumbs": [(record.ref, reverse("intake:application", args=[record.ref])), (_("Messages"), "")],
    }
    return render(request, "intake/talk.html", page, status=status)
