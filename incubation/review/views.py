"""An expert's pages: the queue, the declaration, the scoring, what is done, the guide, what the phase lets be seen."""

import secrets
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from park.accounts.doors import row_by_row, signed_in
from park.pages.wording import local_date
from park.workflow.actions import MoveRefused, Stale
from talents.profiles.sectors import Sector

from . import access, actions
from .actions.scoring import Incomplete, total_of
from .forms import AsideForm, DeclineForm, ScoreForm, initial
from .models import Review, Round, Rubric
from .states import ASSIGNED, OPEN, PANEL, SCORING, SENT
from .visibility import opinions, ranking, rule_of, sight

OWN = "the expert who has the file"
SORTS = {
    "due": ("file__round__due_at", "file__code"), "code": ("file__code", "pk"),
    "field": ("file__copy__sector", "file__code"),
}  # fmt: skip
private = cache_control(private=True, no_store=True)


def own(request, ref: str) -> Review:
    """Return one of the reader's own reviews; what they stepped aside from is not there."""
    rows = Review.objects.visible_to(request.user).select_related(
        "file__round__rubric", "file__round__call", "file__copy", "expert__user"
    )
    return get_object_or_404(rows, ref=ref)


def frame(request, crumb: str) -> dict:
    """Return what stands around each page of an expert: the way to the others, with what waits there."""
    waiting = Review.objects.visible_to(request.user).waiting().count()
    nav = [
        (reverse("review:queue"), _("To score"), waiting),
        (reverse("review:done"), _("Scored"), 0),
        (reverse("review:meetings"), _("Meetings"), 0),
        (reverse("review:guide"), _("Guide and conflicts"), 0),
    ]
    return {"work_nav": nav, "crumbs": [(_("To score"), reverse("review:queue")), (crumb, "")]}


def typed(request) -> None:
    """Refuse what no keyboard sends."""
    if any("\0" in value for _name, values in request.POST.lists() for value in values):
        raise BadRequest(_("The text holds a character that cannot be kept."))


# --- What waits, and what is done -------------------------------------------------------------------------------------
@private
@signed_in("Experts see the files that they have; everybody else an empty page.")
@require_safe
def queue(request):
    """What waits for this expert, with the day it is due and how long it takes."""
    sort = request.GET.get("sort", "due")
    asked = request.GET.get("q", "").strip()[:80]
    rows = listed(Review.objects.visible_to(request.user).waiting(), asked).order_by(*SORTS.get(sort, SORTS["due"]))
    reviews = list(rows)
    page = frame(request, "") | {
        "rows": [row_of(review) for review in reviews],
        "q": asked,
        "sort": sort if sort in SORTS else "due",
        "minutes": sum(review.file.round.minutes for review in reviews),
        "rounds": [each for each in Round.objects.visible_to_expert(request.user) if each.phase != SCORING],
        "is_expert": access.is_expert(request.user),
        "crumbs": [],
    }
    return render(request, "review/queue.html", page)


def listed(reviews, asked: str):
    """Return reviews with what a list shows; a search looks into the expert's own copies and nowhere else."""
    if asked:
        reviews = reviews.filter(file__copy__title__icontains=asked) | reviews.filter(file__code__iexact=asked)
    return reviews.select_related("file__round__call", "file__copy")


def row_of(review: Review) -> dict:
    return {
        "review": review,
        "title": review.file.copy.title,
        "field": dict(Sector.choices).get(review.file.copy.sector, ""),
        "round": review.file.round,
        "late": review.is_waiting and review.file.round.due_at < timezone.now(),
        "url": reverse("review:conflict" if review.state == ASSIGNED else "review:score", args=[review.ref]),
    }


@private
@signed_in("Experts see what they scored themselves; everybody else an empty page.")
@require_safe
def done(request):
    """What this expert has scored."""
    rows = listed(Review.objects.visible_to(request.user).sent(), "").order_by("-sent_at", "pk")
    page = frame(request, _("Scored")) | {"rows": [row_of(review) for review in rows[:200]]}
    return render(request, "review/done.html", page)


@private
@signed_in("How experts score is no secret.")
@require_safe
def guide(request):
    """How scoring works, what a conflict of interest is, and what each score means."""
    rubric = Rubric.objects.published().order_by("slug", "-number").first()
    return render(request, "review/guide.html", frame(request, _("Guide and conflicts")) | {"rubric": rubric})


# --- Before a file opens ----------------------------------------------------------------------------------------------
@private
@row_by_row(OWN)
def conflict(request, ref):
    """Declare before the first look: no conflict, or step aside, or decline."""
    review = own(request, ref)
    aside = AsideForm(request.POST if "aside" in request.POST else None)
    decline = DeclineForm(request.POST if "decline" in request.POST else None)
    status, refusal = HTTPStatus.OK, None
    if request.method == "POST":
        typed(request)
        try:
            if "none" in request.POST:
                actions.declare(review=review, by=request.user)
                return redirect("review:score", review.ref)
            if aside.is_bound and aside.is_valid():
                actions.recuse(review=review, by=request.user, **aside.cleaned_data)
                messages.success(request, _("You stepped aside. You will not meet this file again. Thank you."))
                return redirect("review:queue")
            if decline.is_bound and decline.is_valid():
                actions.decline(review=review, by=request.user, **decline.cleaned_data)
                messages.success(request, _("You declined it. Somebody else takes it over."))
                return redirect("review:queue")
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        except MoveRefused as said:
            refusal, status = said, said.status
    page = frame(request, review.file.code) | {
        "row": row_of(review), "review": review, "aside": aside, "decline": decline, "refusal": refusal,
        "declared": review.state != ASSIGNED,
    }  # fmt: skip
    return render(request, "review/conflict.html", page, status=status)


# --- Scoring ----------------------------------------------------------------------------------------------------------
@private
@row_by_row(OWN)
def score(request, ref):
    """The dossier and the scores side by side; saved while it is typed, sent when the expert says so."""
    review = own(request, ref)
    if review.state == ASSIGNED:
        return redirect("review:conflict", review.ref)
    if review.state != OPEN or review.file.round.state not in (SCORING, PANEL):
        return render(request, "review/sent.html", reading(request, review) | sent_part(review))
    kept = getattr(review, "scoring", None)
    rubric = review.file.round.rubric
    form, edit, status = ScoreForm(rubric, initial=initial(kept)), secrets.token_urlsafe(8), HTTPStatus.OK
    faults, refusal = {}, None
    if request.method == "POST":
        typed(request)
        form = ScoreForm(rubric, request.POST)
        edit = request.POST.get("edit", "")[:20] or edit
        try:
            kept = save(request, review, form, edit)
            if "send" not in request.POST:
                messages.success(request, _("Saved. Nothing is sent yet."))
                return onward(request, review)
            actions.send(review=review, by=request.user)
        except Incomplete as said:
            faults, refusal, status = said.faults, said, HTTPStatus.UNPROCESSABLE_ENTITY
        except MoveRefused as said:
            refusal, status = said, said.status
        else:
            messages.success(request, _("Your scores for %(code)s are in. Thank you.") % {"code": review.file.code})
            return onward(request, review)
    scores = {key: entry["score"] for key, entry in kept.scores.items()} if kept else {}
    rows = form.rows()
    for row in rows:
        row["fault"] = faults.get(row["criterion"].key, "")
    page = reading(request, review) | {
        "form": form, "rows": rows, "faults": list(faults.items()), "refusal": refusal, "rubric": rubric, "edit": edit,
        "has_errors": bool(refusal), "version": kept.version if kept else 0,
        "saved_at": kept.saved_at if kept else None,
        "total": total_of(rubric, scores),
    }  # fmt: skip
    return render(request, "review/score.html", page, status=status)


def save(request, review: Review, form: ScoreForm, edit: str):
    version = request.POST.get("version", "")
    return actions.save_scores(
        review=review, scores=form.scores(), note=request.POST.get("note", ""), by=request.user, edit=edit,
        version=int(version) if version.isdecimal() and len(version) < 9 else None,
    )  # fmt: skip


def onward(request, review: Review) -> HttpResponse:
    """Lead to the next file that waits, or back to the queue."""
    waiting = Review.objects.visible_to(request.user).waiting().exclude(pk=review.pk).order_by(*SORTS["due"])
    following = waiting.first()
    if following is None or "stay" in request.POST:
        return redirect("review:queue")
    return redirect("review:conflict" if following.state == ASSIGNED else "review:score", following.ref)


def reading(request, review: Review) -> dict:
    """Return the dossier as this expert may read it now: the copy, never the application."""
    copy, round = review.file.copy, review.file.round
    seen = sight(review)
    mine = list(
        Review.objects.visible_to(request.user)
        .filter(file__round=round)
        .order_by("file__code")
        .values_list("pk", flat=True)
    )
    waiting = Review.objects.visible_to(request.user).waiting().exclude(pk=review.pk).count()
    return frame(request, copy.title) | {
        "review": review,
        "copy": copy,
        "round": round,
        "field": dict(Sector.choices).get(copy.sector, ""),
        "sections": copy.texts.get(get_language()) or copy.texts.get("en", []),
        "papers": list(copy.papers.select_related("document")) if seen.files else [],
        "reminders": list(review.reminders.all()),
        "seen": seen,
        "applicant": str(review.file.application.talent) if seen.applicant else "",
        "position": mine.index(review.pk) + 1,
        "count": len(mine),
        "after": waiting,
        "late": review.is_waiting and round.due_at < timezone.now(),
    }


def sent_part(review: Review) -> dict:
    """Return one's own scores as they were sent, and the others' as far as the phase lets them be seen."""
    sheet = review.sheets.prefetch_related("lines__criterion").first()
    seen = sight(review)
    rule = rule_of(review.file.round)
    all_in = review.file.closed_at is not None
    return {
        "sheet": sheet,
        "opinions": opinions(review, seen),
        "can_change": bool(
            review.state == SENT and rule and rule.edit_own and review.file.round.is_under_way
            and not (review.file.round.state == SCORING and all_in)
        ),
    }  # fmt: skip


@private
@row_by_row(OWN)
@require_POST
def autosave(request, ref):
    """Keep what is typed while it is typed; says so, or that another page changed it (409)."""
    review = own(request, ref)
    typed(request)
    form = ScoreForm(review.file.round.rubric, request.POST)
    try:
        save(request, review, form, request.POST.get("edit", "")[:20])
    except MoveRefused as refusal:
        status = HTTPStatus.CONFLICT if isinstance(refusal, Stale) else refusal.status
        return HttpResponse(str(refusal), status=status, content_type="text/plain; charset=utf-8")
    text = _("Draft saved %(time)s your time") % {"time": local_date(timezone.localtime().replace(tzinfo=None), "time")}
    return render(request, "components/save_state.html", {"text": text})


@private
@row_by_row(OWN)
@require_POST
def reopen(request, ref):
    """Take one's own scores back to change them, where the phase allows it."""
    review = own(request, ref)
    try:
        actions.reopen(review=review, by=request.user)
    except MoveRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("review:score", review.ref)


# --- After the scoring ------------------------------------------------------------------------------------------------
@private
@row_by_row("experts of the round, when its phase shows the ranking")
@require_safe
def standing(request, slug):
    """The results of a round as its phase lets experts see them."""
    round = get_object_or_404(Round.objects.visible_to_expert(request.user).select_related("rubric"), slug=slug)
    found = ranking(round, request.user)
    if found is None:
        raise PermissionDenied(_("The results of this round are not open to you now."))
    if not found.rows:
        raise Http404
    titles = [each.label for each in round.rubric.items]
    page = frame(request, round.name) | {"round": round, "results": found, "titles": titles}
    return render(request, "review/standing.html", page)
