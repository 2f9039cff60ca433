"""Rounds, experts and reviews, brought where they stand by the verbs that people use."""

import datetime as dt
from itertools import count

from django.utils import timezone

from incubation.intake.models import Application, Call
from incubation.review import actions, seeds
from incubation.review.models import Expert, Review, Round, RoundFile, Rubric
from tests.factories.accounts import make_staff, make_user
from tests.factories.intake import make_application
from tests.factories.profiles import make_talent
from tests.stock import from_stock

number = count(1)
RUN = ("review.manage_round", "review.view_round", "review.view_expert", "review.read_results", "review.view_rubric")
CHAIR = ("review.chair_round", "review.view_round", "review.read_results", "intake.propose_decision")
GOOD = {"innovation": 4, "market": 3, "commercial": 3, "team": 4}


def make_organiser(**fields):
    """Somebody who sets up rounds, and does nothing else."""
    n = next(number)
    return make_staff(*RUN, **{"name": f"Organiser {n}", "email": f"organiser{n}@park.example"} | fields)


def make_chair(**fields):
    n = next(number)
    return make_staff(*CHAIR, **{"name": f"Chair {n}", "email": f"chair{n}@park.example"} | fields)


def make_rubric() -> Rubric:
    """The rubric that is there from the first day."""
    seeds.sow()
    return Rubric.objects.get(slug="admission", number=1)


def make_expert(user=None, **fields) -> Expert:
    n = next(number)
    user = user or make_user(name=f"Expert Number{n}", name_zh="", email=f"expert{n}@panel.example")
    return Expert.objects.create(
        user=user, **{"sectors": ["medical_devices"], "languages": ["en", "zh-hans"], "employer": f"Institute {n}"}
        | fields,
    )  # fmt: skip


def make_panel_call() -> Call:
    n = next(number)
    opens = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return Call.objects.create(slug=f"panel-{n}", name="Panel call", name_en="Panel call", opens_at=opens,
                               decided_by=Call.DecidedBy.PANEL)  # fmt: skip


def make_round(by=None, call: Call | None = None, **fields) -> Round:
    n = next(number)
    round = Round(
        **{
            "call": call or make_panel_call(), "rubric": make_rubric(), "name": f"Round {n}", "name_en": f"Round {n}",
            "slug": f"round-of-{n}", "experts_per_file": 2, "minimum": 2, "files_per_expert": 10,
            "due_at": timezone.now() + dt.timedelta(days=14),
        } | fields
    )  # fmt: skip
    actions.open_round(round=round, by=by or make_organiser())
    return round


def make_candidate(call: Call, talent=None) -> Application:
    """An application of a call that waits for review. It came in over the rolling call, which asks for nothing."""
    application = make_application("in_review", talent=talent or make_talent())
    Application.objects.filter(pk=application.pk).update(call=call)
    application.refresh_from_db()
    return application


def make_files(round: Round, by, how_many: int = 2, talents=()) -> list[RoundFile]:
    """Files in a round, their copies made and approved by a second person."""
    talents = list(talents) or [None] * how_many
    applications = [make_candidate(round.call, talent) for talent in talents]
    files = actions.add_files(round=round, by=by, applications=applications)
    second = make_organiser()
    for file in files:
        actions.approve_copy(copy=actions.make_copy(file=file, by=by), by=second)
    return files


@from_stock
def make_scoring_round(files: int = 2, experts: int = 2, **fields) -> Round:
    """A round that is being scored; every file is with the experts made for it, whoever serves besides."""
    by = make_organiser()
    round = make_round(by, **fields)
    besides = list(Expert.objects.filter(active=True, reviews__isnull=False).values_list("pk", flat=True))
    for _each in range(experts):
        make_expert()
    make_files(round, by, files)
    actions.ready(round=round, by=by)
    Expert.objects.filter(pk__in=besides).update(active=False)
    actions.make_plan(round=round, by=by)
    actions.confirm_plan(round=round, by=by)
    Expert.objects.filter(pk__in=besides).update(active=True)
    return round


@from_stock
def make_review(state: str = "assigned", **fields) -> Review:
    """A review in a state."""
    round = make_scoring_round(files=1, **fields)
    review = round.files.get().reviews.order_by("pk").first()
    bring(review, state)
    return review


def bring(review: Review, state: str, scores: dict | None = None) -> Review:
    """Bring a review that was just assigned to a state."""
    by = review.expert.user
    if state in ("open", "sent"):
        actions.declare(review=review, by=by)
    if state == "sent":
        score(review, scores)
    if state == "recused":
        actions.recuse(review=review, by=by, kind="rival", note="We bid for the same tender.")
    if state == "declined":
        actions.decline(review=review, by=by, note="Travelling.")
    review.refresh_from_db()
    return review


def typed(scores: dict) -> dict:
    return {key: {"score": score, "reason": f"Reason for {key}."} for key, score in scores.items()}


def score(review: Review, scores: dict | None = None, note: str = ""):
    """Type and send scores."""
    by = review.expert.user
    actions.save_scores(review=review, scores=typed(scores or GOOD), note=note, by=by)
    return actions.send(review=review, by=by)
