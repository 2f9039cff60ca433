"""Who sits in a meeting and takes part in an item: asked afresh of the database by each page and each verb."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from incubation.intake.models import Application
from incubation.intake.models.applications import taking_part

from .conflicts import flags
from .models import AgendaItem, Attendance, Declaration, Expert, KeptOff, Meeting, Recusal, Seat
from .states import Conflict


@dataclass
class Place:
    """A member as an item finds them."""

    seat: Seat
    present: bool
    kept_off: str = ""  # why, a value of Conflict
    declared: bool = False
    is_in: bool = False  # with a score, or a vote, whichever is asked for

    @property
    def counts(self) -> bool:
        """Tell whether the item waits for this member, and its quorum counts them."""
        return self.present and not self.kept_off

    @property
    def why(self) -> str:
        return str(Conflict(self.kept_off).label) if self.kept_off in Conflict.values else ""


@dataclass
class Room:
    """The members around one item."""

    item: AgendaItem
    quorum: int
    places: list[Place] = field(default_factory=list)

    @property
    def counting(self) -> list[Place]:
        return [place for place in self.places if place.counts]

    @property
    def missing(self) -> list[Place]:
        return [place for place in self.counting if not place.is_in]

    @property
    def kept_off(self) -> list[Place]:
        return [place for place in self.places if place.kept_off]

    @property
    def has_quorum(self) -> bool:
        return len(self.counting) >= self.quorum

    @property
    def all_in(self) -> bool:
        return self.has_quorum and not self.missing


def who_keeps_off(meeting: Meeting) -> dict[int, dict[int, str]]:
    """Return for each item of a meeting the seats that keep off it, with the reason. Four questions."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for item, seat, kind in KeptOff.objects.filter(item__meeting=meeting).values_list("item", "seat", "kind"):
        found[item][seat] = kind
    seats = dict(meeting.seats.values_list("expert", "pk"))
    items = dict(meeting.items.values_list("file__application", "pk"))
    known = Recusal.objects.filter(expert__in=seats, application__in=items)
    for expert, application, kind in known.values_list("expert", "application", "kind"):
        found[items[application]][seats[expert]] = kind
    return found


def room_of(item: AgendaItem, inside: set[int]) -> Room:
    """Return the members around an item; ``inside`` are the seats that have scored, or voted."""
    aside = who_keeps_off(item.meeting).get(item.pk, {})
    declared = set(Declaration.objects.filter(item=item).values_list("seat", flat=True))
    seats = item.meeting.seats.with_presence().select_related("expert__user")
    places = [
        Place(seat, seat.present, aside.get(seat.pk, ""), seat.pk in declared, seat.pk in inside) for seat in seats
    ]
    return Room(item, item.meeting.quorum, places)


def items_hidden_from(user):
    """Return all items of which a person must learn nothing: kept off, stepped aside, or their own application."""
    tied = Q(kept_off__seat__expert__user=user) | Q(file__application__recusals__expert__user=user)
    own = Application.objects.filter(taking_part(user))
    return AgendaItem.objects.filter(tied | Q(file__application__in=own))


def hidden_from(user, meeting: Meeting) -> set[int]:
    """Return the items of a meeting of which a person must learn nothing."""
    return set(items_hidden_from(user).filter(meeting=meeting).values_list("pk", flat=True))


def tied_to(person, meeting: Meeting) -> list[str]:
    """Return the codes of the files of a meeting that a person has to keep off, or is tied to by our records.

    That somebody works for the park is no tie here: chair and secretary do.
    """
    items = list(meeting.items.select_related("file__application__talent__user"))
    hidden = hidden_from(person, meeting)
    known = Expert.objects.filter(user=person).first() or Expert(user=person)
    ties = flags([known], [item.file.application for item in items])
    tied = {application for (_one, application), found in ties.items() if any(f.kind != Conflict.INSIDE for f in found)}
    return [item.file.code for item in items if item.pk in hidden or item.file.application_id in tied]


def ties_of(seats: list[Seat], items: list[AgendaItem]) -> list[KeptOff]:
    """Return who has to keep off which item by what the portal knows: flags, and recusals of any time."""
    experts = {seat.expert_id: seat for seat in seats}
    by_application = {item.file.application_id: item for item in items}
    found = {
        (expert, application): found_flags[0].kind
        for (expert, application), found_flags in flags(
            [seat.expert for seat in seats], [item.file.application for item in items]
        ).items()
    }
    known = Recusal.objects.filter(expert__in=experts, application__in=by_application)
    found |= {(expert, application): kind for expert, application, kind in known.values_list(
        "expert", "application", "kind")}  # fmt: skip
    return [
        KeptOff(seat=experts[expert], item=by_application[application], kind=kind)
        for (expert, application), kind in found.items()
    ]


def present(meeting: Meeting) -> set[int]:
    return set(Attendance.objects.filter(seat__meeting=meeting, left_at=None).values_list("seat", flat=True))
