"""The outbox for staff: what was told and what became of it, and again or never for what did not go.

Letters themselves are not shown: what we wrote to a person is between the two.
"""

from django.contrib import admin, messages
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline

from . import actions
from .models import Delivery, DeliveryState, Notice


class ReadOnly:
    """The ledger is written by verbs and workers alone."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class DeliveryInline(ReadOnly, TabularInline):
    model = Delivery
    fk_name = "notice"
    extra = max_num = 0
    hide_title = True
    fields = readonly_fields = ("channel", "state", "due_at", "tries", "sent_at", "last_error")

    def has_view_permission(self, request, obj=None) -> bool:
        return True


@admin.register(Notice)
class NoticeAdmin(ReadOnly, ModelAdmin):
    list_display = ("created_at", "kind", "subject_id", "version", "recipient", "read_at")
    list_filter = ("kind", ("read_at", admin.EmptyFieldListFilter))
    list_select_related = ("recipient",)
    search_fields = ("=recipient__email", "=kind")
    search_help_text = _("Write the whole e-mail address, or the whole name of a kind.")
    ordering = ("-pk",)
    show_full_result_count = False
    fields = readonly_fields = ("recipient", "kind", "subject_id", "version", "created_at", "read_at")
    inlines = (DeliveryInline,)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, ModelAdmin):
    list_display = ("due_at", "kind", "recipient", "channel", "state", "tries", "sent_at", "last_error")
    list_filter = ("state", "channel", "notice__kind")
    list_select_related = ("notice__recipient",)
    list_before_template = "notices/admin_counts.html"
    search_fields = ("=notice__recipient__email",)
    search_help_text = _("Write the whole e-mail address.")
    ordering = ("-pk",)
    show_full_result_count = False
    fields = readonly_fields = (
        "kind", "recipient", "channel", "state", "due_at", "tries", "sent_at", "last_error", "message_id", "claimed_by"
    )  # fmt: skip
    actions = ("send_again", "never_send")

    @admin.display(description=_("kind"), ordering="notice__kind")
    def kind(self, delivery):
        return delivery.notice.kind

    @admin.display(description=_("recipient"), ordering="notice__recipient__email")
    def recipient(self, delivery):
        return delivery.notice.recipient.email

    def changelist_view(self, request, extra_context=None):
        counted = dict(Delivery.objects.order_by().values_list("state").annotate(Count("pk")))
        counts = [(label, counted.get(state, 0)) for state, label in DeliveryState.choices]
        oldest = Delivery.objects.due().order_by("due_at").values_list("due_at", flat=True).first()
        return super().changelist_view(request, {"counts": counts, "oldest": oldest} | (extra_context or {}))

    def has_send_permission(self, request) -> bool:
        return request.user.has_perm("notices.change_delivery")

    @admin.action(description=_("Send again"), permissions=["send"])
    def send_again(self, request, queryset):
        count = actions.retry(deliveries=queryset)
        told = ngettext("%(count)s delivery is sent again.", "%(count)s deliveries are sent again.", count)
        self.message_user(request, told % {"count": count}, messages.SUCCESS if count else messages.WARNING)

    @admin.action(description=_("Never send"), permissions=["send"])
    def never_send(self, request, queryset):
        count = actions.cancel(deliveries=queryset, reason=f"cancelled by staff #{request.user.pk}")
        told = ngettext("%(count)s delivery is cancelled.", "%(count)s deliveries are cancelled.", count)
        self.message_user(request, told % {"count": count}, messages.SUCCESS if count else messages.WARNING)
