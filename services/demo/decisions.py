"""Decisions of the demo park: by officers and by a panel, with conditions, and looked at a second time."""

import datetime as dt

import pgtrigger
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone, translation

from incubation.intake import actions, receipts
from incubation.intake.access import may_make
from incubation.intake.actions import ruling
from incubation.intake.decision_letters import words_of, write_letter
from incubation.intake.models import Application, Call, Condition, Decision, SecondLook
from incubation.intake.states import MACHINE, Ground, Reason, State
from park.accounts.models import User
from park.letters import kinds
from park.letters.actions import write
from park.letters.models import Letter, digest_of
from park.workflow.actions import apply_move
from park.workflow.calendar import beijing_day
from park.workflow.models import Clock

SLUG = "panel-2026"
BY_PANEL = (State.PANEL_READY, State.DECIDED_PENDING)
DECIDED = (State.CONDITIONAL, State.WAITLISTED, State.REJECTED, State.RECONSIDERATION)
TEST = {
    "en": "Show the result of one cleaning test.",
    "zh-hans": "提交一次清洗试验的结果。",
}
CONSENT = {
    "en": "Show the consent of your institute to the use of the patent.",
    "zh-hans": "提交原单位同意使用专利的证明。",
}
NO_PLACE = {
    "en": "The experts recommend the project. All laboratory places are taken until a tenant moves on.",
    "zh-hans": "专家推荐该项目。目前实验室工位已满，待有企业迁出后安排。",
}
NOT_NEW = {
    "en": "The experts did not see what is new against the two earlier patents. A search report would help.",
    "zh-hans": "专家未能看出本项目与两项在先专利的区别，建议补充查新报告。",
}
NEW_FACT = {
    "en": "The search report is there now: both earlier patents claim another process.",
    "zh-hans": "查新报告已出具：两项在先专利保护的是另一种工艺。",
}
STANDS = {
    "en": "The report was read. The process differs, but the product is covered by the first patent.",
    "zh-hans": "我们已审阅报告。工艺虽有不同，但产品仍落入第一项专利的保护范围。",
}
ADVICE = {
    "en": "Talk to the optics laboratory before you order the printer.",
    "zh-hans": "订购打印设备前，建议先与光学实验室沟通。",
}
SCORES = [
    ({"en": "Innovation capability", "zh-hans": "创新能力"}, "4.2"),
    ({"en": "Market prospects", "zh-hans": "市场前景"}, "3.7"),
    ({"en": "Commercial potential", "zh-hans": "商业潜力"}, "3.4"),
    ({"en": "Team and landing", "zh-hans": "团队与落地"}, "4.0"),
]


def panel_call() -> Call:
    """Return the demo's call that a panel decided; it is closed."""
    now = timezone.now()
    return Call.objects.get_or_create(
        slug=SLUG,
        defaults={
            "name": "Panel admission 2026", "name_en": "Panel admission 2026", "name_zh_hans": "2026年专家评审入园",
            "opens_at": now - dt.timedelta(days=120), "closes_at": now - dt.timedelta(days=20),
            "decided_by": Call.DecidedBy.PANEL,
        },
    )[0]  # fmt: skip


def to_panel(application: Application, by: User, *, proposed_by: User | None = None, outcome: str = "") -> None:
    """Bring an application before the panel, and let its chair propose. Whose round read it is told elsewhere."""
    application.call = panel_call()
    application.save(update_fields=["call"])
    apply_move(MACHINE, application, "pass_on", by=by, may=may_make, internal_note="Complete.")
    actions.close_review(application=application)
    if proposed_by is None:
        return
    said = application.talent.user.language
    scores = [{"label": label, "score": score, "of": 5, "reason": ""} for label, score in SCORES]
    words = {
        Decision.Outcome.ACCEPTED: {"advice": ADVICE[said]},
        Decision.Outcome.CONDITIONAL: {"conditions": demands(said)},
        Decision.Outcome.REJECTED: {"reason_code": Reason.NOVELTY, "criterion": NOT_NEW[said]},
    }
    actions.propose(application=application, by=proposed_by, outcome=outcome, scores=scores, **words[outcome])


def demands(language: str) -> list:
    today = beijing_day(timezone.now())
    return [(CONSENT[language], today + dt.timedelta(40)), (TEST[language], today + dt.timedelta(95))]


def decide(application: Application, state: str, by: User, place: int) -> None:
    """Let a second officer decide right after the review; ``place`` varies what the applicant did since."""
    said, applicant = application.talent.user.language, application.talent.user
    if state == State.CONDITIONAL:
        made = actions.accept_with_conditions(
            application=application, by=by, conditions=demands(said), note=ADVICE[said]
        )
        first = made.conditions.first()
        if place % 3:
            actions.show_evidence(application=application, condition=first, by=applicant, words=NEW_FACT[said])
        if place % 3 == 2:
            actions.meet_condition(
                application=application, condition=first, by=application.officer, internal_note="Read and confirmed."
            )
    elif state == State.WAITLISTED:
        actions.waitlist(application=application, by=by, note=NO_PLACE[said])
    elif state in (State.REJECTED, State.RECONSIDERATION):
        actions.reject(application=application, by=by, reason_code=Reason.NOVELTY, note=NOT_NEW[said])
    if state == State.RECONSIDERATION:
        actions.ask_second_look(
            application=application, by=applicant, ground=Ground.NEW_FACTS, text=NEW_FACT[said]
        )


def look_again(application: Application, by: User) -> None:
    """Have a refusal looked at a second time, and upheld."""
    said = application.talent.user.language
    actions.ask_second_look(
        application=application, by=application.talent.user, ground=Ground.NEW_FACTS, text=NEW_FACT[said]
    )
    actions.uphold(application=application, by=by, note=STANDS[said])


def was_accepted(application: Application, by: User) -> Letter:
    """Write down the decision on an application whose tenant is in the park already, and issue its letter."""
    now = timezone.now()
    made = ruling.write(
        application, (), outcome=Decision.Outcome.ACCEPTED, proposed_by=application.officer, proposed_at=now,
        decided_by=by, decided_at=now, advice=ADVICE[application.talent.user.language],
    )  # fmt: skip
    made.application = application
    return write_letter(made)


# --- When it happened -------------------------------------------------------------------------------------------------
def moments_of(application: Application) -> list:
    """Return the records around a decision, each with the moments that move with the steps of the application."""
    conditions = Condition.objects.filter(decision__application=application)
    clocks = Clock.objects.of_all(Condition, conditions.values("pk"))
    return [
        *[(made, ("proposed_at", "decided_at")) for made in application.decisions.all()],
        *[(condition, ("shown_at", "met_at")) for condition in conditions],
        *[(asked, ("asked_at",)) for asked in SecondLook.objects.filter(application=application)],
        *[(clock, ("started_at", "stopped_at")) for clock in clocks],
        *[(letter, ("issued_at",)) for letter in Letter.objects.about(application)],
    ]


def date_letters(application: Application) -> None:
    """Write the letters of an application anew, as of the day to which its steps were moved."""
    kind = ContentType.objects.get_for_model(Application)
    for letter in Letter.objects.filter(content_type=kind, object_id=application.pk).select_related("text", "to"):
        with translation.override(letter.language), timezone.override(letter.to.time_zone):
            if letter.kind == receipts.KIND.name:
                words = receipts.words(application, application.revisions.order_by("number").first())
            else:
                words = words_of(decision_of(application, letter))
        words |= {"name": letter.to_name, "number": letter.number, "about": application.ref}
        content = write(kinds.find(letter.kind), letter.text, letter.language, words, letter.issued_at)
        with pgtrigger.ignore("letters.Letter:what_was_issued_stays"):
            Letter.objects.filter(pk=letter.pk).update(content=content, digest=digest_of(content))


def decision_of(application: Application, letter: Letter) -> Decision:
    """Return the decision that a letter tells of."""
    outcome = letter.kind.removeprefix("decision-").replace("upheld", "rejected")
    made = application.decisions.filter(outcome=outcome).order_by("number")
    found = made.last() if letter.kind == "decision-upheld" else made.first()
    found.application = application
    return found
