"""The staff's desk for calls: when, for which stages, with which form, decided by whom, in words of both languages."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from incubation.journey.stages import Stage
from park.pages.wording import local_date

from .models import Call
from .states import DRAFT

PAIRS = (("name_en", "name_zh_hans"), ("about_en", "about_zh_hans"), ("who_en", "who_zh_hans"))
TONES = {"open": "success", "later": "info", "over": "default"}


class CallForm(forms.ModelForm):
    """A call as staff write it: what stands in one language stands in the other."""

    stages = forms.MultipleChoiceField(
        label=gettext_lazy("Stages"), choices=Stage.choices, required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("Into which stages one can come by this call. None ticked: into any."),
    )  # fmt: skip

    class Meta:
        model = Call
        fields = [
            "name_en", "name_zh_hans", "slug", "opens_at", "closes_at", "form", "stages", "places", "decided_by",
            "about_en", "about_zh_hans", "who_en", "who_zh_hans",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in PAIRS[0]:
            if name in self.fields:
                self.fields[name].required = True

    def clean(self):
        cleaned = super().clean()
        for pair in PAIRS[1:]:
            texts = [(cleaned.get(name) or "").strip() for name in pair]
            if any(texts) and not all(texts):
                self.add_error(pair[texts.index("")], _("Write this in both languages."))
        form = cleaned.get("form")
        if form is not None and form.in_use is None:
            self.add_error("form", _("No version of this form is in use. Put one into use first."))
        return cleaned


class StandingFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("today"), "today"

    def lookups(self, request, model_admin):
        return [("open", _("Open")), ("later", _("Opens later")), ("over", _("Closed"))]

    def queryset(self, request, queryset):
        now = timezone.now()
        match self.value():
            case "open":
                return queryset.filter(Q(closes_at=None) | Q(closes_at__gt=now), opens_at__lte=now)
            case "later":
                return queryset.filter(opens_at__gt=now)
            case "over":
                return queryset.filter(closes_at__lte=now)
        return queryset


@admin.register(Call)
class CallAdmin(ModelAdmin):
    form = CallForm
    list_display = ("name", "today", "opens_at", "closes_at", "for_stages", "places", "decided_by", "came", "begun")
    list_filter = (StandingFilter, "decided_by", "form")
    list_select_related = ("form",)
    search_fields = ("name_en", "name_zh_hans", "slug")
    ordering = ("-opens_at", "-pk")
    fieldsets = (
        (None, {"fields": ("name_en", "name_zh_hans", "slug", "opens_at", "closes_at", "page")}),
        (gettext_lazy("What one applies for"), {"fields": ("form", "stages", "places", "decided_by")}),
        (gettext_lazy("Words"), {"fields": ("about_en", "about_zh_hans", "who_en", "who_zh_hans")}),
    )
    readonly_fields = ("page",)

    def get_queryset(self, request):
        sent = Count("applications", filter=Q(applications__submitted_at__isnull=False))
        drafts = Count("applications", filter=Q(applications__state=DRAFT))
        return super().get_queryset(request).annotate(sent=sent, drafts=drafts)

    def has_delete_permission(self, request, obj=None):
        return False

    @display(description=gettext_lazy("today"), label=TONES)
    def today(self, call):
        now = timezone.now()
        if call.is_open(now):
            return "open", _("Open")
        if call.opens_at > now:
            return "later", _("Opens %(day)s") % {"day": local_date(call.opens_at, "day")}
        return "over", _("Closed")

    @display(description=gettext_lazy("stages"))
    def for_stages(self, call):
        return " · ".join(call.stage_labels) or _("All")

    @display(description=gettext_lazy("sent"), ordering="sent")
    def came(self, call):
        return call.sent

    @display(description=gettext_lazy("drafts"), ordering="drafts")
    def begun(self, call):
        return call.drafts

    @display(description=gettext_lazy("public page"))
    def page(self, call):
        if not call.pk:
            return "–"
        return format_html('<a class="underline" href="{}">{}</a>', call.get_absolute_url(), call.get_absolute_url())
