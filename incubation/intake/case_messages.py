"""The three threads of a case on one page of the staff area, each visibly another, and the place to write."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from park.casework.access import readable_by, threads_of
from park.casework.forms import MessageForm
from park.casework.models import Visibility
from park.files import actions as files
from park.workflow.actions import MoveRefused

from . import actions
from .models import Application
from .threads import thread


def shown(user, application: Application) -> dict:
    """Return what the case says of its messages: how many this person reads, and the last one."""
    found = readable_by(user).of(application)
    last = found.select_related("author").order_by("-at", "-pk").first()
    return {"threads": {"count": found.count() if last else 0, "last": last}}


def page(desk, request, application: Application):
    """Show the threads of a case, and write into the one that was chosen."""
    threads = threads_of(request.user, application)
    form = MessageForm(request.POST or None, request.FILES or None, threads=threads)
    if request.method == "POST" and form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            documents = [files.receive(request.user, upload, "other")] if upload else []
            actions.write(
                application=application, visibility=form.cleaned_data["visibility"], text=form.cleaned_data["text"],
                by=request.user, documents=documents,
            )  # fmt: skip
        except (files.NotAccepted, files.NotStored) as refusal:
            form.add_error("file", str(refusal))
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The message is written."))
            return redirect("admin:intake_application_messages", application.pk)
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "original": application,
        "title": _("Messages on %(ref)s") % {"ref": application.ref},
        "threads": [
            {
                "label": each.label,
                "internal": each != Visibility.APPLICANT,
                "messages": thread(request.user, application, each),
            }
            for each in threads
        ],
        "form": form,
    }
    return render(request, "intake/case_messages.html", context, status=422 if form.is_bound else 200)
