"""Scoring: what is typed is kept at once, what is sent is kept for good."""

from decimal import ROUND_HALF_UP, Decimal

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from incubation.intake import actions as intake
from incubation.intake import panels
from incubation.intake.access import PROPOSE
from park.workflow.actions import GuardFailed, MoveRefused, NotYours, Stale, apply_move, verb

from .. import access
from ..models import Review, RoundFile, Rubric, Scoring, Sheet, SheetLine
from ..states import OPEN, PANEL, REVIEW, SCORING, SENT, WAITING
from ..telling import tell_officers

CENT = Decimal("0.01")
LONGEST = {"reason": 400, "note": 4000}
log = structlog.get_logger(__name__)


class Incomplete(GuardFailed):
    """Scores that cannot be sent yet. ``faults`` says for each criterion what is missing."""

    code = "incomplete"

    def __init__(self, faults: dict[str, str]):
        self.faults = faults
        super().__init__(_("Nothing was sent yet. Some criteria still need you."), code=self.code)


def total_of(rubric: Rubric, scores: dict[str, int]) -> Decimal | None:
    """Return the weighted total out of 100, once every criterion is scored."""
    if any(scores.get(each.key) is None for each in rubric.items):
        return None
    parts = sum(Decimal(each.weight * scores[each.key]) / rubric.highest for each in rubric.items)
    return parts.quantize(CENT, ROUND_HALF_UP)


def faults_of(rubric: Rubric, scores: dict) -> dict[str, str]:
    """Return what keeps each criterion from being sent, in words."""
    found = {}
    for each in rubric.items:
        entry = scores.get(each.key) or {}
        if entry.get("score") is None:
            found[each.key] = _("Choose a score for “%(criterion)s”.") % {"criterion": each.label}
        elif rubric.needs_reason(entry["score"]) and not (entry.get("reason") or "").strip():
            words = {"criterion": each.label, "score": entry["score"]}
            found[each.key] = _("A score of %(score)s for “%(criterion)s” needs a reason.") % words
    return found


def _mine(review: Review, by) -> Review:
    rows = Review.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("file__round__rubric", "expert").get(pk=review.pk)
    if locked.expert.user_id != by.pk or not locked.expert.active:
        raise NotYours
    if not Review.objects.visible_to(by).filter(pk=locked.pk).exists():
        raise GuardFailed(_("This file does not have to be read any more."), code="not-owed")
    if locked.state != OPEN or locked.file.round.state not in (SCORING, PANEL):
        raise GuardFailed(_("These scores cannot be changed now."), code="not-open")
    return locked


@verb
def save_scores(
    *, review: Review, scores: dict, note: str = "", by, version: int | None = None, edit: str = ""
) -> Scoring:
    """Keep what an expert has typed so far, right or wrong. Nobody else reads it.

    ``scores`` is ``{criterion: {"score": 4 or None, "reason": "…"}}``; ``edit`` marks the open page, whose own saves
    never collide. Raises Stale if another page saved meanwhile, MoveRefused.
    """
    locked = _mine(review, by)
    rubric = locked.file.round.rubric
    clean = {}
    for each in rubric.items:
        entry = scores.get(each.key) or {}
        score = entry.get("score")
        if score is not None and score not in rubric.scores:
            raise GuardFailed(_("There is no such score on the scale."), code="off-the-scale")
        clean[each.key] = {"score": score, "reason": str(entry.get("reason") or "")[: LONGEST["reason"]]}
    kept = Scoring.objects.select_for_update().filter(review=locked).first() or Scoring(review=locked, version=0)
    if version is not None and version != kept.version and not (edit and edit == kept.edit):
        raise Stale
    kept.scores, kept.note = clean, note[: LONGEST["note"]]
    kept.saved_at, kept.edit, kept.version = timezone.now(), edit[:20], kept.version + 1
    kept.save()
    return kept


@verb
def send(*, review: Review, by, version: int | None = None) -> Sheet:
    """Send what is saved: whole, with its reasons. It becomes a sheet that stays. Raises Incomplete, MoveRefused."""
    locked = _mine(review, by)
    rubric = locked.file.round.rubric
    kept = Scoring.objects.filter(review=locked).first()
    scores = kept.scores if kept else {}
    if faults := faults_of(rubric, scores):
        raise Incomplete(faults)
    now = timezone.now()
    apply_move(
        REVIEW, review, "send", by=by, may=access.may_make, version=version, changes={"sent_at": now},
        versions={"rubric": rubric.number},
    )  # fmt: skip
    sheet = Sheet.objects.create(
        review=review, number=locked.sheets.count() + 1, note=kept.note, sent_at=now,
        total=total_of(rubric, {key: entry["score"] for key, entry in scores.items()}),
    )  # fmt: skip
    SheetLine.objects.bulk_create(
        [
            SheetLine(
                sheet=sheet, criterion=each, score=scores[each.key]["score"],
                reason=scores[each.key]["reason"].strip(),
                reason_needed=rubric.needs_reason(scores[each.key]["score"]),
            )
            for each in rubric.items
        ]
    )  # fmt: skip
    if locked.file.round.state == SCORING:
        close_if_all_in(locked.file)
    return sheet


@verb
def reopen(*, review: Review, by, version: int | None = None):
    """Take one's own scores back to change them, while the phase allows it; the sheet stays. Raises MoveRefused."""

    def guard(locked: Review) -> None:
        round = locked.file.round
        rule = round.rules.filter(phase=round.phase).first() if round.phase else None
        if not (round.is_under_way and rule and rule.edit_own):
            raise GuardFailed(_("Scores cannot be changed in this part of the round."), code="phase")
        if round.state == SCORING and locked.file.closed_at:
            raise GuardFailed(_("All reviews of this file are in, so they stay as they are."), code="all-in")

    return apply_move(REVIEW, review, "reopen", by=by, may=access.may_make, version=version, guard=guard)


# --- What follows when all are in -------------------------------------------------------------------------------------
def close_if_all_in(file: RoundFile) -> bool:
    """Close the review of a file when nobody owes anything and enough is there; the panel gets it."""
    locked = RoundFile.objects.select_for_update(of=("self",), no_key=True).select_related("round").get(pk=file.pk)
    states = list(locked.reviews.filter(state__in=(*WAITING, SENT)).values_list("state", flat=True))
    if locked.closed_at or set(states) != {SENT} or len(states) < locked.round.experts_per_file:
        return False
    close_file(locked)
    if not locked.round.files.filter(closed_at=None).exists():
        tell_officers("round-complete", locked.round, locked.round.pk, dict, version=locked.round.version)
    return True


def close_file(file: RoundFile, by=None) -> None:
    """Write down that the reviews of a file are closed, and hand its application to the panel."""
    file.closed_at = timezone.now()
    file.save(update_fields=["closed_at"])
    if not panels.is_for_panel(file.application):
        return  # officers decide on this call; the results stand beside the file
    try:
        intake.close_review(application=file.application, by=by if by and by.has_perm(PROPOSE) else None)
    except MoveRefused as refusal:  # withdrawn meanwhile, or with the panel already
        log.info("review.not_handed_on", file=file.pk, reason=refusal.code)
