"""What the park says of its stages, on the staff's desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from ..models import MilestonePlan, StageGuide, StageLimit
from ..seeds import IN_TWO_LANGUAGES


@admin.register(StageGuide)
class StageGuideAdmin(ModelAdmin):
    list_display = ("stage", "gate", "months_from", "months_to")
    readonly_fields = ("stage",)
    fieldsets = (
        (None, {"fields": ("stage", "months_from", "months_to")}),
        ("English", {"fields": tuple(f"{name}_en" for name in IN_TWO_LANGUAGES)}),
        (
            "简体中文",
            {"fields": tuple(f"{name}_zh_hans" for name in IN_TWO_LANGUAGES)},
        ),
    )

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(MilestonePlan)
class MilestonePlanAdmin(ModelAdmin):
    list_display = ("stage", "position", "name_en", "name_zh_hans")
    list_filter = ("stage",)
    fields = ("stage", "position", "name_en", "name_zh_hans")


@admin.register(StageLimit)
class StageLimitAdmin(ModelAdmin):
    """Limits are ended and begun anew, never rewritten."""

    list_display = ("what", "sector", "months", "document", "since", "until")
    list_filter = ("stage", "sector")
    fields = ("stage", "sector", "months", "document", "since", "until")

    def get_readonly_fields(self, request, obj=None):
        return ("stage", "sector", "months", "document", "since") if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("what it limits"), ordering="stage")
    def what(self, limit):
        return limit.get_stage_display() or _("The whole stay")
