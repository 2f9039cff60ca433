"""Tenants on the staff's desk."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from incubation.facts import wide_row
from park.audit.admin import KeptHistory
from park.workflow.actions import MoveRefused

from .. import access, actions, ageing, board
from ..forms import CompanyForm
from ..models import Mentorship, Tenant
from ..staff import StaffAct, StaffActs
from ..stages import Stage
from ..states import ACTIVE, LIVE, MACHINE
from . import asked
from .inlines import (
    CorrectionInline,
    EnrolmentInline,
    ExitInline,
    GateInline,
    HistoryInline,
    MilestoneInline,
    SuspensionInline,
)

NOTE, TO_THEM = ("note",), {"fields": ("note",), "required": ("note",)}


class TimeFilter(admin.SimpleListFilter):
    """Who has used three quarters of its time, and who is over it."""

    title, parameter_name = _("time"), "time"

    def lookups(self, request, model_admin):
        return [("ageing", _("Three quarters of the time used")), ("over", _("Over their time"))]

    def queryset(self, request, queryset):
        if self.value() not in ("ageing", "over"):
            return queryset
        day = wide_row.today()
        asked = ageing.IS_OVER if self.value() == "over" else ageing.RUNS_OUT
        return queryset.filter(ageing.whose(day, asked), state__in=LIVE)


class MentorFilter(admin.SimpleListFilter):
    title, parameter_name = _("mentor"), "mentor"

    def lookups(self, request, model_admin):
        return [("none", _("Without a mentor")), ("some", _("With a mentor"))]

    def queryset(self, request, queryset):
        mentored = Mentorship.objects.filter(ended_on=None).values("tenant")
        match self.value():
            case "none":
                return queryset.exclude(pk__in=mentored)
            case "some":
                return queryset.filter(pk__in=mentored)
        return queryset


@admin.register(Tenant)
class TenantAdmin(StaffActs, KeptHistory, ModelAdmin):
    machine, may = MACHINE, access.may_make
    acts = (
        StaffAct("extend", actions.extend, "tenant", "more_time", extra=asked.more_time, **TO_THEM),
        StaffAct("suspend", actions.suspend, "tenant", "pause", extra=asked.suspension, **TO_THEM),
        StaffAct("look_again", actions.look_again, "tenant", "visibility", **TO_THEM),
        StaffAct("resume", actions.resume, "tenant", "play_arrow", fields=NOTE),
        StaffAct("announce_exit", actions.announce_exit, "tenant", "logout", extra=asked.exit_announced, **TO_THEM),
        StaffAct("hand_over", actions.hand_over, "tenant", "checklist", extra=asked.handover),
        StaffAct("take_back_exit", actions.take_back_exit, "tenant", "undo", fields=NOTE),
        StaffAct("exit", actions.exit, "tenant", "door_open", fields=NOTE, extra=asked.exit_confirmed),
        StaffAct(
            "propose_correction", actions.propose_correction, "tenant", "history", extra=asked.correction, **TO_THEM
        ),
        StaffAct("correct", actions.correct, "tenant", "history_toggle_off", fields=NOTE),
        StaffAct("drop_correction", actions.drop_correction, "tenant", "cancel", fields=NOTE),
    )
    further = ("ask_for_gate", "found_company")
    list_display = ("organisation", "stage_meter", "standing", "sector", "stage_since", "stage_due", "officer")
    list_filter = ("state", "stage", TimeFilter, MentorFilter, "sector", "officer")
    list_filter_submit = True
    list_select_related = ("organisation", "officer")
    search_fields = ("organisation__name_en", "organisation__name_zh_hans", "organisation__slug", "talent__name")
    date_hierarchy = "admitted_on"
    ordering = ("stage_due", "pk")
    inlines = (
        MilestoneInline, EnrolmentInline, GateInline, SuspensionInline, ExitInline, CorrectionInline, HistoryInline,
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("organisation", "state", "stage", "stage_since", "stage_due", "officer")}),
        (_("Who"), {"fields": ("talent", "enterprise", "application", "sector", "admitted_on")}),
    )

    actions_list = ("board",)

    def get_urls(self):
        page = self.admin_site.admin_view(self.board_view)
        return [path("board/", page, name="journey_board"), *super().get_urls()]

    @action(description=_("Board of the stages"), url_path="stages", icon="view_kanban")
    def board(self, request):
        return redirect("admin:journey_board")

    def board_view(self, request):
        """Show the five stages with their counts, gates, overstays and mentors: a constant number of statements."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = {**self.admin_site.each_context(request), "opts": self.opts, "title": gettext("Board of the stages")}
        return render(request, "journey/admin_board.html", page | board.board(wide_row.today()))

    def pointless(self, tenant):
        leaving = actions.announced(tenant)
        moves = {"announce_exit"} if leaving else {"hand_over", "take_back_exit", "exit"}
        if leaving and not leaving.items.filter(done_at=None).exists():
            moves |= {"hand_over"}
        correcting = tenant.corrections.filter(confirmed_at=None, dropped_at=None).exists()
        moves |= {"propose_correction"} if correcting else {"correct", "drop_correction"}
        return moves | ({"propose_correction"} if tenant.stage == Stage.PROJECT_PRE else set())

    def get_actions_detail(self, request, object_id):
        tenant = self.get_object(request, str(object_id))
        hidden = set()
        if tenant is None or tenant.enterprise_id or not request.user.has_perm("registry.add_enterprise"):
            hidden.add("found_company")
        if tenant is None or not self._may_ask(request.user, tenant):
            hidden.add("ask_for_gate")
        return [
            each
            for each in super().get_actions_detail(request, object_id)
            if not any(each.action_name.endswith(name) for name in hidden)
        ]

    def _may_ask(self, user, tenant) -> bool:
        here = tenant.state == ACTIVE and not tenant.gates.under_way().exists()
        return here and user.has_perm(access.CHECK) and not access.is_one_of_theirs(user, tenant)

    @action(description=_("Ask for the next gate"), url_path="gate", icon="flag")
    def ask_for_gate(self, request, object_id):
        """Ask for the gate in the tenant's place, on a page of its own; lead to the case."""
        tenant = self.get_object(request, str(object_id))
        if tenant is None or not self._may_ask(request.user, tenant):
            raise Http404
        refusal, status = "", 200
        if request.method == "POST":
            try:
                gate = actions.request_gate(tenant=tenant, by=request.user, note=request.POST.get("note", "")[:4000])
            except MoveRefused as refused:
                refusal, status = str(refused), refused.status
            else:
                messages.success(request, gettext("The gate is asked for."))
                return redirect("admin:journey_gate_change", gate.pk)
        page = self._page(request, tenant, gettext("Ask for the next gate")) | {"refusal": refusal}
        return render(request, "journey/staff_gate.html", page, status=status)

    @action(description=_("Enter the company"), url_path="company", icon="apartment")
    def found_company(self, request, object_id):
        """Enter the company that the project became, on a page of its own."""
        tenant = self.get_object(request, str(object_id))
        if tenant is None or not request.user.has_perm("registry.add_enterprise"):
            raise Http404
        form = CompanyForm(request.POST or None, initial={"sector": tenant.sector, "name_en": str(tenant)})
        page = self._page(request, tenant, gettext("Enter the company")) | {"form": form}
        if request.method == "POST" and form.is_valid():
            try:
                actions.found_company(tenant=tenant, by=request.user, **form.cleaned_data)
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, gettext("The company is entered and linked."))
                return redirect(page["case"])
        return render(request, "journey/staff_act.html", page, status=422 if form.is_bound else 200)

    def _page(self, request, tenant, title: str) -> dict:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": tenant,
            "title": title,
            "case": reverse("admin:journey_tenant_change", args=[tenant.pk]),
            "state": tenant.get_state_display(),
        }

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


