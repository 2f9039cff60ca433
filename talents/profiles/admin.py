"""The staff's desk for people."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from park.casework.staff import Flagged

from . import actions
from .models import Consent, Honour, Stay, Talent


class StayInline(TabularInline):
    model = Stay
    extra = 0
    tab = True


class HonourInline(TabularInline):
    model = Honour
    extra = 0
    tab = True
    fields = ("name_en", "name_zh_hans", "granted_by_en", "granted_by_zh_hans", "level", "year", "by_the_park")


class ConsentInline(TabularInline):
    """A person's yes is theirs alone: staff read it."""

    model = Consent
    extra = 0
    tab = True
    fields = readonly_fields = ("what", "text_version", "given_at", "withdrawn_at")
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Talent)
class TalentAdmin(Flagged, ModelAdmin):
    list_display = ("name", "name_zh", "origin", "degree", "sector", "talent_class", "state", "returned_on")
    list_filter = ("state", "degree", "sector", "talent_class", "origin")
    list_filter_submit = True
    list_select_related = ()
    search_fields = ("name", "name_zh", "name_sort", "user__email")
    autocomplete_fields = ("user",)
    readonly_fields = ("state", "months_abroad", "origin", "created_at", "updated_at")
    inlines = (StayInline, HonourInline, ConsentInline)
    fieldsets = (
        (None, {"fields": ("user", "state", "name", "name_zh", "gender", "born_on")}),
        (_("Nationality and origin"), {"fields": ("nationality", "foreign_chinese", "origin", "months_abroad")}),
        (
            _("Degree and field"),
            {"fields": ("degree", "degree_abroad", "sector", "specialty", "returned_on", "talent_class", "about")},
        ),
        (_("Record"), {"fields": ("created_at", "updated_at")}),
    )

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, "user") if obj else self.readonly_fields

    def has_delete_permission(self, request, obj=None):
        return False  # a person is made anonymous by the command for it, not deleted here

    def save_model(self, request, obj, form, change):
        if not change:
            obj.name_sort = actions.sort_key(obj.name, obj.name_zh)
            obj.save()
            return
        fields = {name: form.cleaned_data[name] for name in form.changed_data if name in actions.KEPT_BY_STAFF}
        try:
            obj.name_sort = actions.save_profile(talent=obj, by=request.user, **fields).name_sort
        except actions.ProfileRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        actions.reckon(talent=form.instance, by=request.user)


@admin.register(Honour)
class HonourAdmin(ModelAdmin):
    list_display = ("name", "talent", "level", "year", "by_the_park", "valid_until")
    list_filter = ("level", "year", "by_the_park")
    list_select_related = ("talent",)
    search_fields = ("name_en", "name_zh_hans", "talent__name", "talent__name_zh")
    autocomplete_fields = ("talent",)
    fields = (
        "talent", "name_en", "name_zh_hans", "granted_by_en", "granted_by_zh_hans", "level", "year", "batch",
        "document_no", "valid_until", "cash", "by_the_park",
    )  # fmt: skip
