"""The terms of gates on the staff's desk: drafted, laid side by side, put into use by a second manager."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from park.audit.admin import KeptHistory
from park.rules import explain
from park.workflow.actions import MoveRefused

from .. import access, actions
from ..models import GateTerms
from ..staff import StaffAct, StaffActs
from ..states import TERMS, TermsState
from .inlines import HistoryInline

WORDING = (
    "criteria", "evidence", "scorecard", "scorers", "pass_mark", "extensions", "extension_months", "retry_days",
    "notes_en", "notes_zh_hans",
)  # fmt: skip


class TermsForm(forms.ModelForm):
    """The wording of a draft; what cannot be judged, shown or scored is refused with its reasons."""

    read = forms.IntegerField(label="", widget=forms.HiddenInput, required=False)

    class Meta:
        model = GateTerms
        fields = ("stage", *WORDING)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["read"] = self.instance.version if self.instance.pk else None

    def clean(self):
        cleaned = super().clean()
        if faults := actions.faults(self.wording()):
            raise forms.ValidationError(faults)
        return cleaned

    def wording(self) -> dict:
        return {name: self.cleaned_data[name] for name in WORDING if name in self.cleaned_data}


def in_words(terms: GateTerms) -> dict[str, list[str]]:
    """Return the terms in sentences, part by part, as two versions are laid side by side."""
    return {
        gettext("criteria"): [each["rule"] for each in explain.in_words(terms.rule)],
        gettext("papers"): [_paper(entry) for entry in terms.evidence],
        gettext("scorecard"): [f"{line['en']} / {line['zh']}: {line['weight']}" for line in terms.scorecard],
        gettext("numbers"): [
            f"{GateTerms._meta.get_field(name).verbose_name}: {getattr(terms, name)}" for name in WORDING[3:8]
        ],
        gettext("grounds"): [terms.notes or "–"],
    }


def _paper(entry: dict) -> str:
    words = f"{entry['en']} / {entry['zh']}"
    if entry.get("mandatory"):
        words += f" · {gettext('must be there')}"
    if entry.get("fresh_days"):
        words += f" · {gettext('at most %(n)s days old') % {'n': entry['fresh_days']}}"
    return words


@admin.register(GateTerms)
class GateTermsAdmin(StaffActs, KeptHistory, ModelAdmin):
    machine, may = TERMS, access.may_make_of_terms
    form = TermsForm
    acts = (
        StaffAct("publish", actions.publish_terms, "terms", "publish", fields=("note",)),
        StaffAct("drop", actions.drop_terms, "terms", "delete", fields=("note",)),
    )
    further = ("beside",)
    list_display = ("gate", "number", "standing", "author", "published_by", "published_at")
    list_filter = ("stage", "state")
    list_select_related = ("author", "published_by")
    ordering = ("stage", "-number")
    inlines = (HistoryInline,)

    def get_fieldsets(self, request, obj=None):
        shown = ("stage",) if obj is None else ("stage", "number", "state", "author", "published_by", "published_at")
        sentences = () if obj is None else ("in_words_en", "in_words_zh")
        read = ("read",) if obj is not None and self._is_draft(obj) else ()
        return (
            (None, {"fields": (*shown, *sentences)}),
            (_("What it asks"), {"fields": WORDING[:3], "classes": ["tab"]}),
            (_("Numbers and grounds"), {"fields": (*WORDING[3:], *read), "classes": ["tab"]}),
        )

    def get_changeform_initial_data(self, request):
        newest = GateTerms.objects.in_use().filter(stage=request.GET.get("stage", "")).first()
        return {"stage": newest.stage, **{name: getattr(newest, name) for name in WORDING}} if newest else {}

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        fixed = ("stage", "number", "state", "author", "published_by", "published_at", "in_words_en", "in_words_zh")
        return fixed if self._is_draft(obj) else (*fixed, *WORDING)

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def _is_draft(self, obj) -> bool:
        return obj.state == TermsState.DRAFT

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or self._is_draft(obj))

    def has_add_permission(self, request):
        return request.user.has_perm("journey.change_gateterms")

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        try:
            if change:
                saved = actions.revise_terms(
                    terms=obj, wording=form.wording(), by=request.user, version=form.cleaned_data["read"]
                )
            else:
                saved = actions.draft_terms(
                    stage=form.cleaned_data["stage"], wording=form.wording(), by=request.user
                )
        except MoveRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            if not change:
                raise PermissionDenied(str(refusal)) from None
        else:
            obj.pk = saved.pk
        obj.refresh_from_db()

    # --- Two versions side by side ------------------------------------------------------------------------------------
    def get_urls(self):
        beside = self.admin_site.admin_view(self.beside_view)
        return [path("<int:pk>/beside/", beside, name="journey_gateterms_beside"), *super().get_urls()]

    @action(description=_("Lay beside another version"), url_path="compare", icon="compare")
    def beside(self, request, object_id):
        return self.beside_view(request, int(object_id))

    def beside_view(self, request, pk):
        this = GateTerms.objects.filter(pk=pk).first()
        if this is None or not self.has_view_permission(request, this):
            raise Http404
        others = list(GateTerms.objects.filter(stage=this.stage).exclude(pk=pk).order_by("-number"))
        chosen = request.GET.get("with", "")
        other = next((each for each in others if str(each.pk) == chosen), others[0] if others else None)
        rows = []
        if other is not None:
            left, right = in_words(other), in_words(this)
            rows = [
                {
                    "part": part,
                    "left": [(line, line not in right[part]) for line in left[part]],
                    "right": [(line, line not in left[part]) for line in right[part]],
                }
                for part in left
            ]
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Two versions side by side"),
            "this": this,
            "other": other,
            "others": others,
            "rows": rows,
            "case": reverse("admin:journey_gateterms_change", args=[pk]),
        }
        return render(request, "journey/admin_beside.html", page)

    @display(description=_("gate out of the stage"), ordering="stage")
    def gate(self, terms):
        return terms.get_stage_display()

    @display(
        description=_("state"), ordering="state",
        label={"draft": "info", "published": "success", "retired": "", "dropped": ""},
    )
    def standing(self, terms):
        return terms.state, terms.get_state_display()

    @display(description=_("criteria in English"))
    def in_words_en(self, terms):
        return self._in_words(terms, "en")

    @display(description=_("criteria in Chinese"))
    def in_words_zh(self, terms):
        return self._in_words(terms, "zh-hans")

    def _in_words(self, terms, language: str):
        with override(language):
            return format_html_join("", "<p>{}</p>", ((each["rule"],) for each in explain.in_words(terms.rule)))
