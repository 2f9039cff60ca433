"""Gates on the staff's desk: the queue, and the case of one tenant from request to decision."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from park.audit.admin import KeptHistory
from park.workflow.actions import GuardFailed

from .. import access, actions, judging
from ..models import Gate, GateCondition
from ..staff import StaffAct, StaffActs
from ..stages import Stage
from ..states import GATE, UNDER_WAY, GateState
from . import asked
from .inlines import ConditionInline, HistoryInline, ScorerInline, WaiverInline

TONES = {
    "requested": "info", "in_review": "info", "to_decide": "warning", "held": "warning", "conditional": "warning",
    "passed": "success", "returned": "danger",
}  # fmt: skip


def ask_somebody(*, gate, by, role, person=None, email="", version=None):
    """Ask the person chosen, or whose address was typed."""
    person = person or get_user_model().objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise GuardFailed(gettext("Choose somebody, or write the e-mail address of an account."), code="nobody")
    return actions.assign(gate=gate, person=person, role=role, by=by, version=version)


def with_conditions(*, gate, by, note="", version=None, **fields):
    typed = [(fields.get(f"condition_{n}", ""), fields.get(f"due_{n}")) for n in range(1, asked.CONDITIONS + 1)]
    return actions.advance_with_conditions(gate=gate, by=by, conditions=typed, note=note, version=version)


def meet(*, gate, by, condition, proof, version=None):
    return actions.meet_condition(
        condition=GateCondition.objects.get(pk=condition, gate=gate), by=by, proof=proof, version=version
    )


class QueueFilter(admin.SimpleListFilter):
    """What somebody of the park has to act on."""

    title, parameter_name = _("queue"), "queue"

    def lookups(self, request, model_admin):
        return [("under_way", _("Under way")), ("conditions", _("Conditions open")), ("mine", _("Mine"))]

    def queryset(self, request, queryset):
        match self.value():
            case "under_way":
                return queryset.filter(state__in=UNDER_WAY)
            case "conditions":
                return queryset.filter(state=GateState.CONDITIONAL)
            case "mine":
                return queryset.filter(state__in=UNDER_WAY, tenant__officer=request.user)
        return queryset


@admin.register(Gate)
class GateAdmin(StaffActs, KeptHistory, ModelAdmin):
    machine, may = GATE, access.may_make_at_gate
    acts = (
        StaffAct("assign", ask_somebody, "gate", "person_add", extra=asked.scorer),
        StaffAct("waive", actions.waive, "gate", "rule", extra=asked.to_waive),
        StaffAct("check", actions.check, "gate", "fact_check", fields=("note",)),
        StaffAct("return", actions.send_back, "gate", "undo", fields=("note",), required=("note",)),
        StaffAct("advance", actions.advance, "gate", "stairs", fields=("note",)),
        StaffAct(
            "advance_with_conditions", with_conditions, "gate", "rule_settings", fields=("note",),
            extra=asked.conditions,
        ),
        StaffAct(
            "hold", actions.hold, "gate", "pan_tool", fields=("note",), required=("note",), extra=asked.retry
        ),
        StaffAct(
            "review_plan", actions.review_plan, "gate", "edit_calendar", fields=("note",), required=("note",),
            extra=asked.retry,
        ),
        StaffAct("meet_condition", meet, "gate", "task_alt", extra=asked.condition_met),
        StaffAct("withdraw", actions.withdraw, "gate", "cancel", fields=("note",)),
    )  # fmt: skip
    list_display = ("tenant_name", "leads", "standing", "requested_at", "requested_by", "checked_by", "decided_by")
    list_filter = (QueueFilter, "state", "origin")
    list_filter_submit = True
    list_select_related = ("tenant__organisation", "requested_by", "checked_by", "decided_by")
    search_fields = ("tenant__organisation__name_en", "tenant__organisation__name_zh_hans")
    date_hierarchy = "requested_at"
    ordering = ("-requested_at", "-pk")
    inlines = (ScorerInline, WaiverInline, ConditionInline, HistoryInline)
    fieldsets = (
        (None, {"fields": ("tenant_link", "leads", "state", "terms", "requested_by", "requested_at", "note")}),
        (_("What the gate asks"), {"fields": ("asks_now", "asked_when_checked", "papers_shown")}),
        (_("Decision"), {"fields": ("result", "decided_by", "decided_at", "retry_on", "plan")}),
    )

    def get_queryset(self, request):
        related = ("tenant__organisation", "tenant__talent", "terms", "requested_by", "checked_by", "decided_by")
        return super().get_queryset(request).select_related(*related)

    def get_readonly_fields(self, request, obj=None):
        return [field for _title, options in self.fieldsets for field in options["fields"]]

    def pointless(self, gate):
        moves = {"advance_with_conditions"} if gate.leads_out else set()
        return moves | (set() if actions.still_open(gate) else {"waive"}) if gate.terms else moves | {"waive"}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @display(description=_("tenant"), ordering="tenant__organisation__name")
    def tenant_name(self, gate):
        return str(gate.tenant)

    @display(description=_("tenant"))
    def tenant_link(self, gate):
        url = reverse("admin:journey_tenant_change", args=[gate.tenant_id])
        return format_html('<a class="underline" href="{}">{}</a>', url, gate.tenant)

    @display(description=_("from → to"))
    def leads(self, gate):
        target = Stage(gate.target).label if gate.target else gettext("Graduation")
        return f"{gate.get_origin_display()} → {target}"

    @display(description=_("state"), ordering="state", label=TONES)
    def standing(self, gate):
        return gate.state, gate.get_state_display()

    @display(description=_("as it stands today"))
    def asks_now(self, gate):
        if gate.terms is None:
            return "–"
        standing = judging.stand(gate.tenant, gate.terms)
        return render_to_string("journey/admin_standing.html", {"entries": standing.entries, "waived": _waived(gate)})

    @display(description=_("when it was checked"))
    def asked_when_checked(self, gate):
        if gate.terms is None or not gate.found:
            return "–"
        standing = judging.stood(gate, gate.found)
        return render_to_string("journey/admin_standing.html", {"entries": standing.entries, "waived": _waived(gate)})

    @display(description=_("papers"))
    def papers_shown(self, gate):
        if gate.terms is None:
            return "–"
        papers = judging.papers(gate.tenant, gate.terms)
        return render_to_string("journey/admin_papers.html", {"papers": papers})

    @display(description=_("scores"))
    def result(self, gate):
        totals = [asked.total for asked in gate.asked.all() if asked.total is not None]
        if not totals or gate.terms is None:
            return "–"
        words = {"mean": round(sum(totals) / len(totals), 1), "count": len(totals), "mark": gate.terms.pass_mark}
        return gettext("%(mean)s of 100 on average, %(count)s scores; %(mark)s passes") % words


def _waived(gate) -> list[str]:
    return [waiver.words for waiver in gate.waivers.all()]
