"""Whom a version would reach, in the staff area: looked at, kept, and released from what was seen."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from park.workflow.actions import MoveRefused, open_moves

from . import access, actions, reach
from .models import PolicyVersion, Preview
from .states import MACHINE, State


class ReachDesk:
    """Adds the page of the reach to the desk of policy versions."""

    def get_urls(self):
        views = [
            path("<int:pk>/reach/", self.admin_site.admin_view(self.reach_view), name="policies_policyversion_reach")
        ]
        return views + super().get_urls()

    def reach_view(self, request, pk):
        """Show whom a release would reach, and release it. A POST looks, or releases what was looked at."""
        version = PolicyVersion.objects.select_related("policy").filter(pk=pk).first()
        if version is None:
            raise Http404
        if not access.may_preview(request.user):
            raise PermissionDenied(_("Only policy officers and managers may see whom a policy reaches."))
        here = reverse("admin:policies_policyversion_reach", args=[pk])
        if request.method == "POST":
            return self._look_or_release(request, version, here)
        seen = (
            Preview.objects.filter(version=version, by=request.user, pk=request.GET["preview"]).first()
            if request.GET.get("preview", "").isdigit()
            else Preview.objects.filter(version=version, by=request.user).first()
        )
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Whom it reaches"),
            "version": version,
            "here": here,
            "case": reverse("admin:policies_policyversion_change", args=[pk]),
            "may_release": any(
                move.name == "release" for move in open_moves(MACHINE, version, request.user, access.may_make)
            ),
        }
        if seen is not None:
            which = request.GET.get("which", "")
            page |= reach.shown(version, seen, which)
            page["page_obj"] = listed = Paginator(page["ids"], reach.PAGE).get_page(request.GET.get("page"))
            page["rows"] = reach.rows(version, listed.object_list)
        return render(request, "policies/admin_reach.html", page)

    def _look_or_release(self, request, version, here):
        try:
            if "release" not in request.POST:
                seen = actions.preview(version=version, by=request.user)
                return redirect(f"{here}?preview={seen.pk}")
            wanted = request.POST["release"]
            seen = Preview.objects.filter(pk=wanted, version=version).first() if wanted.isdecimal() else None
            if seen is None:
                raise Http404
            lock = request.POST.get("read")
            mark = request.POST.get("drift", "") if "knowing" in request.POST else ""
            made = actions.release(version=version, by=request.user, previewed=seen, lock=lock, confirmed=mark)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(here)
        messages.success(request, _("Released. The park is judging and telling now; the counts grow here."))
        return redirect("admin:policies_release_change", made.pk)

    @display(description=gettext_lazy("whom it reaches"))
    def reach_link(self, version):
        if version.state in {State.CANCELLED, State.WITHDRAWN}:
            return "–"
        url = reverse("admin:policies_policyversion_reach", args=[version.pk])
        return format_html('<a class="underline" href="{}">{}</a>', url, _("See whom it would reach"))
