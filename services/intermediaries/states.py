"""The way of a service request, as a table."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.workflow.machine import ClockRule, Machine, Move


class State(models.TextChoices):
    OPEN = "open", pgettext_lazy("service request", "Sent")
    MATCHED = "matched", _("Waiting for replies")
    TAKEN = "taken", pgettext_lazy("service request", "Taken")
    IN_SERVICE = "in_service", _("Under way")
    DELIVERED = "delivered", pgettext_lazy("service request", "Delivered")
    CLOSED = "closed", pgettext_lazy("service request", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("service request", "Cancelled")
    EXPIRED = "expired", pgettext_lazy("service request", "Expired")


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
    Move("ask", (), State.OPEN, Mover.TENANT, _("Send the request"), starts=TRIAGE),
    Move(
        "match", State.OPEN, State.MATCHED, Mover.OFFICER, _("Match with institutions"), stops="triage", starts=REPLY
    ),
    Move("answer", State.OPEN, State.CLOSED, Mover.OFFICER, _("Answer directly"), note_required=True),
    Move("widen", State.MATCHED, None, Mover.OFFICER, _("Ask the next ones"), starts=REPLY),
    Move("decline", State.MATCHED, None, Mover.INSTITUTION, _("Decline the request"), reason_required=True),
    Move(
        "give_back", State.MATCHED, State.OPEN, Mover.SYSTEM, _("Give back to an officer"), stops="reply", starts=TRIAGE
    ),
    Move("take", State.MATCHED, State.TAKEN, Mover.INSTITUTION, _("Take the request"), stops="reply", starts=CONTACT),
    Move("start", State.TAKEN, State.IN_SERVICE, Mover.INSTITUTION, _("Begin the work"), stops="contact"),
    Move(
        "deliver", State.IN_SERVICE, State.DELIVERED, Mover.INSTITUTION, _("Say that it is delivered"),
        reason_required=True,
    ),
    Move("close", State.DELIVERED, State.CLOSED, Mover.TENANT, _("Close the request")),
    Move("share", LIVE, None, Mover.TENANT, _("Change what they see")),
    Move(
        "cancel", (State.OPEN, State.MATCHED, State.TAKEN), State.CANCELLED, Mover.TENANT, _("Take the request back")
    ),
    Move("expire", (State.OPEN, State.MATCHED, State.TAKEN), State.EXPIRED, Mover.SYSTEM, _("End the request")),
)  # fmt: skip

MACHINE = Machine("service request", State, MOVES, finals=FINAL)
