"""The outbox for staff: what was told and what became of it, and again or never for what did not go.

Letters themselves are not shown: what we wrote to a person is between the two.
"""

from django.contrib import admin, messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action

from . import actions
from .models import Delivery, DeliveryState, MailLimit, Notice, OutboxAct


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


class InTrouble(admin.SimpleListFilter):
    """The dead letters: what was refused or given up."""

    title, parameter_name = _("in trouble"), "trouble"

    def lookups(self, request, model_admin):
        return [("1", _("Refused or given up"))]

    def queryset(self, request, queryset):
        return queryset.troubled() if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, ModelAdmin):
    list_display = ("due_at", "kind", "recipient", "channel", "state", "tries", "sent_at", "last_error")
    list_filter = (InTrouble, "state", "paused", "channel", "notice__kind")
    list_select_related = ("notice__recipient",)
    list_before_template = "notices/admin_counts.html"
    search_fields = ("=notice__recipient__email",)
    search_help_text = _("Write the whole e-mail address.")
    ordering = ("-pk",)
    show_full_result_count = False
    fields = readonly_fields = (
        "kind", "recipient", "channel", "state", "paused", "due_at", "tries", "sent_at", "last_error", "message_number",
        "claimed_by",
    )  # fmt: skip
    actions = ("send_again", "never_send")
    actions_detail = ("send_this_again", "never_send_this")

    @admin.display(description=_("kind"), ordering="notice__kind")
    def kind(self, delivery):
        return delivery.notice.kind

    @admin.display(description=_("recipient"), ordering="notice__recipient__email")
    def recipient(self, delivery):
        return delivery.notice.recipient.email

    @admin.display(description=_("message number"))
    def message_number(self, delivery):
        return delivery.number

    def changelist_view(self, request, extra_context=None):
        counted = dict(Delivery.objects.order_by().values_list("state").annotate(Count("pk")))
        counts = [(label, counted.get(state, 0)) for state, label in DeliveryState.choices]
        oldest = Delivery.objects.due().order_by("due_at").values_list("due_at", flat=True).first()
        return super().changelist_view(request, {"counts": counts, "oldest": oldest} | (extra_context or {}))

    def has_send_permission(self, request, object_id=None) -> bool:
        return request.user.has_perm("notices.change_delivery")

    @admin.action(description=_("Send again"), permissions=["send"])
    def send_again(self, request, queryset):
        count = actions.retry(deliveries=queryset, by=request.user)
        told = ngettext("%(count)s delivery is sent again.", "%(count)s deliveries are sent again.", count)
        self.message_user(request, told % {"count": count}, messages.SUCCESS if count else messages.WARNING)

    @admin.action(description=_("Never send"), permissions=["send"])
    def never_send(self, request, queryset):
        count = actions.cancel(deliveries=queryset, reason="cancelled by staff", by=request.user)
        told = ngettext("%(count)s delivery is cancelled.", "%(count)s deliveries are cancelled.", count)
        self.message_user(request, told % {"count": count}, messages.SUCCESS if count else messages.WARNING)

    def get_actions_detail(self, request, object_id):
        """Offer what this delivery's state allows."""
        delivery = self.get_object(request, str(object_id))
        if delivery is None or not self.has_send_permission(request):
            return []
        again = delivery.state in {DeliveryState.FAILED, DeliveryState.DEAD}
        never = again or delivery.state in {DeliveryState.HELD, DeliveryState.PENDING}
        return [
            each
            for each in super().get_actions_detail(request, object_id)
            if (again if "again" in each.action_name else never)
        ]

    @action(description=_("Send again"), url_path="send-again", icon="refresh", permissions=["send"])
    def send_this_again(self, request, object_id):
        return self._one(request, object_id, self.send_again, _("Send again"))

    @action(description=_("Never send"), url_path="never-send", icon="block", permissions=["send"])
    def never_send_this(self, request, object_id):
        return self._one(request, object_id, self.never_send, _("Never send"))

    def _one(self, request, object_id, act, title):
        """Ask whether it is meant, and do it."""
        delivery = Delivery.objects.filter(pk=object_id).select_related("notice__recipient").first()
        if delivery is None:
            raise Http404
        case = reverse("admin:notices_delivery_change", args=[object_id])
        if request.method == "POST":
            act(request, Delivery.objects.filter(pk=object_id))
            return redirect(case)
        page = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "case": case}
        return render(request, "notices/admin_act.html", page | {"delivery": delivery})


@admin.register(OutboxAct)
class OutboxActAdmin(ReadOnly, ModelAdmin):
    """Who paused, resumed, called off, sent again or cancelled what, and how much of it."""

    list_display = ("at", "by", "act", "deliveries", "kind", "subject_id", "note")
    list_filter = ("act",)
    list_select_related = ("by",)
    ordering = ("-pk",)
    fields = readonly_fields = ("at", "by", "act", "deliveries", "kind", "subject_id", "version", "note")


@admin.register(MailLimit)
class MailLimitAdmin(ModelAdmin):
    """How many mails a person gets in a day before the rest waits for the overview."""

    list_display = ("a_day", "changed_by", "changed_at")
    list_select_related = ("changed_by",)
    fields = ("a_day", "changed_by", "changed_at")
    readonly_fields = ("changed_by", "changed_at")

    def has_add_permission(self, request) -> bool:
        return request.user.has_perm("notices.change_maillimit") and not MailLimit.objects.exists()

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def save_model(self, request, obj, form, change) -> None:
        obj.pk = actions.limit_mails(a_day=form.cleaned_data["a_day"], by=request.user).pk
