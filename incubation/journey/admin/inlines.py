"""What hangs on a case, as staff read it: only verbs write it."""

from django.contrib.contenttypes.admin import GenericTabularInline
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from park.workflow.models import TransitionLog

from ..models import (
    Extension,
    Gate,
    GateCondition,
    GateScorer,
    GateWaiver,
    Milestone,
    StageCorrection,
    StageEnrolment,
    Suspension,
    TenantExit,
)


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
    fields = ("stage", "since", "due", "ended_on", "gate", "correction", "voided_at")

    def get_queryset(self, request):
        related = ("gate__tenant__organisation", "correction__tenant__organisation")
        return super().get_queryset(request).select_related(*related)


class GateInline(ReadOnly, TabularInline):
    model = Gate
    fields = ("origin", "target", "state", "requested_by", "requested_at", "checked_by", "decided_by", "decided_at")
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("requested_by", "checked_by", "decided_by")


class SuspensionInline(ReadOnly, TabularInline):
    model = Suspension
    fields = ("cause", "since", "ended_on", "effect")


class CorrectionInline(ReadOnly, TabularInline):
    model = StageCorrection
    fields = ("origin", "target", "error", "proposed_by", "proposed_at", "confirmed_by", "confirmed_at", "dropped_at")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("proposed_by", "confirmed_by")


class ExitInline(ReadOnly, TabularInline):
    model = TenantExit
    fields = ("kind", "reason", "announced_by", "leaves_on", "survival", "confirmed_by", "confirmed_at")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("announced_by", "confirmed_by")


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


class ExtensionInline(ReadOnly, TabularInline):
    model = Extension
    fields = ("number", "of", "due_before", "due", "reason", "by", "at")


class WaiverInline(ReadOnly, TabularInline):
    model = GateWaiver
    fields = ("words", "reason", "by", "at")
    verbose_name_plural = _("waivers")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")


class ScorerInline(ReadOnly, TabularInline):
    model = GateScorer
    fields = ("person", "role", "asked_at", "total", "advice", "comment", "scored_at", "stepped_aside_at", "interest")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person")


class ConditionInline(ReadOnly, TabularInline):
    model = GateCondition
    fields = ("text", "due_on", "met_at", "met_by", "proof")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("met_by")
