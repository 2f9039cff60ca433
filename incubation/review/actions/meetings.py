"""A meeting is planned, opened, closed and signed; members come and go. What happens to its items: ``agenda``."""

from collections.abc import Collection

from django.contrib.auth import get_user_model
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from incubation.intake.models import Application
from incubation.intake.states import PANEL_READY
from park.letters import actions as letters
from park.workflow.actions import GuardFailed, NotYours, apply_move, begin, verb
from park.workflow.models import TransitionLog

from .. import access, minutes
from ..meeting_states import CLOSED, ITEM, MEETING, OPEN, PLANNED, UNDONE
from ..models import AgendaItem, Attendance, Declaration, Expert, KeptOff, Meeting, RoundFile, Seat, Signature
from ..sitting import present, tied_to, ties_of
from ..states import LIVE
from ..telling import tell_panel
from .agenda import show_if_all_in

FIELDS = ("name_en", "name_zh_hans", "starts_at", "ends_at", "place", "link", "chair", "secretary", "quorum",
          "spread_limit", "language")  # fmt: skip


# --- Before -----------------------------------------------------------------------------------------------------------
@verb
def plan_meeting(
    *, meeting: Meeting, files: Collection[RoundFile], experts: Collection[Expert], by, invite: bool = True
) -> Meeting:
    """Plan a new meeting (not yet saved) on files that wait for a panel, and invite its members. Raises MoveRefused."""
    is_whole(meeting, len(experts))
    meeting.save(force_insert=True)
    begin(MEETING, meeting, "plan", by=by, may=access.may_meet)
    Seat.objects.bulk_create(Seat(meeting=meeting, expert=expert) for expert in experts)
    _put_on(meeting, files, by)
    _are_free_to_run(meeting)
    if invite:
        _invite(meeting)
    return meeting


@verb
def change_meeting(
    *, meeting: Meeting, by, experts: Collection[Expert], files: Collection[RoundFile], version: int | None = None,
    **fields,
) -> TransitionLog:  # fmt: skip
    """Change the invitation, the members and the agenda of a planned meeting; everybody is told. Raises MoveRefused."""
    for name in FIELDS:
        setattr(meeting, name, fields.get(name, getattr(meeting, name)))
    is_whole(meeting, len(experts))
    log = apply_move(
        MEETING, meeting, "change", by=by, may=access.may_meet, version=version,
        changes={name: fields[name] for name in FIELDS if name in fields},
    )  # fmt: skip
    wanted = {expert.pk for expert in experts}
    gone = meeting.seats.exclude(expert__in=wanted)
    if Attendance.objects.filter(seat__in=gone).exists() or KeptOff.objects.filter(seat__in=gone).exists():
        raise GuardFailed(_("Somebody whom you left out was there already, or keeps off a file."), code="was-there")
    if Declaration.objects.filter(seat__in=gone).exists():
        raise GuardFailed(_("Somebody whom you left out declared already. Leave them in."), code="declared")
    dropped = list(gone.select_related("expert__user"))
    gone.delete()
    there = set(meeting.seats.values_list("expert", flat=True))
    Seat.objects.bulk_create(Seat(meeting=meeting, expert=expert) for expert in experts if expert.pk not in there)
    listed = set(meeting.items.values_list("file", flat=True))
    _put_on(meeting, [file for file in files if file.pk not in listed], by)
    _are_free_to_run(meeting)
    _invite(meeting)
    tell_panel("meeting-called-off", meeting, [seat.expert.user for seat in dropped], why="")
    return log


@verb
def call_off_meeting(*, meeting: Meeting, by, note: str, version: int | None = None) -> TransitionLog:
    """Call a planned meeting off; its files wait for another one. Raises MoveRefused."""
    log = apply_move(MEETING, meeting, "call_off", by=by, may=access.may_meet, note=note, version=version)
    for item in meeting.items.undone().order_by("position"):
        apply_move(ITEM, item, "put_off", by=by, may=lambda *_: True, note=note)
    tell_panel("meeting-called-off", meeting, everybody(meeting), why=note)
    return log


def everybody(meeting: Meeting) -> list:
    members = get_user_model().objects.filter(expert__seats__meeting=meeting)
    return [*members, meeting.chair, meeting.secretary]


def _invite(meeting: Meeting) -> None:
    tell_panel("meeting-invited", meeting, everybody(meeting))


def is_whole(meeting: Meeting, members: int) -> None:
    """Ask whether a meeting can be held as it is planned. Raises GuardFailed."""
    if meeting.chair_id == meeting.secretary_id:
        raise GuardFailed(_("The chair and the secretary are two people: both sign."), code="two-people")
    if not access.chairs(meeting.chair, meeting):
        raise GuardFailed(_("%(name)s does not have the duty to chair.") % {"name": meeting.chair}, code="no-chair")
    if members < meeting.quorum:
        words = {"members": members, "quorum": meeting.quorum}
        raise GuardFailed(
            _("There are %(members)s members, fewer than the quorum of %(quorum)s.") % words, code="too-few"
        )


def _are_free_to_run(meeting: Meeting) -> None:
    """Ask whether chair and secretary, who read and sign everything, have no part in any file. Raises GuardFailed."""
    for person in (meeting.chair, meeting.secretary):
        if codes := tied_to(person, meeting):
            words = {"name": person.display_name, "files": _(", ").join(codes)}
            raise GuardFailed(
                _("%(name)s has a tie to %(files)s and cannot chair this meeting or keep its minutes. Choose somebody "
                  "else, or leave the file to another meeting.") % words,
                code="tied",
            )  # fmt: skip


def _put_on(meeting: Meeting, files: Collection[RoundFile], by) -> None:
    """Put files on the agenda behind what is there, and write down who keeps off which."""
    applications = [file.application_id for file in files]
    applications += meeting.items.exclude(file__in=files).values_list("file__application", flat=True)
    unready = [file.code for file in files if file.application.state != PANEL_READY or not file.closed_at]
    if unready:
        raise GuardFailed(
            _("Not ready for the panel: %(files)s.") % {"files": _(", ").join(unready[:10])}, code="not-ready"
        )
    if Application.objects.taken_part_in_by(by).filter(pk__in=applications).exists():
        raise NotYours
    if len(applications) != len(set(applications)):
        raise GuardFailed(_("An application stands on the agenda once."), code="twice")
    if not applications:
        raise GuardFailed(_("Choose the files of the agenda."), code="no-files")
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    items = AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, file=file, position=place) for place, file in enumerate(files, start=last + 1)
    )
    for item in items:
        begin(ITEM, item, "put_on", by=by, may=access.may_conduct)
    look_for_ties(meeting)


def look_for_ties(meeting: Meeting) -> None:
    """Write down who keeps off what by our records, and take over what members declared when they scored the file."""
    seats = list(meeting.seats.select_related("expert__user"))
    items = list(meeting.items.select_related("file__application__talent__user"))
    KeptOff.objects.bulk_create(ties_of(seats, items), ignore_conflicts=True)
    by_expert, by_file = {seat.expert_id: seat for seat in seats}, {item.file_id: item for item in items}
    reviews = Expert.objects.filter(
        pk__in=by_expert, reviews__file__in=by_file, reviews__state__in=LIVE, reviews__declared_at__isnull=False
    )
    Declaration.objects.bulk_create(
        [
            Declaration(seat=by_expert[expert], item=by_file[file])
            for expert, file in reviews.values_list("pk", "reviews__file")
        ],
        ignore_conflicts=True,
    )


# --- In session -------------------------------------------------------------------------------------------------------
@verb
def attend(*, seat: Seat, by, came: bool) -> None:
    """Write down that a member came in, or left: by themselves, the chair or the secretary. Twice does no harm."""
    meeting = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=seat.meeting_id)
    own = seat.expert.user_id == by.pk and seat.expert.active
    if not (own or access.runs(by, meeting)):
        raise NotYours
    if meeting.state not in (PLANNED, OPEN):
        raise GuardFailed(_("This meeting is over."), code="over")
    inside = Attendance.objects.filter(seat=seat, left_at=None)
    if came and not inside.exists():
        Attendance.objects.create(seat=seat, by=by)
    if not came:
        inside.update(left_at=timezone.now())
        for item in meeting.items.on_the_table():
            show_if_all_in(item)


@verb
def open_meeting(*, meeting: Meeting, by, version: int | None = None) -> TransitionLog:
    """Open a meeting once its quorum is there. Raises MoveRefused."""

    def guard(locked: Meeting) -> None:
        here = len(present(locked))
        if here < locked.quorum:
            words = {"here": here, "quorum": locked.quorum}
            raise GuardFailed(_("%(here)s members are here; the quorum is %(quorum)s.") % words, code="no-quorum")

    look_for_ties(meeting)
    return apply_move(
        MEETING, meeting, "open", by=by, may=access.may_meet, version=version, guard=guard,
        changes={"opened_at": timezone.now()},
    )  # fmt: skip


@verb
def close_meeting(*, meeting: Meeting, by, version: int | None = None) -> TransitionLog:
    """Close a meeting when every item is proposed or put off; it waits for two signatures. Raises MoveRefused."""

    def guard(locked: Meeting) -> None:
        undone = locked.items.filter(state__in=UNDONE).count()
        if undone:
            raise GuardFailed(
                _("%(n)s items are neither proposed nor put off.") % {"n": undone}, code="items-undone"
            )

    now = timezone.now()
    log = apply_move(
        MEETING, meeting, "close", by=by, may=access.may_meet, version=version, guard=guard, changes={"closed_at": now}
    )
    Attendance.objects.filter(seat__meeting=meeting, left_at=None).update(left_at=now)
    tell_panel("meeting-to-sign", meeting, [meeting.chair, meeting.secretary])
    return log


# --- Signing ----------------------------------------------------------------------------------------------------------
@verb
def sign(*, meeting: Meeting, by, digest: str, version: int | None = None) -> Signature:
    """Sign the result as it was read (``digest``); the second signature seals it and issues the numbered letter.

    Raises MoveRefused if the text changed since, or the person signed already.
    """
    role = Signature.Role.CHAIR if meeting.chair_id == by.pk else Signature.Role.SECRETARY

    def guard(locked: Meeting) -> None:
        if minutes.digest(locked) != digest:
            raise GuardFailed(_("The text changed since you read it. Read it once more."), code="text-changed")
        if locked.live_signatures.filter(role=role).exists():
            raise GuardFailed(_("You have signed already."), code="signed-already")

    apply_move(MEETING, meeting, f"{role}_signs", by=by, may=access.may_meet, version=version, guard=guard)
    signature = Signature.objects.create(meeting=meeting, role=role, user=by, digest=digest)
    if meeting.live_signatures.count() == len(Signature.Role.values):
        _seal(meeting, digest)
    return signature


def _seal(meeting: Meeting, digest: str) -> None:
    letter = letters.issue(
        kind=minutes.KIND.name, subject=meeting, to=meeting.chair, language=meeting.language,
        context=minutes.signed_words(meeting), about=meeting.ref,
    )  # fmt: skip
    apply_move(
        MEETING, meeting, "seal", by=None, may=access.may_meet, changes={"letter": letter, "digest": digest},
        versions={"letter": letter.number, "digest": digest},
    )  # fmt: skip


@verb
def correct_minutes(*, meeting: Meeting, by, note: str, version: int | None = None) -> TransitionLog:
    """Open the text again before it is sealed: a signature that is there becomes void. Raises MoveRefused."""
    log = apply_move(MEETING, meeting, "correct", by=by, may=access.may_meet, note=note, version=version)
    meeting.live_signatures.update(void_at=log.at)
    return log


def is_written(meeting: Meeting) -> bool:
    """Tell whether the minutes can be written now."""
    return meeting.state in (OPEN, CLOSED) and not meeting.live_signatures.exists()


