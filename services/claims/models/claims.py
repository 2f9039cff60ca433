"""Claims of tenants under a policy, with the papers and the verdict they came with."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.accounts.sealing import unseal
from park.audit.tracking import append_only, audited
from park.organisations.models import Membership
from services.policies.models import Verdict
from services.policies.models.policies import in_language

from ..states import ENDED_WITHOUT, FINAL, IN_WORK, OPEN_TO_TENANT, RESERVED, UNPAID, WAS_PAID, State
from .money import MONEY, PERSON, Budget, the_books_agree


class ClaimQuerySet(models.QuerySet):
    def live(self):
        """Return the claims that stand against another one for the same cost."""
        return self.exclude(state__in=ENDED_WITHOUT)

    def sent(self):
        """Return the claims that reached the park, or were approved ahead."""
        return self.exclude(Q(state=State.DRAFT) | Q(sent_at=None))

    def unpaid(self):
        return self.filter(state__in=UNPAID)

    def in_work(self):
        return self.filter(state__in=IN_WORK)

    def visible_to(self, user):
        """Return to members the claims of the tenants they act for, to staff with the right every one that was sent."""
        own = Q(tenant__organisation__in=Membership.objects.current().filter(user=user).values("organisation"))
        if user.is_staff and user.has_perm("claims.view_claim"):
            return self.filter(own | Q(sent_at__isnull=False))
        return self.filter(own)


@audited()
class Claim(models.Model):
    """What one tenant claims under a policy for one benefit and one period, from the draft to the last yuan.

    ``benefit`` is the benefit's place in the policy's list, with its words as they were in ``words``.
    """

    class Lane(models.TextChoices):
        NORMAL = "normal", _("On application")
        AHEAD = "ahead", _("Without application")

    class Finding(models.TextChoices):
        SUPPORTS = "supports", _("Everything is in order")
        OPPOSES = "opposes", _("It should not be approved")

    WITHOUT_ACCOUNT = Q(state=State.APPROVED, account_sealed="")  # its payment came back

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(_("reference"), max_length=20, unique=True)  # C-2026-0418
    tenant = models.ForeignKey("journey.Tenant", models.PROTECT, related_name="claims", verbose_name=_("tenant"))
    policy = models.ForeignKey("policies.Policy", models.PROTECT, related_name="claims", verbose_name=_("policy"))
    wording = models.ForeignKey(
        "policies.PolicyVersion", models.PROTECT, related_name="claims", verbose_name=_("policy version")
    )
    benefit = models.PositiveSmallIntegerField(_("benefit"))
    words = models.JSONField(_("benefit in words"), default=dict)  # {"en": …, "zh": …}
    period = models.CharField(_("for"), max_length=8)  # "once", or the year
    lane = models.CharField(_("way"), max_length=8, choices=Lane, default=Lane.NORMAL)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.DRAFT)
    begun_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("started by")
    )
    officer = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("officer")
    )
    note = models.TextField(_("what it is for"), max_length=2000, blank=True)
    amount_asked = models.DecimalField(_("asked, CNY"), **MONEY, null=True, blank=True)
    amount_proposed = models.DecimalField(_("found to be due, CNY"), **MONEY, null=True, blank=True)
    amount_allowed = models.DecimalField(_("allowed, CNY"), **MONEY, null=True, blank=True)
    amount_paid = models.DecimalField(_("paid, CNY"), **MONEY, null=True, blank=True)
    amount_recovered = models.DecimalField(_("paid back, CNY"), **MONEY, null=True, blank=True)
    account_holder = models.CharField(_("account holder"), max_length=200, blank=True)
    account_bank = models.CharField(_("bank and branch"), max_length=200, blank=True)
    account_sealed = models.CharField(max_length=300, blank=True, editable=False)
    account_ends = models.CharField(_("account number ends in"), max_length=4, blank=True)
    budget = models.ForeignKey(
        Budget, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("fund line")
    )
    finding = models.CharField(_("finding"), max_length=8, choices=Finding, blank=True)
    verified_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checked by")
    )
    approved_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    ordered_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("payment ordered by")
    )
    paid_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("payment written down by")
    )
    payment_ref = models.CharField(_("payment reference"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("started"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    rejected_at = models.DateTimeField(_("refused"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = pgettext_lazy("policy", "claim"), pgettext_lazy("policy", "claims")
        default_permissions = ("view",)
        permissions = [
            ("verify_claim", "Can check claims"),
            ("approve_claim", "Can approve claims that another officer checked"),
            ("pay_claim", "Can order and write down payments"),
            ("read_takeup", "Can read how policies are taken up"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "policy", "benefit", "period"], condition=~Q(state__in=ENDED_WITHOUT),
                name="a_cost_is_claimed_once",
                violation_error_message=_("There is a claim for this benefit and this period already."),
            ),
            models.UniqueConstraint(
                fields=["payment_ref"], condition=~Q(payment_ref=""), name="a_payment_pays_one_claim",
                violation_error_message=_("This payment reference stands on another claim already."),
            ),
            models.CheckConstraint(name="a_claim_has_a_known_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="a_claim_goes_a_known_way", condition=Q(lane__in=["normal", "ahead"])),
            models.CheckConstraint(
                name="a_claim_asks_for_money", condition=Q(amount_asked=None) | Q(amount_asked__gt=0),
                violation_error_message=_("Write an amount above 0."),
            ),
            models.CheckConstraint(
                name="no_more_is_allowed_than_asked",
                condition=Q(amount_allowed=None) | Q(amount_allowed__gt=0, amount_allowed__lte=F("amount_asked")),
                violation_error_message=_("No more can be allowed than was asked for."),
            ),
            models.CheckConstraint(
                name="what_is_paid_was_allowed",
                condition=Q(amount_paid=None) | Q(amount_paid=F("amount_allowed")),
                violation_error_message=_("The payment has to be the amount that was allowed."),
            ),
            models.CheckConstraint(
                name="no_more_comes_back_than_was_paid",
                condition=Q(amount_recovered=None) | Q(amount_recovered__gt=0, amount_recovered__lte=F("amount_paid")),
                violation_error_message=_("No more can come back than was paid."),
            ),
            models.CheckConstraint(
                name="a_sent_claim_says_when_and_how_much",
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN])
                | Q(sent_at__isnull=False, amount_asked__isnull=False),
            ),
            models.CheckConstraint(
                name="money_is_held_on_a_fund_line",
                condition=~Q(state__in=[*RESERVED, *WAS_PAID]) | Q(budget__isnull=False, amount_allowed__isnull=False),
            ),
            models.CheckConstraint(
                name="a_claim_is_approved_by_somebody",
                condition=~Q(state__in=[State.APPROVED, State.PAYMENT_ORDERED, *WAS_PAID], lane="normal")
                | Q(approved_by__isnull=False, verified_by__isnull=False),
            ),
            models.CheckConstraint(
                name="who_checks_a_claim_does_not_approve_it",
                condition=Q(approved_by=None) | Q(verified_by=None) | ~Q(approved_by=F("verified_by")),
                violation_error_message=_("Somebody else has to approve: this is what you checked yourself."),
            ),
            models.CheckConstraint(
                name="who_approves_or_checks_does_not_order",
                condition=Q(ordered_by=None)
                | (
                    (Q(approved_by=None) | ~Q(ordered_by=F("approved_by")))
                    & (Q(verified_by=None) | ~Q(ordered_by=F("verified_by")))
                ),
                violation_error_message=_("Somebody else has to order the payment."),
            ),
            models.CheckConstraint(
                name="who_approves_or_checks_does_not_pay",
                condition=Q(paid_by=None)
                | (
                    (Q(approved_by=None) | ~Q(paid_by=F("approved_by")))
                    & (Q(verified_by=None) | ~Q(paid_by=F("verified_by")))
                ),
                violation_error_message=_("Somebody else has to write down the payment."),
            ),
            models.CheckConstraint(
                name="who_orders_what_nobody_approved_does_not_pay",
                condition=Q(lane="normal") | Q(ordered_by=None) | Q(paid_by=None) | ~Q(paid_by=F("ordered_by")),
                violation_error_message=_("Somebody else has to write down the payment."),
            ),
            models.CheckConstraint(
                name="money_goes_to_a_known_account",
                condition=~Q(state__in=[State.PAYMENT_ORDERED, *WAS_PAID])
                | Q(account_ends__regex=r"^[0-9]{4}$") & ~Q(account_holder="") & ~Q(account_sealed=""),
            ),
            models.CheckConstraint(
                name="a_payment_is_on_record",
                condition=~Q(state__in=WAS_PAID)
                | Q(amount_paid__isnull=False, paid_on__isnull=False, paid_by__isnull=False, ordered_by__isnull=False)
                & ~Q(payment_ref=""),
            ),
            models.CheckConstraint(
                name="what_came_back_is_on_record",
                condition=~Q(state=State.RECOVERED) | Q(amount_recovered__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-created_at"], name="claims_of_a_tenant"),
            models.Index(fields=["state", "sent_at"], condition=~Q(state__in=FINAL), name="claims_in_work"),
            models.Index(fields=["policy", "state"], name="claims_of_a_policy"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="a_claim_stays_under_its_wording", fields=["policy", "wording", "benefit", "lane"]),
            the_books_agree(
                "CASE WHEN TG_OP = 'DELETE' THEN OLD.budget_id ELSE NEW.budget_id END",
                pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("claims:claim", args=[self.tenant.organisation.slug, self.ref])

    @property
    def benefit_words(self) -> str:
        return next(iter(in_language([self.words])), "")

    @property
    def is_open(self) -> bool:
        """Tell whether the tenant writes on it now."""
        return self.state in OPEN_TO_TENANT

    @property
    def needs_account(self) -> bool:
        """Tell whether a payment came back, and the tenant has to say anew where the money goes."""
        return self.state == State.APPROVED and not self.account_sealed

    @property
    def account_number(self) -> str:
        """Return the whole number, for who pays and whose it is. Everybody else sees how it ends."""
        return unseal(self.account_sealed) if self.account_sealed else ""


class ClaimVerdict(models.Model):
    """What the policy's rule said of the tenant when a claim was sent or approved ahead. Written once.

    It has the shape of a stored verdict, so ``policies.judging.of_verdict`` shows it condition by condition.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="verdicts")
    version = models.ForeignKey("policies.PolicyVersion", models.PROTECT, related_name="+")
    word = models.CharField(_("verdict"), max_length=8, choices=Verdict.Word)
    near = models.BooleanField(_("one condition away"), default=False)
    met = models.BigIntegerField()
    unknown = models.BigIntegerField()
    trace = models.JSONField(_("trace"), default=list)
    judged_at = models.DateTimeField(_("checked"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("verdict when it was sent"), _("verdicts when it was sent")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_claims_verdict_is_one_of_three", condition=Q(word__in=["fits", "may_fit", "not_now"])
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.word}"


@audited()
class Paper(models.Model):
    """A paper that a claim came with: which of those asked for, and the document on file, or why there is none."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="papers")
    place = models.PositiveSmallIntegerField(_("place"))  # among the documents that the policy asks for
    words = models.JSONField(_("what is asked for"), default=dict)
    document = models.ForeignKey(
        "files.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    absent_because = models.CharField(_("why there is none"), max_length=300, blank=True)
    reused = models.BooleanField(_("was on file"), default=False)
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("added by"))

    class Meta:
        verbose_name, verbose_name_plural = _("paper"), _("papers")
        default_permissions = ()
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "place"], name="a_paper_is_given_once"),
            models.CheckConstraint(
                name="a_paper_is_there_or_says_why_not",
                condition=Q(document__isnull=False, absent_because="") | Q(document=None) & ~Q(absent_because=""),
                violation_error_message=_("Add the paper, or say why there is none."),
            ),
        ]

    def __str__(self) -> str:
        return next(iter(in_language([self.words])), "")


class Fallback(models.Model):
    """Why a benefit that needs no application has to be claimed in the normal way by a tenant it fits.

    ``reasons`` lists the facts: ``{"fact", "why": stale | self_declared | expired | no_budget, "source", "as_of"}``.
    """

    tenant = models.ForeignKey("journey.Tenant", models.CASCADE, related_name="fallbacks", verbose_name=_("tenant"))
    policy = models.ForeignKey("policies.Policy", models.CASCADE, related_name="+", verbose_name=_("policy"))
    period = models.CharField(_("for"), max_length=8)
    reasons = models.JSONField(_("reasons"), default=list)
    found_at = models.DateTimeField(_("found"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("benefit to be claimed"), _("benefits to be claimed")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["tenant", "policy", "period"], name="a_fallback_is_said_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.policy_id} {self.period}"
