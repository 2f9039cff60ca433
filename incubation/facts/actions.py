"""How a fact comes to be known: the only place that writes facts and the recorded columns of the wide row.

Which of two values holds: what is computed from a register, a profile or the park's records always does, for those are
the homes of their facts. Between recorded values the newer day holds; a value of a weaker source than the one that
holds (``Source.weight``) holds only if it is of a later day, or if the one that holds is past its last day. A value
that does not hold is kept, marked ``held_back``, and shown to an officer. The last day is the value's own or that of
the paper that proves it, whichever comes first.

A value past its last day holds until there is another: it is shown as stale, gives way to any newer word, and counts
as no proof where only verified and fresh facts do.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from park.rules.vocabulary import NUMBERS, Type

from . import wide_row
from .derivation import KEYS as COMPUTED
from .models import Fact, Source, TenantFact
from .vocabulary import TENANT_FACTS


class FactRefused(Exception):
    """A value that the vocabulary does not allow. ``errors`` names each by key."""

    def __init__(self, errors: dict[str, str]):
        self.errors = errors
        super().__init__(" ".join(errors.values()))


@dataclass(frozen=True)
class Given:
    """One value as it was given. ``value`` None takes the fact back to "not known"."""

    key: str
    value: object
    source: Source = Source.SELF
    as_of: dt.date | None = None
    proof: object = None
    valid_until: dt.date | None = None


def record(*, tenant, key: str, value, source=Source.SELF, as_of=None, by=None, proof=None, valid_until=None) -> Fact:
    """Write down one fact of a tenant. Raises FactRefused if the vocabulary does not allow the value.

    The fact returned says whether it holds: ``held_back`` is set if a stronger and no older value stands against it.
    """
    return record_many(tenant=tenant, given=[Given(key, value, Source(source), as_of, proof, valid_until)], by=by)[0]


@transaction.atomic
def record_many(*, tenant, given: Iterable[Given], by=None) -> list[Fact]:
    """Write down several facts of one tenant: all of them, or none with a FactRefused that names every fault."""
    given = list(given)
    day = wide_row.today()
    cleaned = _cleaned(given, day)
    wide_row.row_of(tenant)
    row = TenantFact.objects.select_for_update().get(pk=tenant.pk)
    now = timezone.now()  # after the lock: no row says that it changed before what it changed from
    asked = Fact.objects.holding().filter(tenant=tenant, key__in=[each.key for each in given])
    holding = {fact.key: fact for fact in asked.select_related("proof")}

    new, beaten = [], []
    for each in given:
        fact = Fact(
            tenant=tenant,
            key=each.key,
            value=TENANT_FACTS[each.key].to_json(cleaned[each.key]),
            source=each.source,
            as_of=each.as_of or day,
            proof=each.proof,
            valid_until=each.valid_until,
            recorded_at=now,
            recorded_by=by,
        )
        rival = holding.get(each.key)
        if _computed(row, each.key) or (rival is not None and _stands_against(rival, fact, day)):
            fact.held_back, fact.superseded_at = cleaned[each.key] != getattr(row, TENANT_FACTS[each.key].column), now
        elif rival is not None:
            beaten.append(rival.pk)
        new.append(fact)

    Fact.objects.filter(pk__in=beaten).update(superseded_at=now)
    Fact.objects.bulk_create(new)
    _write_row(row, [(fact, cleaned[fact.key]) for fact in new if fact.superseded_at is None], now)
    return new


@transaction.atomic
def settle(*, fact: Fact, by) -> Fact:
    """Say that an officer looked at a value that says otherwise; what holds stays as it is."""
    fact = Fact.objects.select_for_update().get(pk=fact.pk)
    if fact.held_back and fact.settled_at is None:
        fact.settled_at = timezone.now()
        fact.save(update_fields=["settled_at"])
    return fact


def _cleaned(given: list[Given], day: dt.date) -> dict[str, object]:
    """Return the values by key as the vocabulary holds them, or raise with everything that is wrong."""
    cleaned, errors = {}, {}
    for each in given:
        try:
            if each.key in cleaned:
                raise ValueError(_("This is given twice."))
            cleaned[each.key] = clean(each.key, each.value)
            if (each.as_of or day) > day:
                raise ValueError(_("This day is still to come."))
            if each.valid_until and each.valid_until < (each.as_of or day):
                raise ValueError(_("The end is before the start."))
        except ValueError as reason:
            errors[each.key] = str(reason)
    if errors:
        raise FactRefused(errors)
    return cleaned


def clean(key: str, value):
    """Return a value as its column holds it. Raises ValueError with a sentence."""
    fact = TENANT_FACTS.get(key)
    if fact is None:
        raise ValueError(_("No fact is called “%(key)s”.") % {"key": key})
    value = fact.clean(value)
    if value is None:
        return None
    if fact.type is Type.CHOICE and value not in fact.values:
        raise ValueError(_("Choose one of the answers offered."))
    if fact.type in NUMBERS:
        if fact.minimum is not None and value < fact.minimum:
            raise ValueError(_("Write %(n)s or more.") % {"n": fact.minimum})
        if fact.maximum is not None and value > fact.maximum:
            raise ValueError(_("Write %(n)s or less.") % {"n": fact.maximum})
    try:
        value = TenantFact._meta.get_field(fact.column).clean(value, None)
    except ValidationError as reason:
        raise ValueError(" ".join(reason.messages)) from None
    return value


def _computed(row: TenantFact, key: str) -> bool:
    """Return whether the value that the row shows comes from a home of its own and not from a recorded fact."""
    return key in COMPUTED and key in row.origins and row.origins[key][2] is None


def _stands_against(rival: Fact, fact: Fact, day: dt.date) -> bool:
    """Return whether the value that holds goes on holding against a new one."""
    if rival.good_until and rival.good_until < day:
        return False
    if Source(rival.source).weight > Source(fact.source).weight:
        return rival.as_of >= fact.as_of
    return rival.as_of > fact.as_of


def _write_row(row: TenantFact, facts: list[tuple[Fact, object]], now: dt.datetime) -> None:
    """Bring the columns of the wide row in line with the facts that hold from now on."""
    if not facts:
        return
    changed, origins = {}, dict(row.origins)
    for fact, value in facts:
        column = TENANT_FACTS[fact.key].column
        if getattr(row, column) != value:
            changed[column] = value
        if value is None:
            origins.pop(fact.key, None)
        else:
            origins[fact.key] = fact.origin
    if changed:
        changed["changed_at"] = now
    TenantFact.objects.filter(pk=row.pk).update(origins=origins, **changed)
