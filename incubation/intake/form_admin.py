"""The staff's desk for application forms: versions of each, edited as drafts, published by a second person."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from .forms import FormVersionForm
from .models import FormVersion


@admin.register(FormVersion)
class FormVersionAdmin(ModelAdmin):
    """Versions of the form. One that is in use is never edited: running applications keep it."""

    form = FormVersionForm
    list_display = ("number", "published_at")

    def get_readonly_fields(self, request, obj=None):
        return ("number", "definition", "published_at") if obj and obj.published_at else ()

    def has_delete_permission(self, request, obj=None):
        return obj is not None and obj.published_at is None and super().has_delete_permission(request, obj)
