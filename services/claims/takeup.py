"""How policies are taken up: whom each fits, who was told, who read it, who claimed, and what was paid."""

import datetime as dt
from decimal import Decimal

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from park.pages.wording import money
from services.policies.matching import KIND
from services.policies.models import Policy

from .states import RESERVED, WAS_PAID, State

WEEK = dt.timedelta(days=7)
GOAL = 60  # per cent of what was pushed is read within a week
SQL = """
    SELECT p.id, coalesce(fit.n, 0) AS eligible, coalesce(told.n, 0) AS told, coalesce(told.read, 0) AS read,
        coalesce(told.due, 0) AS due, coalesce(told.in_time, 0) AS in_time,
        coalesce(c.claimed, 0) AS claimed, coalesce(c.eligible, 0) AS claimed_eligible,
        coalesce(c.approved, 0) AS approved, coalesce(c.paid, 0) AS paid,
        coalesce(c.asked, 0) AS asked, coalesce(c.allowed, 0) AS allowed, coalesce(c.spent, 0) AS spent
    FROM policies_policy p
    JOIN policies_policyversion v ON v.id = p.current_id
    LEFT JOIN (
        SELECT version_id, count(*) AS n FROM policies_verdict WHERE word = 'fits' GROUP BY version_id
    ) fit ON fit.version_id = v.id
    LEFT JOIN (
        SELECT w.policy_id, count(*) AS n, count(n.read_at) AS read,
            count(*) FILTER (WHERE n.created_at <= %(week_ago)s) AS due,
            count(*) FILTER (WHERE n.created_at <= %(week_ago)s AND n.read_at <= n.created_at + interval '7 days')
                AS in_time
        FROM notices_notice n JOIN policies_policyversion w ON w.id = n.subject_id AND w.number = n.version
        WHERE n.kind = %(kind)s GROUP BY w.policy_id
    ) told ON told.policy_id = p.id
    LEFT JOIN (
        SELECT k.policy_id, count(DISTINCT k.tenant_id) AS claimed,
            count(DISTINCT k.tenant_id) FILTER (WHERE f.tenant_id IS NOT NULL) AS eligible,
            count(DISTINCT k.tenant_id) FILTER (WHERE k.state = ANY(%(approved)s)) AS approved,
            count(DISTINCT k.tenant_id) FILTER (WHERE k.state = ANY(%(paid)s)) AS paid,
            sum(k.amount_asked) AS asked,
            sum(k.amount_allowed) FILTER (WHERE k.state = ANY(%(approved)s)) AS allowed,
            sum(k.amount_paid - coalesce(k.amount_recovered, 0)) AS spent
        FROM claims_claim k JOIN policies_policy q ON q.id = k.policy_id
        LEFT JOIN policies_verdict f
            ON f.tenant_id = k.tenant_id AND f.version_id = q.current_id AND f.word = 'fits'
        WHERE k.sent_at IS NOT NULL AND k.state <> ALL(%(away)s) GROUP BY k.policy_id
    ) c ON c.policy_id = p.id
    WHERE fit.n > 0 OR told.n > 0 OR c.claimed > 0
    ORDER BY coalesce(fit.n, 0) DESC, p.id
"""


def rows(now: dt.datetime | None = None) -> list[dict]:
    """Return the figures of each policy that fits, reached or paid anybody: one statement, and one for the names.

    Take-up is the tenants that fit and claimed, of the tenants that fit. Read in time is what was read within seven
    days, of what was told at least seven days ago. What is withdrawn, lapsed or only stands ready is no claim.
    """
    given = {
        "week_ago": (now or timezone.now()) - WEEK,
        "kind": KIND,
        "approved": [str(state) for state in (*RESERVED, *WAS_PAID) if state != State.PRE_APPROVED],
        "paid": [str(state) for state in WAS_PAID],
        "away": [str(state) for state in (State.WITHDRAWN, State.LAPSED, State.PRE_APPROVED)],
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL, given)
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    policies = Policy.objects.select_related("current").defer("search").in_bulk([row["id"] for row in found])
    for row in found:
        row["policy"] = policies[row["id"]]
        row["takeup"] = share(row["claimed_eligible"], row["eligible"])
        row["read_rate"] = share(row["in_time"], row["due"])
    return found


def share(part: int, whole: int) -> int | None:
    """Return a share in per cent; None of nothing."""
    return round(100 * part / whole) if whole else None


def total(found: list[dict]) -> dict:
    """Return the sums over all policies."""
    sums = {
        name: sum((row[name] for row in found), Decimal(0) if name in {"asked", "allowed", "spent"} else 0)
        for name in (
            "eligible", "told", "read", "due", "in_time", "claimed", "claimed_eligible", "approved", "paid", "asked",
            "allowed", "spent",
        )
    }  # fmt: skip
    return sums | {
        "takeup": share(sums["claimed_eligible"], sums["eligible"]),
        "read_rate": share(sums["in_time"], sums["due"]),
    }


def head() -> list[str]:
    return [
        _("Policy"), _("Tenants it fits"), _("People told"), _("Read"), _("Read within 7 days, %"), _("Claimed"),
        _("Take-up, %"), _("Approved"), _("Paid"), _("Asked, CNY"), _("Allowed, CNY"), _("Paid, CNY"),
    ]  # fmt: skip


def line(row: dict) -> list:
    """Return one policy as a line of the sheet."""
    title = row["policy"].current.title if "policy" in row else _("All policies")
    return [
        title, row["eligible"], row["told"], row["read"], row["read_rate"], row["claimed"], row["takeup"],
        row["approved"], row["paid"], row["asked"], row["allowed"], row["spent"],
    ]  # fmt: skip


def shown(row: dict) -> list[str]:
    """Return one policy as a row of the page, without its name."""

    def per_cent(value):
        return "–" if value is None else f"{value}%"

    return [
        row["eligible"], row["told"], row["read"], per_cent(row["read_rate"]), row["claimed"], per_cent(row["takeup"]),
        row["approved"], row["paid"], money(row["asked"]), money(row["allowed"]), money(row["spent"]),
    ]  # fmt: skip
