"""Versions of the entry rule: written by one person, put in use by another."""

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from park.workflow.access import same_person
from park.workflow.actions import GuardFailed, NotYours, SecondPersonNeeded, verb

from .. import access
from ..models import EntryRule


@verb
def write_rule(*, rule: EntryRule, by) -> EntryRule:
    """Keep a version as it was written: a new one under the next number, or a draft once more.

    Who wrote last is its author, and does not put it in use. Raises MoveRefused.
    """
    if not by.has_perm(access.CHANGE_RULES if rule.pk else access.ADD_RULES):
        raise NotYours
    known = _rules()
    if rule.pk is None:
        rule.number = (known.aggregate(last=Max("number"))["last"] or 0) + 1
    elif known.filter(pk=rule.pk, in_use_since__isnull=False).exists():
        raise GuardFailed(_("This version is in use already."), code="in-use")
    rule.author, rule.in_use_since, rule.put_in_use_by, rule.retired_at = by, None, None, None
    rule.save()
    return rule


@verb
def put_in_use(*, rule: EntryRule, by) -> EntryRule:
    """Put a version in the place of the one in use; never by its author. What was judged keeps its version.

    Raises MoveRefused.
    """
    if not by.has_perm(access.PUBLISH_RULES):
        raise NotYours
    known, now = _rules(), timezone.now()
    locked = known.select_related("author").get(pk=rule.pk)
    if locked.in_use_since:
        raise GuardFailed(_("This version is in use already."), code="in-use")
    if locked.author_id is None:
        raise GuardFailed(_("Save it once more: then it is known who wrote it."), code="no-author")
    if locked.author_id == by.pk or same_person(locked.author, by):
        raise SecondPersonNeeded
    known.filter(in_use_since__isnull=False, retired_at=None).update(retired_at=now)
    locked.in_use_since, locked.put_in_use_by = now, by
    locked.save(update_fields=["in_use_since", "put_in_use_by"])
    return locked


def _rules():
    """Return all versions, their rows locked: one act at a time numbers them or changes which is in use."""
    list(EntryRule.objects.select_for_update(no_key=True).order_by("pk").values("pk"))
    return EntryRule.objects.all()
