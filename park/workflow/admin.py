"""The staff's view of moves, clocks and the calendar. Moves and clocks are read, never edited: verbs make them."""

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.admin import GenericTabularInline, ModelAdmin

from . import clocks
from .machine import Machine
from .models import CalendarDay, Clock, TransitionLog


class ReadOnly:
    """What is written down is not edited."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class RecordInline(ReadOnly, GenericTabularInline):
    """Rows that hang on the record shown: whoever may see the record sees them."""

    ct_field, ct_fk_field = "content_type", "object_id"
    extra = max_num = 0
    hide_title = True
    machine: Machine | None = None  # a room's subclass names its own, so that states and moves are shown in words

    def has_view_permission(self, request, obj=None) -> bool:
        return True


class TransitionInline(RecordInline):
    """A record's history, refused tries included. In a room: ``class History(TransitionInline): machine = MACHINE``."""

    model = TransitionLog
    verbose_name, verbose_name_plural = _("move"), _("history")
    fields = readonly_fields = (
        "at", "step", "from_state", "to_state", "who", "acting_for", "reason_code", "note", "internal_note", "refusal"
    )  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor", "acting_for")

    @admin.display(description=_("step"))
    def step(self, log):
        move = self.machine and self.machine.find(log.move)
        return move.label if move else log.move

    @admin.display(description=_("from"))
    def from_state(self, log):
        return self.machine.label_of(log.origin) if self.machine and log.origin else log.origin

    @admin.display(description=_("to"))
    def to_state(self, log):
        return self.machine.label_of(log.target) if self.machine and log.target else log.target

    @admin.display(description=_("who"))
    def who(self, log):
        return log.actor or _("the portal")


class ClockInline(RecordInline):
    """The promises that run on a record."""

    model = Clock
    verbose_name, verbose_name_plural = _("clock"), _("clocks")
    fields = readonly_fields = ("name", "working_days", "started_at", "due_at", "paused_at", "stopped_at", "standing")

    @admin.display(description=_("standing"))
    def standing(self, clock):
        return standing_of(clock)


def standing_of(clock: Clock) -> str:
    """Say in a word how a clock stands."""
    if clock.stopped_at:
        return (
            pgettext_lazy("promise", "kept late")
            if clock.stopped_at > clock.due_at
            else pgettext_lazy("promise", "kept")
        )
    if clock.paused_at:
        return pgettext_lazy("promise", "paused")
    if clock.is_late:
        return pgettext_lazy("promise", "late")
    return (
        pgettext_lazy("promise", "at risk") if clock.warn_at <= timezone.now() else pgettext_lazy("promise", "in time")
    )


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"
    QUESTIONS = {"late": "late", "risk": "at_risk", "running": "running", "paused": "paused"}

    def lookups(self, request, model_admin):
        return [
            ("late", _("Late")),
            # xgettext:no-python-format
            ("risk", _("70 % used")),
            ("running", _("Running")),
            ("paused", _("Paused: the other side must act")),
        ]

    def queryset(self, request, queryset):
        question = self.QUESTIONS.get(self.value())
        return getattr(queryset, question)() if question else queryset


@admin.register(Clock)
class ClockAdmin(ReadOnly, ModelAdmin):
    list_display = ("subject", "name", "working_days", "started_at", "due_at", "standing")
    list_filter = (StandingFilter, "name")
    ordering = ("due_at",)
    fields = readonly_fields = (
        "subject", "name", "working_days", "started_at", "warn_at", "due_at", "paused_at", "paused_for", "stopped_at",
        "warned_at", "breached_at", "standing",
    )  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("content_type").prefetch_related("record")

    @admin.display(description=_("record"))
    def subject(self, clock):
        kind = clock.content_type
        try:
            url = reverse(f"admin:{kind.app_label}_{kind.model}_change", args=[quote(clock.object_id)])
        except NoReverseMatch:
            return str(clock.record or clock.object_id)
        return format_html('<a href="{}">{}</a>', url, clock.record or clock.object_id)

    @admin.display(description=_("standing"))
    def standing(self, clock):
        return standing_of(clock)


@admin.register(CalendarDay)
class CalendarDayAdmin(ModelAdmin):
    list_display = ("day", "works", "name")
    list_filter = ("works",)
    date_hierarchy = "day"
    fields = ("day", "works", "name_en", "name_zh_hans")
    search_fields = ("name_en", "name_zh_hans")

    def get_readonly_fields(self, request, obj=None):
        return ("day",) if obj else ()

    def save_model(self, request, obj, form, change):
        with clocks.recounted(obj.day):
            super().save_model(request, obj, form, change)

    def delete_model(self, request, obj):
        with clocks.recounted(obj.day):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for day in queryset:
            self.delete_model(request, day)
