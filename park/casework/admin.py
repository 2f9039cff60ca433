"""Flags and absences as lists. What was written is read here; verbs write it."""

from django.contrib import admin, messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from park.audit.admin import KeptHistory, OnlyRead
from park.workflow.actions import MoveRefused

from . import actions
from .forms import AbsenceForm
from .models import Absence, Flag


class LiveFilter(admin.SimpleListFilter):
    title = gettext_lazy("standing")
    parameter_name = "live"

    def lookups(self, request, model_admin):
        return [("yes", _("Counts today")), ("no", _("Lifted or over"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.live()
        return queryset.exclude(pk__in=Flag.objects.live().values("pk")) if self.value() == "no" else queryset


@admin.register(Flag)
class FlagAdmin(OnlyRead, ModelAdmin):
    """Every flag that was ever put up. It is put up and lifted on the page of the record."""

    list_display = ("kind", "about", "reason", "by", "at", "until", "lifted_at")
    list_filter = (LiveFilter, "kind")
    list_select_related = ("by", "content_type")
    search_fields = ("reason",)
    fields = ("kind", "about", "reason", "by", "at", "until", "lifted_at", "lifted_by", "lifted_because")
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("record")

    @display(description=gettext_lazy("about"))
    def about(self, flag):
        return str(flag.record or "–")


class AbsenceFilter(admin.SimpleListFilter):
    title = gettext_lazy("when")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("today", _("Away today")), ("coming", _("Now or later"))]

    def queryset(self, request, queryset):
        match self.value():
            case "today":
                return queryset.today()
            case "coming":
                return queryset.coming()
        return queryset


@admin.register(Absence)
class AbsenceAdmin(KeptHistory, ModelAdmin):
    """Who is away and who stands in. Whoever stands in sees the cases in their queue, and may act on them."""

    list_display = ("officer", "substitute", "first_day", "last_day", "cancelled_at")
    list_filter = (AbsenceFilter,)
    list_select_related = ("officer", "substitute")
    search_fields = ("officer__name", "officer__name_zh", "officer__email")
    date_hierarchy = "first_day"
    fields = readonly_fields = ("officer", "substitute", "first_day", "last_day", "cancelled_at")
    actions_detail = ("come_back",)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def add_view(self, request, form_url="", extra_context=None):
        """Enter an absence by the verb, on a form that offers colleagues."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        form = AbsenceForm(request.POST or None, by=request.user)
        back = reverse("admin:casework_absence_changelist")
        if request.method == "POST" and form.is_valid():
            try:
                actions.be_away(by=request.user, **form.cleaned_data)
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The absence is entered. Who stands in sees the cases from the first day."))
                return redirect(back)
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "title": _("Enter an absence"), "form": form, "back": back,
        }  # fmt: skip
        return render(request, "casework/form.html", page, status=422 if form.is_bound else 200)

    @action(description=gettext_lazy("End or cancel the absence"), url_path="come-back", icon="event_available")
    def come_back(self, request, object_id):
        back = reverse("admin:casework_absence_change", args=[object_id])
        absence = self.get_object(request, str(object_id))
        if absence is not None and request.method == "POST":
            try:
                actions.come_back(absence=absence, by=request.user)
            except MoveRefused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("The absence is ended."))
            return redirect(back)
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "original": absence, "title": _("End or cancel the absence"), "form": None, "back": back,
        }  # fmt: skip
        return render(request, "casework/form.html", page)
