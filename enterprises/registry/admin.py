"""The staff's desk for companies."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from enterprises.growth.admin import FinancingRoundInline, IPRightInline, RecognitionInline
from park.casework.staff import Flagged

from .forms import FounderFormSet
from .models import Enterprise, Founder


class FounderInline(TabularInline):
    model = Founder
    formset = FounderFormSet
    extra = 0
    tab = True
    autocomplete_fields = ("talent",)


@admin.register(Enterprise)
class EnterpriseAdmin(Flagged, ModelAdmin):
    list_display = ("organisation", "credit_code", "sector", "zone", "registered_on")
    list_filter = ("sector", "zone", "registered_on")
    list_filter_submit = True
    list_select_related = ("organisation",)
    search_fields = ("organisation__name_en", "organisation__name_zh_hans", "credit_code")
    readonly_fields = ("organisation", "public_fields", "created_at", "updated_at")
    inlines = (FounderInline, RecognitionInline, IPRightInline, FinancingRoundInline)
    fieldsets = (
        (None, {"fields": ("organisation", "credit_code", "sector", "zone", "registered_on")}),
        (_("What we do"), {"fields": ("about_en", "about_zh_hans", "website", "public_fields")}),
        (_("Record"), {"fields": ("created_at", "updated_at")}),
    )

    def has_add_permission(self, request):
        return False  # a company is entered from its tenant, which keeps its members and its workspace

    def has_delete_permission(self, request, obj=None):
        return False  # what a company was stays on record
