"""Review in the demo park: a call that a panel decides, with rounds in every state, scored by the demo's experts."""

import datetime as dt
import random

import pgtrigger
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.utils import timezone

from incubation.intake import actions as intake
from incubation.intake.models import Application, Call
from incubation.intake.states import Reason
from incubation.review import actions, aggregates, reminding
from incubation.review.models import (
    CopyFile,
    Expert,
    Plan,
    ReadingCopy,
    Reminder,
    Review,
    Round,
    RoundFile,
    Rubric,
    Scoring,
    Sheet,
)
from park.accounts.models import User
from park.notices.kinds import registered
from park.notices.models import Notice
from park.workflow.calendar import closing, working_days_after
from park.workflow.models import Clock, TransitionLog
from talents.profiles.models import Talent

from .applications import fill, when
from .papers import pdf

# Each round: how it ends up, files in it, days ago that it began; then what its experts did.
ROUNDS = (
    ("closed", 4, 75, "Spring panel", "春季评审"),
    ("panel", 3, 30, "Summer panel", "夏季评审"),
    ("scoring", 5, 8, "Autumn panel", "秋季评审"),
    ("late", 2, 24, "Autumn panel, follow-up", "秋季评审（补充）"),
    ("assigning", 2, 3, "Winter panel", "冬季评审"),
    ("preparing", 2, 1, "New Year panel", "新年评审"),
    ("cancelled", 0, 50, "Panel for space technology", "航天专场评审"),
)
EXPERTS = (
    # sectors, key words, background, employer, invested in, lean of the scores
    (["optoelectronic_information", "medical_devices"], ["optics", "检测"], "technical", "Institute of Applied Optics",
     [], 0),
    (["biomedicine", "medical_devices"], ["cell", "retina"], "technical", "University Hospital No. 3", [], -1),
    (["software_ai", "advanced_equipment"], ["route", "robots"], "enterprise", "Northern Automation", [], 0),
    (["new_materials", "new_energy_environment"], ["fibre", "membrane"], "technical", "Polymer Laboratory", [], 1),
    (["automotive_parts_nev", "satellite_aerospace"], ["battery", "satellites"], "investor", "Jing River Capital",
     ["Jing River Sensors"], 0),
    (["modern_agriculture", "tech_services"], ["soil", "test"], "finance", "Song Plain Guarantee", [], 0),
)  # fmt: skip
REASONS = {
    "en": "The prototype and the two letters of intent speak for it; the price is not tested yet.",
    "zh": "样机和两份意向函有说服力，价格尚未验证。",
}
AGED = (
    "workflow.TransitionLog:what_was_written_down_stays", "review.Sheet:append_only", "review.Plan:append_only",
    "review.Reminder:append_only", "review.ReadingCopy:an_approved_copy_stays", "intake.Revision:append_only",
)  # fmt: skip
DAY = dt.timedelta(days=1)


class Desk:
    """Who runs the demo's rounds, and whose files they are."""

    def __init__(self, rng: random.Random, staff: dict[str, User]):
        self.rng, self.staff = rng, staff
        self.first, self.second = staff["intake@park.example"], staff["intake2@park.example"]
        self.chair, self.manager = staff["chair@park.example"], staff["manager@park.example"]
        self.call = Call.objects.create(
            slug="panel", name="Panel admission", name_en="Panel admission", name_zh_hans="专家评审入园",
            opens_at=timezone.now() - 300 * DAY, decided_by=Call.DecidedBy.PANEL,
        )  # fmt: skip
        self.rubric = Rubric.objects.published().get(slug="admission", number=1)
        self.people = iter(
            Talent.objects.filter(user__isnull=False, applications=None, sector__gt="")
            .exclude(foundings__legal_representative=True)
            .exclude(user__email__regex="^(scholar|tenant)")
            .select_related("user")
            .order_by("pk")
        )
        self.leans = {}


def store(rng: random.Random, staff: dict[str, User]) -> Desk:
    """Store the experts, the call and its rounds, by the verbs that people use."""
    desk = Desk(rng, staff)
    experts(desk)
    for state, files, days, name, name_zh in ROUNDS:
        round = begin(desk, state, files, name, name_zh)
        carry_on(desk, round, state)
        round.refresh_from_db()
        age(round, days)
    Call.objects.filter(pk=desk.call.pk).update(closes_at=timezone.now() - DAY)
    reminding.sweep()
    return desk


def experts(desk: Desk) -> None:
    for n, (sectors, words, background, employer, shares, lean) in enumerate(EXPERTS, start=1):
        expert = Expert.objects.create(
            user=desk.staff[f"expert{n}@panel.example"], sectors=sectors, keywords=words, background=background,
            employer=employer, invested_in=shares, languages=["en", "zh-hans"], max_load=20,
        )  # fmt: skip
        desk.leans[expert.pk] = lean


# --- Setting up -------------------------------------------------------------------------------------------------------
def begin(desk: Desk, state: str, files: int, name: str, name_zh: str) -> Round:
    """Open a round and bring its files in, as far as its state asks."""
    round = Round(
        call=desk.call, rubric=desk.rubric, name=name, name_en=name, name_zh_hans=name_zh, slug=f"panel-{state}",
        due_at=working_days_after(timezone.now(), 9 if state in ("assigning", "preparing") else 4), chair=desk.chair,
        experts_per_file=3, minimum=2, files_per_expert=6, seed=desk.rng.randint(1, 999),
    )  # fmt: skip
    actions.open_round(round=round, by=desk.first)
    if state == "cancelled":
        actions.call_off(round=round, by=desk.first, internal_note="Too few applications of the field this year.")
        return round
    waiting = [candidate(desk) for _one in range(files)]
    for file in actions.add_files(round=round, by=desk.first, applications=waiting):
        if state != "preparing" or file.pk % 2:
            copy(desk, file, approve=state != "preparing")
    return round


def candidate(desk: Desk) -> Application:
    """One more application of the call, checked and passed on to the panel."""
    talent = next(desk.people)
    application = intake.start(by=talent.user, call=desk.call, sector=talent.sector)
    fill(desk.rng, application, talent.user, whole=True)
    intake.submit(application=application, by=talent.user, says_true=True, agrees_to_storage=True)
    intake.take(application=application, by=desk.first)
    intake.pass_on(application=application, by=desk.first, internal_note="Complete; goes to the panel.")
    return application


def copy(desk: Desk, file: RoundFile, *, approve: bool) -> None:
    """Make the copy that experts read; the plan names its writer, so a redacted one takes its place."""
    made = actions.make_copy(file=file, by=desk.first)
    if not approve:
        return
    for paper in made.papers.filter(finding=CopyFile.Finding.NAMES):
        content = pdf("Business plan", "Names blacked out by the park")
        redacted = SimpleUploadedFile("redacted.pdf", content, "application/pdf")
        actions.replace_paper(paper=paper, upload=redacted, by=desk.first)
    actions.approve_copy(copy=made, by=desk.second)


# --- Scoring ----------------------------------------------------------------------------------------------------------
def carry_on(desk: Desk, round: Round, state: str) -> None:
    """Bring a round to its state."""
    if state in ("cancelled", "preparing"):
        return
    actions.ready(round=round, by=desk.first)
    actions.make_plan(round=round, by=desk.first)
    if state == "assigning":
        return
    actions.confirm_plan(round=round, by=desk.first)
    found = Review.objects.filter(file__round=round).select_related("expert__user", "file__copy")
    reviews = list(found.order_by("file__code", "pk"))
    if state in ("closed", "panel"):
        for review in reviews if state == "closed" else reviews[:-1]:  # the last one is not needed any more
            score(desk, review)
        actions.call_panel(round=round, by=desk.chair)
    elif state == "scoring":
        partly(desk, reviews)
    else:  # late: one of each file is in, one was opened, one not even that
        for place, review in enumerate(reviews):
            if place % 3 == 0:
                score(desk, review)
            elif place % 3 == 1:
                actions.declare(review=review, by=review.expert.user)
    if state == "closed":
        decide(desk, round)
        actions.close_round(round=round, by=desk.chair)


def partly(desk: Desk, reviews: list[Review]) -> None:
    """Leave a round in the middle: files all in, half done, stepped aside from, declined, given to another."""
    for place, review in enumerate(reviews):
        by = review.expert.user
        match place:
            case 0 | 1 | 2 | 3 | 6:
                score(desk, review)
            case 4:
                actions.recuse(review=review, by=by, kind="rival", note="We bid for the same tender last year.")
            case 5:
                actions.decline(review=review, by=by, note="I am at a fair until the end of the month.")
            case 7:
                actions.declare(review=review, by=by)
                actions.save_scores(review=review, scores=opinion(desk, review, upto=2), by=by)
            case 8:
                actions.declare(review=review, by=by)
            case 9:
                actions.replace(review=review, by=desk.first, internal_note="Asked by telephone; travelling.")


def opinion(desk: Desk, review: Review, upto: int = 9) -> dict:
    """Return what an expert thinks of a file: its worth, the expert's lean, and a little chance."""
    worth = 2 + review.file.application_id % 3
    chinese = review.file.copy.language == "zh-hans"
    found = {}
    for criterion in desk.rubric.items[:upto]:
        score = worth + desk.leans[review.expert_id] + desk.rng.choice((-1, 0, 0, 1))
        found[criterion.key] = {"score": min(5, max(1, score)), "reason": REASONS["zh" if chinese else "en"]}
    return found


def score(desk: Desk, review: Review) -> None:
    by = review.expert.user
    actions.declare(review=review, by=by)
    actions.save_scores(review=review, scores=opinion(desk, review), note="Worth a question on the price.", by=by)
    actions.send(review=review, by=by)


def decide(desk: Desk, round: Round) -> None:
    """Let the chair propose by the rank, and somebody else decide; one waits for that still."""
    ranked = aggregates.results(round).ranked
    for place, row in enumerate(ranked):
        application = Application.objects.get(pk=row.file.application_id)
        given = {"application": application, "by": desk.chair, "scores": aggregates.for_the_letter(row.file)}
        if place == 0:
            intake.propose(**given, outcome="accepted", advice="Bring the price question to your mentor first.")
        elif place == len(ranked) - 1:
            intake.propose(
                **given, outcome="rejected", reason_code=Reason.PLAN,
                criterion="The plan names no customer who would pay the price it reckons with.",
                advice="Come back with two letters of intent.",
            )  # fmt: skip
            intake.reject(application=application, by=desk.manager)
        elif place == 1:
            due = timezone.localdate() + 90 * DAY
            demands = [("Show the result of a trial with one customer.", due)]
            intake.propose(**given, outcome="conditional", conditions=demands)
            intake.accept_with_conditions(application=application, by=desk.manager)
        else:
            intake.propose(**given, outcome="waitlisted", criterion="Good, but every laboratory place is taken.")
            intake.waitlist(application=application, by=desk.manager)


# --- When it happened -------------------------------------------------------------------------------------------------
def age(round: Round, days: int) -> None:
    """Let a round have begun so many days ago, its reviews have come in one after the other."""
    files = list(round.files.select_related("application"))
    for file in files:
        when(random.Random(file.pk), file.application)
    back = days * DAY
    due = closing((round.due_at - back).date()) if days > 20 else round.due_at
    reviews = Review.objects.filter(file__round=round)
    with pgtrigger.ignore(*AGED):
        Round.objects.filter(pk=round.pk).update(made_at=F("made_at") - back, due_at=due)
        RoundFile.objects.filter(round=round).update(added_at=F("added_at") - back)
        RoundFile.objects.filter(round=round, closed_at__isnull=False).update(closed_at=min(due, timezone.now()))
        copies = ReadingCopy.objects.filter(file__round=round)
        copies.update(made_at=F("made_at") - back)
        copies.filter(approved_at__isnull=False).update(approved_at=F("approved_at") - back)
        Plan.objects.filter(round=round).update(made_at=F("made_at") - back)
        TransitionLog.objects.of(round).update(at=F("at") - back)
        for place, review in enumerate(reviews.order_by("pk")):
            age_review(review, back, place, due)
    kinds = [kind.name for kind in registered() if kind.name.startswith(("round-", "review-"))]
    about = [round.pk, *reviews.values_list("pk", flat=True)]
    Notice.objects.filter(kind__in=kinds, subject_id__in=about).update(created_at=F("created_at") - back)


def age_review(review: Review, back: dt.timedelta, place: int, due: dt.datetime) -> None:
    began = review.assigned_at - back
    declared = min(began + DAY / 2 + place * DAY / 5, timezone.now() - DAY / 8)
    sent = min(declared + (1 + place % 4) * DAY, timezone.now() - DAY / 24)
    Review.objects.filter(pk=review.pk).update(
        assigned_at=began, declared_at=review.declared_at and declared, sent_at=review.sent_at and sent
    )
    Sheet.objects.filter(review=review).update(sent_at=sent)
    Scoring.objects.filter(review=review).update(saved_at=sent)
    Reminder.objects.filter(review=review).update(at=F("at") - back / 2)
    moments = {"assign": began, "declare": declared}
    for log in TransitionLog.objects.of(review):
        TransitionLog.objects.filter(pk=log.pk).update(at=moments.get(log.move, sent))
    Clock.objects.of(review).update(started_at=began, warn_at=due - DAY, due_at=due)
    Clock.objects.of(review).filter(stopped_at__isnull=False).update(stopped_at=sent)
