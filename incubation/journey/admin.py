"""The staff's desk for tenants: where each stands, since when, and who lets it through the gate."""

from django.contrib import admin, messages
from django.contrib.contenttypes.admin import GenericTabularInline
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from park.audit.admin import KeptHistory
from park.workflow.actions import MoveRefused
from park.workflow.models import TransitionLog

from . import access, actions
from .forms import CompanyForm
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
    """Milestones are kept by whoever lets tenants through gates."""

    model = Milestone
    extra = 0
    tab = True
    fields = ("stage", "position", "name_en", "name_zh_hans", "planned_on", "reached_on")

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("journey.change_tenant")

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Tenant)
class TenantAdmin(StaffActs, KeptHistory, ModelAdmin):
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
    further = ("found_company",)
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

    def pointless(self, tenant):
        at_a_gate = tenant.gates.filter(outcome=Gate.Outcome.OPEN).exists()
        announced = TransitionLog.objects.of(tenant).made().filter(move="announce_exit").exists()
        moves = {"announce_exit"} if announced else {"exit"}
        moves |= {"propose_gate"} if at_a_gate else {"advance", "graduate", "hold"}
        return moves | ({"advance"} if Stage(tenant.stage).next is None else {"graduate"})

    def get_actions_detail(self, request, object_id):
        tenant = self.get_object(request, str(object_id))
        done = tenant is None or tenant.enterprise_id or not request.user.has_perm("registry.add_enterprise")
        return [
            each
            for each in super().get_actions_detail(request, object_id)
            if not (done and each.action_name.endswith("found_company"))
        ]

    @action(description=_("Enter the company"), url_path="company", icon="apartment")
    def found_company(self, request, object_id):
        """Enter the company that the project became, on a page of its own."""
        tenant = self.get_object(request, str(object_id))
        if tenant is None or not request.user.has_perm("registry.add_enterprise"):
            raise Http404
        case = reverse("admin:journey_tenant_change", args=[object_id])
        form = CompanyForm(request.POST or None, initial={"sector": tenant.sector, "name_en": str(tenant)})
        if request.method == "POST" and form.is_valid():
            try:
                actions.found_company(tenant=tenant, by=request.user, **form.cleaned_data)
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, gettext("The company is entered and linked."))
                return redirect(case)
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": tenant,
            "title": gettext("Enter the company"),
            "form": form,
            "case": case,
            "state": tenant.get_state_display(),
        }
        return render(request, "journey/staff_act.html", page, status=422 if form.is_bound else 200)

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
