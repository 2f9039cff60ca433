"""Rounds: set up, assigned by a plan, watched while they run, read when they are in."""

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSplitDateTimeWidget

from incubation.journey.admin import HistoryInline
from incubation.journey.staff import StaffAct, StaffActs
from park.audit.actions import log_read
from park.audit.admin import KeptHistory
from park.pages import sheets
from park.workflow.actions import MoveRefused
from park.workflow.desk import ReadVersion, SavesByVerb, was_refused

from .. import access, actions
from ..aggregates import as_rows, results
from ..models import Expert, PhaseRule, Plan, Reminder, Review, Round, RoundFile
from ..planning import explain
from ..states import ASSIGNING, LIVE, PREPARING, ROUND, SCORING, SETTING_UP
from .desk import Asks

TONES = {"preparing": "info", "assigning": "info", "scoring": "warning", "panel": "warning", "closed": "success"}
RESULTS_FROM = ("scoring", "panel", "closed")


def new_due_date(round: Round, user) -> dict[str, forms.Field]:
    """Until when the scores are due now."""
    field = forms.SplitDateTimeField(
        label=_("Scores are due"), initial=round.due_at, widget=UnfoldAdminSplitDateTimeWidget
    )
    return {"due_at": field}


ACTS = (
    StaffAct("ready", actions.ready, "round", "check", fields=("internal_note",), variant=ActionVariant.PRIMARY),
    StaffAct("prepare_again", actions.prepare_again, "round", "undo", fields=("internal_note",)),
    StaffAct(
        "confirm_plan", actions.confirm_plan, "round", "how_to_reg", fields=("internal_note",),
        variant=ActionVariant.SUCCESS,
        told=gettext_lazy("Each expert: how many files wait, until when, and that interest is declared first."),
    ),
    StaffAct(
        "extend", actions.extend, "round", "event", fields=("note",), required=("note",), extra=new_due_date,
        told=gettext_lazy("Experts who owe scores: the new date, and why."),
    ),
    StaffAct(
        "call_panel", actions.call_panel, "round", "groups", fields=("internal_note",), variant=ActionVariant.PRIMARY,
        told=gettext_lazy("Experts who owe scores: nothing is owed any more. Every file goes to the panel."),
    ),
    StaffAct("close_round", actions.close_round, "round", "lock", fields=("internal_note",)),
    StaffAct(
        "call_off", actions.call_off, "round", "cancel", fields=("internal_note",), required=("internal_note",),
        variant=ActionVariant.DANGER,
    ),
)  # fmt: skip


class SeedForm(forms.Form):
    """The seed of a plan."""

    seed = forms.IntegerField(
        label=gettext_lazy("Seed"), min_value=0, max_value=2**31 - 1, widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy("The same seed gives the same plan; another one chooses anew among plans as good."),
    )  # fmt: skip


class RoundForm(ReadVersion):
    class Meta:
        model = Round
        fields = ["call", *actions.preparing.WHILE_SET_UP]


class RuleInline(TabularInline):
    model = PhaseRule
    extra = 0
    tab = True
    can_delete = False
    fields = (
        "phase", "scores", "names", "comments", "files", "ranking", "tags", "applicant", "edit_own", "own_first",
    )  # fmt: skip
    readonly_fields = ("phase",)

    def has_add_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm(access.MANAGE) and (obj is None or obj.state in (*SETTING_UP, SCORING))

    def has_delete_permission(self, request, obj=None):
        return False


class RoundHistory(HistoryInline):
    """Every move of a round, newest first."""


@admin.register(Round)
class RoundAdmin(KeptHistory, SavesByVerb, Asks, StaffActs, ModelAdmin):
    form = RoundForm
    machine, may = ROUND, access.may_run
    acts = ACTS
    further = ("gather", "copy_all", "plan", "results_page", "results_table", "meet")
    list_display = ("name", "call", "standing", "due_at", "how_far", "blind", "chair")
    list_filter = ("state", "call")
    list_select_related = ("call", "chair")
    search_fields = ("name_en", "name_zh_hans", "slug")
    date_hierarchy = "due_at"
    inlines = (RuleInline, RoundHistory)
    change_form_outer_before_template = "review/admin_round.html"
    fields = (
        "name_en", "name_zh_hans", "slug", "call", "rubric", "blind", "experts_per_file", "files_per_expert", "minimum",
        "field_only", "due_at", "minutes", "seed", "chair",
    )  # fmt: skip

    def possible(self, round, user):
        reading = {"results_page", "results_table"} if round.state in RESULTS_FROM else set()
        reading = reading if user.has_perm(access.RESULTS) else set()
        if not user.has_perm(access.MANAGE):
            return reading
        found = {"gather", "copy_all"} if round.state == PREPARING else set()
        found |= {"plan"} if round.state == ASSIGNING or round.plans.exists() else set()
        found |= {"meet"} if round.is_under_way else set()
        return found | reading

    def pointless(self, round):
        return set() if round.plans.exists() else {"confirm_plan"}

    def get_queryset(self, request):
        return Round.objects.visible_to(request.user)

    def get_fields(self, request, obj=None):
        return (*self.fields, "read_version") if obj and self.has_change_permission(request, obj) else self.fields

    def get_readonly_fields(self, request, obj=None):
        if obj is None or obj.state in SETTING_UP or was_refused(request):
            return ("call",) if obj else ()
        return [name for name in self.fields if name not in {"chair", "name_en", "name_zh_hans"}]

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "rubric":
            field.queryset = field.queryset.published()
        if db_field.name == "chair":
            field.queryset = get_user_model().objects.with_perm(access.CHAIRS, include_superusers=False)
        return field

    def save_model(self, request, obj, form, change):
        if not change:
            actions.open_round(round=obj, by=request.user)
        elif changed := {name: form.cleaned_data[name] for name in form.changed_data if name in self.fields}:
            actions.change_round(round=obj, by=request.user, version=form.cleaned_data["read_version"], **changed)

    def save_formset(self, request, form, formset, change):
        """Change the rules of the phases that were changed; nothing else of a round is saved from its page."""
        formset.save(commit=False)  # names what was changed, for the log of the staff area
        rules = {
            each.instance.phase: {name: each.cleaned_data[name] for name in each.changed_data}
            for each in formset.forms
            if each.has_changed()
        }
        if formset.model is PhaseRule and rules:
            changed = set(form.changed_data) & set(self.fields)  # then the version was asked of the round itself
            read = None if changed else form.cleaned_data["read_version"]
            actions.change_rules(round=form.instance, by=request.user, rules=rules, version=read)

    def has_add_permission(self, request):
        return request.user.has_perm(access.MANAGE) and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        open_now = obj is None or obj.state in (*SETTING_UP, SCORING) or was_refused(request)
        return open_now and request.user.has_perm(access.MANAGE) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def closed(self, request, obj):
        if obj.state in (*SETTING_UP, SCORING) or not request.user.has_perm(access.MANAGE):
            return None
        return MoveRefused(
            _(
                "This round can no longer be changed (now: %(state)s), and nothing was saved. What you typed is still "
                "here."
            )
            % {"state": obj.get_state_display()}
        )

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        record = self.get_object(request, str(object_id)) if object_id else None
        if record is not None:
            extra_context = (extra_context or {}) | {"overview": overview(record)}
        return super().changeform_view(request, object_id, form_url, extra_context)

    @display(description=gettext_lazy("state"), ordering="state", label=TONES)
    def standing(self, round):
        return round.state, round.get_state_display()

    @display(description=gettext_lazy("reviews in"))
    def how_far(self, round):
        return f"{round.came} / {round.asked}"

    def get_changelist_instance(self, request):
        changes = super().get_changelist_instance(request)
        count_reviews(changes.result_list)
        return changes

    # --- Acts -----------------------------------------------------------------------------------------------------
    @action(description=gettext_lazy("Put in the files of the call"), url_path="gather", icon="playlist_add")
    def gather(self, request, object_id):
        told = _("Every application of the call that waits for review, and is in no other round, gets a code here.")
        return self.ask(
            request, object_id, "gather", _("Put in the files of the call"), told=told,
            run=lambda round: actions.add_files(round=round, by=request.user),
        )  # fmt: skip

    @action(description=gettext_lazy("Make the missing copies"), url_path="copies", icon="content_copy")
    def copy_all(self, request, object_id):
        def run(round):
            for file in round.files.filter(copy=None).order_by("code"):
                actions.make_copy(file=file, by=request.user)

        told = _("A copy is made of every file that has none. A second person reads and approves each of them.")
        return self.ask(request, object_id, "copy_all", _("Make the missing copies"), told=told, run=run)

    @action(description=gettext_lazy("Plan of the experts"), url_path="plan", icon="account_tree")
    def plan(self, request, object_id):
        """Compute a plan and look at it; it is confirmed by an act of its own."""

        def run(round, seed):
            actions.make_plan(round=round, by=request.user, seed=seed)
            return redirect(request.path)

        round = self.open_record(request, object_id, "plan")
        last = round.plans.first()

        def form(record, *given):
            return SeedForm(*given, initial={"seed": last.seed if last else record.seed})

        return self.ask(
            request, object_id, "plan", _("Plan of the experts"), run=run, form=form, template="review/admin_plan.html",
            done=_("A plan is made. Look at it; nobody is assigned yet."), plan=last,
            shown=shown(last) if last else None, open=round.state == ASSIGNING,
            confirm=reverse("admin:review_round_act_confirm_plan", args=[round.pk]),
        )  # fmt: skip

    @action(description=gettext_lazy("Results"), url_path="results", icon="leaderboard")
    def results_page(self, request, object_id):
        """The results of files whose reviews are all in. Before that nobody reads single scores, staff included."""
        round = self.open_record(request, object_id, "results_page")
        page = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": round, "title": _("Results"),
            "results": results(round, only_closed=True), "criteria": round.rubric.items,
            "case": self.case_of(object_id),
        }  # fmt: skip
        return render(request, "review/admin_results.html", page)

    @action(description=gettext_lazy("Results as a file"), url_path="results-table", icon="download")
    def results_table(self, request, object_id):
        """The same results for a spreadsheet, in the reader's language; that they were taken along is written down."""
        round = self.open_record(request, object_id, "results_table")
        log_read(by=request.user, record=round, reason="Results of a round as a file")
        head, *rows = as_rows(results(round, only_closed=True))
        return sheets.answer(f"results-{round.slug}", head, rows)

    @action(description=gettext_lazy("Plan a meeting"), url_path="meet", icon="gavel")
    def meet(self, request, object_id):
        """Lead to a new meeting with the files of this round that wait for the panel."""
        round = self.open_record(request, object_id, "meet")
        return redirect(f"{reverse('admin:review_meeting_add')}?round={round.pk}")


def count_reviews(rounds) -> None:
    """Give each of these rounds its counts, in one question."""
    found = {round.pk: [0, 0] for round in rounds}
    live = Review.objects.filter(file__round__in=found, state__in=LIVE)
    for round, state in live.values_list("file__round", "state"):
        found[round][0] += 1
        found[round][1] += state == "sent"
    for round in rounds:
        round.asked, round.came = found[round.pk]


def overview(round: Round) -> dict:
    """Return what stands above a round: its files with their experts, what is empty, late, unapproved."""
    reviews = {}
    rows = Review.objects.filter(file__round=round).select_related("expert__user").order_by("pk")
    reminders = {}
    for reminder in Reminder.objects.filter(review__file__round=round).select_related("suggested__user"):
        reminders.setdefault(reminder.review_id, []).append(reminder)
    now = timezone.now()
    for review in rows:
        review.reminded = reminders.get(review.pk, [])
        review.suggested = next((each.suggested for each in review.reminded if each.suggested), None)
        review.late = review.is_waiting and round.state == SCORING and round.due_at < now
        reviews.setdefault(review.file_id, []).append(review)
    files = []
    for file in round.files.select_related("application", "copy").order_by("code"):
        own = reviews.get(file.pk, [])
        live = [review for review in own if review.state in LIVE]
        files.append({
            "file": file,
            "copy": getattr(file, "copy", None),
            "reviews": own,
            "came": sum(review.state == "sent" for review in live),
            "empty": max(0, round.experts_per_file - len(live)) if round.is_under_way else 0,
        })  # fmt: skip
    return {
        "round": round,
        "files": files,
        "faults": actions.preparing.faults_of(round) if round.state == PREPARING else [],
        "late": sum(review.late for own in reviews.values() for review in own),
        "empty": sum(each["empty"] for each in files),
    }


def shown(plan: Plan) -> dict:
    """Return a plan as its page shows it: files with their experts, loads, empty places in words."""
    files = {file.pk: file for file in RoundFile.objects.filter(round=plan.round_id).select_related("copy")}
    experts = Expert.objects.select_related("user").in_bulk([expert for _file, expert, _fit in plan.pairs])
    by_file = {pk: [] for pk in sorted(files, key=lambda pk: files[pk].code)}
    for file, expert, fit in plan.pairs:
        by_file[file].append({"expert": experts[expert], "fit": fit})
    loads = [(experts[int(pk)], load) for pk, load in plan.basis["loads"].items() if int(pk) in experts]
    return {
        "rows": [{"file": files[pk], "experts": given} for pk, given in by_file.items()],
        "unfilled": [explain(entry) for entry in plan.unfilled],
        "loads": sorted(loads, key=lambda each: (-each[1], each[0].pk)),
    }
