"""The desk for organisations and who acts for them, with the same verbs as everywhere."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from park.audit.admin import KeptHistory

from . import actions
from .models import Membership, Organisation

REFUSALS = (actions.NotAllowed, actions.AlreadyMember, actions.NotMember, actions.LastOwner)


class MembershipInline(TabularInline):
    model = Membership
    extra = 0
    fields = ("user", "role", "since", "ended_at")
    readonly_fields = ("since", "ended_at")
    autocomplete_fields = ("user",)
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "organisation")

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Organisation)
class OrganisationAdmin(KeptHistory, ModelAdmin):
    list_display = ("name", "kind", "slug", "created_at")
    list_filter = ("kind",)
    search_fields = ("name_en", "name_zh_hans", "slug")
    fields = ("kind", "name_en", "name_zh_hans", "slug")
    inlines = (MembershipInline,)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_formset(self, request, form, formset, change):
        """Let new members join by the verb; nothing else of a membership is written here."""
        formset.save(commit=False)
        for membership in formset.new_objects:
            try:
                actions.join(
                    organisation=form.instance, user=membership.user, role=membership.role, by=request.user
                )
            except REFUSALS as refusal:
                self.message_user(request, str(refusal), messages.ERROR)


@admin.register(Membership)
class MembershipAdmin(KeptHistory, ModelAdmin):
    list_display = ("user", "organisation", "role", "since", "ended_at")
    list_filter = ("role", ("ended_at", admin.EmptyFieldListFilter), "organisation__kind")
    list_select_related = ("user", "organisation")
    search_fields = ("user__email", "user__name", "organisation__name_en", "organisation__name_zh_hans")
    readonly_fields = ("user", "organisation", "role", "since", "ended_at")
    actions = ("end",)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=_("End these memberships"), permissions=["change"])
    def end(self, request, queryset):
        for membership in queryset:
            try:
                actions.leave(membership=membership, by=request.user)
            except REFUSALS as refusal:
                self.message_user(request, f"{membership}: {refusal}", messages.WARNING)
