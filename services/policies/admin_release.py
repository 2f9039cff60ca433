"""A release for staff: what became of each mail of it, and the stop, the go-on and the taking-back."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from park.notices.admin import ReadOnly
from park.workflow.actions import MoveRefused

from . import access, actions, amending, reach
from .models import Release, ReleaseChange
from .states import State

SHOWN = 50  # tenants that a newer version turned, each with its reasons


class ReasonForm(forms.Form):
    """Why mails are stopped, or a policy is taken back."""

    note = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=UnfoldAdminTextareaWidget,
        help_text=_("Kept with the act. Only staff read it."),
    )


def _pause(release, by, note):
    return actions.pause_release(release=release, by=by, reason=note)


def _resume(release, by, note):
    return actions.resume_release(release=release, by=by)


def _withdraw(release, by, note):
    return actions.withdraw(version=release.version, by=by, note=note)


ACTS = {
    "pause": (_pause, _("Pause the mails"), _("No mail of this release goes until it goes on. In the portal everybody "
              "who was told still finds it."), True),
    "resume": (_resume, _("Let the mails go on"), _("What waits goes out from now on."), False),
    "withdraw": (_withdraw, _("Withdraw the policy"), _("The policy leaves the catalogue, mails that wait never go, "
                 "and everybody who was told reads that it was taken back."), True),
}  # fmt: skip


@admin.register(Release)
class ReleaseAdmin(ReadOnly, ModelAdmin):
    list_display = ("version", "at", "by", "progress_label", "fits", "may_fit", "near", "told")
    list_filter = ("progress", ("at", admin.DateFieldListFilter))
    list_filter_submit = True
    list_select_related = ("version", "by")
    search_fields = ("version__title_en", "version__title_zh_hans", "version__policy__slug")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    fields = readonly_fields = (
        "version", "by", "at", "progress", "completed_at", "fits", "may_fit", "near", "told", "changed",
        "amends", "gained", "lost",
    )  # fmt: skip
    actions_detail = ("pause", "resume", "withdraw")
    change_form_before_template = "policies/admin_ledger.html"

    def get_urls(self):
        ledger = path("<int:pk>/ledger/", self.admin_site.admin_view(self.ledger_view), name="policies_release_ledger")
        return [ledger, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        release = self.get_object(request, object_id)
        shown = self.ledger_of(release) if release else {}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def ledger_of(self, release) -> dict:
        return {
            "ledger": reach.ledger(release.version),
            "stop": reach.stop_of(release.version),
            "ledger_url": reverse("admin:policies_release_ledger", args=[release.pk]),
        }

    def ledger_view(self, request, pk):
        """Show the counts of the ledger alone, as they are now."""
        release = Release.objects.select_related("version").filter(pk=pk).first()
        if release is None or not self.has_view_permission(request, release):
            raise Http404
        return render(request, "policies/admin_ledger.html", self.ledger_of(release))

    def get_actions_detail(self, request, object_id):
        """Offer what this person may do with this release now."""
        release = self.get_object(request, str(object_id))
        possible = self.possible(request, release) if release else set()
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [
            each
            for each in super().get_actions_detail(request, object_id)
            if each.action_name.removeprefix(prefix) in possible
        ]

    def possible(self, request, release) -> set[str]:
        if not access.may_stop(request.user) or release.version.state == State.WITHDRAWN:
            return set()
        stop = "resume" if reach.stop_of(release.version) else "pause"
        return {stop, "withdraw"} if release.version.state == State.RELEASED else {stop}

    @action(description=_("Pause the mails"), icon="pause", url_path="pause")
    def pause(self, request, object_id):
        return self.act(request, object_id, "pause")

    @action(description=_("Let the mails go on"), icon="play_arrow", url_path="resume")
    def resume(self, request, object_id):
        return self.act(request, object_id, "resume")

    @action(description=_("Withdraw the policy"), icon="block", url_path="withdraw")
    def withdraw(self, request, object_id):
        return self.act(request, object_id, "withdraw")

    def act(self, request, object_id, name: str):
        release = Release.objects.select_related("version__policy").filter(pk=object_id).first()
        if release is None:
            raise Http404
        if not access.may_stop(request.user):
            raise PermissionDenied(gettext("Only managers may stop or withdraw a release."))
        verb, title, told, asks = ACTS[name]
        form = (ReasonForm if asks else forms.Form)(request.POST if request.method == "POST" else None)
        case, status = reverse("admin:policies_release_change", args=[release.pk]), 200
        if request.method == "POST" and form.is_valid():
            try:
                done = verb(release, request.user, form.cleaned_data.get("note", ""))
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                self.message_user(request, said(name, done), messages.SUCCESS)
                return redirect(case)
        elif request.method == "POST":
            status = 422
        page = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": title, "told": told, "form": form,
            "case": case, "release": release, "ledger": reach.ledger(release.version),
        }  # fmt: skip
        return render(request, "policies/admin_release_act.html", page, status=status)

    @display(description=_("progress"), label={"complete": "success", "running": "info", "queued": "warning"})
    def progress_label(self, release):
        return release.progress, release.get_progress_display()

    @display(description=_("changed since the preview"))
    def changed(self, release):
        return reach.drift_named(release.drift)

    @display(description=_("gained against the version before"))
    def gained(self, release):
        return self.turned(release, ReleaseChange.What.GAINED)

    @display(description=_("lost against the version before"))
    def lost(self, release):
        return self.turned(release, ReleaseChange.What.LOST)

    def turned(self, release, what):
        """Name the tenants that a newer version turned, each with the conditions that did it."""
        changes = release.changes.filter(what=what).select_related("release__version__policy", "tenant__organisation")
        listed = [(str(each.tenant), "; ".join(amending.reasons(each))) for each in changes[:SHOWN]]
        more = changes.count() - len(listed) if len(listed) == SHOWN else 0
        if more:
            listed.append(("…", gettext("and %(n)s more") % {"n": more}))
        return format_html_join("", "<p>{}: {}</p>", listed) or "–"


def said(name: str, count) -> str:
    """Say what an act did."""
    if name == "withdraw":
        return gettext("The policy is withdrawn. Mails that waited never go; whoever was told is told of it.")
    words = {
        "pause": ngettext("%(n)s mail waits now.", "%(n)s mails wait now.", count),
        "resume": ngettext("%(n)s mail goes on.", "%(n)s mails go on.", count),
    }
    return words[name] % {"n": count}
