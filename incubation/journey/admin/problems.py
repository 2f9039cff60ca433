"""Problems and mentors on the staff's desk."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from park.audit.admin import KeptHistory
from park.workflow.actions import MoveRefused

from .. import access, actions
from ..models import MentorMeeting, Mentorship, Problem, StageEnrolment
from ..staff import StaffAct, StaffActs
from ..states import PROBLEM, UNSOLVED
from ..telling import holders
from .inlines import HistoryInline, ReadOnly

TONES = {"raised": "warning", "in_hand": "info", "asked": "info", "solved": "success", "confirmed": "success"}
NOTE, TO_THEM = ("note",), {"fields": ("note",), "required": ("note",)}


class Colleague(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return user.display_name


def colleague(problem, user) -> dict:
    people = holders("handle_problem").exclude(pk=user.pk).order_by("name", "pk")
    return {"to": Colleague(label=_("Colleague"), queryset=people, widget=UnfoldAdminSelectWidget)}


class OpenFilter(admin.SimpleListFilter):
    title, parameter_name = _("queue"), "open"

    def lookups(self, request, model_admin):
        return [("yes", _("Not solved yet")), ("mine", _("Mine")), ("nobody", _("Nobody has it"))]

    def queryset(self, request, queryset):
        match self.value():
            case "yes":
                return queryset.filter(state__in=UNSOLVED)
            case "mine":
                return queryset.filter(state__in=UNSOLVED, owner=request.user)
            case "nobody":
                return queryset.filter(state="raised")
        return queryset


@admin.register(Problem)
class ProblemAdmin(StaffActs, KeptHistory, ModelAdmin):
    machine, may = PROBLEM, access.may_make_of_problem
    acts = (
        StaffAct("take", actions.take_problem, "problem", "front_hand", fields=NOTE),
        StaffAct("pass_on", actions.pass_on_problem, "problem", "forward", fields=NOTE, extra=colleague),
        StaffAct("ask", actions.ask_about_problem, "problem", "help", **TO_THEM),
        StaffAct("solve", actions.solve_problem, "problem", "task_alt", **TO_THEM),
    )
    list_display = ("title", "tenant", "category", "standing", "stage", "owner", "raised_at", "reopened")
    list_filter = (OpenFilter, "state", "category", "tenant__stage", "owner")
    list_filter_submit = True
    list_select_related = ("tenant__organisation", "owner")
    search_fields = ("title", "text", "tenant__organisation__name_en", "tenant__organisation__name_zh_hans")
    date_hierarchy = "raised_at"
    ordering = ("-raised_at", "-pk")
    inlines = (HistoryInline,)
    fieldsets = (
        (None, {"fields": ("title", "tenant", "stage", "category", "text", "files")}),
        (_("Who"), {"fields": ("state", "owner", "raised_by", "raised_at", "solved_at", "reopened")}),
    )

    def get_readonly_fields(self, request, obj=None):
        return [field for _title, options in self.fieldsets for field in options["fields"]]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @display(description=_("state"), ordering="state", label=TONES)
    def standing(self, problem):
        return problem.state, problem.get_state_display()

    @display(description=_("files"))
    def files(self, problem):
        found = [(each.get_absolute_url(), each.name) for each in problem.documents.all()]
        return format_html_join(", ", '<a class="underline" href="{}">{}</a>', found) if found else "–"


class MeetingInline(ReadOnly, TabularInline):
    model = MentorMeeting
    fields = ("held_on", "minutes", "text", "logged_by", "logged_at")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("logged_by")


class MentorForm(forms.ModelForm):
    """A mentor by the address of an account."""

    email = forms.EmailField(label=_("e-mail address of the mentor's account"), widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = Mentorship
        fields = ("tenant",)

    def clean_email(self):
        found = get_user_model().objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("There is no account with this address."))
        self.cleaned_data["mentor"] = found
        return self.cleaned_data["email"]


class RunningFilter(admin.SimpleListFilter):
    title, parameter_name = _("now"), "running"

    def lookups(self, request, model_admin):
        return [("yes", _("Running")), ("no", _("Ended"))]

    def queryset(self, request, queryset):
        return queryset.filter(ended_on__isnull=self.value() == "yes") if self.value() else queryset


@admin.register(Mentorship)
class MentorshipAdmin(ModelAdmin):
    list_display = ("mentor", "tenant", "since", "ended_on", "assigned_by")
    list_filter = (RunningFilter,)
    list_select_related = ("mentor", "tenant__organisation", "assigned_by")
    search_fields = ("mentor__name", "mentor__email", "tenant__organisation__name_en")
    autocomplete_fields = ("tenant",)
    actions_detail = ("end",)
    inlines = (MeetingInline,)

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **(kwargs if obj else {**kwargs, "form": MentorForm}))

    def get_fields(self, request, obj=None):
        return ("tenant", "mentor", "since", "ended_on", "assigned_by") if obj else ("tenant", "email")

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj) if obj else ()

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        given = form.cleaned_data
        try:
            saved = actions.assign_mentor(tenant=given["tenant"], mentor=given["mentor"], by=request.user)
        except MoveRefused as refusal:
            raise PermissionDenied(str(refusal)) from None
        obj.pk = saved.pk
        obj.refresh_from_db()

    @action(description=_("End it today"), url_path="end", icon="event_busy", permissions=["end"])
    def end(self, request, object_id):
        mentorship = self.get_object(request, str(object_id))
        if mentorship is None:
            raise Http404
        if request.method == "POST":
            try:
                actions.end_mentorship(mentorship=mentorship, by=request.user)
            except MoveRefused as refusal:
                messages.error(request, str(refusal))
            return redirect("admin:journey_mentorship_change", object_id)
        page = {**self.admin_site.each_context(request), "opts": self.opts, "original": mentorship}
        return render(request, "journey/staff_end.html", page)

    def has_end_permission(self, request, object_id=None):
        return request.user.has_perm(access.MENTORS)


class EndedFilter(admin.SimpleListFilter):
    title, parameter_name = _("ended"), "ended"

    def lookups(self, request, model_admin):
        return [("yes", _("Ended")), ("no", _("Running"))]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(ended_on__isnull=self.value() == "no", voided_at=None)


@admin.register(StageEnrolment)
class StageEnrolmentAdmin(ReadOnly, ModelAdmin):
    """Times in stages, as the numbers of the board count them."""

    list_display = ("tenant", "stage", "since", "due", "ended_on", "gate_link")
    list_filter = (EndedFilter, "stage")
    list_select_related = ("tenant__organisation",)
    ordering = ("-since", "-pk")
    fields = ("tenant", "stage", "since", "due", "ended_on", "voided_at")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("journey.view_stageenrolment")

    def has_module_permission(self, request):
        return request.user.has_perm("journey.view_stageenrolment")

    @display(description=_("gate"))
    def gate_link(self, enrolment):
        if enrolment.gate_id is None:
            return "–"
        return format_html('<a class="underline" href="/admin/journey/gate/{}/change/">{}</a>', enrolment.gate_id, "#")
