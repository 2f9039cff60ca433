"""The staff's desk for tenants: where each stands, since when, and who lets it through the gate."""

from django.contrib import admin
from django.contrib.contenttypes.admin import GenericTabularInline
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from park.workflow.models import TransitionLog

from . import access, actions
from .models import Gate, Milestone, MilestonePlan, StageEnrolment, StageGuide, Tenant
from .seeds import IN_TWO_LANGUAGES
from .staff import StaffAct, StaffActs
from .stages import Stage
from .states import MACHINE


class ReadOnly:
    """Records that only verbs write: staff read them."""

    extra = 0
    can_delete = False
    tab = True

    def has_view_permission(self, request, obj=None):
        return True  # who may open the case may read what belongs to it

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class HistoryInline(ReadOnly, GenericTabularInline, TabularInline):
    """The moves of a record, as they were made."""

    model = TransitionLog
    ct_field, ct_fk_field = "content_type", "object_id"
    fields = ("at", "move", "origin", "target", "actor", "note", "internal_note", "refusal")
    verbose_name_plural = _("history")
    ordering = ("-at", "-pk")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor")


class EnrolmentInline(ReadOnly, TabularInline):
    model = StageEnrolment
    fields = ("stage", "since", "due", "ended_on")


class GateInline(ReadOnly, TabularInline):
    model = Gate
    fields = ("origin", "target", "proposed_by", "proposed_at", "note", "outcome", "decided_by", "decided_at")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("proposed_by", "decided_by")


class MilestoneInline(TabularInline):
    model = Milestone
    extra = 0
    tab = True
    fields = ("stage", "position", "name_en", "name_zh_hans", "planned_on", "reached_on")


@admin.register(Tenant)
class TenantAdmin(StaffActs, ModelAdmin):
    machine, may = MACHINE, access.may_make
    acts = (
        StaffAct("propose_gate", actions.propose_gate, "tenant", "flag", fields=("note",)),
        StaffAct("advance", actions.advance, "tenant", "stairs", fields=("note",)),
        StaffAct("graduate", actions.graduate, "tenant", "school", fields=("note",)),
        StaffAct("hold", actions.hold, "tenant", "pan_tool", fields=("note",), required=("note",)),
        StaffAct("suspend", actions.suspend, "tenant", "pause", fields=("note",), required=("note",)),
        StaffAct("resume", actions.resume, "tenant", "play_arrow", fields=("note",)),
        StaffAct("announce_exit", actions.announce_exit, "tenant", "logout", fields=("note",), required=("note",)),
        StaffAct("exit", actions.exit, "tenant", "door_open", fields=("note",)),
    )
    list_display = ("organisation", "stage_meter", "standing", "sector", "stage_since", "stage_due", "officer")
    list_filter = ("state", "stage", "sector", "officer")
    list_filter_submit = True
    list_select_related = ("organisation", "officer")
    search_fields = ("organisation__name_en", "organisation__name_zh_hans", "organisation__slug", "talent__name")
    date_hierarchy = "admitted_on"
    ordering = ("stage_due", "pk")
    inlines = (MilestoneInline, EnrolmentInline, GateInline, HistoryInline)
    fieldsets = (
        (None, {"fields": ("organisation", "state", "stage", "stage_since", "stage_due", "officer")}),
        (_("Who"), {"fields": ("talent", "enterprise", "application", "sector", "admitted_on")}),
    )

    def get_readonly_fields(self, request, obj=None):
        return [field for _title, options in self.fieldsets for field in options["fields"] if field != "officer"]

    def has_add_permission(self, request):
        return False  # a tenant begins with an accepted application

    def has_delete_permission(self, request, obj=None):
        return False

    @display(description=_("stage"), ordering="stage")
    def stage_meter(self, tenant):
        return f"{Stage(tenant.stage).number} · {tenant.get_stage_display()}"

    @display(
        description=_("standing"), ordering="state",
        label={"active": "success", "suspended": "warning", "graduated": "info", "exited": "danger"},
    )
    def standing(self, tenant):
        return tenant.state, tenant.get_state_display()


@admin.register(StageGuide)
class StageGuideAdmin(ModelAdmin):
    list_display = ("stage", "gate", "months_from", "months_to")
    readonly_fields = ("stage",)
    fieldsets = (
        (None, {"fields": ("stage", "months_from", "months_to")}),
        ("English", {"fields": tuple(f"{name}_en" for name in IN_TWO_LANGUAGES)}),
        (
            "简体中文",
            {"fields": tuple(f"{name}_zh_hans" for name in IN_TWO_LANGUAGES)},
        ),
    )

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(MilestonePlan)
class MilestonePlanAdmin(ModelAdmin):
    list_display = ("stage", "position", "name_en", "name_zh_hans")
    list_filter = ("stage",)
    fields = ("stage", "position", "name_en", "name_zh_hans")
