"""Assigning experts: compute a plan, look at it, confirm it; later extend, remind, replace."""

from collections import Counter

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from park.workflow.actions import GuardFailed, NotYours, apply_move, begin, verb
from park.workflow.calendar import working_days_after, working_days_between
from park.workflow.clocks import WARN_AT
from park.workflow.models import Clock, TransitionLog

from .. import access
from ..models import Expert, Plan, Reminder, Review, Round, RoundFile
from ..planning import FULL, candidates, survey
from ..solver import Unsolved
from ..states import ASSIGNING, REVIEW, ROUND, SCORING
from ..telling import tell_expert, tell_new_date, tell_of_round


def _locked(round: Round) -> Round:
    return Round.objects.select_for_update(of=("self",), no_key=True).get(pk=round.pk)


@verb
def make_plan(*, round: Round, by, seed: int | None = None) -> Plan:
    """Compute who would read what, and keep it with its seed. Nobody is assigned yet. Raises MoveRefused."""
    locked = _locked(round)
    if not access.manages(by, locked):
        raise NotYours
    if locked.state != ASSIGNING:
        raise GuardFailed(_("A plan is made when the round is ready to assign, and not after."), code="not-assigning")
    desk = survey(locked)
    seed = locked.seed if seed is None else seed
    try:
        pairs, unfilled = desk.plan(seed)
    except Unsolved:
        sentence = _("No plan could be computed. Nothing was assigned; try it again.")
        raise GuardFailed(sentence, code="unsolved") from None
    basis = {"digest": desk.digest, "experts_per_file": locked.experts_per_file, "loads": desk.loads}
    return Plan.objects.create(
        round=locked, number=locked.plans.count() + 1, seed=seed, pairs=pairs, unfilled=unfilled, basis=basis,
        made_by=by,
    )  # fmt: skip


@verb
def confirm_plan(*, round: Round, by, plan: Plan | None = None, version: int | None = None, internal_note: str = ""):
    """Assign by a plan, the latest if none is named, and tell the experts. Raises MoveRefused if it is out of date."""
    plan = plan or round.plans.first()

    def guard(locked: Round) -> None:
        if plan is None or plan.round_id != locked.pk:
            raise GuardFailed(_("Make a plan first, and look at it."), code="no-plan")
        if not plan.pairs:
            raise GuardFailed(_("The plan assigns nobody."), code="empty-plan")
        if locked.due_at <= timezone.now():
            raise GuardFailed(_("The due date lies in the past. Set another one first."), code="past-due")
        if survey(locked).digest != plan.basis["digest"]:
            sentence = _("Files, experts, conflicts or limits changed since the plan was made. Make a new one.")
            raise GuardFailed(sentence, code="changed")

    log = apply_move(
        ROUND, round, "confirm_plan", by=by, may=access.may_run, version=version, guard=guard,
        internal_note=internal_note, versions={"plan": plan.number if plan else 0, "rubric": round.rubric.number},
    )  # fmt: skip
    files = {file.pk: file for file in round.files.select_related("application__talent")}
    experts = Expert.objects.select_related("user").in_bulk([expert for _file, expert, _fit in plan.pairs])
    for file, expert, _fit in plan.pairs:
        _assign(files[file], experts[expert], by, plan=plan)
    _run_until(round)
    for expert, count in Counter(expert for _file, expert, _fit in plan.pairs).items():
        tell_of_round(round, experts[expert].user, count, round.version)
    return log


def _assign(file: RoundFile, expert: Expert, by, *, plan=None, in_place_of=None) -> Review:
    review = Review.objects.create(file=file, expert=expert, plan=plan, in_place_of=in_place_of)
    begin(REVIEW, review, "assign", by=by, may=access.may_make)
    return review


def _run_until(round: Round) -> None:
    """Let the clocks of the reviews that are owed run until the round's due date."""
    now = timezone.now()
    days = max(1, working_days_between(now, round.due_at))
    owed = Review.objects.filter(file__round=round).waiting().values("pk")
    warn = min(working_days_after(now, max(1, int(days * WARN_AT))), round.due_at)
    Clock.objects.of_all(Review, owed).open().update(
        working_days=days, due_at=round.due_at, warn_at=warn, warned_at=None, breached_at=None
    )


@verb
def extend(
    *, round: Round, by, due_at, note: str, version: int | None = None, internal_note: str = ""
) -> TransitionLog:
    """Move the due date of a round that is being scored; the reminders begin again. Raises MoveRefused."""
    if due_at <= timezone.now():
        raise GuardFailed(_("The new date lies in the past."), code="past-due")
    log = apply_move(
        ROUND, round, "extend", by=by, may=access.may_run, note=note, version=version, internal_note=internal_note,
        changes={"due_at": due_at},
    )  # fmt: skip
    _run_until(round)
    owed = Review.objects.filter(file__round=round).waiting().select_related("expert__user")
    tell_new_date(round, {review.expert.user for review in owed}, note)
    return log


def _may_assign(file: RoundFile, by) -> Round:
    locked = _locked(file.round)
    if not access.manages(by, locked):
        raise NotYours
    if locked.state != SCORING:
        raise GuardFailed(_("Single experts are assigned while the round is being scored."), code="not-scoring")
    return locked


WHY_NOT = {
    "recused": gettext_lazy("This person stepped aside from the file, for good."),
    "tied": gettext_lazy("The records show a tie between this person and the applicant."),
    "language": gettext_lazy("This person does not read the language of the file."),
    "away": gettext_lazy("This person is away until the file is due."),
    "field": gettext_lazy("This round takes experts of the field only."),
    "had": gettext_lazy("This person has, or had, this file already."),
    FULL: gettext_lazy("This person has no room for another file."),
}


def _refuse_unfit(file: RoundFile, expert: Expert) -> None:
    desk = survey(file.round)
    reader = desk.readers.get(expert.pk)
    why = desk.barred.get((file.pk, expert.pk), "" if reader else "had")
    if not why and reader.load >= reader.capacity:
        why = FULL
    if why:
        raise GuardFailed(WHY_NOT[why], code=f"unfit-{why}")


@verb
def assign_one(*, file: RoundFile, expert: Expert, by) -> Review:
    """Give a file with an empty place to one more expert. Raises MoveRefused with the reason why not."""
    round = _may_assign(file, by)
    if file.reviews.live().count() >= round.experts_per_file:
        raise GuardFailed(_("This file has all its experts."), code="full-file")
    _refuse_unfit(file, expert)
    return _welcome(_assign(file, expert, by))


def _welcome(review: Review) -> Review:
    _run_until(review.file.round)
    tell_expert("review-assigned", review)
    return review


@verb
def replace(
    *, review: Review, to: Expert | None = None, by, internal_note: str = "", version: int | None = None
) -> Review:
    """Give a review that is owed to another expert: the one named, or whom the portal suggests. Raises MoveRefused."""
    _may_assign(review.file, by)
    if to is None:
        to = next((expert for expert, _load, _fit in candidates(review)), None)
        if to is None:
            raise GuardFailed(_("Nobody else can take this file."), code="nobody")
    _refuse_unfit(review.file, to)
    apply_move(
        REVIEW, review, "replace", by=by, may=access.may_make, internal_note=internal_note, version=version
    )
    tell_expert("review-relieved", review)
    return _welcome(_assign(review.file, to, by, in_place_of=review))


@verb
def remind(*, review: Review, by) -> Reminder:
    """Remind an expert by hand; seen on the file like every reminder. Raises MoveRefused."""
    if not access.manages(by, review.file.round):
        raise NotYours
    if not Review.objects.waiting().filter(pk=review.pk).exists():
        raise GuardFailed(_("Nothing is owed here."), code="not-owed")
    count = review.reminders.filter(step=Reminder.Step.BY_HAND).count()
    made = Reminder.objects.create(review=review, step=Reminder.Step.BY_HAND, due_at=review.file.round.due_at, by=by)
    tell_expert("review-reminder", review, version=1000 + count)
    return made
