"""The staff's desk for application forms: versions of each, written as drafts, put into use by a second person."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from incubation.journey.admin import HistoryInline
from incubation.journey.staff import StaffAct, StaffActs
from park.workflow.actions import MoveRefused

from . import access
from .actions import forming
from .form_editor import FormEditor, outline_of
from .form_preview import FormPreview
from .form_states import DRAFT, IN_REVIEW, MACHINE, PUBLISHED
from .models import ApplicationForm, FormVersion

TONES = {DRAFT: "info", IN_REVIEW: "warning", PUBLISHED: "success"}


class VersionHistory(HistoryInline):
    """Every change and every step, newest first."""


class StartForm(forms.Form):
    """Which form gets a new version; or the names of a form that the park does not have yet."""

    form = forms.ChoiceField(label=gettext_lazy("Application form"), widget=UnfoldAdminSelectWidget, required=False)
    name_en = forms.CharField(
        label=gettext_lazy("Name of a new form (English)"), widget=UnfoldAdminTextInputWidget, max_length=120,
        required=False,
    )  # fmt: skip
    name_zh = forms.CharField(
        label=gettext_lazy("Name of a new form (Chinese)"), widget=UnfoldAdminTextInputWidget, max_length=120,
        required=False,
    )  # fmt: skip
    slug = forms.SlugField(
        label=gettext_lazy("Address name of a new form"), widget=UnfoldAdminTextInputWidget, required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = [(str(each.pk), str(each)) for each in ApplicationForm.objects.order_by("pk")]
        self.fields["form"].choices = [*known, ("", _("A new form"))]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("form"):
            for name in ("name_en", "name_zh", "slug"):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("A new form needs this."))
            if ApplicationForm.objects.filter(slug=cleaned.get("slug") or "-").exists():
                self.add_error("slug", _("Another form has this address name."))
        return cleaned


@admin.register(FormVersion)
class FormVersionAdmin(FormEditor, FormPreview, StaffActs, ModelAdmin):
    """Versions of forms. Only a draft is written; what is in use stays as it is, for running applications keep it."""

    machine, may = MACHINE, access.may_form
    acts = (
        StaffAct("send", forming.send, "form", "send", fields=("note",)),
        StaffAct("publish", forming.publish, "form", "check", fields=("note",)),
        StaffAct("return", forming.return_for_changes, "form", "undo", fields=("note",), required=("note",)),
        StaffAct("retire", forming.retire, "form", "block", fields=("note",), required=("note",)),
        StaffAct("discard", forming.discard_version, "form", "cancel", fields=("note",)),
    )
    further = ("next_version",)
    list_display = ("title", "standing", "author", "published_at", "applications_count")
    list_display_links = ("title",)
    list_filter = ("state", "form")
    list_select_related = ("form", "author")
    inlines = (VersionHistory,)
    change_form_outer_before_template = "intake/editor/outline.html"
    fieldsets = ((None, {"fields": ("form", "number", "state", "author", "created_at", "published_at")}),)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(used=Count("applications"))

    def get_readonly_fields(self, request, obj=None):
        return self.fieldsets[0][1]["fields"]

    def has_add_permission(self, request):
        return request.user.has_perm(access.WRITE_FORMS)

    def has_change_permission(self, request, obj=None):
        return False  # the pages of the editor write, through the verbs

    def has_delete_permission(self, request, obj=None):
        return False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        version = self.get_object(request, str(object_id)) if object_id else None
        if version is not None:
            extra_context = (extra_context or {}) | {"outline": outline_of(version, request.user)}
        return super().changeform_view(request, object_id, form_url, extra_context)

    def add_view(self, request, form_url="", extra_context=None):
        """Begin a version: of a form that there is, from the version in use, or of a new form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = StartForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                version = self._begin(request, form.cleaned_data)
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("admin:intake_formversion_change", version.pk)
        page = self.admin_site.each_context(request) | {
            "opts": self.opts, "title": _("Start a version"), "form": form,
            "home": reverse("admin:intake_formversion_changelist"),
        }  # fmt: skip
        status = 422 if form.is_bound and form.errors else 200
        return render(request, "intake/editor/entry.html", page, status=status)

    @staticmethod
    def _begin(request, given: dict) -> FormVersion:
        if not given["form"]:
            names = {name: given[name] for name in ("slug", "name_en", "name_zh")}
            return forming.start_form(**names, by=request.user)
        form = ApplicationForm.objects.get(pk=given["form"])
        return forming.start_version(form=form, by=request.user, based_on=form.in_use)

    @action(description=gettext_lazy("Start a new version from this one"), icon="edit_document", url_path="next")
    def next_version(self, request, object_id):
        """Begin a draft that is a copy of this version, once the person has said so."""
        version = self.version_of(request, object_id, writing=False)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self.page(request, "next", version, _("Start a new version from this one"))
        try:
            draft = forming.start_version(form=version.form, by=request.user, based_on=version)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:intake_formversion_change", object_id)
        messages.success(request, _("A draft that is a copy. The version it comes from stays as it is."))
        return redirect("admin:intake_formversion_change", draft.pk)

    @display(description=gettext_lazy("form and version"), ordering=("form", "number"))
    def title(self, version):
        return str(version)

    @display(description=gettext_lazy("state"), ordering="state", label=TONES)
    def standing(self, version):
        return version.state, version.get_state_display()

    @display(description=gettext_lazy("applications"), ordering="used")
    def applications_count(self, version):
        return version.used
