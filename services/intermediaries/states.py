"""The way of a service request, as a table."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from park.workflow.machine import ClockRule, Machine, Move


class State(models.TextChoices):
    OPEN = "open", _("Sent")
    MATCHED = "matched", _("Waiting for replies")
    TAKEN = "taken", _("Taken")
    IN_SERVICE = "in_service", _("Under way")
    DELIVERED = "delivered", _("Delivered")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


class Mover(models.TextChoices):
    TENANT = "tenant", _("the tenant")
    INSTITUTION = "institution", _("the institution")
    OFFICER = "officer", _("an officer of the park")
    SYSTEM = "system", _("the portal")


TRIAGE = ClockRule("triage", 1)  # somebody looks at it
REPLY = ClockRule("reply", 2)  # those who were asked answer; then the next ones are asked
CONTACT = ClockRule("contact", 3)  # who took it begins

LIVE = (State.OPEN, State.MATCHED, State.TAKEN, State.IN_SERVICE, State.DELIVERED)
FINAL = (State.CLOSED, State.CANCELLED, State.EXPIRED)

MOVES = (
    Move("ask", (), State.OPEN, by=Mover.TENANT, label=_("Send"), starts=TRIAGE),
    Move("match", State.OPEN, State.MATCHED, by=Mover.OFFICER, label=_("Match"), stops="triage", starts=REPLY),
    Move("answer", State.OPEN, State.CLOSED, by=Mover.OFFICER, label=_("Answer directly"), note_required=True),
    Move("widen", State.MATCHED, None, by=Mover.OFFICER, label=_("Ask the next ones"), starts=REPLY),
    Move("decline", State.MATCHED, None, by=Mover.INSTITUTION, label=_("Decline"), reason_required=True),
    Move("give_back", State.MATCHED, State.OPEN, by=Mover.SYSTEM, label=_("Give back"), stops="reply", starts=TRIAGE),
    Move("take", State.MATCHED, State.TAKEN, by=Mover.INSTITUTION, label=_("Take"), stops="reply", starts=CONTACT),
    Move("start", State.TAKEN, State.IN_SERVICE, by=Mover.INSTITUTION, label=_("Begin"), stops="contact"),
    Move("deliver", State.IN_SERVICE, State.DELIVERED, by=Mover.INSTITUTION, label=_("Deliver"), reason_required=True),
    Move("close", State.DELIVERED, State.CLOSED, by=Mover.TENANT, label=_("Close")),
    Move("share", LIVE, None, by=Mover.TENANT, label=_("Change what they see")),
    Move("cancel", (State.OPEN, State.MATCHED, State.TAKEN), State.CANCELLED, by=Mover.TENANT, label=_("Cancel")),
    Move("expire", (State.OPEN, State.MATCHED, State.TAKEN), State.EXPIRED, by=Mover.SYSTEM, label=_("Expire")),
)

MACHINE = Machine("service request", State, MOVES, finals=FINAL)
