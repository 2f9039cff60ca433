"""What a tenant does on its own way: milestones it reaches and adds, papers it shows."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from park.files.actions import NotAccepted, receive
from park.workflow.actions import GuardFailed, NotYours, verb

from .. import access, judging
from ..models import Evidence, Milestone, Tenant
from .moving import lock, today

MOST_MILESTONES = 20  # in one stage


@verb
def reach_milestone(*, milestone: Milestone, by, on=None) -> Milestone:
    """Say that a milestone is reached (today, if no day is named). Raises MoveRefused."""
    rows = Milestone.objects.select_for_update(of=("self",), no_key=True).select_related("tenant__organisation")
    milestone = rows.get(pk=milestone.pk)
    if not access.may_edit_milestones(by, milestone.tenant):
        raise NotYours
    day = on or today()
    if day > today():
        raise GuardFailed(_("This day is still to come."), code="day-ahead")
    milestone.reached_on = day
    milestone.save(update_fields=["reached_on"])
    return milestone


@verb
def add_milestone(*, tenant: Tenant, by, name: str, planned_on: dt.date | None = None) -> Milestone:
    """Add a milestone of the tenant's own to its stage. Raises MoveRefused."""
    row = lock(tenant.pk)
    if not access.may_edit_milestones(by, row):
        raise NotYours
    there = row.milestones.filter(stage=row.stage)
    if there.count() >= MOST_MILESTONES:
        raise GuardFailed(_("A stage holds at most %(n)s milestones.") % {"n": MOST_MILESTONES}, code="too-many")
    last = there.order_by("-position").values_list("position", flat=True).first() or 0
    return Milestone.objects.create(
        tenant=row, stage=row.stage, position=last + 1, name=name, name_en=name, name_zh_hans=name,
        planned_on=planned_on,
    )  # fmt: skip


@verb
def show_paper(
    *, tenant: Tenant, by, key: str, upload=None, document=None, issued_on: dt.date | None = None,
    valid_until: dt.date | None = None,
) -> Evidence:
    """Show a paper that the gate asks for: a new file, or one that is on file. It takes the place of the one before.

    Raises MoveRefused; NotAccepted or NotStored of the files where the file itself will not do.
    """  # fmt: skip
    row = lock(tenant.pk)
    if not access.may_give_evidence(by, row):
        raise NotYours
    terms = judging.terms_for(row.stage)
    wanted = {entry["key"]: entry for entry in terms.evidence} if terms else {}
    if key not in wanted:
        raise GuardFailed(_("This gate does not ask for such a paper."), code="not-asked")
    if (issued_on or today()) > today():
        raise GuardFailed(_("This day is still to come."), code="day-ahead")
    if document is None:
        document = receive(by, upload, wanted[key].get("kind", "other"), valid_until=valid_until)
    elif document.owner_id != by.pk:
        raise NotYours
    row.evidence.current().filter(key=key).update(replaced_at=timezone.now())
    return Evidence.objects.create(
        tenant=row, key=key, document=document, issued_on=issued_on or today(), given_by=by
    )


__all__ = ["NotAccepted", "add_milestone", "reach_milestone", "show_paper"]
