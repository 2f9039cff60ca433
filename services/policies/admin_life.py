"""The staff's pages for the life of a version: the moment of its release."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from park.pages.wording import BEIJING, local_date
from park.workflow.actions import MoveRefused

from . import access, actions
from .models import PolicyVersion, Preview


class MomentOfRelease(forms.Form):
    """When a version is to be released, in Beijing time, and what the manager had seen."""

    at = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
    preview = forms.IntegerField()
    read = forms.IntegerField(required=False)

    def clean_at(self):
        return self.cleaned_data["at"].replace(tzinfo=BEIJING)


class SetsMoment:
    """Gives the admin of versions the form by which a manager sets the moment of a release."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.schedule_view))
        return [path("<int:pk>/schedule/", view, name="policies_policyversion_schedule"), *super().get_urls()]

    def schedule_view(self, request, pk):
        version = PolicyVersion.objects.select_related("policy").filter(pk=pk).first()
        if version is None or not access.may_preview(request.user):
            raise Http404
        form = MomentOfRelease(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose a day and a time."))
            return redirect("admin:policies_policyversion_reach", pk)
        given = form.cleaned_data
        seen = Preview.objects.filter(pk=given["preview"], version=version).first()
        if seen is None:
            raise Http404
        try:
            actions.schedule(version=version, by=request.user, previewed=seen, at=given["at"], lock=given["read"])
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:policies_policyversion_reach", pk)
        messages.success(
            request, _("It is released on %(moment)s.") % {"moment": local_date(version.scheduled_for, "moment")}
        )
        return redirect(reverse("admin:policies_policyversion_change", args=[pk]))
