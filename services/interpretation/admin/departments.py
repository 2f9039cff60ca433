"""Departments, their parts in policies, and what each was asked about a version."""

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.admin import GenericTabularInline
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from incubation.journey.staff import StaffAct, StaffActs, choice
from park.accounts.models import Letter, LetterState
from park.audit.admin import KeptHistory
from park.pages.wording import local_date
from park.workflow.desk import SavesByVerb
from park.workflow.models import Clock, TransitionLog

from .. import access, actions
from ..models import Coordination, Department, Involvement
from ..states import BY_LINK, COORDINATION, CoordinationState

TONES = {"asked": "warning", "answered": "success", "silent": "info", "called_off": ""}
NOTE = {"fields": ("note",), "required": ("note",)}


class HistoryInline(GenericTabularInline, TabularInline):
    """The steps of a record, as they were taken. A department that answered by its link is named where nobody is."""

    model = TransitionLog
    ct_field, ct_fk_field = "content_type", "object_id"
    fields = readonly_fields = ("at", "move", "origin", "target", "who", "note", "internal_note", "refusal")
    verbose_name_plural = _("history")
    ordering = ("-at", "-pk")
    extra, can_delete, tab = 0, False, True

    def has_view_permission(self, request, obj=None):
        return True  # who may open the case may read its steps

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor")

    @display(description=_("who"))
    def who(self, log):
        return gettext("The department, by the link it was sent") if log.reason_code == BY_LINK else log.actor


class InvolvementInline(TabularInline):
    model = Involvement
    extra = 0
    fields = ("policy", "role", "asked")
    autocomplete_fields = ("policy",)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("policy__current")


@admin.register(Department)
class DepartmentAdmin(KeptHistory, ModelAdmin):
    list_display = ("name", "contact", "phone", "email", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name_en", "name_zh_hans", "contact")
    ordering = ("name_zh_hans", "pk")
    fields = ("name_zh_hans", "name_en", "contact", "phone", "email", "is_active")
    inlines = (InvolvementInline,)

    def has_delete_permission(self, request, obj=None):
        return False


class LateFilter(admin.SimpleListFilter):
    title, parameter_name = _("queue"), "queue"
    model, waiting = Coordination, [CoordinationState.ASKED]

    def lookups(self, request, model_admin):
        return [("open", _("Waiting for an answer")), ("late", _("Late")), ("mine", _("Mine"))]

    def queryset(self, request, queryset):
        waiting = queryset.filter(state__in=self.waiting)
        match self.value():
            case "open":
                return waiting
            case "late":
                late = Clock.objects.of_all(self.model, waiting.values("pk")).running()
                return waiting.filter(pk__in=late.filter(due_at__lt=timezone.now()).values("object_id"))
            case "mine":
                return self.mine(queryset, request.user)
        return queryset

    def mine(self, queryset, user):
        return queryset.filter(asked_by=user)


class Due:
    """Gives a list its column of promised days, with the rows themselves."""

    def get_queryset(self, request):
        clock = Clock.objects.filter(
            content_type__app_label=self.opts.app_label, content_type__model=self.opts.model_name,
            object_id=OuterRef("pk"), name="answer", stopped_at=None,
        )  # fmt: skip
        return super().get_queryset(request).annotate(due_at=Subquery(clock.values("due_at")[:1]))

    @display(description=_("answer until"), ordering="due_at")
    def answer_until(self, record):
        if record.due_at is None:
            return "–"
        day = local_date(record.due_at)
        return gettext("Late since %(day)s") % {"day": day} if record.due_at < timezone.now() else day


def opinion(record, user) -> dict:
    return {
        "opinion": choice(_("Does it agree?"), Coordination.Opinion),
        "answered_by": forms.CharField(label=_("Who answered"), max_length=120, widget=UnfoldAdminTextInputWidget),
    }


class AskForm(forms.ModelForm):
    class Meta:
        model = Coordination
        fields = ("policy_version", "department", "asked")


@admin.register(Coordination)
class CoordinationAdmin(Due, SavesByVerb, StaffActs, KeptHistory, ModelAdmin):
    machine, may = COORDINATION, access.may_make
    acts = (
        StaffAct("answer", actions.answer, "coordination", "mark_chat_read", extra=opinion, **NOTE),
        StaffAct("note_silence", actions.note_silence, "coordination", "voice_over_off", **NOTE),
        StaffAct("ask_again", actions.ask_again, "coordination", "replay", **NOTE),
        StaffAct("call_off", actions.call_off, "coordination", "cancel", **NOTE),
    )
    form = AskForm
    list_display = ("department", "policy_version", "standing", "opinion", "asked_by", "asked_at", "answer_until")
    list_filter = (LateFilter, "state", "opinion", "department")
    list_filter_submit = True
    list_select_related = ("department", "policy_version", "asked_by")
    search_fields = ("department__name_en", "department__name_zh_hans", "policy_version__title_zh_hans")
    ordering = ("-asked_at", "-pk")
    autocomplete_fields = ("policy_version", "department")
    inlines = (HistoryInline,)
    SHOWN = (
        "policy_version", "department", "reached", "mailed", "asked", "state", "asked_by", "asked_at", "opinion",
        "answer", "answered_by", "answered_at", "because",
    )  # fmt: skip

    def get_fields(self, request, obj=None):
        return self.SHOWN if obj else AskForm.Meta.fields

    def get_readonly_fields(self, request, obj=None):
        return self.SHOWN if obj else ()

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def get_changeform_initial_data(self, request):
        return {"policy_version": request.GET.get("policy_version")}

    def has_add_permission(self, request):
        return super().has_add_permission(request) and access.may_write(request.user)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        made = actions.ask(by=request.user, **form.cleaned_data)
        obj.pk = made.pk
        obj.refresh_from_db()

    @display(description=_("state"), ordering="state", label=TONES)
    def standing(self, coordination):
        return coordination.state, coordination.get_state_display()

    @display(description=_("how it is reached"))
    def reached(self, coordination):
        one = coordination.department
        return " · ".join(each for each in (one.contact, one.phone, one.email) if each)

    @display(description=_("mail with the link"))
    def mailed(self, coordination):
        """Say what became of the newest mail to the department: one that was refused is worth a telephone call."""
        newest = Letter.objects.filter(to=coordination.department.email, created_at__gte=coordination.asked_at)
        letter = newest.order_by("-created_at", "-pk").first()
        if letter is None:
            return "–"
        if letter.state == LetterState.FAILED:
            return gettext("Refused (%(error)s): ask by telephone.") % {"error": letter.last_error}
        return letter.get_state_display()
