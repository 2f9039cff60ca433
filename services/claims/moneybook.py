"""The money calendar of a tenant: what may come, what is under way and what was paid, month by month."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from park.pages.wording import days_left, local_date, money
from park.rules.states import Verdict as Word
from park.workflow import clocks
from park.workflow.calendar import beijing_day
from services.policies import cards as policy_cards
from services.policies import judging

from . import cards, fitting
from .models import Claim, Terms
from .states import ENDED_WITHOUT, State

LATER = dt.date.max  # what has no day stands at the end


def of(tenant, user) -> dict:
    """Return the months with their rows and sums: a constant number of statements."""
    claims = list(
        Claim.objects.visible_to(user)
        .filter(tenant=tenant)
        .exclude(state__in=ENDED_WITHOUT)
        .select_related("tenant__organisation", "wording", "policy")
    )
    rows = [*_paid(claims), *_under_way(claims), *_may_come(tenant, claims)]
    months = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["day"] or LATER, row["title"])):
        months[row["day"].replace(day=1) if row["day"] else None].append(row)
    this = beijing_day(timezone.now()).replace(day=1)
    return {
        "months": [
            {
                "label": local_date(month, "month") if month else _("No day yet"),
                "current": month == this,
                "rows": found,
                "paid": _sum(found, "paid"),
                "coming": _sum(found, "under_way"),
            }
            for month, found in months.items()
        ],
        "paid": _sum(rows, "paid"),
        "under_way": _sum(rows, "under_way"),
        "may_come": sum(row["kind"] == "may_come" for row in rows),
    }


def _sum(rows: list[dict], kind: str) -> str:
    total = sum((row["amount"] for row in rows if row["kind"] == kind and row["amount"]), Decimal(0))
    return money(total) if total else ""


def _paid(claims: list[Claim]) -> list[dict]:
    rows = []
    for claim in claims:
        if claim.paid_on:
            kept = claim.amount_paid - (claim.amount_recovered or 0)
            words = _("Paid on %(day)s") % {"day": local_date(claim.paid_on)}
            rows.append(_row("paid", claim, claim.paid_on, kept, words))
    return rows


def _under_way(claims: list[Claim]) -> list[dict]:
    running = clocks.of_records(Claim, [claim.pk for claim in claims])
    rows = []
    for claim in claims:
        if claim.paid_on or (claim.state == State.DRAFT and not claim.amount_asked):
            continue
        due = {clock.name: clock for clock in running.get(claim.pk, [])}
        clock = due.get("confirm") or due.get("total")
        day = beijing_day(clock.due_at) if clock else None
        words = _("Not sent yet") if claim.state == State.DRAFT else ""
        if clock and clock.name == "confirm":
            words = _("Confirm by %(day)s") % {"day": local_date(day)}
        elif clock and clock.paused_at:
            words = _("The clock stands still until you answer")
        elif clock:
            words = _("At the latest by %(day)s") % {"day": local_date(day)}
        kind = "draft" if claim.state == State.DRAFT else "under_way"
        rows.append(_row(kind, claim, day, claim.amount_allowed or claim.amount_asked, words))
    return rows


def _row(kind: str, claim: Claim, day: dt.date | None, amount: Decimal | None, words: str) -> dict:
    return {
        "kind": kind, "day": day, "title": claim.wording.title, "note": claim.benefit_words, "ref": claim.ref,
        "url": claim.get_absolute_url(), "amount": amount, "money": money(amount) if amount else "", "words": words,
        "tag": cards.tag(claim),
    }  # fmt: skip


def _may_come(tenant, claims: list[Claim]) -> list[dict]:
    """Return the policies that fit or may fit and whose claims the park takes, by the day until when to claim."""
    taken = {claim.policy_id for claim in claims}
    takes = set(Terms.objects.in_force().values_list("policy", flat=True)) - taken
    rows = []
    for match in judging.for_tenant(tenant):
        if match.policy.pk not in takes or match.judgement.verdict == Word.NOT_NOW:
            continue
        if not fitting.benefits_of(match.version) or match.policy.live not in fitting.TAKING:
            continue
        ends = match.version.deadline or match.version.valid_until
        day = beijing_day(ends) if isinstance(ends, dt.datetime) else ends
        words = _("Claim by %(day)s, %(left)s") % {"day": local_date(day), "left": days_left(day)} if day else ""
        fits = match.judgement.verdict == Word.FITS
        rows.append({
            "kind": "may_come", "day": day, "title": match.version.title, "note": "", "ref": "",
            "url": f"{match.policy.get_absolute_url()}?for={tenant.organisation.slug}",
            "amount": match.version.amount_max, "money": policy_cards.amount(match.version), "words": words,
            "tag": {"text": _("Fits") if fits else _("May fit"), "tone": "met" if fits else "ask"},
        })  # fmt: skip
    return rows
