"""The way of a tenant through the park, as a table. Its stage moves inside ``active``; every move is logged.

Gates as versioned data, reviews and conditions come with the whole of the stages; this table already asks what never
changes: forward, one stage at a time, by two people.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from park.workflow.machine import Machine, Move


class TenantState(models.TextChoices):
    ACTIVE = "active", _("In the park")
    SUSPENDED = "suspended", _("Suspended")
    GRADUATED = "graduated", _("Graduated")
    EXITED = "exited", _("Left the park")


ADMISSIONS, MANAGER = "admissions", "manager"
ACTIVE, SUSPENDED, GRADUATED, EXITED = (str(state) for state in TenantState.values)

MOVES = (
    Move("admit", (), ACTIVE, ADMISSIONS, _("Admit")),
    Move("propose_gate", ACTIVE, None, MANAGER, _("Propose for the next gate")),
    Move("advance", ACTIVE, None, MANAGER, _("Let through the gate"), other_than="propose_gate"),
    Move("hold", ACTIVE, None, MANAGER, _("Hold at the gate"), note_required=True),
    Move("suspend", ACTIVE, SUSPENDED, MANAGER, _("Suspend"), note_required=True),
    Move("resume", SUSPENDED, ACTIVE, MANAGER, _("Resume")),
    Move("graduate", ACTIVE, GRADUATED, MANAGER, _("Graduate"), other_than="propose_gate"),
    Move("announce_exit", (ACTIVE, SUSPENDED), None, MANAGER, _("Announce the exit"), note_required=True),
    Move("exit", (ACTIVE, SUSPENDED), EXITED, MANAGER, _("Confirm the exit"), other_than="announce_exit"),
)

MACHINE = Machine("tenant", TenantState, MOVES, finals=(GRADUATED, EXITED))
