"""The way of a policy version: drafted, checked by a second officer and listed, told to whom it fits, ended.

A newer version that is released amends the one before; what was amended is kept.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.workflow.machine import ClockRule, Machine, Move


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("policy", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("policy", "In review")
    APPROVED = "approved", pgettext_lazy("policy", "Approved")
    SCHEDULED = "scheduled", pgettext_lazy("policy", "Scheduled")
    RELEASED = "released", pgettext_lazy("policy", "Released")
    AMENDED = "amended", pgettext_lazy("policy", "Amended")
    CLOSED = "closed", pgettext_lazy("policy", "Closed")
    ARCHIVED = "archived", pgettext_lazy("policy", "Archived")
    WITHDRAWN = "withdrawn", pgettext_lazy("policy", "Withdrawn")
    CANCELLED = "cancelled", pgettext_lazy("policy", "Cancelled")


LISTED = (State.APPROVED, State.SCHEDULED, State.RELEASED, State.AMENDED, State.CLOSED, State.ARCHIVED)
RELEASABLE = (State.APPROVED, State.SCHEDULED)

OFFICER, REVIEWER, RELEASER, SYSTEM = "policy officer", "second officer", "manager", "system"
REVIEW = ClockRule("review", 2)

MACHINE = Machine(
    "policy",
    State,
    (
        Move("draft", (), State.DRAFT, OFFICER, pgettext_lazy("policy", "Draft")),
        Move("send", State.DRAFT, State.IN_REVIEW, OFFICER, _("Send for review"), starts=REVIEW),
        Move(
            "approve", State.IN_REVIEW, State.APPROVED, REVIEWER, _("Approve"),
            other_than=("draft", "send"), stops="review",
        ),
        Move(
            "return", State.IN_REVIEW, State.DRAFT, REVIEWER, _("Return for changes"),
            note_required=True, stops="review",
        ),
        Move(
            "schedule", State.APPROVED, State.SCHEDULED, RELEASER, _("Release at a set moment"),
            other_than=("draft", "send"),
        ),
        Move(
            "unschedule", State.SCHEDULED, State.APPROVED, RELEASER, _("Do not release at the set moment"),
        ),
        Move(
            "release", RELEASABLE, State.RELEASED, RELEASER, _("Release to whom it fits"),
            other_than=("draft", "send"),
        ),
        Move("amend", State.RELEASED, State.AMENDED, SYSTEM, _("Amend by a newer version")),
        Move("close", (State.APPROVED, State.RELEASED), State.CLOSED, OFFICER, pgettext_lazy("policy", "Close")),
        Move("archive", State.CLOSED, State.ARCHIVED, OFFICER, _("Archive")),
        Move(
            "withdraw", (*RELEASABLE, State.RELEASED), State.WITHDRAWN, RELEASER,
            pgettext_lazy("policy", "Withdraw"),
            reason_required=True,
        ),
        Move("cancel", (State.DRAFT, State.IN_REVIEW), State.CANCELLED, OFFICER, _("Cancel"), stops="review"),
    ),
    finals=(State.AMENDED, State.ARCHIVED, State.WITHDRAWN, State.CANCELLED),
)  # fmt: skip
