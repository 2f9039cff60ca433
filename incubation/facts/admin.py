"""The staff's desk for facts: added through the verb, never rewritten; the history of each stays in sight."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from park.audit.admin import KeptHistory
from park.rules import words
from park.rules.vocabulary import NUMBERS, Type

from . import access, actions
from .models import Fact, Source
from .vocabulary import TENANT_FACTS

YES = {"yes", "true", "1", "是", "有"}
NO = {"no", "false", "0", "否", "无"}
TENANT_SUBJECTS = ("enterprise", "project", "talent")
OFFICIAL = [(source.value, source.label) for source in (Source.STAFF, Source.REGISTER)]


def read(key: str, text: str):
    """Return what an officer typed as the fact holds it. Raises ValueError with a sentence."""
    fact, text = TENANT_FACTS[key], text.strip()
    if fact.type is Type.BOOLEAN and text:
        if text.lower() not in YES | NO:
            raise ValueError(_("Write yes or no."))
        return actions.clean(key, text.lower() in YES)
    if fact.type in NUMBERS and text:
        try:
            number = Decimal(text.removesuffix("%").replace(",", ""))
        except InvalidOperation:
            raise ValueError(_("Write a number.")) from None
        return actions.clean(key, number / 100 if text.endswith("%") and fact.type is Type.RATIO else number)
    return actions.clean(key, text)


class FactAdminForm(forms.ModelForm):
    """One value as an officer or a register knows it."""

    key = forms.ChoiceField(label=_("fact"), widget=UnfoldAdminSelectWidget)
    value = forms.CharField(
        label=_("value"), required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("Numbers as digits, shares as 5%, yes or no, or an answer of the list. Empty: not known any more."),
    )  # fmt: skip
    source = forms.ChoiceField(label=_("source"), choices=OFFICIAL, widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Fact
        fields = ("tenant", "key", "value", "source", "as_of", "proof", "valid_until")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            facts = TENANT_FACTS.about(*TENANT_SUBJECTS)
            self.fields["key"].choices = [(fact.key, f"{fact.label} ({fact.key})") for fact in facts]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("key"):
            try:
                cleaned["read"] = read(cleaned["key"], cleaned.get("value") or "")
            except ValueError as reason:
                self.add_error("value", str(reason))
        return cleaned

    def _post_clean(self):
        """The verb validates and writes; the model's own checks are the database's."""


class StandingFilter(admin.SimpleListFilter):
    """What holds, what held, and what tenants say against it."""

    title, parameter_name = _("standing"), "standing"

    def lookups(self, request, model_admin):
        return [("holds", _("Holds")), ("disputed", _("The tenant says otherwise")), ("past", _("Superseded"))]

    def queryset(self, request, queryset):
        match self.value():
            case "holds":
                return queryset.holding()
            case "disputed":
                return queryset.disputed()
            case "past":
                return queryset.exclude(superseded_at=None)
        return queryset


@admin.register(Fact)
class FactAdmin(KeptHistory, ModelAdmin):
    form = FactAdminForm
    list_display = ("tenant", "name_of_fact", "value_in_words", "source", "as_of", "standing", "recorded_by")
    list_filter = (StandingFilter, "source", ("as_of", admin.DateFieldListFilter))
    list_filter_submit = True
    list_select_related = ("tenant__organisation", "recorded_by")
    search_fields = ("key", "tenant__organisation__name_en", "tenant__organisation__name_zh_hans")
    autocomplete_fields = ("tenant",)
    date_hierarchy = "recorded_at"
    ordering = ("-recorded_at", "-pk")
    actions = ("settle",)
    show_full_result_count = False

    def get_fields(self, request, obj=None):
        asked = ("tenant", "key", "value", "source", "as_of", "proof", "valid_until")
        return (*asked, "recorded_at", "recorded_by", "superseded_at", "held_back", "settled_at") if obj else asked

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj) if obj else ()

    def has_change_permission(self, request, obj=None):
        return False  # a new value supersedes the old one

    def has_delete_permission(self, request, obj=None):
        return False

    def has_settle_permission(self, request):
        return access.may_enter(request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "proof":
            kwargs["queryset"] = db_field.remote_field.model.objects.order_by("-uploaded_at")[:200]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        given = form.cleaned_data
        said = actions.record(
            tenant=given["tenant"], key=given["key"], value=given["read"], source=given["source"], as_of=given["as_of"],
            proof=given["proof"], valid_until=given["valid_until"], by=request.user,
        )  # fmt: skip
        obj.__dict__.update(said.__dict__)
        if said.held_back:
            words_ = _("It is kept, but a stronger or newer value holds.")
            self.message_user(request, words_, messages.WARNING)

    @admin.action(description=_("Looked at: what holds stays"), permissions=["settle"])
    def settle(self, request, queryset):
        for fact in queryset.disputed():
            actions.settle(fact=fact, by=request.user)

    @display(description=_("fact"), ordering="key")
    def name_of_fact(self, fact):
        known = TENANT_FACTS.get(fact.key)
        return known.label if known else fact.key

    @display(description=_("value"))
    def value_in_words(self, fact):
        known = TENANT_FACTS.get(fact.key)
        return words.value(known, known.clean(fact.value)) if known else fact.value

    @display(description=_("standing"), label={"holds": "success", "disputed": "warning", "past": "info"})
    def standing(self, fact):
        if fact.superseded_at is None:
            return "holds", _("Holds")
        if fact.held_back and fact.settled_at is None:
            return "disputed", _("The tenant says otherwise")
        return "past", _("Superseded")
