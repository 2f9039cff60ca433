"""Acts that are no moves of a table, each on a page of its own that says what will happen; its form acts."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from park.files.actions import NotAccepted, NotStored
from park.workflow.actions import MoveRefused


class Nothing(forms.Form):
    """An act that asks for nothing but the press of its button."""


class Asks:
    """Gives a ModelAdmin pages for acts. ``possible(record, user)`` names those that make sense now."""

    def possible(self, record, user) -> set[str]:
        return set()

    def get_actions_detail(self, request, object_id):
        """Offer what this person may do with this record now."""
        record = self.get_object(request, str(object_id))
        if record is None:
            return []
        offered, prefix = self.possible(record, request.user), f"{self.opts.app_label}_{self.opts.model_name}_"
        return [
            each
            for each in super().get_actions_detail(request, object_id)
            if (name := each.action_name.removeprefix(prefix)).startswith("act_") or name in offered
        ]

    def case_of(self, object_id) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id])

    def open_record(self, request, object_id, act: str):
        """Return the record of an act, or 404 where this person may not do it now."""
        record = self.get_object(request, str(object_id))
        if record is None or not self.has_view_permission(request, record):
            raise Http404
        if act not in self.possible(record, request.user):
            raise Http404
        return record

    def ask(
        self, request, object_id, act: str, title: str, run: Callable, *, form: Callable | None = None, told: str = "",
        done: str = "", template: str = "review/admin_act.html", **page,
    ):  # fmt: skip
        """Show the page of an act, or do it: ``run(record, **cleaned)``; a refusal is said on the page."""
        record = self.open_record(request, object_id, act)
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        asked = form(record, *given) if form else Nothing(*given)
        status = 200
        if request.method == "POST":
            status = 422
            if asked.is_valid():
                try:
                    answer = run(record, **asked.cleaned_data)
                except (MoveRefused, NotAccepted, NotStored) as refusal:
                    asked.add_error(None, str(refusal))
                    status = getattr(refusal, "status", 409)
                else:
                    messages.success(request, done or _("Done: %(act)s. %(record)s") % {"act": title, "record": record})
                    return answer if hasattr(answer, "status_code") else redirect(self.case_of(object_id))
        page = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": record, "title": title,
            "told": told, "form": asked, "case": self.case_of(object_id), **page,
        }  # fmt: skip
        return render(request, template, page, status=status)
