"""Golden cases in the staff area: written beside the wording of a draft, with what the rule says of each today."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline
from unfold.decorators import display

from park.rules.judge import judge
from park.rules.states import Verdict as Word
from park.rules.tree import RuleError
from park.workflow.desk import was_refused

from . import access, actions, golden
from .actions import CASE
from .golden_forms import known_facts
from .models import GoldenCase
from .states import State


class CaseForm(forms.ModelForm):
    """One golden case: who, which facts, what the rule must say, and where that stands."""

    class Meta:
        model = GoldenCase
        fields = (*CASE, "facts")

    def __init__(self, *args, of=None, **kwargs):
        super().__init__(*args, **kwargs)
        if of is not None and "facts" in self.fields:
            self.fields["facts"].widget = known_facts(of)
        for name in ("name_en", "name_zh_hans"):
            if name in self.fields:
                self.fields[name].required = True

    def clean_facts(self):
        try:
            return golden.cleaned(self.cleaned_data["facts"] or {}, self.instance.version.vocabulary)
        except ValueError as reason:
            raise forms.ValidationError(str(reason)) from None


class Cases(forms.BaseInlineFormSet):
    """The golden cases of one draft."""

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "of": self.instance}

    def given(self) -> list[dict]:
        """Return all cases that are left, as the verb takes them."""
        return [
            {name: form.cleaned_data[name] for name in (*CASE, "facts")}
            for form in self.forms
            if form.cleaned_data.get("name_en") and not form.cleaned_data.get("DELETE")
        ]

    def nothing_saved(self) -> None:
        """Tell the admin that the verb wrote everything."""
        self.new_objects = self.changed_objects = self.deleted_objects = []


class GoldenInline(StackedInline):
    model = GoldenCase
    form, formset = CaseForm, Cases
    fields = ("name_en", "name_zh_hans", "facts", "expected", "says", "source", "checked_by", "checked_at")
    readonly_fields = ("says", "checked_by", "checked_at")
    extra = 0
    tab = True
    verbose_name_plural = _("golden cases")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("version__policy", "checked_by")

    @display(description=_("says today"))
    def says(self, case):
        if case.pk is None:
            return "–"
        try:
            found = judge(case.version.parsed, case.facts).verdict
        except (RuleError, ValueError) as reason:
            return str(reason)
        if found == case.expected:
            return format_html("{} ✓", Word(found).label)
        return format_html("<b>{}</b> ✗ {}", Word(found).label, gettext("The rule or the case is wrong."))

    def _open(self, request, version) -> bool:
        if version is None or not access.may_draft(request.user):
            return False
        return version.state == State.DRAFT or was_refused(request)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("policies.view_policyversion")

    def has_add_permission(self, request, obj=None):
        return self._open(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._open(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._open(request, obj)


class KeepsCases:
    """The page of a version: its golden cases are written by their verb, all together."""

    def save_formset(self, request, form, formset, change):
        if formset.model is not GoldenCase:
            return
        formset.nothing_saved()
        if not formset.has_changed():
            return
        # Read anew when its wording was written, in this transaction.
        lock = form.instance.version
        actions.set_cases(version=form.instance, cases=formset.given(), by=request.user, lock=lock)
