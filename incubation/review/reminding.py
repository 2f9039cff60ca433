"""Reminders by working days: five and two before, on the day, and three after, when a replacement is suggested."""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from park.workflow.calendar import working_days_between

from .models import Reminder, Review
from .planning import candidates
from .states import REMIND_AT, REPLACE_AFTER
from .telling import tell_expert, tell_officers


def step_of(left: int) -> str | None:
    """Return the reminder that belongs to so many working days before the due date; below nought it is late."""
    if left <= -REPLACE_AFTER:
        return Reminder.Step.REPLACE
    return next((str(days) for days in sorted(REMIND_AT) if 0 <= left <= days), None)


def sweep(now=None) -> int:
    """Send each reminder that is due and was not sent; return how many. Safe to repeat: a step is reminded of once."""
    now = now or timezone.now()
    owed = Review.objects.waiting().select_related("file__round__chair", "expert__user", "file__application")
    by_round = defaultdict(list)
    for review in owed.order_by("pk"):
        by_round[review.file.round].append(review)
    count = 0
    for round, reviews in by_round.items():
        step = step_of(working_days_between(now, round.due_at))
        if step is None:
            continue
        known = Reminder.objects.filter(review__in=reviews, step=step, due_at=round.due_at)
        done = set(known.values_list("review", flat=True))
        for review in reviews:
            if review.pk not in done:
                count += _remind(review, step)
    return count


def _remind(review: Review, step: str) -> int:
    """Write one reminder and tell who it is for, in one transaction."""
    round = review.file.round
    with transaction.atomic():
        # Two sweeps at once both want the row of the review: the second waits, and then finds the reminder.
        if not Review.objects.waiting().filter(pk=review.pk).select_for_update(of=("self",), no_key=True).exists():
            return 0
        key = {"review": review, "step": step, "due_at": round.due_at}
        if Reminder.objects.filter(**key).exists():
            return 0
        suggested = _suggestion(review) if step == Reminder.Step.REPLACE else None
        number = review.reminders.count()
        Reminder.objects.create(**key, suggested=suggested)
        if step != Reminder.Step.REPLACE:
            tell_expert("review-reminder", review, version=number + 1)
            return 1
        tell_expert("review-overdue", review, version=number + 1)
        tell_officers("review-late", round, review.pk, lambda: late(review, suggested), version=number + 1)
    return 1


def late(review: Review, suggested) -> dict:
    return {"code": review.file.code, "expert": str(review.expert), "suggested": str(suggested or "")}


def _suggestion(review: Review):
    return next((expert for expert, _load, _fit in candidates(review)), None)
