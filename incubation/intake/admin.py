"""The officers' desk: the queue of applications, the case with its answers, and its history."""

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import display

from enterprises.registry.models import Enterprise
from incubation.journey.admin import HistoryInline
from incubation.journey.staff import StaffActs
from park.audit.admin import KeptHistory
from park.casework.access import away
from park.casework.staff import Flagged
from park.letters.models import Letter
from park.pages.wording import days_left, local_date
from park.workflow.actions import MoveRefused
from park.workflow.models import Clock
from talents.profiles.models import Talent
from talents.profiles.sectors import Sector

from . import access, actions, batching, call_admin, case_messages, entry, entry_admin, form_admin, queue
from .asked import in_words as asked_for
from .decision_forms import pointless
from .definition import Definition, read
from .desk import ACTS, LikenessForm
from .likeness import people_like, projects_like, same_people, same_projects
from .models import Application, CoApplicant, InfoRequest, SecondLook
from .reading import changes, sections
from .states import CLOCKS, MACHINE

__all__ = ["ApplicationAdmin", "call_admin", "entry_admin", "form_admin"]  # found with this file

TONES = {
    "submitted": "info", "screening": "info", "more_info": "warning", "in_review": "info", "panel_ready": "info",
    "decided_pending": "warning", "conditional": "success", "waitlisted": "info", "accepted": "success",
    "rejected": "danger", "reconsideration": "warning",
}  # fmt: skip


class QueueFilter(admin.SimpleListFilter):
    """The morning's questions."""

    title = gettext_lazy("queue")
    parameter_name = "queue"

    def lookups(self, request, model_admin):
        found = queue.counts(request.user)
        words = _("%(question)s (%(count)s)")
        return [(name, words % {"question": label, "count": found[name]}) for name, label in queue.LABELS.items()]

    def queryset(self, request, queryset):
        return queryset.filter(queue.question(self.value(), request.user)) if self.value() else queryset


class FieldFilter(admin.SimpleListFilter):
    title = gettext_lazy("field")
    parameter_name = "sector"

    def lookups(self, request, model_admin):
        return Sector.choices

    def queryset(self, request, queryset):
        return queryset.filter(sector=self.value()) if self.value() else queryset


class CaseHistory(HistoryInline):
    """Every move and every refused try, newest first."""


@admin.register(Application)
class ApplicationAdmin(StaffActs, Flagged, KeptHistory, ModelAdmin):
    machine, may = MACHINE, access.may_make
    acts = ACTS
    list_display = ("who", "title", "standing", "left", "field", "case_officer", "flag", "submitted_at")
    list_display_links = ("who", "title")
    list_filter = (QueueFilter, "state", FieldFilter, "call")
    list_filter_submit = False
    list_select_related = ("talent", "officer")
    list_per_page = 50
    actions = ("take_together", "hand_over_together", "ask_together", "pass_on_together", "close_together")
    show_full_result_count = False
    search_fields = ("ref", "title", "talent__name", "talent__name_zh", "talent__user__email")
    date_hierarchy = "submitted_at"
    inlines = (CaseHistory,)
    change_form_outer_before_template = "intake/case_above.html"
    fieldsets = (
        (None, {"fields": ("ref", "title", "sector", "state", "officer", "call", "submitted_at", "decided_at")}),
    )

    def pointless(self, record):
        return pointless(record)

    def get_queryset(self, request):
        """Return what was sent, with what the list shows beside it, in the order of the morning."""
        return queue.with_marks(queue.in_order(access.on_the_desk_of(request.user)))

    def get_readonly_fields(self, request, obj=None):
        return self.fieldsets[0][1]["fields"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False  # what happens to an application is an act, not an edit

    def has_delete_permission(self, request, obj=None):
        return False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        record = self.get_object(request, str(object_id)) if object_id else None
        if record is not None:
            extra_context = (extra_context or {}) | case_of(record) | case_messages.shown(request.user, record)
            extra_context |= alikes(request.user, record)
            extra_context |= {
                "entry": entry.shown(record), "verdicts": record.entry_verdicts.select_related("by", "rule")
            }  # fmt: skip
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/revisions/", view(self.revisions_view), name="intake_application_revisions"),
            path("together/<int:pk>/", view(self.batch_view), name="intake_application_batch"),
            path("<int:pk>/likeness/", view(require_POST(self.likeness_view)), name="intake_application_likeness"),
            path("<int:pk>/messages/", view(self.messages_view), name="intake_application_messages"),
            *super().get_urls(),
        ]

    def flagged_with(self, record):
        """Return whose flags show on the case: everybody who takes part, and the companies they hold a share of."""
        team = CoApplicant.objects.current().filter(application=record).values("user")
        people = [record.talent, *same_people(record.talent), *Talent.objects.filter(user__in=team)]
        companies = Enterprise.objects.filter(founders__talent__in=people).select_related("organisation").distinct()
        return [*people, *companies]

    def batch_view(self, request, pk):
        return batching.page(self, request, pk)

    def has_screen_permission(self, request):
        return request.user.has_perm(access.SCREEN)

    @admin.action(description=gettext_lazy("Take"), permissions=["screen"])
    def take_together(self, request, queryset):
        return batching.try_together(self, request, queryset, "take")

    @admin.action(description=gettext_lazy("Hand over"), permissions=["screen"])
    def hand_over_together(self, request, queryset):
        return batching.try_together(self, request, queryset, "hand_over")

    @admin.action(description=gettext_lazy("Ask the applicants"), permissions=["screen"])
    def ask_together(self, request, queryset):
        return batching.try_together(self, request, queryset, "ask")

    @admin.action(description=gettext_lazy("Pass on to review"), permissions=["screen"])
    def pass_on_together(self, request, queryset):
        return batching.try_together(self, request, queryset, "pass_on")

    @admin.action(description=pgettext_lazy("step of an application", "Close"), permissions=["screen"])
    def close_together(self, request, queryset):
        return batching.try_together(self, request, queryset, "close")

    def likeness_view(self, request, pk):
        """Keep what the officer says of two people or projects that look alike."""
        record = self.get_object(request, str(pk))
        if record is None or not self.has_view_permission(request, record):
            raise Http404
        form = LikenessForm(record, request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose what it looks like, and say whether it is the same."))
            return redirect("admin:intake_application_change", pk)
        try:
            actions.judge_likeness(by=request.user, **form.cleaned_data)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Kept. This pair is not asked about again."))
        return redirect("admin:intake_application_change", pk)

    def messages_view(self, request, pk):
        record = self.get_object(request, str(pk))
        if record is None or not self.has_view_permission(request, record):
            raise Http404
        return case_messages.page(self, request, record)

    def revisions_view(self, request, pk):
        """Lay any two revisions side by side: by default the last two."""
        record = self.get_object(request, str(pk))
        if record is None or not self.has_view_permission(request, record):
            raise Http404
        revisions = {str(each.number): each for each in record.revisions.select_related("sent_by").order_by("number")}
        numbers = list(revisions)
        first = revisions.get(request.GET.get("from", ""), revisions[numbers[-2:][0]])
        second = revisions.get(request.GET.get("to", ""), revisions[numbers[-1]])
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": record,
            "title": _("Revisions of %(ref)s") % {"ref": record.ref},
            "revisions": revisions.values(),
            "first": first,
            "second": second,
            "changes": changes(record, first.answers, second.answers),
        }
        return render(request, "intake/revisions.html", page)

    @display(description=gettext_lazy("who"), ordering="talent__name_sort")
    def who(self, application):
        return str(application.talent)

    @display(description=gettext_lazy("state"), ordering="state", label=TONES)
    def standing(self, application):
        return application.state, application.get_state_display()

    @display(description=gettext_lazy("days left"), ordering="due_at", label={"late": "danger", "risk": "warning"})
    def left(self, application):
        if application.due_at is None:
            return "–"
        if application.due_at < timezone.now():
            return "late", _("late since %(day)s") % {"day": local_date(application.due_at, "day")}
        left = days_left(application.due_at)
        return ("risk", left) if queue.is_at_risk(application) else left

    @display(description=gettext_lazy("field"), ordering="sector")
    def field(self, application):
        return dict(Sector.choices).get(application.sector, "–")

    @display(description=gettext_lazy("case officer"), ordering="officer__name")
    def case_officer(self, application):
        if application.officer is None:
            return "–"
        if application.away_until is None:
            return application.officer.display_name
        words = {"name": application.officer.display_name, "day": local_date(application.away_until, "day")}
        return _("%(name)s, away until %(day)s") % words

    @display(description=gettext_lazy("flag"), empty_value="")
    def flag(self, application):
        return "⚑ " + _("Flag") if application.flagged else None


def case_of(application: Application) -> dict:
    """Return what stands above the history: what was sent last, its papers, its clocks, what was asked."""
    revisions = list(application.revisions.select_related("sent_by"))
    definition = read(application.form)
    papers = [
        {"label": paper.label if paper else entry.paper, "document": entry.document}
        for entry in application.documents.select_related("document").order_by("added_at", "pk")
        for paper in [definition.paper(entry.paper)]
    ]
    asked = application.requests.select_related("asked_by")
    clocks = list(Clock.objects.of(application).order_by("started_at", "pk"))
    for clock in clocks:
        clock.label = CLOCKS.get(clock.name, clock.name)
    return {
        "case": {
            "application": application,
            "revision": revisions[0] if revisions else None,
            "sections": sections(application, revisions[0].answers) if revisions else [],
            "papers": papers,
            "clocks": clocks,
            "absence": away().get(application.officer_id),
            "decisions": application.decisions.select_related("proposed_by", "decided_by").prefetch_related(
                "conditions__evidence", "conditions__met_by"
            ),
            "second_look": SecondLook.objects.filter(application=application).select_related("evidence").first(),
            "letters": Letter.objects.about(application).defer("content"),
            "requests": [asked_and_answered(application, definition, each, revisions) for each in asked],
        }
    }


def alikes(user, application: Application) -> dict:
    """Return who and what looks like this case, and what officers said of it."""
    return {
        "alikes": {
            "people": people_like(application.talent),
            "projects": projects_like(application),
            "same_people": [
                (person, list(person.applications.filter(submitted_at__isnull=False)))
                for person in same_people(application.talent)
            ],
            "same_projects": same_projects(application),
            "may_say": user.has_perm(access.SCREEN),
        }
    }


def asked_and_answered(application: Application, definition: Definition, request: InfoRequest, revisions) -> dict:
    """Return one request with what it opens, and after the answer the old words beside the new ones."""
    by_number = {revision.number: revision for revision in revisions}
    after = next((revision for revision in revisions if revision.pk == request.revision_id), None)
    before = by_number.get(after.number - 1) if after else None
    return {
        "request": request,
        "opens": asked_for(definition, request),
        "after": after,
        "before": before,
        "changes": changes(application, before.answers, after.answers) if before else [],
    }
