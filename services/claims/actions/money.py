"""The terms on which claims are taken, and the fund lines that pay them."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from park.pages.wording import money
from park.workflow.access import same_person
from park.workflow.actions import GuardFailed, NotYours, SecondPersonNeeded, Stale, verb
from services.policies.models import Policy

from ..fitting import benefit_at, benefits_of, check_ceiling
from ..models import Budget, Terms

SAID = ("rhythm", "no_application", "standard_benefit", "standard_amount", "fresh_days")


@verb
def write_terms(*, policy: Policy, by, lock: int | None = None, **said) -> Terms:
    """Write on which terms claims under a policy are taken. They hold once a second officer approved them."""
    if strange := set(said) - set(SAID):
        raise TypeError(f"not part of the terms: {', '.join(sorted(strange))}")
    if not by.has_perm("claims.change_terms"):
        raise NotYours
    terms = Terms.objects.select_for_update(of=("self",)).filter(policy=policy).first() or Terms(policy=policy)
    if terms.pk and lock is not None and terms.version != lock:
        raise Stale
    for name, value in said.items():
        setattr(terms, name, value)
    if policy.current is None or not benefits_of(policy.current):
        raise GuardFailed(_("This policy brings no money that could be claimed."), code="no-money")
    if terms.no_application and not (terms.standard_amount and terms.standard_amount > 0):
        raise GuardFailed(_("Say what is paid without application."), code="no-amount")
    standard = benefit_at(policy.current, terms.standard_benefit) if terms.no_application else None
    if terms.no_application and standard is None:
        raise GuardFailed(_("Choose one of the benefits listed."), code="no-benefit")
    if standard is not None:
        check_ceiling(standard.ceiling, terms.standard_amount)
    terms.standard_words = standard.words if standard else {}
    terms.version = terms.version + 1 if terms.pk else 1
    terms.written_by, terms.approved_by, terms.approved_at = by, None, None
    terms.save()
    return terms


@verb
def approve_terms(*, terms: Terms, by, lock: int | None = None) -> Terms:
    """Put terms in force as a second officer."""
    locked = Terms.objects.select_for_update(of=("self",)).select_related("written_by").get(pk=terms.pk)
    if not by.has_perm("claims.approve_terms"):
        raise NotYours
    if lock is not None and locked.version != lock:
        raise Stale
    if locked.approved_by_id:
        raise GuardFailed(_("These terms are in force already."), code="in-force")
    if same_person(by, locked.written_by):
        raise SecondPersonNeeded
    locked.approved_by, locked.approved_at, locked.version = by, timezone.now(), locked.version + 1
    locked.save(update_fields=["approved_by", "approved_at", "version"])
    return locked


@verb
def open_budget(
    *, policy: Policy, fund_line: str, name_en: str, name_zh_hans: str, ceiling: Decimal, by, period: str = ""
) -> Budget:
    """Open a fund line for a policy."""
    if not by.has_perm("claims.add_budget"):
        raise NotYours
    if ceiling < 0:
        raise GuardFailed(_("Write an amount of 0 or more."), code="negative")
    return Budget.objects.create(
        policy=policy, fund_line=fund_line, name_en=name_en, name_zh_hans=name_zh_hans, ceiling=ceiling, period=period
    )


@verb
def set_ceiling(*, budget: Budget, ceiling: Decimal, by, lock: int | None = None) -> Budget:
    """Give a fund line another ceiling: never less than what is spent and held."""
    if not by.has_perm("claims.change_budget"):
        raise NotYours
    locked = Budget.objects.select_for_update(of=("self",)).get(pk=budget.pk)
    if lock is not None and locked.version != lock:
        raise Stale
    taken = locked.reserved + locked.spent
    if ceiling < taken:
        raise GuardFailed(
            _("%(amount)s of it is paid or held already: the ceiling cannot be lower.") % {"amount": money(taken)},
            code="below-what-is-taken",
        )
    locked.ceiling, locked.version = ceiling, locked.version + 1
    locked.save(update_fields=["ceiling", "version"])
    return locked


# --- For the other verbs, inside their guards: the claim is locked first, then its fund line --------------------------
def reserve(budget_id: int | None, amount: Decimal) -> None:
    """Hold money of a fund line. Raises GuardFailed where there is not enough left."""
    if budget_id is None:
        raise GuardFailed(_("Choose the fund line that pays it."), code="no-fund-line")
    line = _locked(budget_id)
    left = line.ceiling - line.reserved - line.spent
    if left < amount:
        raise GuardFailed(
            _("Only %(left)s is left on %(line)s.") % {"left": money(left), "line": line.fund_line}, code="no-budget"
        )
    line.reserved += amount
    line.save(update_fields=["reserved"])


def release(budget_id: int, amount: Decimal) -> None:
    """Let go of money that was held."""
    line = _locked(budget_id)
    line.reserved -= amount
    line.save(update_fields=["reserved"])


def spend(budget_id: int, amount: Decimal) -> None:
    """Turn money that was held into money that was paid."""
    line = _locked(budget_id)
    line.reserved, line.spent = line.reserved - amount, line.spent + amount
    line.save(update_fields=["reserved", "spent"])


def hold_again(budget_id: int, amount: Decimal) -> None:
    """Turn money whose payment came back into money that is held."""
    line = _locked(budget_id)
    line.reserved, line.spent = line.reserved + amount, line.spent - amount
    line.save(update_fields=["reserved", "spent"])


def bring_back(budget_id: int, amount: Decimal) -> None:
    """Put money that came back on its fund line again."""
    line = _locked(budget_id)
    line.spent -= amount
    line.save(update_fields=["spent"])


def _locked(budget_id: int) -> Budget:
    return Budget.objects.select_for_update(of=("self",)).get(pk=budget_id)
