"""The pages of a review meeting: for its chair and secretary, who run it, and for its members, who score and vote."""

import secrets
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incubation.intake.states import Reason
from park.accounts.doors import row_by_row, signed_in
from park.pages.wording import local_date
from park.workflow.actions import MoveRefused, Stale

from . import access, actions, minutes, panel
from .calendars import invitation
from .models import AgendaItem, Meeting
from .sitting import hidden_from
from .states import Conflict
from .views import frame, private, typed

SITTING = "the chair, the secretary and the members of the meeting"
CONDITIONS = 3  # lines on the page; empty ones do not count
ASIDE = [choice for choice in Conflict.choices if choice[0] not in {Conflict.SELF, Conflict.INSIDE, Conflict.ASKED}]


def own(request, ref: str) -> Meeting:
    """Return a meeting in which the reader has a part; else 404."""
    rows = Meeting.objects.visible_to(request.user).select_related("chair", "secretary", "letter")
    return get_object_or_404(rows, ref=ref)


def run_by_me(request, ref: str) -> Meeting:
    """Return a meeting that the reader chairs or keeps the minutes of; else 404."""
    meeting = own(request, ref)
    if not access.runs(request.user, meeting):
        raise Http404
    return meeting


def around(request, meeting: Meeting | None, crumb: str = "") -> dict:
    """Return what stands around each page of a meeting."""
    page = frame(request, "")
    crumbs = [(_("Review meetings"), reverse("review:meetings"))]
    if meeting:
        crumbs.append((meeting.name, meeting.get_absolute_url()))
    return page | {"crumbs": [*crumbs, (crumb, "")] if crumb else crumbs, "meeting": meeting}


def number(request, name: str) -> int | None:
    """Return a number that a form or an address names; None if it is none."""
    text = request.POST.get(name, "") or request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 else None


@private
@signed_in("People see the meetings in which they have a part; everybody else an empty page.")
@require_safe
def meetings(request):
    """The meetings that a person chairs, keeps the minutes of, or sits in."""
    rows = list(Meeting.objects.visible_to(request.user).select_related("chair").order_by("-starts_at")[:100])
    page = around(request, None) | {
        "ahead": [meeting for meeting in reversed(rows) if meeting.state in ("planned", "open", "closed")],
        "past": [meeting for meeting in rows if meeting.state in ("signed", "cancelled")],
    }
    return render(request, "review/meetings.html", page)


# --- The meeting itself -----------------------------------------------------------------------------------------------
@private
@row_by_row(SITTING)
@require_safe
def meeting(request, ref):
    """The one page of a meeting: what is on the table, who is in, the agenda; and for those who run it the minutes."""
    record = own(request, ref)
    seen = panel.view(record, request.user, number(request, "item"))
    page = around(request, record) | {"seen": seen, "edit": secrets.token_urlsafe(8)} | choices(seen)
    return render(request, "review/meeting.html", page)


def choices(seen: panel.View) -> dict:
    lines = list(seen.item.conditions) if seen.item else []
    return {
        "reasons": Reason.choices,
        "kinds": ASIDE,
        "condition_lines": lines + [{"text": "", "due": ""}] * max(1, CONDITIONS - len(lines)),
    }


@private
@row_by_row(SITTING)
@require_safe
def meeting_card(request, ref):
    """What is on the table, asked again every few seconds; 204 while nothing changed, so nobody is torn from typing."""
    record = own(request, ref)
    seen = panel.view(record, request.user, number(request, "item"))
    if request.GET.get("seen") == seen.stamp:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "review/meeting_card.html", {"meeting": record, "seen": seen} | choices(seen))


@private
@row_by_row(SITTING)
@require_safe
def meeting_room(request, ref):
    """Who is in the room, who is missing: asked again every few seconds."""
    record = own(request, ref)
    seen = panel.view(record, request.user, number(request, "item"))
    return render(request, "review/meeting_room.html", {"meeting": record, "seen": seen})


@private
@row_by_row("members of the meeting")
def meeting_declare(request, ref):
    """Say for the whole agenda, once, of which files one has no interest in and from which one steps aside."""
    record = own(request, ref)
    seat = access.seat_of(request.user, record)
    if seat is None:
        raise Http404
    hidden = hidden_from(request.user, record)
    items = list(record.items.exclude(pk__in=hidden).select_related("file__copy"))
    declared = set(seat.declarations.values_list("item", flat=True))
    status, refusal = HTTPStatus.OK, None
    if request.method == "POST":
        typed(request)
        answers = {item: request.POST.get(f"item-{item.pk}", "") for item in items}
        clear = [item for item, answer in answers.items() if answer == "none"]
        aside = {item: (kind, "") for item, kind in answers.items() if kind not in ("", "none")}
        try:
            actions.declare_for_meeting(meeting=record, by=request.user, clear=clear, aside=aside)
        except MoveRefused as said:
            status, refusal = said.status, said
        else:
            messages.success(request, _("Thank you. You can change this by stepping aside at any time."))
            return redirect(record)
    page = around(request, record, _("Conflict of interest")) | {
        "rows": [{"item": item, "declared": item.pk in declared} for item in items],
        "kinds": ASIDE,
        "refusal": refusal,
        "hidden": len(hidden),
    }
    return render(request, "review/meeting_declare.html", page, status=status)


@private
@row_by_row(SITTING)
@require_POST
def meeting_act(request, ref):
    """One act of a meeting; then the page again, at the same item."""
    record = own(request, ref)
    typed(request)
    name = request.POST.get("do", "")
    item = record.items.filter(pk=number(request, "item") or 0).first()
    if item and item.pk in hidden_from(request.user, record) and not access.runs(request.user, record):
        raise Http404
    try:
        said = act(request, record, item, name)
    except MoveRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    if request.POST.get("to") == "results":
        return redirect("review:meeting_results", record.ref)
    stays = item and access.runs(request.user, record) and name not in ("next", "propose")
    return redirect(f"{record.get_absolute_url()}?item={item.pk}" if stays else record.get_absolute_url())


ITEM_ACTS = {
    "call": actions.call_item, "score_again": actions.score_again, "open_vote": actions.open_vote,
    "close_vote": actions.close_vote, "propose": actions.propose_result,
}  # fmt: skip
MEETING_ACTS = {"open": actions.open_meeting, "close": actions.close_meeting}


def act(request, record: Meeting, item: AgendaItem | None, name: str) -> str:
    """Do what a button says; return what to tell the person. Raises MoveRefused, Http404."""
    by, version = request.user, number(request, "version")
    if name in MEETING_ACTS:
        MEETING_ACTS[name](meeting=record, by=by, version=version)
    elif name == "propose_all":
        done, refused = actions.propose_all(meeting=record, by=by)
        for each, why in refused:
            messages.warning(request, _("%(code)s: %(text)s") % {"code": each.file.code, "text": why})
        return _("%(n)s results were proposed.") % {"n": len(done)}
    elif name in ("came", "left"):
        seat = get_object_or_404(record.seats, pk=number(request, "seat") or 0)
        actions.attend(seat=seat, by=by, came=name == "came")
    elif name in ("here", "away"):
        seat = access.seat_of(by, record)
        if seat is None:
            raise Http404
        actions.attend(seat=seat, by=by, came=name == "here")
    elif item is None:
        raise Http404
    elif name in ITEM_ACTS:
        ITEM_ACTS[name](item=item, by=by, version=version)
    elif name == "put_off":
        actions.put_off(item=item, by=by, note=request.POST.get("note", "")[:1000], version=version)
    elif name == "score":
        keys = [each.key for each in item.file.round.rubric.items]
        actions.score_live(item=item, by=by, scores={key: number(request, f"score-{key}") for key in keys})
        return _("Your score is in. Nobody reads it before all are in.")
    elif name == "vote":
        actions.vote(item=item, by=by, choice=request.POST.get("choice", ""))
        return _("Your vote is in. You can change it until the vote is closed.")
    elif name == "step_aside":
        actions.step_aside(item=item, by=by, kind=request.POST.get("kind", ""), note=request.POST.get("note", ""))
        return _("You stepped aside. You will not meet this file again. Thank you.")
    else:
        raise Http404
    return ""


# --- The minutes ------------------------------------------------------------------------------------------------------
@private
@row_by_row("the chair and the secretary of the meeting")
@require_POST
def meeting_minutes(request, ref):
    """Keep the minutes while they are typed, or at a button; says so, or that another page changed them (409)."""
    record = run_by_me(request, ref)
    typed(request)
    item = get_object_or_404(record.items, pk=number(request, "item")) if number(request, "item") else None
    words = {}
    if item:
        pairs = zip(request.POST.getlist("condition"), request.POST.getlist("due"), strict=False)
        words = {name: request.POST.get(name, "") for name in ("why", "advice", "reason_code")}
        words["conditions"] = [pair for pair in pairs if any(text.strip() for text in pair)]
    quiet = "X-Autosave" in request.headers
    if quiet and item:  # half a condition is nothing to complain of while it is typed
        words["conditions"] = [pair for pair in words["conditions"] if all(text.strip() for text in pair)]
    try:
        actions.save_minutes(
            meeting=record, item=item, by=request.user, text=request.POST.get("text", ""),
            version=number(request, "version"), edit=request.POST.get("edit", "")[:20], **words,
        )  # fmt: skip
    except MoveRefused as refusal:
        if quiet:
            status = HTTPStatus.CONFLICT if isinstance(refusal, Stale) else refusal.status
            return HttpResponse(str(refusal), status=status, content_type="text/plain; charset=utf-8")
        messages.warning(request, str(refusal))
    else:
        if quiet:
            now = local_date(timezone.localtime().replace(tzinfo=None), "time")
            text = _("Saved %(time)s your time") % {"time": now}
            return render(request, "components/save_state.html", {"text": text})
        messages.success(request, _("The minutes are saved."))
    return redirect(f"{record.get_absolute_url()}?item={item.pk}" if item else record.get_absolute_url())


# --- Results ----------------------------------------------------------------------------------------------------------
@private
@row_by_row(SITTING)
@require_safe
def meeting_results(request, ref):
    """All items of a meeting in one table: results, votes, and the figures beside the raw rank."""
    record = own(request, ref)
    page = around(request, record, _("Results")) | panel.results(record, request.user)
    return render(request, "review/meeting_results.html", page)


@private
@row_by_row("the chair and the secretary of the meeting")
def meeting_result(request, ref):
    """The text that the chair and the secretary sign, and what it became."""
    record = run_by_me(request, ref)
    status, refusal = HTTPStatus.OK, None
    if request.method == "POST":
        typed(request)
        try:
            if "correct" in request.POST:
                actions.correct_minutes(meeting=record, by=request.user, note=request.POST.get("note", "")[:1000])
                return redirect(record)
            actions.sign(meeting=record, by=request.user, digest=request.POST.get("digest", "")[:64])
        except MoveRefused as said:
            status, refusal = said.status, said
        else:
            messages.success(request, _("You signed the result."))
            return redirect("review:meeting_result", record.ref)
    signed = list(record.live_signatures)
    hidden = hidden_from(request.user, record)
    words = minutes.words(record, without=hidden)
    page = around(request, record, _("Signed result")) | {
        "words": words,
        "lines": [list(zip(words["results"]["head"], row, strict=True)) for row in words["results"]["rows"]],
        "hidden": len(hidden),
        "digest": record.digest or minutes.digest(record),
        "signatures": signed,
        "mine": any(each.user_id == request.user.pk for each in signed),
        "refusal": refusal,
        "language": get_language(),
    }
    return render(request, "review/meeting_result.html", page, status=status)


@private
@row_by_row(SITTING)
@require_safe
def meeting_calendar(request, ref):
    """The meeting as a calendar file."""
    record = own(request, ref)
    address = request.build_absolute_uri(record.get_absolute_url())
    answer = HttpResponse(invitation(record, address), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="meeting-{record.ref}.ics"'
    return answer


