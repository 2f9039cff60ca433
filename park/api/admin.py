"""Keys of partners. A key is shown once, when it is made; afterwards it can be narrowed and revoked, never read."""

from django import forms
from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from .models import ApiKey
from .scopes import Scope


class ApiKeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("scopes"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("What the key is good for. Give the least that the partner needs."),
    )  # fmt: skip

    class Meta:
        model = ApiKey
        fields = ["name", "organisation", "scopes", "networks", "expiry_date", "revoked"]
        labels = {"name": _("name"), "revoked": _("revoked")}


class Standing(admin.SimpleListFilter):
    title, parameter_name = _("standing"), "standing"

    def lookups(self, request, model_admin):
        return [("in_force", _("in force")), ("ended", _("ended"))]

    def queryset(self, request, queryset):
        match self.value():
            case "in_force":
                return queryset.in_force()
            case "ended":
                return queryset.exclude(pk__in=ApiKey.objects.in_force().values("pk"))
        return queryset


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin):
    form = ApiKeyForm
    list_display = ("name", "prefix", "organisation", "scope_words", "standing", "expiry_date", "last_used_at")
    list_filter = (Standing, "organisation")
    list_select_related = ("organisation", "made_by")
    search_fields = ("name", "prefix", "organisation__name_en", "organisation__name_zh_hans")
    autocomplete_fields = ("organisation",)
    ordering = ("-created",)

    def get_fields(self, request, obj=None):
        made = ("name", "organisation", "scopes", "networks", "expiry_date")
        return (*made, "revoked", "prefix", "made_by", "created", "last_used_at") if obj else made

    def get_readonly_fields(self, request, obj=None):
        kept = ("prefix", "made_by", "created", "last_used_at")
        if obj is None:
            return ()
        return (*kept, "organisation", "revoked") if obj.revoked else (*kept, "organisation")

    def has_delete_permission(self, request, obj=None):
        return False  # a key is revoked: what it did stays on record

    def save_model(self, request, obj, form, change):
        if not change:
            obj.secret = ApiKey.objects.assign_key(obj)
            obj.made_by = request.user
        obj.save()

    def response_add(self, request, obj, post_url_continue=None):
        """Show the key, this once: nothing keeps it, not even a message."""
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("The key is made"),
            "key": obj,
            "secret": obj.secret,
        }
        return TemplateResponse(request, "api/key_made.html", page)

    @admin.display(description=_("scopes"))
    def scope_words(self, key):
        return ", ".join(key.scopes)

    @display(description=_("standing"), label={"in_force": "success", "ended": "danger"})
    def standing(self, key):
        if key.revoked:
            return "ended", _("revoked")
        if key.expiry_date and key.expiry_date < timezone.now():
            return "ended", _("expired")
        return "in_force", _("in force")
