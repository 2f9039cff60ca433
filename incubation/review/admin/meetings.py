"""Review meetings: planned by officers from files that wait for the panel; they are held on pages of their own."""

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from incubation.intake.models import Application
from incubation.intake.states import PANEL_READY
from incubation.journey.admin import HistoryInline
from incubation.journey.staff import StaffAct, StaffActs
from park.audit.admin import KeptHistory
from park.workflow.actions import MoveRefused
from park.workflow.desk import ReadVersion, SavesByVerb, was_refused

from .. import access, actions
from ..meeting_states import MEETING, PLANNED, UNDONE, VOTED
from ..models import AgendaItem, Expert, Meeting, RoundFile

TONES = {"planned": "info", "open": "warning", "closed": "warning", "signed": "success", "cancelled": "default"}


class FileChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, file):
        return f"{file.round} · {file.code} · {file.application.title}"


class MeetingForm(ReadVersion):
    """A meeting, its members and the files on its agenda."""

    experts = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Members"), queryset=Expert.objects.none(), widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("Best five to nine, an odd number, most of them from outside the park."),
    )  # fmt: skip
    files = FileChoice(
        label=gettext_lazy("Further files for the agenda"), queryset=RoundFile.objects.none(), required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("Files whose reviews are all in and that wait for a panel."),
    )  # fmt: skip

    planner = None  # who plans, and chooses no file of their own

    class Meta:
        model = Meeting
        fields = actions.meetings.FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "experts" not in self.fields:
            return
        waiting = RoundFile.objects.filter(application__state=PANEL_READY, closed_at__isnull=False)
        waiting = waiting.exclude(items__in=AgendaItem.objects.filter(state__in=UNDONE))
        waiting = waiting.exclude(application__in=Application.objects.taken_part_in_by(self.planner))
        self.fields["experts"].queryset = Expert.objects.serving().select_related("user")
        self.fields["files"].queryset = waiting.select_related("round", "application").order_by("round", "code")
        if self.instance.pk:
            self.initial["experts"] = list(self.instance.seats.values_list("expert", flat=True))
        elif (round := str(self.initial.pop("round", ""))).isdecimal():
            self.initial["files"] = list(waiting.filter(round=round).values_list("pk", flat=True))

    def _post_clean(self):
        super()._post_clean()
        if self.errors or "experts" not in self.fields:
            return
        try:
            actions.meetings.is_whole(self.instance, len(self.cleaned_data["experts"]))
        except MoveRefused as refusal:
            self.add_error(None, str(refusal))
        if not self.instance.pk and not self.cleaned_data["files"]:
            self.add_error("files", _("Choose the files of the agenda."))


class ItemInline(TabularInline):
    """The agenda with what was resolved. No score and no vote stands here."""

    model = AgendaItem
    extra = 0
    tab = True
    fields = readonly_fields = ("position", "file", "application", "state", "result")

    @display(description=gettext_lazy("application"))
    def application(self, item):
        return item.file.application

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("file__application")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class MeetingHistory(HistoryInline):
    """Every move of a meeting, newest first."""


@admin.register(Meeting)
class MeetingAdmin(KeptHistory, SavesByVerb, StaffActs, ModelAdmin):
    form = MeetingForm
    machine, may = MEETING, access.may_meet
    acts = (
        StaffAct(
            "call_off", actions.call_off_meeting, "meeting", "cancel", fields=("note",), required=("note",),
            variant=ActionVariant.DANGER, told=gettext_lazy("Chair, secretary and members: it is called off, and why."),
        ),
    )  # fmt: skip
    list_display = ("name", "standing", "starts_at", "place", "chair", "how_far")
    list_filter = ("state",)
    list_select_related = ("chair",)
    search_fields = ("name_en", "name_zh_hans", "ref")
    date_hierarchy = "starts_at"
    inlines = (ItemInline, MeetingHistory)
    shown = ("standing", "page", "letter", "digest")
    fields = (*actions.meetings.FIELDS, "experts", "files")

    def get_queryset(self, request):
        return super().get_queryset(request).open_to_staff(request.user).annotate(
            listed=Count("items"), voted=Count("items", filter=Q(items__state__in=VOTED))
        )

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.planner = request.user
        return form

    def get_fields(self, request, obj=None):
        if obj is None:
            return self.fields
        may = self.has_change_permission(request, obj)
        return (*self.shown, *((*self.fields, "read_version") if may else actions.meetings.FIELDS))

    def get_readonly_fields(self, request, obj=None):
        return self.shown if obj else ()

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "chair":
            field.queryset = get_user_model().objects.with_perm(access.CHAIRS, include_superusers=False)
        if db_field.name == "secretary":
            field.queryset = get_user_model().objects.with_perm(access.MANAGE, include_superusers=False)
        return field

    def save_model(self, request, obj, form, change):
        experts, files = list(form.cleaned_data["experts"]), list(form.cleaned_data["files"])
        if change:
            fields = {name: form.cleaned_data[name] for name in actions.meetings.FIELDS}
            version = form.cleaned_data["read_version"]
            actions.change_meeting(
                meeting=obj, by=request.user, experts=experts, files=files, version=version, **fields
            )
        else:
            actions.plan_meeting(meeting=obj, files=files, experts=experts, by=request.user)

    def has_add_permission(self, request):
        return request.user.has_perm(access.MANAGE) and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        planned = obj is None or obj.state == PLANNED or was_refused(request)
        return planned and request.user.has_perm(access.MANAGE) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def closed(self, request, obj):
        if obj.state == PLANNED or not request.user.has_perm(access.MANAGE):
            return None
        return MoveRefused(
            _(
                "This meeting is no longer being planned (now: %(state)s), and nothing was saved. What you typed is "
                "still here."
            )
            % {"state": obj.get_state_display()}
        )

    @display(description=gettext_lazy("state"), ordering="state", label=TONES)
    def standing(self, meeting):
        return meeting.state, meeting.get_state_display()

    @display(description=gettext_lazy("voted"))
    def how_far(self, meeting):
        return f"{meeting.voted} / {meeting.listed}"

    @display(description=gettext_lazy("page of the meeting"))
    def page(self, meeting):
        return format_html(
            '<a href="{}">{}</a>', reverse("review:meeting", args=[meeting.ref]),
            _("For its chair, secretary and members"),
        )  # fmt: skip
