"""Flags on a page of the staff area: shown above the record, put up and lifted on pages of their own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from park.workflow.actions import MoveRefused

from . import access, actions
from .forms import FlagForm, LiftForm
from .models import Flag


class Flagged:
    """For the ``ModelAdmin`` of whom or what officers flag.

    ``flagged_with(record)`` names the further records whose flags show here too (the person of a case, say).
    """

    change_form_outer_before_template = "casework/flags.html"

    def flagged_with(self, record) -> list:
        return []

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/flags/add/", view(self.flag_view), name=f"{name}_flag"),
            path("<int:pk>/flags/<int:flag>/lift/", view(self.lift_view), name=f"{name}_lift"),
            *super().get_urls(),
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        record = self.get_object(request, str(object_id)) if object_id else None
        if record is not None and request.user.has_perm("casework.view_flag"):
            extra_context = (extra_context or {}) | self.flags_of(request, record)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def flags_of(self, request, record) -> dict:
        """Return what ``casework/flags.html`` shows."""
        flags = list(Flag.objects.on([record, *self.flagged_with(record)]))
        may = access.may_flag(request.user)
        prefix = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        for flag in flags:
            flag.about = "" if flag.object_id == record.pk and flag.record == record else str(flag.record)
            flag.lift_url = reverse(f"{prefix}_lift", args=[record.pk, flag.pk]) if may and not flag.lifted_at else ""
        return {
            "flags": [flag for flag in flags if flag.is_live],
            "old_flags": [flag for flag in flags if not flag.is_live],
            "flag_url": reverse(f"{prefix}_flag", args=[record.pk]) if may else "",
        }

    def flag_view(self, request, pk):
        record = self._to_be_flagged(request, pk)
        form = FlagForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                actions.raise_flag(record=record, by=request.user, **form.cleaned_data)
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The flag is up. Officers see it on every case it concerns."))
                return redirect(self._page_of(record))
        return self._flag_page(request, record, form, _("Put up a flag"))

    def lift_view(self, request, pk, flag):
        record = self._to_be_flagged(request, pk)
        found = next((each for each in Flag.objects.on([record, *self.flagged_with(record)]) if each.pk == flag), None)
        if found is None:
            raise Http404
        form = LiftForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                actions.lift_flag(flag=found, by=request.user, **form.cleaned_data)
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The flag is lifted."))
                return redirect(self._page_of(record))
        return self._flag_page(request, record, form, _("Lift the flag: %(flag)s") % {"flag": found})

    def _to_be_flagged(self, request, pk):
        record = self.get_object(request, str(pk))
        if record is None or not self.has_view_permission(request, record):
            raise Http404
        if not access.may_flag(request.user):
            raise PermissionDenied(_("Only people with the duty for it may open this page."))
        return record

    def _page_of(self, record) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])

    def _flag_page(self, request, record, form, title):
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "original": record, "title": title, "form": form, "back": self._page_of(record),
        }  # fmt: skip
        return render(request, "casework/form.html", page, status=422 if form.is_bound else 200)
