"""On which terms the park takes claims, and the money that is there for them."""

import functools
import operator

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited

from ..states import RESERVED, WAS_PAID

MONEY = {"max_digits": 18, "decimal_places": 2}
PERSON = settings.AUTH_USER_MODEL


class Rhythm(models.TextChoices):
    ONCE = "once", _("Once")
    YEARLY = "yearly", _("Once a year")


class TermsQuerySet(models.QuerySet):
    def in_force(self):
        """Return the terms that a second officer approved."""
        return self.filter(approved_by__isnull=False)

    def without_application(self):
        return self.in_force().filter(no_application=True)


@audited()
class Terms(models.Model):
    """On which terms the park takes claims under a policy. They hold once a second officer approved them.

    ``no_application``: the portal approves ahead who meets every condition by facts that are verified and at most
    ``fresh_days`` old, and pays ``standard_amount`` for the benefit at the place ``standard_benefit`` of the list.
    """

    policy = models.OneToOneField("policies.Policy", models.PROTECT, related_name="terms", verbose_name=_("policy"))
    rhythm = models.CharField(_("may be claimed"), max_length=8, choices=Rhythm, default=Rhythm.ONCE)
    no_application = models.BooleanField(_("no application needed"), default=False)
    standard_amount = models.DecimalField(
        _("amount without application, CNY"), **MONEY, null=True, blank=True,
        help_text=_("What everybody gets whom the portal approves ahead."),
    )  # fmt: skip
    standard_benefit = models.PositiveSmallIntegerField(
        _("benefit without application"), default=0,
        help_text=_("Its place in the policy's list of benefits, counted from 0."),
    )  # fmt: skip
    standard_words = models.JSONField(_("benefit without application, in words"), default=dict, editable=False)
    fresh_days = models.PositiveSmallIntegerField(
        _("facts at most so many days old"), default=365,
        help_text=_("An older fact counts as not verified for a benefit without application."),
    )  # fmt: skip
    written_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("written by"))
    approved_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("terms of claims"), _("terms of claims")
        permissions = [("approve_terms", "Can approve the terms of claims")]
        constraints = [
            models.CheckConstraint(name="terms_have_a_known_rhythm", condition=Q(rhythm__in=Rhythm.values)),
            models.CheckConstraint(
                name="who_wrote_the_terms_does_not_approve_them",
                condition=Q(approved_by=None) | ~Q(approved_by=F("written_by")),
                violation_error_message=_("A second officer approves the terms."),
            ),
            models.CheckConstraint(
                name="approved_terms_say_when",
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="no_application_needs_an_amount",
                condition=Q(no_application=False) | Q(standard_amount__gt=0),
                violation_error_message=_("Say what is paid without application."),
            ),
            models.CheckConstraint(name="facts_age_in_days", condition=Q(fresh_days__gte=1)),
        ]

    def __str__(self) -> str:
        return str(self.policy)


class BudgetQuerySet(models.QuerySet):
    def for_policy(self, policy_id: int, period: str):
        """Return the fund lines from which a claim of this period can be paid."""
        return self.filter(policy=policy_id, period__in=[period, ""]).order_by("-period", "fund_line")

    def with_left(self):
        return self.annotate(left=F("ceiling") - F("reserved") - F("spent"))


def the_books_agree(line: str, *operations) -> pgtrigger.Trigger:
    """Return the trigger that, at the end of an act, compares a fund line with the claims that have its money."""
    held, gone = (", ".join(f"'{state}'" for state in states) for states in (RESERVED, WAS_PAID))
    return pgtrigger.Trigger(
        name="the_books_agree", when=pgtrigger.After, operation=functools.reduce(operator.or_, operations),
        timing=pgtrigger.Deferred, declare=[("line", "bigint"), ("held", "numeric"), ("gone", "numeric")],
        func=f"""
            line := {line};
            SELECT coalesce(sum(amount_allowed) FILTER (WHERE state IN ({held})), 0),
                coalesce(sum(amount_paid - coalesce(amount_recovered, 0)) FILTER (WHERE state IN ({gone})), 0)
            INTO held, gone FROM claims_claim WHERE budget_id = line;
            IF EXISTS (
                SELECT FROM claims_budget WHERE id = line AND (reserved, spent) IS DISTINCT FROM (held, gone)
            ) THEN
                RAISE EXCEPTION 'a fund line says what its claims say' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """,  # noqa: S608 - the states are the room's own
    )  # fmt: skip


@audited(translated=["name"])
class Budget(models.Model):
    """A fund line of a policy: how much there is, how much is held for approved claims, and how much was paid.

    At the end of each transaction the database compares ``reserved`` and ``spent`` with the claims themselves.
    """

    policy = models.ForeignKey("policies.Policy", models.PROTECT, related_name="budgets", verbose_name=_("policy"))
    fund_line = models.CharField(_("fund line"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)  # name_en, name_zh_hans
    period = models.CharField(
        _("year"), max_length=4, blank=True, help_text=_("Four digits. Empty: for claims of any year.")
    )
    ceiling = models.DecimalField(_("ceiling, CNY"), **MONEY)
    reserved = models.DecimalField(_("reserved, CNY"), **MONEY, default=0, editable=False)
    spent = models.DecimalField(_("spent, CNY"), **MONEY, default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("budget"), _("budgets")
        ordering = ["-period", "fund_line"]
        constraints = [
            models.CheckConstraint(
                name="a_budget_is_never_overdrawn",
                condition=Q(spent__lte=F("ceiling") - F("reserved"), spent__gte=0, reserved__gte=0),
                violation_error_message=_("There is not enough money left on this fund line."),
            ),
            models.CheckConstraint(
                name="a_budget_is_of_a_year",
                condition=Q(period="") | Q(period__regex=r"^20[0-9]{2}$"),
                violation_error_message=_("Write the year with four digits."),
            ),
        ]
        triggers = [the_books_agree("NEW.id", pgtrigger.Insert, pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.fund_line} {self.name}"
