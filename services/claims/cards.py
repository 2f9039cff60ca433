"""Claims as pages show them: every word made ready, so that a template only sets them."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from incubation.facts.models import Source
from incubation.facts.vocabulary import TENANT_FACTS
from park.pages.wording import local_date, money
from park.workflow.actions import history
from park.workflow.models import Clock

from . import trust
from .models import Claim, Fallback
from .states import State

TONES = {
    State.DRAFT: "", State.SUBMITTED: "info", State.VERIFYING: "info", State.RETURNED: "ask", State.APPROVED: "met",
    State.PAYMENT_ORDERED: "met", State.PAID: "met", State.CLOSED: "met", State.REJECTED: "no",
    State.RECONSIDERATION: "info", State.CLAWBACK: "no", State.RECOVERED: "", State.WITHDRAWN: "",
    State.PRE_APPROVED: "ask", State.CONFIRMED: "met", State.LAPSED: "",
}  # fmt: skip


def tag(claim: Claim) -> dict:
    return {"text": claim.get_state_display(), "tone": TONES[State(claim.state)]}


def lede(claim: Claim) -> str:
    """Say where a claim stands, and whether the tenant has to do anything."""
    allowed = money(claim.amount_allowed) if claim.amount_allowed else ""
    if claim.needs_account:
        return _("The payment came back. %(amount)s stays held for you: say where it goes.") % {"amount": allowed}
    words = {
        State.SUBMITTED: _("We have it. An officer checks it within ten working days; you do not need to do anything."),
        State.VERIFYING: _("An officer is checking it. You do not need to do anything."),
        State.RETURNED: _("Something is missing. Put it right and send it again; the clocks stand still meanwhile."),
        State.APPROVED: _("%(amount)s is approved and held for you. A finance officer orders the payment."),
        State.PAYMENT_ORDERED: _("The payment of %(amount)s is ordered."),
        State.PAID: _("%(amount)s was paid on %(day)s."),
        State.CLOSED: _("%(amount)s was paid on %(day)s. Nothing more is to come."),
        State.REJECTED: _("It is not approved. The reasons stand below."),
        State.RECONSIDERATION: _("Somebody else looks at it again, within 15 working days."),
        State.CLAWBACK: _("The money has to be paid back. The reasons stand below."),
        State.RECOVERED: _("The money came back. Nothing more is to be done."),
        State.WITHDRAWN: _("You withdrew this claim."),
        State.PRE_APPROVED: _("%(amount)s is ready for you. There is nothing to apply for: look at it and confirm."),
        State.CONFIRMED: _("You confirmed it. A finance officer orders the payment of %(amount)s."),
        State.LAPSED: _("It no longer stands ready. You can claim it in the normal way."),
        State.DRAFT: _("Nothing has been sent yet."),
    }[State(claim.state)]
    day = local_date(claim.paid_on) if claim.paid_on else ""
    return words % {"amount": allowed, "day": day} if "%(" in words else words


def steps(claim: Claim) -> list[dict]:
    """Return the way of a claim as the component ``case_steps`` takes it."""
    if claim.lane == Claim.Lane.AHEAD:
        way = [
            (_("Ready"), (State.PRE_APPROVED,)),
            (_("Confirmed"), (State.CONFIRMED, State.APPROVED)),
            (_("Payment ordered"), (State.PAYMENT_ORDERED,)),
            (_("Paid"), (State.PAID, State.CLOSED, State.CLAWBACK, State.RECOVERED)),
        ]
    else:
        way = [
            (_("Sent"), (State.SUBMITTED,)),
            (_("Checked"), (State.VERIFYING, State.RETURNED)),
            (_("Decided"), (State.APPROVED, State.REJECTED, State.RECONSIDERATION)),
            (_("Payment ordered"), (State.PAYMENT_ORDERED,)),
            (_("Paid"), (State.PAID, State.CLOSED, State.CLAWBACK, State.RECOVERED)),
        ]
    place = next((n for n, (_label, states) in enumerate(way) if claim.state in states), None)
    if place is None:
        return []
    last = claim.state in {State.PAID, State.CLOSED, State.RECOVERED}
    return [
        {"label": label, "state": "done" if n < place or (last and n == place) else "now" if n == place else "ahead"}
        for n, (label, _states) in enumerate(way)
    ]


def row(claim: Claim) -> dict:
    """Return one claim of a list."""
    amount = claim.amount_paid or claim.amount_allowed or claim.amount_asked
    return {
        "ref": claim.ref,
        "title": claim.wording.title,
        "benefit": claim.benefit_words,
        "url": claim.get_absolute_url(),
        "tag": tag(claim),
        "amount": money(amount) if amount else "",
        "day": claim.sent_at or claim.created_at,
        "sent": bool(claim.sent_at),
        "acts": claim.state in {State.DRAFT, State.RETURNED, State.PRE_APPROVED} or claim.needs_account,
    }


def happened(move: str) -> str:
    """Return in words what a move was to the tenant; empty for what only concerns the desk."""
    return {
        "begin": _("Started"), "send": _("Sent"), "return": _("The park asked for something"),
        "answer": _("Sent again"), "approve": _("Approved"), "reject": _("Not approved"),
        "ask_again": _("You asked for a second look"), "reopen": _("The second look: it is checked again"),
        "uphold": _("The second look: the decision stands"), "order": _("Payment ordered"), "pay": _("Paid"),
        "bounce": _("The payment came back"), "bounce_paid": _("The payment came back"),
        "close": _("Closed"), "claw_back": _("The park asked for the money back"), "recover": _("The money came back"),
        "withdraw": _("Withdrawn"), "pre_approve": _("Approved without application"), "confirm": _("Confirmed"),
        "lapse": _("No longer ready"),
    }.get(move, "")  # fmt: skip


def past(claim: Claim) -> list[dict]:
    """Return what happened, newest first, as ``timeline`` takes it; without what staff wrote for staff."""
    entries = []
    for log in history(claim).made():
        if title := happened(log.move):
            said = f"“{log.note}”" if log.note else ""
            entries.append({"title": title, "state": "done", "moment": log.at, "text": said})
    return entries


def promise(claim: Claim) -> dict | None:
    """Return the promise that runs on a claim, the nearest first."""
    clock = Clock.objects.of(claim).open().order_by("due_at").first()
    if clock is None:
        return None
    words = {
        "verify": _("Checked by"), "total": _("Paid by"), "look_again": _("Second look by"),
        "confirm": _("Confirm by"), "recover": _("To be paid back by"),
    }  # fmt: skip
    return {"label": words.get(clock.name, clock.name), "at": clock.due_at, "stands": clock.paused_at is not None}


def facts(claim: Claim) -> list[tuple[str, str]]:
    """Return what a claim says, for its page."""
    said = [
        (_("Benefit"), claim.benefit_words),
        (_("For"), _("Once") if claim.period == "once" else claim.period),
        (_("Asked"), money(claim.amount_asked) if claim.amount_asked else ""),
        (_("Allowed"), money(claim.amount_allowed) if claim.amount_allowed else ""),
        (_("Paid"), money(claim.amount_paid) if claim.amount_paid else ""),
        (_("Paid back"), money(claim.amount_recovered) if claim.amount_recovered else ""),
        (_("Account"), account(claim)),
        (_("Reference of the payment"), claim.payment_ref),
        (_("What it is for"), claim.note),
    ]
    return [(label, value) for label, value in said if value]


def account(claim: Claim) -> str:
    if not claim.account_ends:
        return ""
    known = {"bank": claim.account_bank, "ends": claim.account_ends}
    return _("%(bank)s, number ending in %(ends)s") % known


def paper_rows(claim: Claim) -> list[dict]:
    """Return each paper asked for, with what was given: from when it is, and whether it was on file."""
    given = {paper.place: paper for paper in claim.papers.select_related("document")}
    rows = []
    for place, words in enumerate(claim.wording.document_words):
        paper = given.get(place)
        entry = {"place": place, "label": words, "status": _("Not started"), "tone": "plain", "hint": ""}
        if paper and paper.document:
            day = {"name": paper.document.name, "day": local_date(paper.document.uploaded_at)}
            entry["hint"] = _("%(name)s, on file since %(day)s") % day
            entry["status"], entry["tone"] = (_("From your files"), "tint") if paper.reused else (_("Done"), "")
        elif paper:
            entry["hint"], entry["status"], entry["tone"] = paper.absent_because, _("Reason given"), "ask"
        rows.append(entry)
    return rows


def tasks(claim: Claim) -> list[dict]:
    """Return the tasks of a claim that is being written, as ``task_row`` takes them."""
    slug, ref = claim.tenant.organisation.slug, claim.ref
    todo, done = {"status": _("Not started"), "tone": "plain"}, {"status": _("Done"), "tone": ""}
    rows = [
        {
            "label": _("How much, and for what"),
            "url": reverse("claims:amount", args=[slug, ref]),
            "hint": money(claim.amount_asked) if claim.amount_asked else "",
            **(done if claim.amount_asked else todo),
        },
        {
            "label": _("Where the money goes"),
            "url": reverse("claims:account", args=[slug, ref]),
            "hint": account(claim),
            **(done if claim.account_sealed else todo),
        },
    ]
    rows += [
        {
            "label": entry["label"], "url": reverse("claims:paper", args=[slug, ref, entry["place"]]),
            "hint": entry["hint"], "status": entry["status"], "tone": entry["tone"],
        }
        for entry in paper_rows(claim)
    ]  # fmt: skip
    for entry, finished in zip(rows, [bool(claim.amount_asked), bool(claim.account_sealed)], strict=False):
        entry["finished"] = finished
    there = set(claim.papers.values_list("place", flat=True))
    for place, entry in enumerate(rows[2:]):
        entry["finished"] = place in there
    return rows


def known(match) -> list[dict]:
    """Return the facts that a claim rests on, with source and day, as ``summary_list`` takes them."""
    rows = []
    for criterion in match.criteria:
        source, day = criterion["source"], criterion["source_date"]
        said = [str(Source(source).label)] if source in Source.values else [source] if source else []
        said += [local_date(day)] if day else []
        if criterion["ended"]:
            said.append(_("stale: it was valid until %(day)s") % {"day": local_date(criterion["ended"])})
        key = criterion.get("key")
        rows.append(
            {
                "label": criterion["rule"],
                "value": criterion["evidence"] or _("not known yet"),
                "note": _(", ").join(said),
                "key": criterion["stale_key"] or key,
                "stale": bool(criterion["stale_key"]),
                "state": criterion["state"],
            }
        )
    return rows


def why(reasons: list[dict]) -> list[str]:
    """Say which facts keep a benefit from being approved without application, and why."""
    said = []
    for reason in reasons:
        words = str(trust.Why(reason["why"]).label)
        fact = TENANT_FACTS.get(reason.get("fact") or "")
        if fact is None:
            said.append(words)
        else:
            day = {"fact": fact.label, "why": words, "day": local_date(dt.date.fromisoformat(reason["as_of"]))}
            said.append(_("%(fact)s: %(why)s (as of %(day)s)") % day)
    return said


def fallback(entry: Fallback, slug: str) -> dict:
    return {
        "title": entry.policy.current.title,
        "url": entry.policy.get_absolute_url(),
        "reasons": why(entry.reasons),
        "claim_url": reverse("claims:new", args=[slug, entry.policy.slug]),
    }
