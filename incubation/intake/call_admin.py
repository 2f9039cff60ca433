"""The staff's desk for calls."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from .models import Call


@admin.register(Call)
class CallAdmin(ModelAdmin):
    list_display = ("name", "slug", "opens_at", "closes_at", "decided_by")
    fields = ("name_en", "name_zh_hans", "slug", "opens_at", "closes_at", "decided_by")

    def has_delete_permission(self, request, obj=None):
        return False
