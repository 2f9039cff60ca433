"""The staff's desk for policies: written, checked, looked at and released, through the same verbs as everywhere."""

from django.contrib import admin, messages
from django.contrib.contenttypes.admin import GenericTabularInline
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from incubation.journey.staff import StaffAct, StaffActs
from park.audit.admin import KeptHistory
from park.files.actions import NotAccepted, NotStored
from park.pages.wording import money
from park.workflow.actions import MoveRefused
from park.workflow.desk import SavesByVerb, was_refused
from park.workflow.models import TransitionLog

from . import access, actions
from .admin_forms import ABOUT, CAPTURE, WORDING, NewPolicy, NextVersion, Revision
from .admin_golden import GoldenInline, KeepsCases
from .admin_life import LivesOn
from .admin_reach import ReachDesk
from .admin_release import ReleaseAdmin
from .cards import conditions
from .kinds import BenefitKind, Live
from .models import Policy, PolicyVersion
from .rule_editor import RuleEditor
from .states import LISTED, MACHINE, RELEASABLE, State

__all__ = ["ReleaseAdmin"]  # its own page, registered with this one
STATE_TONES = {
    State.DRAFT: "info", State.IN_REVIEW: "warning", State.APPROVED: "success", State.SCHEDULED: "success",
    State.RELEASED: "success",
    State.WITHDRAWN: "danger",
}  # fmt: skip


class ReadOnly:
    """What only verbs write."""

    extra = 0
    can_delete = False
    tab = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class HistoryInline(ReadOnly, GenericTabularInline, TabularInline):
    """The steps of a version, as they were taken."""

    model = TransitionLog
    ct_field, ct_fk_field = "content_type", "object_id"
    fields = readonly_fields = ("at", "move", "origin", "target", "actor", "note", "refusal")
    verbose_name_plural = _("history")
    ordering = ("-at", "-pk")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor")


class VersionInline(ReadOnly, TabularInline):
    model = PolicyVersion
    fields = readonly_fields = ("opens", "title_zh_hans", "state", "author", "released_at")
    ordering = ("-number",)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("author", "policy")

    @display(description=_("version"))
    def opens(self, version):
        url = reverse("admin:policies_policyversion_change", args=[version.pk])
        return format_html('<a class="underline" href="{}">{}. {}</a>', url, version.number, version.title_en)


class LiveFilter(admin.SimpleListFilter):
    title, parameter_name = _("today"), "live"

    def lookups(self, request, model_admin):
        return Live.choices

    def queryset(self, request, queryset):
        return queryset.filter(live=self.value()) if self.value() else queryset


@admin.register(Policy)
class PolicyAdmin(SavesByVerb, ModelAdmin):
    view_on_site = staticmethod(lambda policy: policy.get_absolute_url() if policy.current_id else None)
    list_display = ("title", "today", "stands", "kind", "level", "applicant", "confidence")
    list_filter = (LiveFilter, "current__state", "kind", "level", "applicant", "confidence")
    list_filter_submit = True
    list_select_related = ("current",)
    search_fields = ("slug", "document_no", "versions__title_en", "versions__title_zh_hans")
    ordering = ("slug",)
    inlines = (VersionInline,)
    filter_horizontal = ("depends_on", "supersedes")
    actions_detail = ("see_reach", "next_version")

    def get_queryset(self, request):
        return super().get_queryset(request).with_status()

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **(kwargs if obj else {**kwargs, "form": NewPolicy}))

    def get_fieldsets(self, request, obj=None):
        about = (None, {"fields": ("slug", *ABOUT)})
        if obj is None:
            return (about, (_("First wording"), {"fields": NewPolicy.FIRST}), (_("Capture"), {"fields": CAPTURE}))
        about[1]["fields"] = (*about[1]["fields"], "new_because")
        return (about, (_("How it hangs together"), {"fields": ("depends_on", "supersedes")}))

    def get_readonly_fields(self, request, obj=None):
        # What it is about changes with a version, through a second officer.
        return ("slug", *ABOUT, "new_because") if obj else ()

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if change:
            return  # only the links to other policies, which save_related keeps
        try:
            version = actions.capture(
                slug=form.cleaned_data["slug"], about=form.about(), wording=form.wording(), by=request.user,
                upload=form.cleaned_data["source_file"], new_because=form.cleaned_data["new_because"],
            )
        except (NotAccepted, NotStored) as refusal:
            raise MoveRefused(str(refusal)) from None
        obj.pk = version.policy_id
        obj.refresh_from_db()

    def response_add(self, request, obj, post_url_continue=None):
        """Lead to the draft that was captured: its wording comes next."""
        draft = obj.versions.get()
        messages.success(request, gettext("Captured. Complete the draft, then send it for review."))
        return redirect("admin:policies_policyversion_change", draft.pk)

    @action(description=_("See whom it would reach"), icon="group", url_path="reach")
    def see_reach(self, request, object_id):
        versions = PolicyVersion.objects.filter(policy=object_id).order_by("-number")
        version = versions.filter(state__in=RELEASABLE).first() or versions.filter(state__in=LISTED).first()
        if version is None:
            raise Http404
        return redirect("admin:policies_policyversion_reach", version.pk)

    @action(description=_("Draft the next version"), icon="edit_document", url_path="next-version")
    def next_version(self, request, object_id):
        return redirect(f"{reverse('admin:policies_policyversion_add')}?policy={object_id}")

    @display(description=_("title"))
    def title(self, policy):
        return str(policy)

    @display(description=_("today"), ordering="live", label={"open": "success", "closing_soon": "warning"})
    def today(self, policy):
        return policy.live, Live(policy.live).label

    @display(description=_("version shown"), label=STATE_TONES)
    def stands(self, policy):
        if policy.current is None:
            return "", "–"
        return policy.current.state, policy.current.get_state_display()


BESIDE = ("source_kept", "beside_it")
DATES = (
    "valid_from", "valid_until", "deadline", "is_standing", "contact_en", "contact_zh_hans", "compiler_status",
    "notes_en", "notes_zh_hans",
)  # fmt: skip
LISTS = ("benefits", "documents", "steps")


def as_rows(entries: list[dict]):
    """Return a list of texts in two languages to look at, benefits with their ceiling."""
    most, kinds = gettext("at the most %(amount)s"), dict(BenefitKind.choices)
    rows = (
        (
            each.get("zh") or "",
            each.get("en") or "",
            kinds.get(each.get("type"), ""),
            most % {"amount": money(each["amount_max"])} if each.get("amount_max") is not None else "",
        )
        for each in entries
    )
    return format_html_join("", "<p>{} · {} <i>{}</i> <b>{}</b></p>", rows) or "–"


def verb_of(act):
    """Return a verb as the buttons of a case page call it."""

    def door(*, record, by, version, note=""):
        return act(version=record, by=by, note=note, lock=version)

    return door


@admin.register(PolicyVersion)
class PolicyVersionAdmin(KeepsCases, RuleEditor, ReachDesk, LivesOn, SavesByVerb, StaffActs, KeptHistory, ModelAdmin):
    machine, may = MACHINE, access.may_make
    view_on_site = staticmethod(lambda version: version.get_absolute_url() if version.policy.current_id else None)
    acts = (
        StaffAct("send", verb_of(actions.send_for_review), "record", "send", fields=("note",)),
        StaffAct("approve", verb_of(actions.approve), "record", "check", fields=("note",)),
        StaffAct("return", verb_of(actions.return_for_changes), "record", "undo", fields=("note",), required=("note",)),
        StaffAct("unschedule", verb_of(actions.unschedule), "record", "timer_off", fields=("note",)),
        StaffAct("close", verb_of(actions.close), "record", "event_busy", fields=("note",)),
        StaffAct("archive", verb_of(actions.archive), "record", "archive", fields=("note",)),
        StaffAct("withdraw", verb_of(actions.withdraw), "record", "block", fields=("note",), required=("note",)),
        StaffAct("cancel", verb_of(actions.cancel), "record", "cancel", fields=("note",)),
    )
    list_display = ("title", "policy_slug", "number", "stands", "author", "created_at", "released_at")
    list_filter = ("state", "policy__kind", "policy__level", "author")
    list_filter_submit = True
    list_select_related = ("policy", "author")
    search_fields = ("title_en", "title_zh_hans", "policy__slug")
    autocomplete_fields = ("policy",)
    ordering = ("-created_at", "-pk")
    inlines = (GoldenInline, HistoryInline)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None or self._is_open(request, obj):
            kwargs["form"] = Revision if obj else NextVersion
        return super().get_form(request, obj, change, **kwargs)

    def get_changeform_initial_data(self, request):
        policy = Policy.objects.filter(pk=request.GET.get("policy") or 0).first()
        newest = policy.versions.order_by("-number").first() if policy else None
        kept = {name: getattr(newest, name) for name in WORDING} if newest else {}
        return {"policy": policy, **kept}

    def get_fieldsets(self, request, obj=None):
        shown = () if obj is None else ("rule_link", "in_words_en", "in_words_zh")
        is_open = obj is None or self._is_open(request, obj)
        lists = LISTS if is_open else [f"{name}_shown" for name in LISTS]
        first = ("policy",) if obj is None else ("policy", "number", "state", "reach_link", *BESIDE)
        return (
            (None, {"fields": (*first, "title_en", "title_zh_hans", "summary_en", "summary_zh_hans")}),
            *([(_("Conditions"), {"fields": shown, "classes": ["tab"]})] if shown else []),
            (_("What it brings and asks"), {"fields": lists, "classes": ["tab"]}),
            (
                _("Dates and notes"),
                {
                    "fields": DATES + (("read_version",) if obj is not None and is_open else ()),
                    "classes": ["tab"],
                },
            ),
            *([(_("Conditions as data"), {"fields": ("rule",), "classes": ["tab"]})] if is_open else []),
        )

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        fixed = ("policy", "number", "state", "reach_link", *BESIDE, "rule_link", "in_words_en", "in_words_zh")
        return fixed if self._is_open(request, obj) else (*fixed, *WORDING, *(f"{name}_shown" for name in LISTS))

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or self._is_open(request, obj))

    def _is_open(self, request, obj) -> bool:
        return (obj.state == State.DRAFT or was_refused(request)) and access.may_draft(request.user)

    def closed(self, request, obj):
        if obj.state == State.DRAFT or not access.may_draft(request.user):
            return None
        return MoveRefused(
            gettext(
                "This version left the draft while you had it open (now: %(state)s), and nothing was saved. What you "
                "typed is still here: have it returned, or draft the next version with it."
            )
            % {"state": obj.get_state_display()}
        )

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if change:
            read = form.cleaned_data["read_version"]
            saved = actions.revise(version=obj, wording=form.wording(), by=request.user, lock=read)
        else:
            policy = form.cleaned_data["policy"]
            saved = actions.draft_version(slug=policy.slug, about={}, wording=form.wording(), by=request.user)
        obj.pk = saved.pk
        obj.refresh_from_db()

    @display(description=_("conditions step by step"))
    def rule_link(self, version):
        url = reverse("admin:policies_policyversion_rule", args=[version.pk])
        said = gettext("Change the conditions") if version.state == State.DRAFT else gettext("See the conditions")
        return format_html('<a class="underline" href="{}">{}</a>', url, said)

    @display(description=_("conditions in English"))
    def in_words_en(self, version):
        return self._in_words(version, "en")

    @display(description=_("conditions in Chinese"))
    def in_words_zh(self, version):
        return self._in_words(version, "zh-hans")

    def _in_words(self, version, language: str):
        with override(language):
            return format_html_join("", "<p>{}</p>", ((each["rule"],) for each in conditions(version)))

    @display(description=_("benefits"))
    def benefits_shown(self, version):
        return as_rows(version.benefits)

    @display(description=_("documents"))
    def documents_shown(self, version):
        return as_rows(version.documents)

    @display(description=_("steps"))
    def steps_shown(self, version):
        return as_rows(version.steps)

    @display(description=_("policy"))
    def policy_slug(self, version):
        return version.policy.slug

    @display(description=_("state"), ordering="state", label=STATE_TONES)
    def stands(self, version):
        return version.state, version.get_state_display()
