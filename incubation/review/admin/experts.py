"""Experts, and who of them stepped aside from what."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from park.accounts.models import Language, User
from park.audit.admin import KeptHistory
from talents.profiles.sectors import Sector

from ..models import Expert, Recusal
from ..states import WAITING


class Lines(forms.CharField):
    """Several short texts, one a line."""

    widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        return [line for line in lines if line]

    def validate(self, value):
        super().validate(value)
        if any(len(line) > 120 for line in value):
            raise forms.ValidationError(_("A line has at most 120 letters."))


LISTS = ("keywords", "organisations", "invested_in", "coauthors")


class ExpertForm(forms.ModelForm):
    """An expert as staff write one down."""

    user = forms.ModelChoiceField(
        label=gettext_lazy("account"), queryset=User.objects.filter(is_active=True, expert=None), to_field_name="email",
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("The e-mail address with which this person signs in."),
        error_messages={
            "invalid_choice": gettext_lazy("Nobody signs in with this address, or they are an expert already.")
        },
    )  # fmt: skip
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("fields"), choices=Sector, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("reads"), choices=Language, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = Expert
        fields = (
            "user", "background", "sectors", "keywords", "languages", "employer", "organisations", "invested_in",
            "coauthors", "address", "outside", "max_load", "away_from", "away_until", "active",
        )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in LISTS:
            if name in self.fields:
                old = self.fields[name]
                hint = f"{old.help_text} {_('One a line.')}".strip()
                self.fields[name] = Lines(label=old.label, help_text=hint, required=False)


@admin.register(Expert)
class ExpertAdmin(KeptHistory, ModelAdmin):
    form = ExpertForm
    list_display = ("who", "background", "employer", "owed", "max_load", "away_until", "active")
    list_filter = ("active", "background")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__name_zh", "user__email", "employer")
    fieldsets = (
        (None, {"fields": ("user", "background", "active", "max_load", "away_from", "away_until")}),
        (gettext_lazy("What they know"), {"fields": ("sectors", "keywords", "languages")}),
        (
            gettext_lazy("Ties that keep them off a file"),
            {"fields": ("employer", "organisations", "invested_in", "coauthors", "address", "outside")},
        ),
    )

    def get_queryset(self, request):
        owed = Count("reviews", filter=Q(reviews__state__in=WAITING, reviews__file__round__state="scoring"))
        return super().get_queryset(request).annotate(owes=owed)

    def get_readonly_fields(self, request, obj=None):
        return ("user",) if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    @display(description=gettext_lazy("who"), ordering="user__name")
    def who(self, expert):
        return str(expert)

    @display(description=gettext_lazy("owes"), ordering="owes")
    def owed(self, expert):
        return expert.owes


@admin.register(Recusal)
class RecusalAdmin(ModelAdmin):
    """Who stepped aside from what. Nothing here can be changed, and nothing of it ends."""

    list_display = ("expert", "application", "kind", "source", "by", "at")
    list_filter = ("kind", "source")
    list_select_related = ("expert__user", "application", "by")
    search_fields = ("expert__user__name", "application__ref")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
