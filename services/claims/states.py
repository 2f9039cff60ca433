"""The way of a claim: begun and sent by the tenant, checked, approved by another, ordered, paid, taken back if need be.

A payment that the bank sends back, before it was written down or after, leaves the claim approved and its money held,
without an account. Its clock stands still until the tenant names one; where the payment had stopped it, it begins anew.

Before ``draft`` there is nothing on record: a claim that was not started has no row. A benefit that needs no
application begins at ``pre_approved``.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.workflow.machine import ClockRule, Machine, Move


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("claim", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("claim", "Sent")
    VERIFYING = "verifying", pgettext_lazy("claim", "Being checked")
    RETURNED = "returned", pgettext_lazy("claim", "Something is missing")
    APPROVED = "approved", pgettext_lazy("claim", "Approved")
    PAYMENT_ORDERED = "payment_ordered", pgettext_lazy("claim", "Payment ordered")
    PAID = "paid", pgettext_lazy("claim", "Paid")
    CLOSED = "closed", pgettext_lazy("claim", "Closed")
    REJECTED = "rejected", pgettext_lazy("claim", "Not approved")
    RECONSIDERATION = "reconsideration", pgettext_lazy("claim", "Second look")
    CLAWBACK = "clawback", pgettext_lazy("claim", "To be paid back")
    RECOVERED = "recovered", pgettext_lazy("claim", "Paid back")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "Withdrawn")
    PRE_APPROVED = "pre_approved", pgettext_lazy("claim", "Ready to confirm")
    CONFIRMED = "confirmed", pgettext_lazy("claim", "Confirmed")
    LAPSED = "lapsed", pgettext_lazy("claim", "Lapsed")


class Mover(models.TextChoices):
    TENANT = "tenant", _("the tenant")
    OFFICER = "officer", _("a policy officer")
    APPROVER = "approver", _("a second officer")
    FINANCE = "finance", _("a finance officer")
    SYSTEM = "system", _("the portal")


VERIFY, TOTAL = ClockRule("verify", 10), ClockRule("total", 60)
LOOK_AGAIN = ClockRule("look_again", 15)  # the second look is answered
CONFIRM = ClockRule("confirm", 20)  # how long a benefit stands ready
RECOVER = ClockRule("recover", 30)
ASKABLE = 15  # working days after a refusal in which a second look can be asked for

OPEN_TO_TENANT = (State.DRAFT, State.RETURNED)  # where the tenant writes
RESERVED = (State.PRE_APPROVED, State.CONFIRMED, State.APPROVED, State.PAYMENT_ORDERED)  # where money is held for it
WAS_PAID = (State.PAID, State.CLOSED, State.CLAWBACK, State.RECOVERED)
ENDED_WITHOUT = (State.REJECTED, State.WITHDRAWN, State.LAPSED)  # where the cost may be claimed anew
IN_WORK = (
    State.SUBMITTED, State.VERIFYING, State.APPROVED, State.PAYMENT_ORDERED, State.RECONSIDERATION, State.CLAWBACK,
    State.CONFIRMED,
)  # where the park has to act
UNPAID = (State.APPROVED, State.CONFIRMED, State.PAYMENT_ORDERED)
FINAL = (State.CLOSED, State.RECOVERED, State.WITHDRAWN, State.LAPSED)
WITHDRAWABLE = (
    State.DRAFT, State.SUBMITTED, State.VERIFYING, State.RETURNED, State.RECONSIDERATION, State.APPROVED,
    State.PRE_APPROVED, State.CONFIRMED,
)  # fmt: skip

MOVES = (
    Move("begin", (), State.DRAFT, Mover.TENANT, pgettext_lazy("claim", "Start the claim")),
    Move("send", State.DRAFT, State.SUBMITTED, Mover.TENANT, pgettext_lazy("claim", "Send the claim"),
         starts=(VERIFY, TOTAL)),
    Move("take", State.SUBMITTED, State.VERIFYING, Mover.OFFICER, _("Take it on")),
    Move("verify", State.VERIFYING, None, Mover.OFFICER, _("Write down what you found")),
    Move("return", State.VERIFYING, State.RETURNED, Mover.OFFICER, _("Ask for what is missing"),
         note_required=True, pauses=("verify", "total")),
    Move("answer", State.RETURNED, State.SUBMITTED, Mover.TENANT, _("Send it again"), resumes=("verify", "total")),
    Move("approve", State.VERIFYING, State.APPROVED, Mover.APPROVER, pgettext_lazy("claim", "Approve"),
         other_than="verify", stops="verify"),
    Move("reject", State.VERIFYING, State.REJECTED, Mover.APPROVER, pgettext_lazy("claim", "Do not approve"),
         other_than="verify", note_required=True, stops=("verify", "total")),
    Move("ask_again", State.REJECTED, State.RECONSIDERATION, Mover.TENANT, _("Ask for a second look"),
         note_required=True, starts=LOOK_AGAIN),
    Move("reopen", State.RECONSIDERATION, State.VERIFYING, Mover.APPROVER, _("Check it again"),
         other_than=("verify", "reject"), stops="look_again", starts=(VERIFY, TOTAL)),
    Move("uphold", State.RECONSIDERATION, State.REJECTED, Mover.APPROVER, _("Let the decision stand"),
         other_than=("verify", "reject"), note_required=True, stops="look_again"),
    Move("order", (State.APPROVED, State.CONFIRMED), State.PAYMENT_ORDERED, Mover.FINANCE, _("Order the payment"),
         other_than=("verify", "approve")),
    Move("pay", State.PAYMENT_ORDERED, State.PAID, Mover.FINANCE, _("Write down the payment"),
         other_than=("verify", "approve"), stops="total"),
    Move("bounce", State.PAYMENT_ORDERED, State.APPROVED, Mover.FINANCE, _("The payment came back"),
         other_than=("verify", "approve"), note_required=True, pauses="total"),
    Move("bounce_paid", State.PAID, State.APPROVED, Mover.FINANCE, _("The payment came back"),
         other_than=("verify", "approve"), note_required=True, starts=TOTAL, pauses="total"),
    Move("close", State.PAID, State.CLOSED, Mover.FINANCE, pgettext_lazy("claim", "Close")),
    Move("claw_back", State.PAID, State.CLAWBACK, Mover.APPROVER, _("Ask for the money back"),
         other_than=("order", "pay"), note_required=True, starts=RECOVER),
    Move("recover", State.CLAWBACK, State.RECOVERED, Mover.FINANCE, _("Write down that it was paid back"),
         other_than="claw_back", stops="recover"),
    Move("withdraw", WITHDRAWABLE, State.WITHDRAWN, Mover.TENANT, pgettext_lazy("claim", "Withdraw the claim")),
    Move("pre_approve", (), State.PRE_APPROVED, Mover.SYSTEM, _("Approve without application"), starts=CONFIRM),
    Move("confirm", State.PRE_APPROVED, State.CONFIRMED, Mover.TENANT, _("Confirm the benefit"),
         stops="confirm", starts=TOTAL),
    Move("lapse", State.PRE_APPROVED, State.LAPSED, Mover.SYSTEM, _("Let it lapse")),
)  # fmt: skip

MACHINE = Machine("claim", State, MOVES, finals=FINAL, initial=(State.DRAFT, State.PRE_APPROVED))
