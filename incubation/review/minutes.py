"""The signed result of a meeting: what it says, the digest that is signed, and the letter it becomes."""

from collections.abc import Collection
from pathlib import Path

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from park.letters.kinds import LetterKind, Place
from park.letters.models import digest_of
from park.pages.wording import local_date
from park.workflow.calendar import BEIJING

from . import sealed
from .aggregates import tenth
from .meeting_states import PROPOSED, VOTED, Choice
from .models import Meeting
from .sitting import who_keeps_off
from .states import Conflict

KIND = LetterKind(
    "review-result", "RM", gettext_lazy("Result of a review meeting"),
    {"meeting": Place.TEXT, "when": Place.TEXT, "where": Place.TEXT, "chair": Place.TEXT, "secretary": Place.TEXT,
     "quorum": Place.TEXT, "members": Place.LIST, "results": Place.TABLE, "recusals": Place.LIST,
     "said": Place.LIST, "general": Place.TEXT, "signatures": Place.LIST, "digest": Place.TEXT},
    Path(__file__).parent / "data" / "letters" / "review-result.json",
    required=("meeting", "results", "recusals", "signatures", "digest"),
    told=gettext_lazy("Result of a review meeting"),
)  # fmt: skip


def clock(moment) -> str:
    return local_date(moment, "moment")


def words(meeting: Meeting, without: Collection[int] = ()) -> dict:
    """Return what the chair and the secretary sign, in the language of the result; the questions do not grow.

    ``without`` names items that the reader keeps off: nothing is said of them. What is signed leaves out none.
    """
    with translation.override(meeting.language), timezone.override(BEIJING):
        return _words(meeting, without)


def _words(meeting: Meeting, without: Collection[int]) -> dict:
    items = meeting.items.exclude(pk__in=without).select_related("file__application", "decision")
    items = items.prefetch_related("decision__conditions")
    rows = {row.file.pk: row for row in sealed.standings(meeting, without=without).rows}
    votes = sealed.all_ballots(meeting)
    seats = {seat.pk: seat for seat in meeting.seats.select_related("expert__user").prefetch_related("attendance")}
    head = [_("No."), _("File"), _("Project"), _("Result"), _("Votes"), _("Mean"), _("Spread"), _("Rank")]
    table = []
    for item in items:
        row = rows.get(item.file_id)
        figures = [tenth(row.mean), tenth(row.spread), row.rank] if row else [None, None, None]
        table.append(
            [str(item.position), item.file.code, item.file.application.title, result_of(item),
             votes_in_words(votes.get(item.pk, {})), *("–" if each is None else str(each) for each in figures)]
        )  # fmt: skip
    aside = who_keeps_off(meeting)
    return {
        "meeting": meeting.name,
        "when": f"{clock(meeting.opened_at)} – {clock(meeting.closed_at)}" if meeting.closed_at else "",
        "where": " · ".join(filter(None, [meeting.place, meeting.link])),
        "chair": meeting.chair.display_name,
        "secretary": meeting.secretary.display_name,
        "quorum": str(meeting.quorum),
        "members": [attendance_of(seat) for seat in seats.values()],
        "results": {"head": head, "rows": table},
        "recusals": [
            _("%(code)s: %(name)s (%(why)s)")
            % {"code": item.file.code, "name": seats[seat], "why": dict(Conflict.choices).get(kind, kind)}
            for item in items
            for seat, kind in sorted(aside.get(item.pk, {}).items())
        ] or [_("Nobody had to keep off a file.")],
        "said": [line for item in items if (line := said_of(item))],
        "general": meeting.minutes.strip(),
    }  # fmt: skip


def result_of(item) -> str:
    if item.state in VOTED:
        return str(Choice(item.result).label)
    return str(item.get_state_display())


def votes_in_words(counts: dict) -> str:
    return _(", ").join(f"{choice.label} {counts[choice]}" for choice in Choice if counts.get(choice)) or "–"


def said_of(item) -> str:
    """Return what the minutes say of an item, in one line: the talk, the reasons, the conditions."""
    parts = [item.minutes, item.why, item.advice]
    if item.state == PROPOSED and item.result == Choice.CONDITIONAL:
        parts += [
            _("%(condition)s (by %(day)s)") % {"condition": each.text, "day": local_date(each.due)}
            for each in item.decision.conditions.all()
        ]
    text = " · ".join(" ".join(part.split()) for part in parts if part.strip())
    return _("%(code)s: %(text)s") % {"code": item.file.code, "text": text} if text else ""


def attendance_of(seat) -> str:
    times = [
        f"{timezone.localtime(each.came_at):%H:%M}–{timezone.localtime(each.left_at):%H:%M}"
        for each in seat.attendance.all()
        if each.left_at
    ]
    text = _(", ").join(times) if times else _("not present")
    return _("%(name)s: %(times)s") % {"name": seat, "times": text}


def digest(meeting: Meeting) -> str:
    """Return the digest of what is signed."""
    return digest_of(words(meeting))


def signed_words(meeting: Meeting) -> dict:
    """Return the words of the letter: what was signed, by whom and when, and its digest."""
    text = words(meeting)
    with translation.override(meeting.language), timezone.override(BEIJING):
        signatures = [
            _("%(name)s, %(role)s, %(day)s")
            % {"name": each.user.display_name, "role": each.get_role_display(), "day": clock(each.at)}
            for each in meeting.live_signatures
        ]
    return text | {"signatures": signatures, "digest": digest_of(text)}
