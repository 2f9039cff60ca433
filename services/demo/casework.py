"""What officers keep beside the demo's cases: flags, messages, absences, what looks alike, and an act on many."""

import datetime as dt

from django.utils import timezone

from enterprises.registry.models import Enterprise
from incubation.intake import actions as intake
from incubation.intake.likeness import people_like, projects_like
from incubation.intake.models import Application
from incubation.intake.states import SCREENING, SUBMITTED, WITH_THE_PARK
from park.accounts.models import User
from park.casework import actions
from park.casework.models import FlagKind, Visibility
from park.workflow.calendar import beijing_day

TALK = (
    ("May I send the patent certificate next week?", "Yes. Next week is early enough."),
    ("我下周在长春，可以当面交原件吗？", "可以，请先预约时间。"),
    ("My co-founder changes her employer in May. Does that matter?", ""),
    ("Is the video of the prototype too large for the form?", "A link in the answer is enough."),
)
NOTES = (
    (Visibility.STAFF, "The institute confirmed by telephone that it agrees to the use of the patents."),
    (Visibility.REVIEWERS, "Please look at the second claim of the patent: it is the one in use."),
)
FLAGS = {
    FlagKind.IDENTITY: "The name in the passport and on the degree differ by one syllable.",
    FlagKind.RIGHTS: "The former institute says that it owns the second patent.",
    FlagKind.STATEMENT: "The order that was named as signed is a letter of intent.",
    FlagKind.MONEY: "The report on last year’s seed money is still owed.",
    FlagKind.INTEREST: "Brother of a member of the expert panel.",
    FlagKind.CARE: "Wants every letter in Chinese as well.",
}


def store(staff: dict[str, User]) -> None:
    """Store some of everything, by the verbs. The order of the records decides, so each load is the same."""
    first, second = staff["intake@park.example"], staff["intake2@park.example"]
    live = list(
        Application.objects.filter(state__in=WITH_THE_PARK, officer__in=[first, second])
        .select_related("talent__user", "officer").order_by("pk")[:12]
    )  # fmt: skip
    talk(live)
    flag(live, first)
    today = beijing_day(timezone.now())
    actions.be_away(
        officer=second, substitute=first, by=second, first_day=today + dt.timedelta(7),
        last_day=today + dt.timedelta(11),
    )  # fmt: skip
    say_what_is_alike(live, first)
    try_together(first)
    hand_over_together(first, second)


def talk(live: list[Application]) -> None:
    """Let applicants write, officers answer most of them, and colleagues write to each other."""
    for application, (question, answer) in zip(live[::2], TALK, strict=False):
        intake.write(application=application, text=question, by=application.talent.user)
        if answer:
            intake.write(application=application, text=answer, by=application.officer)
    for application, (visibility, text) in zip(live[1::2], NOTES, strict=False):
        intake.write(application=application, visibility=visibility, text=text, by=application.officer)


def flag(live: list[Application], by: User) -> None:
    """Put up a flag of each kind: on people, companies and cases, for good, for a time, and one lifted again."""
    companies = Enterprise.objects.order_by("pk")[:2]
    records = [live[0].talent, live[1], live[2].talent, *companies, live[3].talent]
    until = beijing_day(timezone.now()) + dt.timedelta(90)
    raised = [
        actions.raise_flag(
            record=record, kind=kind, reason=reason, by=by, until=until if kind == FlagKind.RIGHTS else None
        )
        for record, (kind, reason) in zip(records, FLAGS.items(), strict=True)
    ]
    actions.lift_flag(flag=raised[2], because="The contract came in signed.", by=by)


def say_what_is_alike(live: list[Application], by: User) -> None:
    """Judge the first pairs that look alike, so that the cases show what was said and what is still open."""
    for application in live[:3]:
        for alike in people_like(application.talent)[:1]:
            intake.judge_likeness(one=application.talent, other=alike.record, answer="different", by=by)
        for alike in projects_like(application)[:1]:
            intake.judge_likeness(
                one=application, other=alike.record, answer="different", by=by, note="Two teams, one field."
            )


def hand_over_together(by: User, to: User) -> None:
    """Make one act on many, to its end."""
    mine = Application.objects.filter(state=SCREENING, officer=by).exclude(talent__user__email__startswith="scholar")
    rows = mine.select_related("talent__user", "officer", "call").order_by("-pk")[:2]
    tried = intake.plan_batch(act="hand_over", applications=rows, by=by)
    batch = intake.start_batch(batch=tried, by=by, to=to.pk, internal_note="You know the field; I am away next week.")
    intake.carry_on(batch)


def try_together(by: User) -> None:
    """Leave one act on many that was tried and not started."""
    some = Application.objects.filter(state__in=[SUBMITTED, SCREENING]).order_by("pk")
    rows = some.select_related("talent__user", "officer", "call")[:6]
    intake.plan_batch(act="take", applications=rows, by=by)
