"""Webhooks for staff: which addresses are told, what became of each delivery, and again or never for what failed."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline

from park.notices.admin import InTrouble, ReadOnly

from . import actions
from .models import Endpoint, EndpointAct, Sending


class ActInline(ReadOnly, TabularInline):
    model = EndpointAct
    extra = max_num = 0
    hide_title = True
    fields = readonly_fields = ("at", "act", "by", "deliveries")
    ordering = ("-pk",)

    def has_view_permission(self, request, obj=None) -> bool:
        return True


@admin.register(Endpoint)
class EndpointAdmin(ReadOnly, ModelAdmin):
    list_display = ("organisation", "url", "events", "made_at", "stopped_at", "stopped")
    list_filter = ("stopped", ("stopped_at", admin.EmptyFieldListFilter))
    list_select_related = ("organisation",)
    search_fields = ("organisation__name", "url")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "organisation", "url", "events", "made_by", "made_at", "old_until", "quiet_until", "stopped_at",
        "stopped",
    )  # fmt: skip
    inlines = (ActInline,)
    actions = ("stop",)

    def has_stop_permission(self, request) -> bool:
        return request.user.has_perm("webhooks.change_endpoint")

    @admin.action(description=_("Stop"), permissions=["stop"])
    def stop(self, request, queryset):
        for endpoint in queryset:
            try:
                actions.stop(endpoint=endpoint, by=request.user)
            except actions.CannotDo as refusal:
                self.message_user(request, f"{endpoint}: {refusal}", messages.WARNING)


@admin.register(Sending)
class SendingAdmin(ReadOnly, ModelAdmin):
    list_display = ("due_at", "kind", "organisation", "url", "state", "tries", "last_status", "sent_at", "last_error")
    list_filter = (InTrouble, "state", "event__kind")
    list_select_related = ("event", "endpoint__organisation")
    search_fields = ("endpoint__url", "endpoint__organisation__name", "=number")
    ordering = ("-pk",)
    show_full_result_count = False
    fields = readonly_fields = (
        "kind", "organisation", "url", "state", "due_at", "tries", "last_status", "sent_at", "last_error", "number"
    )  # fmt: skip
    actions = ("send_again", "never_send")

    @admin.display(description=_("kind"), ordering="event__kind")
    def kind(self, sending):
        return sending.event.kind

    @admin.display(description=_("organisation"))
    def organisation(self, sending):
        return sending.endpoint.organisation

    @admin.display(description=_("address"))
    def url(self, sending):
        return sending.endpoint.url

    def has_send_permission(self, request) -> bool:
        return request.user.has_perm("webhooks.change_sending")

    @admin.action(description=_("Send again"), permissions=["send"])
    def send_again(self, request, queryset):
        count = actions.replay(sendings=queryset, by=request.user)
        told = ngettext("%(count)s delivery is sent again.", "%(count)s deliveries are sent again.", count)
        self.message_user(request, told % {"count": count}, messages.SUCCESS if count else messages.WARNING)

    @admin.action(description=_("Never send"), permissions=["send"])
    def never_send(self, request, queryset):
        count = actions.cancel(sendings=queryset, by=request.user)
        told = ngettext("%(count)s delivery is cancelled.", "%(count)s deliveries are cancelled.", count)
        self.message_user(request, told % {"count": count}, messages.SUCCESS if count else messages.WARNING)
