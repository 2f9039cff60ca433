"""The staff's pages for the life of a version: its source, two versions side by side, the moment of its release."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from park.files.actions import NotAccepted, NotStored
from park.pages.wording import BEIJING, local_date
from park.workflow.actions import MoveRefused

from . import access, actions, comparing
from .models import PolicyVersion, Preview
from .states import State


class MomentOfRelease(forms.Form):
    """When a version is to be released, in Beijing time, and what the manager had seen."""

    at = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
    preview = forms.IntegerField()
    read = forms.IntegerField(required=False)

    def clean_at(self):
        return self.cleaned_data["at"].replace(tzinfo=BEIJING)


class SourceForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"), allow_empty_file=True, widget=UnfoldAdminFileFieldWidget,
        help_text=gettext_lazy("PDF, DOCX, PNG or JPG, up to 20 MB."),
    )  # fmt: skip
    read = forms.IntegerField(widget=forms.HiddenInput)


def _links(links):
    return format_html_join(" · ", '<a class="underline" href="{}">{}</a>', links) if links else "–"


class LivesOn:
    """Gives the admin of versions its source, its comparison, and the form that sets the moment of a release."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/schedule/", view(require_POST(self.schedule_view)), name="policies_policyversion_schedule"
            ),
            path("<int:pk>/compare/", view(self.compare_view), name="policies_policyversion_compare"),
            path("<int:pk>/source/", view(self.source_view), name="policies_policyversion_source"),
            *super().get_urls(),
        ]

    @display(description=gettext_lazy("source document, kept"))
    def source_kept(self, version):
        """Lead to the file a version was taken from, with its digest, and to the page that keeps one."""
        links = []
        if version.source_file:
            file = version.source_file
            links.append((file.get_absolute_url(), f"{file.name} · SHA-256 {file.sha256}"))
        if version.state == State.DRAFT:
            links.append((reverse("admin:policies_policyversion_source", args=[version.pk]), _("Keep a document")))
        return _links(links)

    @display(description=gettext_lazy("beside it"))
    def beside_it(self, version):
        """Lead to what belongs to a version on other pages."""
        links = [
            (reverse("admin:interpretation_article_of", args=[version.pk]), _("Articles in plain words")),
            (
                f"{reverse('admin:interpretation_coordination_changelist')}?policy_version__id__exact={version.pk}",
                _("Departments asked"),
            ),
            (reverse("admin:interpretation_department_changelist"), _("Departments and their parts")),
        ]
        if version.number > 1:
            links.append((reverse("admin:policies_policyversion_compare", args=[version.pk]), _("Side by side")))
        return _links(links)

    def compare_view(self, request, pk):
        """Show a version beside the one before it, or beside the one that was chosen."""
        version = self._seen(request, pk)
        others = version.policy.versions.exclude(pk=pk).order_by("-number")
        chosen = request.GET.get("with", "")
        before = others.filter(number__lt=version.number).first() or others.first()
        old = others.filter(number=chosen).first() if chosen.isdecimal() and len(chosen) < 6 else before
        if old is None:
            raise Http404
        rules = comparing.rules(old, version)
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "title": _("Two versions side by side"), "version": version, "old": old,
            "others": others, "rules": rules, "texts": comparing.words(old, version), "counts": comparing.tally(rules),
            "case": reverse("admin:policies_policyversion_change", args=[pk]),
        }  # fmt: skip
        return render(request, "policies/admin_compare.html", page)

    def source_view(self, request, pk):
        """Take the document a draft was taken from."""
        version = self._seen(request, pk)
        form = SourceForm(request.POST or None, request.FILES or None, initial={"read": version.version})
        case = reverse("admin:policies_policyversion_change", args=[pk])
        if request.method == "POST" and form.is_valid():
            try:
                actions.keep_source(
                    version=version, upload=form.cleaned_data["file"], by=request.user, lock=form.cleaned_data["read"]
                )
            except (MoveRefused, NotAccepted, NotStored) as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The document is kept, with its digest."))
                return redirect(case)
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "original": version, "title": _("Keep the source document"), "form": form, "back": case,
        }  # fmt: skip
        return render(request, "casework/form.html", page, status=422 if form.is_bound else 200)

    def _seen(self, request, pk) -> PolicyVersion:
        version = PolicyVersion.objects.select_related("policy", "source_file").filter(pk=pk).first()
        if version is None:
            raise Http404
        if not self.has_view_permission(request, version):
            raise PermissionDenied(_("Only people with the duty for it may open this page."))
        return version

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
