"""The tenant's side: begin, fill in, send, answer, withdraw, ask for a second look."""

import datetime as dt
from decimal import Decimal

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from park.accounts.sealing import seal
from park.files.models import Document, DocumentState
from park.workflow import clocks
from park.workflow.actions import GuardFailed, NotInTable, NotYours, Stale, apply_move, begin, history, verb
from park.workflow.calendar import beijing_day, working_days_after
from services.policies.models import Policy

from .. import access, bank, fitting, letters, papers
from ..models import Claim, Paper
from ..states import ASKABLE, MACHINE, RESERVED, TOTAL
from . import money as lines


class CannotClaim(GuardFailed):
    """The tenant cannot claim under this policy now."""

    code = "cannot-claim"


class NotComplete(GuardFailed):
    """Something is missing before a claim can be sent."""

    code = "not-complete"


def next_ref() -> str:
    """Return the next number of this year. Whoever asks at the same moment waits for us to commit."""
    year = beijing_day(timezone.now()).year
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('claims.ref'))")
        cursor.execute(
            "SELECT coalesce(max(split_part(ref, '-', 3)::int), 0) + 1 FROM claims_claim WHERE ref LIKE %s",
            [f"C-{year}-%"],
        )
        return f"C-{year}-{cursor.fetchone()[0]:04}"


@verb
def begin_claim(*, tenant, policy: Policy, benefit: int, by) -> Claim:
    """Begin a claim for one benefit of a policy. Raises CannotClaim; Conflict where the cost is claimed already."""
    if not access.may_speak(by, tenant):
        raise NotYours
    policy = fitting.policy_of(policy.pk)
    if words := fitting.obstacle(policy, tenant):
        raise CannotClaim(words)
    chosen = fitting.benefit_at(policy.current, benefit)
    if chosen is None:
        raise CannotClaim(_("Choose one of the benefits listed."))
    if words := fitting.in_the_way(fitting.match_of(policy, tenant)):
        raise CannotClaim(words)
    known = Claim.objects.filter(tenant=tenant).exclude(account_sealed="").order_by("-pk").first()
    account = (
        {name: getattr(known, name) for name in ("account_holder", "account_bank", "account_sealed", "account_ends")}
        if known
        else {}
    )
    claim = Claim.objects.create(
        ref=next_ref(), tenant=tenant, policy=policy, wording=policy.current, benefit=benefit, words=chosen.words,
        period=fitting.period_of(fitting.terms_of(policy)), begun_by=by, **account,
    )  # fmt: skip
    begin(MACHINE, claim, "begin", by=by, may=access.may_make, acting_for=tenant.organisation)
    for place, document in papers.suggested(by, policy.current.documents).items():
        _keep_paper(claim, place, by, document=document, reused=True, absent_because="")
    return claim


@verb
def fill(*, claim: Claim, by, amount: Decimal, note: str = "", lock: int | None = None) -> Claim:
    """Say how much is asked for, and what it is for."""
    locked = _writable(claim, by, lock)
    fitting.within_ceiling(locked, amount)
    return _write(locked, amount_asked=amount, note=note)


@verb
def give_account(*, claim: Claim, by, holder: str, bank_name: str, number: str, lock: int | None = None) -> Claim:
    """Say to which account the money goes. The name has to be the tenant's own.

    It is asked anew where a payment came back: then the clock goes on, and who pays is told that it can go again.
    """
    locked = _writable(claim, by, lock, account=True)
    again = locked.needs_account
    given = _write(locked, **checked_account(claim.tenant, holder, bank_name, number))
    if again:
        clocks.resume(given, TOTAL.name)
        letters.tell_duty("claim-to-pay", given, "pay_claim")
    return given


def checked_account(tenant, holder: str, bank_name: str, number: str) -> dict:
    """Return an account as a claim keeps it. Raises GuardFailed with what is wrong."""
    if not bank.is_theirs(holder, tenant):
        own = bank.holders(tenant)[0]
        raise GuardFailed(
            _("The account has to be in your own name: %(name)s.") % {"name": own}, code="another-name"
        )
    try:
        digits = bank.number(number)
    except ValueError as reason:
        raise GuardFailed(str(reason), code="no-account-number") from None
    if not bank_name.strip():
        raise GuardFailed(_("Name the bank and its branch."), code="no-bank")
    return {
        "account_holder": holder.strip(), "account_bank": bank_name.strip(), "account_sealed": seal(digits),
        "account_ends": digits[-4:],
    }  # fmt: skip


@verb
def give_paper(
    *, claim: Claim, by, place: int, document: Document, reused: bool = False, lock: int | None = None
) -> Paper:
    """Put a document with one of the papers asked for. It has to be the person's own, or on the claim already."""
    locked = _writable(claim, by, lock)
    if document.owner_id != by.pk and not locked.papers.filter(document=document).exists():
        raise NotYours
    if document.state == DocumentState.QUARANTINED:
        raise GuardFailed(_("This file is held back. Choose another."), code="held-back")
    if document.valid_until and document.valid_until < beijing_day(timezone.now()):
        raise GuardFailed(_("This paper is no longer valid. Add a newer one."), code="expired")
    return _keep_paper(locked, place, by, document=document, reused=reused, absent_because="")


@verb
def leave_paper_out(*, claim: Claim, by, place: int, because: str, lock: int | None = None) -> Paper:
    """Say why one of the papers asked for is not there."""
    if not because.strip():
        raise GuardFailed(_("Add the paper, or say why there is none."), code="no-reason")
    locked = _writable(claim, by, lock)
    return _keep_paper(locked, place, by, document=None, reused=False, absent_because=because.strip())


@verb
def send(*, claim: Claim, by, declared: bool, lock: int | None = None):
    """Send a claim. What the rule says of the tenant at this moment is kept with it."""
    return _send(claim, "send", by, declared, lock, changes={"sent_at": timezone.now()})


@verb
def answer(*, claim: Claim, by, declared: bool, note: str = "", lock: int | None = None):
    """Send a returned claim again. That the policy was closed meanwhile does not stand in its way."""
    return _send(claim, "answer", by, declared, lock, open_still=False, note=note)


def _send(claim: Claim, move: str, by, declared: bool, lock: int | None, *, open_still: bool = True, **more):
    found = {}

    def ready(locked: Claim) -> None:
        found["match"] = _checked(locked, declared, open_still)

    log = apply_move(
        MACHINE, claim, move, by=by, may=access.may_make, acting_for=claim.tenant.organisation, version=lock,
        guard=ready, **more,
    )  # fmt: skip
    fitting.keep(claim, found["match"])
    letters.tell_tenant("claim-sent", claim)
    letters.tell_duty("claim-arrived", claim, "verify_claim")
    return log


@verb
def withdraw(*, claim: Claim, by, note: str = "", lock: int | None = None):
    """Withdraw a claim, as long as no payment is ordered. What was held for it is let go."""

    def let_go(locked: Claim) -> None:
        if locked.state in RESERVED:
            lines.release(locked.budget_id, locked.amount_allowed)

    log = apply_move(
        MACHINE, claim, "withdraw", by=by, may=access.may_make, acting_for=claim.tenant.organisation, note=note,
        version=lock, guard=let_go,
    )  # fmt: skip
    if claim.sent_at:
        letters.tell_tenant("claim-withdrawn", claim)
    return log


@verb
def ask_again(*, claim: Claim, by, note: str, lock: int | None = None):
    """Ask for a second look at a refusal: once, and within 15 working days."""

    def in_time(locked: Claim) -> None:
        if history(locked).made().filter(move="ask_again").exists():
            raise GuardFailed(_("A second look was asked for before. The decision stands."), code="asked-before")
        if timezone.now() > last_moment(locked):
            raise GuardFailed(_("The 15 working days for a second look are over."), code="too-late")

    log = apply_move(
        MACHINE, claim, "ask_again", by=by, may=access.may_make, acting_for=claim.tenant.organisation, note=note,
        version=lock, guard=in_time,
    )  # fmt: skip
    letters.tell_duty("claim-to-approve", claim, "approve_claim")
    return log


def last_moment(claim: Claim) -> dt.datetime:
    """Return until when a second look can be asked for."""
    return working_days_after(claim.rejected_at, ASKABLE)


# --- What is asked before ---------------------------------------------------------------------------------------------
def _writable(claim: Claim, by, lock: int | None, account: bool = False) -> Claim:
    """Return a claim that the tenant writes on now, locked; for its account also one whose payment came back."""
    locked = Claim.objects.select_for_update(of=("self",), no_key=True).select_related("wording").get(pk=claim.pk)
    if not access.may_speak(by, claim.tenant):
        raise NotYours
    if not locked.is_open and not (account and locked.needs_account):
        raise NotInTable(_("This claim was sent. It can be changed again only if something is missing."))
    if lock is not None and lock != locked.version:
        raise Stale
    return locked


def _write(locked: Claim, **values) -> Claim:
    for name, value in values.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save(update_fields=[*values, "version"])
    return locked


def _keep_paper(claim: Claim, place: int, by, **values) -> Paper:
    asked = claim.wording.documents
    if not 0 <= place < len(asked):
        raise GuardFailed(_("The policy does not ask for this paper."), code="not-asked")
    words = {"en": asked[place].get("en") or "", "zh": asked[place].get("zh") or ""}
    paper, _made = Paper.objects.update_or_create(
        claim=claim, place=place, defaults={"words": words, "added_by": by, "added_at": timezone.now()} | values
    )
    _write(claim)
    return paper


def missing(claim: Claim) -> list[str]:
    """Return in words what a claim still needs before it can be sent."""
    found = []
    if claim.amount_asked is None:
        found.append(_("the amount"))
    if not claim.account_sealed:
        found.append(_("the account"))
    there = set(claim.papers.values_list("place", flat=True))
    absent = [place for place in range(len(claim.wording.documents)) if place not in there]
    words = claim.wording.document_words
    return found + [words[place] for place in absent]


def _checked(claim: Claim, declared: bool, open_still: bool = True):
    """Return what the rule says now. Raises NotComplete or CannotClaim with what keeps the claim from being sent.

    A claim goes on under the version of the policy it began with: what that one pays at the most is its ceiling.
    """
    if lacking := missing(claim):
        raise NotComplete(_("This is still missing: %(what)s.") % {"what": _(", ").join(lacking)})
    if not declared:
        raise NotComplete(_("Say that what you send is true."))
    fitting.within_ceiling(claim, claim.amount_asked)
    if not bank.is_theirs(claim.account_holder, claim.tenant):
        raise GuardFailed(
            _("The account has to be in your own name: %(name)s.") % {"name": bank.holders(claim.tenant)[0]},
            code="another-name",
        )
    policy = fitting.policy_of(claim.policy_id)
    if open_still and (words := fitting.obstacle(policy, claim.tenant)):
        raise CannotClaim(words)
    policy = policy or Policy.objects.select_related("current").get(pk=claim.policy_id)
    match = fitting.match_of(policy, claim.tenant)
    if open_still and (words := fitting.in_the_way(match, to_send=True)):
        raise CannotClaim(words)
    return match
