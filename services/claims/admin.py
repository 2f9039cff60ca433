"""The staff's desk for claims: the queue, the case with its verdicts and papers, the acts, and the take-up."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from incubation.journey.staff import StaffAct, StaffActs, choice
from park.audit.actions import log_read
from park.audit.admin import KeptHistory
from park.pages import sheets
from park.pages.wording import local_date, money
from park.workflow.admin import TransitionInline
from park.workflow.calendar import beijing_day

from . import access, actions, admin_money, fitting, queue, takeup
from .models import Budget, Claim, Paper
from .states import MACHINE, State

__all__ = ["ClaimAdmin", "admin_money"]

TONES = {
    State.SUBMITTED: "warning", State.VERIFYING: "info", State.RETURNED: "info", State.APPROVED: "warning",
    State.CONFIRMED: "warning", State.PAYMENT_ORDERED: "info", State.PAID: "success", State.CLOSED: "default",
    State.REJECTED: "default", State.RECONSIDERATION: "warning", State.CLAWBACK: "danger", State.RECOVERED: "default",
    State.WITHDRAWN: "default", State.PRE_APPROVED: "info", State.LAPSED: "default",
}  # fmt: skip


class QueueFilter(admin.SimpleListFilter):
    """The morning's questions."""

    title, parameter_name = _("queue"), "queue"

    def lookups(self, request, model_admin):
        found = queue.counts(request.user)
        words = gettext("%(question)s (%(count)s)")
        return [(name, words % {"question": label, "count": found[name]}) for name, label in queue.LABELS.items()]

    def queryset(self, request, queryset):
        return queryset.filter(queue.question(self.value(), request.user)) if self.value() else queryset


def decimal(label, **options) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=18, decimal_places=2, min_value=0, widget=UnfoldAdminTextInputWidget, **options
    )


class LineField(forms.ModelChoiceField):
    def label_from_instance(self, budget):
        return gettext("%(line)s, %(left)s left") % {"line": str(budget), "left": money(budget.left)}


def what_was_found(claim: Claim, user) -> dict[str, forms.Field]:
    """Return the fields of the act "verify"; what was found before stands in them."""
    lines = Budget.objects.for_policy(claim.policy_id, claim.period).with_left()
    return {
        "finding": choice(_("What you found"), Claim.Finding.choices, initial=claim.finding),
        "amount": decimal(
            _("Amount that is due, CNY"), required=False, initial=claim.amount_proposed or claim.amount_asked,
            help_text=gettext("Asked: %(amount)s.") % {"amount": money(claim.amount_asked)},
        ),
        "budget": LineField(
            label=_("Fund line"), queryset=lines, required=False, initial=claim.budget_id or lines.first(),
            widget=UnfoldAdminSelectWidget,
        ),
    }  # fmt: skip


def the_payment(claim: Claim, user) -> dict[str, forms.Field]:
    """Return the fields of the act "pay". Only who pays reads the whole number, and each time it is written down."""
    told = ""
    if claim.state == State.PAYMENT_ORDERED and access.sees_account(user, claim):
        log_read(by=user, record=claim, about=claim.tenant.talent.user, reason="the account that a claim is paid to")
        told = gettext("To %(holder)s, %(bank)s, number %(number)s: %(amount)s.") % {
            "holder": claim.account_holder, "bank": claim.account_bank, "number": claim.account_number,
            "amount": money(claim.amount_allowed),
        }  # fmt: skip
    return {
        "payment_ref": forms.CharField(
            label=_("Reference of the payment"), max_length=60, widget=UnfoldAdminTextInputWidget, help_text=told
        ),
        "paid_on": forms.DateField(label=_("Paid on"), required=False, widget=UnfoldAdminSingleDateWidget,
                                   help_text=_("Empty: today.")),
    }  # fmt: skip


def what_came_back(claim: Claim, user) -> dict[str, forms.Field]:
    return {"amount": decimal(_("Amount that came back, CNY"), initial=claim.amount_paid)}


class SheetForm(forms.Form):
    """Why somebody takes figures along as a file. It is written down."""

    reason = forms.CharField(
        label=_("Why do you take this along?"), max_length=150, widget=UnfoldAdminTextInputWidget,
        help_text=_("Your name, the time and this reason are written down."),
    )  # fmt: skip


NOTES, INSIDE = ("note", "internal_note"), ("internal_note",)


class PaperInline(TabularInline):
    """The papers a claim came with; each opens through the one door of files."""

    model, extra, tab, can_delete = Paper, 0, True, False
    verbose_name_plural = _("papers")
    fields = readonly_fields = ("asked", "opens", "absent_because", "age", "reused")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("document")

    def has_view_permission(self, request, obj=None):
        return True  # whoever may see the claim

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_add_permission

    @admin.display(description=_("what is asked for"))
    def asked(self, paper):
        return str(paper)

    @admin.display(description=_("document"))
    def opens(self, paper):
        if paper.document is None:
            return "–"
        url = paper.document.get_absolute_url()
        return format_html('<a class="underline" href="{}">{}</a>', url, paper.document.name)

    @admin.display(description=_("on file since"))
    def age(self, paper):
        return local_date(paper.document.uploaded_at) if paper.document else "–"


class HistoryInline(TransitionInline):
    machine, tab = MACHINE, True


@admin.register(Claim)
class ClaimAdmin(StaffActs, KeptHistory, ModelAdmin):
    machine, may = MACHINE, access.may_press
    acts = (
        StaffAct("take", actions.take, "claim", "how_to_reg"),
        StaffAct("verify", actions.verify, "claim", "fact_check", fields=INSIDE, extra=what_was_found),
        StaffAct("return", actions.return_claim, "claim", "undo", fields=NOTES, required=("note",)),
        StaffAct("approve", actions.approve, "claim", "check", fields=NOTES),
        StaffAct("reject", actions.reject, "claim", "block", fields=NOTES, required=("note",)),
        StaffAct("reopen", actions.reopen, "claim", "restart_alt", fields=NOTES),
        StaffAct("uphold", actions.uphold, "claim", "gavel", fields=NOTES, required=("note",)),
        StaffAct("order", actions.order, "claim", "send", fields=INSIDE),
        StaffAct("pay", actions.pay, "claim", "payments", fields=INSIDE, extra=the_payment),
        StaffAct("bounce", actions.bounce, "claim", "assignment_return", fields=NOTES, required=("note",)),
        StaffAct(
            "bounce_paid", actions.bounce_paid, "claim", "assignment_return", fields=NOTES, required=("note",)
        ),
        StaffAct("close", actions.close, "claim", "task_alt", fields=INSIDE),
        StaffAct("claw_back", actions.claw_back, "claim", "currency_exchange", fields=NOTES, required=("note",)),
        StaffAct("recover", actions.recover, "claim", "savings", fields=INSIDE, extra=what_came_back),
    )
    list_display = ("ref", "tenant", "title", "state_tag", "asked", "allowed", "due", "case_officer")
    list_filter = (QueueFilter, "state", "lane", "budget")
    search_fields = (
        "ref", "payment_ref", "tenant__organisation__name_en", "tenant__organisation__name_zh_hans", "policy__slug",
    )  # fmt: skip
    date_hierarchy = "sent_at"
    readonly_fields = fields = (
        "ref", "state_words", "tenant", "title", "benefit_shown", "period", "lane", "note", "asked", "proposed",
        "allowed", "paid", "recovered", "budget", "holder", "number", "case_officer", "verified_by", "approved_by",
        "ordered_by", "paid_by", "payment_ref", "paid_on", "sent_at", "verdict",
    )  # fmt: skip
    inlines = (PaperInline, HistoryInline)
    actions_list = ("see_takeup", "unpaid_sheet")
    list_per_page = 50

    def get_queryset(self, request):
        seen = access.on_the_desk_of(request.user)
        return queue.in_order(
            seen.select_related("tenant__organisation", "tenant__talent", "policy", "wording", "budget", "officer")
        )

    def get_ordering(self, request):
        return ()  # as the queue has it: the earliest promise first

    def pointless(self, record) -> set[str]:
        """Offer a decision only when somebody checked, a payment only where there is an account."""
        if record.needs_account:
            return {"order"}
        if record.state != State.VERIFYING or record.finding == Claim.Finding.SUPPORTS:
            return set()
        return {"approve"} if record.finding else {"approve", "reject"}

    def has_add_permission(self, request):
        return False  # tenants claim

    def has_change_permission(self, request, obj=None):
        return False  # only verbs change it

    def has_delete_permission(self, request, obj=None):
        return False

    # --- Figures ------------------------------------------------------------------------------------------------------
    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("take-up/", view(self.takeup_view), name="claims_claim_takeup"),
            path("unpaid/", view(self.unpaid_view), name="claims_claim_unpaid"),
            *super().get_urls(),
        ]

    @action(description=_("How policies are taken up"), icon="monitoring", url_path="see-take-up")
    def see_takeup(self, request):
        return self.takeup_view(request)

    @action(description=_("Unpaid claims as a sheet"), icon="download", url_path="unpaid-sheet")
    def unpaid_sheet(self, request):
        return self.unpaid_view(request)

    def takeup_view(self, request):
        """Show for each policy whom it fits, who was told and read, claimed and was paid; as a page or a sheet."""
        if not request.user.has_perm("claims.read_takeup"):
            raise PermissionDenied(gettext("Only people with the duty for it may open this page."))
        found = takeup.rows()
        sums, form = takeup.total(found), SheetForm(request.POST or None)
        if form.is_valid():
            log_read(by=request.user, record=Claim, reason=f"Take-up as a sheet: {form.cleaned_data['reason']}")
            return sheets.answer("take-up", takeup.head(), map(takeup.line, [*found, sums]))
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("How policies are taken up"),
            "head": takeup.head(),
            "rows": [(row["policy"], takeup.shown(row)) for row in found],
            "total": takeup.shown(sums),
            "read_rate": sums["read_rate"],
            "goal": takeup.GOAL,
            "here": reverse("admin:claims_claim_takeup"),
            "form": form,
        }
        return render(request, "claims/admin_takeup.html", page, status=422 if form.errors else 200)

    def unpaid_view(self, request):
        """Give the claims that are approved and not paid yet as a sheet, for who pays."""
        if not request.user.has_perm("claims.pay_claim"):
            raise PermissionDenied(gettext("Only people with the duty for it may open this page."))
        form = SheetForm(request.POST or None)
        if not form.is_valid():
            page = {
                **self.admin_site.each_context(request), "opts": self.opts, "form": form,
                "title": gettext("Unpaid claims as a sheet"), "here": reverse("admin:claims_claim_unpaid"),
            }  # fmt: skip
            return render(request, "claims/admin_sheet.html", page, status=422 if form.errors else 200)
        log_read(by=request.user, record=Claim, reason=f"Unpaid claims as a sheet: {form.cleaned_data['reason']}")
        head = [
            _("Reference"), _("Company"), _("Policy"), _("State"), _("Allowed, CNY"), _("Fund line"), _("Approved"),
            _("Due"),
        ]  # fmt: skip
        rows = (
            [
                claim.ref, str(claim.tenant.organisation), claim.wording.title, claim.get_state_display(),
                claim.amount_allowed, claim.budget.fund_line,
                beijing_day(claim.approved_at).isoformat() if claim.approved_at else "",
                beijing_day(claim.due_at).isoformat() if claim.due_at else "",
            ]
            for claim in self.get_queryset(request).unpaid()
        )  # fmt: skip
        return sheets.answer("unpaid-claims", head, rows)

    # --- What the case shows ------------------------------------------------------------------------------------------
    @admin.display(description=pgettext_lazy("document", "policy"), ordering="policy__slug")
    def title(self, claim):
        return claim.wording.title

    @admin.display(description=_("benefit"))
    def benefit_shown(self, claim):
        return claim.benefit_words

    @admin.display(description=_("state"))
    def state_words(self, claim):
        return claim.get_state_display()

    @display(description=_("state"), ordering="state", label=TONES)
    def state_tag(self, claim):
        return claim.state, claim.get_state_display()

    @admin.display(description=_("amount asked"), ordering="amount_asked")
    def asked(self, claim):
        return _yuan(claim.amount_asked)

    @admin.display(description=_("found to be due"))
    def proposed(self, claim):
        return _yuan(claim.amount_proposed)

    @admin.display(description=_("allowed"), ordering="amount_allowed")
    def allowed(self, claim):
        return _yuan(claim.amount_allowed)

    @admin.display(description=_("paid"))
    def paid(self, claim):
        return _yuan(claim.amount_paid)

    @admin.display(description=_("paid back"))
    def recovered(self, claim):
        return _yuan(claim.amount_recovered)

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, claim):
        return local_date(claim.due_at) if claim.due_at else "–"

    @admin.display(description=_("officer"), ordering="officer")
    def case_officer(self, claim):
        return claim.officer.display_name if claim.officer else "–"

    @admin.display(description=_("account"))
    def holder(self, claim):
        return f"{claim.account_holder} · {claim.account_bank}" if claim.account_holder else "–"

    @admin.display(description=_("account number"))
    def number(self, claim):
        """Return how the number ends; the act that pays shows it whole to who pays."""
        return f"… {claim.account_ends}" if claim.account_ends else "–"

    @admin.display(description=_("verdict"))
    def verdict(self, claim):
        """Show what the rule said when the claim was sent, beside what it says today."""
        kept = claim.verdicts.select_related("version__policy").last()
        if kept is None:
            return "–"
        then, policy = fitting.of_kept(kept), fitting.policy_of(claim.policy_id)
        today = fitting.match_of(policy, claim.tenant) if policy else None
        return render_to_string("claims/admin_verdict.html", {"rows": fitting.beside(then, today), "then": then,
                                                              "today": today})  # fmt: skip


def _yuan(amount) -> str:
    return money(amount) if amount is not None else "–"
