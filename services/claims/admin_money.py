"""The staff's desk for the terms of claims and for fund lines, through the verbs."""

from django import forms
from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from park.audit.admin import KeptHistory
from park.pages.wording import money
from park.workflow.actions import MoveRefused
from park.workflow.desk import ReadVersion, SavesByVerb

from . import actions
from .models import Budget, Terms


class MoneyDesk(SavesByVerb, KeptHistory, ModelAdmin):
    """A page of what the park pays from: whoever may change it sends along which version was read."""

    def what_was_read(self, request, obj) -> tuple[str, ...]:
        return ("read_version",) if self.has_change_permission(request, obj) else ()

    def has_delete_permission(self, request, obj=None):
        return False

    def log_addition(self, *args):
        return None  # the audit of the database says who did what

    log_change = log_addition


class ReadForm(forms.Form):
    """What the officer had read when pressing the button."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class TermsForm(ReadVersion):
    class Meta:
        model = Terms
        fields = ["policy", "rhythm", "no_application", "standard_benefit", "standard_amount", "fresh_days"]


@admin.register(Terms)
class TermsAdmin(MoneyDesk):
    form = TermsForm
    list_display = ("policy", "rhythm", "no_application", "standard_amount", "in_force")
    list_filter = ("no_application", "rhythm", ("approved_by", admin.EmptyFieldListFilter))
    list_select_related = ("policy__current", "written_by", "approved_by")
    search_fields = ("policy__slug", "policy__versions__title_en", "policy__versions__title_zh_hans")
    autocomplete_fields = ("policy",)
    ordering = ("policy__slug",)
    actions_detail = ("approve",)

    def get_readonly_fields(self, request, obj=None):
        return ("policy", "written_by", "approved_by", "approved_at") if obj else ()

    def get_fields(self, request, obj=None):
        said = ("policy", "rhythm", "no_application", "standard_benefit", "standard_amount", "fresh_days")
        return (*said, "written_by", "approved_by", "approved_at", *self.what_was_read(request, obj)) if obj else said

    def save_model(self, request, obj, form, change):
        given = form.cleaned_data
        said = {name: given[name] for name in actions.SAID}
        written = actions.write_terms(policy=obj.policy, by=request.user, lock=given.get("read_version"), **said)
        obj.pk = written.pk
        obj.refresh_from_db()

    @action(description=_("Approve the terms"), icon="check", url_path="approve", permissions=["approve"])
    def approve(self, request, object_id):
        terms = self.get_object(request, object_id)
        if terms is None:
            raise Http404
        case, status = reverse("admin:claims_terms_change", args=[object_id]), 200
        form = ReadForm(request.POST or None, initial={"version": terms.version})
        if request.method == "POST" and form.is_valid():
            try:
                actions.approve_terms(terms=terms, by=request.user, lock=form.cleaned_data["version"])
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, gettext("The terms are in force."))
                return redirect(case)
        state = gettext("In force") if terms.approved_by_id else gettext("Waits for a second officer")
        page = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": terms, "form": form, "case": case,
            "title": gettext("Approve the terms"), "state": state,
        }  # fmt: skip
        return render(request, "journey/staff_act.html", page, status=status)

    def has_approve_permission(self, request, object_id=None):
        return request.user.has_perm("claims.approve_terms")

    @display(description=_("in force"), boolean=True)
    def in_force(self, terms):
        return terms.approved_by_id is not None


class BudgetForm(ReadVersion):
    class Meta:
        model = Budget
        fields = ["policy", "fund_line", "name_en", "name_zh_hans", "period", "ceiling"]


@admin.register(Budget)
class BudgetAdmin(MoneyDesk):
    form = BudgetForm
    list_display = (
        "fund_line", "name", "policy", "period", "ceiling_words", "reserved_words", "spent_words", "left_words",
    )  # fmt: skip
    list_filter = ("period",)
    list_select_related = ("policy__current",)
    search_fields = ("fund_line", "name_en", "name_zh_hans", "policy__slug")
    autocomplete_fields = ("policy",)
    ordering = ("-period", "fund_line")

    def get_readonly_fields(self, request, obj=None):
        fixed = ("policy", "fund_line", "name_en", "name_zh_hans", "period")
        return (*fixed, "reserved_words", "spent_words", "left_words", "its_claims") if obj else ()

    def get_fields(self, request, obj=None):
        first = ("policy", "fund_line", "name_en", "name_zh_hans", "period", "ceiling")
        more = ("reserved_words", "spent_words", "left_words", "its_claims")
        return (*first, *more, *self.what_was_read(request, obj)) if obj else first

    def save_model(self, request, obj, form, change):
        given = form.cleaned_data
        if change:
            read = given["read_version"]
            written = actions.set_ceiling(budget=obj, ceiling=given["ceiling"], by=request.user, lock=read)
        else:
            said = {name: given[name] for name in BudgetForm.Meta.fields}
            written = actions.open_budget(by=request.user, **said)
        obj.pk = written.pk
        obj.refresh_from_db()

    @display(description=_("ceiling"), ordering="ceiling")
    def ceiling_words(self, budget):
        return money(budget.ceiling)

    @display(description=_("reserved"), ordering="reserved")
    def reserved_words(self, budget):
        return money(budget.reserved)

    @display(description=_("spent"), ordering="spent")
    def spent_words(self, budget):
        return money(budget.spent)

    @display(description=_("still left"))
    def left_words(self, budget):
        return money(budget.ceiling - budget.reserved - budget.spent)

    @display(description=_("claims"))
    def its_claims(self, budget):
        url = f"{reverse('admin:claims_claim_changelist')}?budget__id__exact={budget.pk}"
        return format_html('<a class="underline" href="{}">{}</a>', url, gettext("See the claims"))
