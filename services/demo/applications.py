"""Applications of the demo park in every state, each brought there by the verbs that bring anybody's."""

import datetime as dt
import random
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone

from incubation.intake import actions, telling
from incubation.intake.access import may_make
from incubation.intake.models import Application, Call
from incubation.intake.progress import Draft
from incubation.intake.states import MACHINE, OPEN_ENDED, WITH_THE_PARK, State
from incubation.journey.models import Tenant
from park.accounts.models import User
from park.notices.kinds import registered
from park.notices.models import Notice
from park.workflow.actions import apply_move
from services.policies.matching import KIND
from talents.profiles.models import Talent

from . import decisions, names, past
from .papers import pdf
from .population import Company, Person

# How many end where; the demo's own sign-ins come on top.
COUNTS = {
    State.DRAFT: 8, State.SUBMITTED: 7, State.SCREENING: 9, State.MORE_INFO: 5, State.IN_REVIEW: 12, State.ACCEPTED: 6,
    State.REJECTED: 9, State.WITHDRAWN: 4, State.CLOSED: 3, State.PANEL_READY: 2, State.DECIDED_PENDING: 3,
    State.CONDITIONAL: 3, State.WAITLISTED: 2, State.RECONSIDERATION: 2,
}  # fmt: skip
SCHOLARS = {1: State.DRAFT, 2: State.MORE_INFO, 3: State.IN_REVIEW, 5: State.REJECTED}
WORKS = {
    "biomedicine": ("Cell-safe film for cold chains", "用于冷链的细胞安全薄膜"),
    "medical_devices": ("Handheld retina camera", "手持式眼底相机"),
    "optoelectronic_information": ("Low-light inspection of battery film", "电池薄膜弱光检测"),
    "software_ai": ("Route planning for airport tugs", "机场牵引车路径规划"),
    "new_materials": ("Recyclable fibre for rotor blades", "可回收风电叶片纤维"),
    "advanced_equipment": ("Quiet gearbox for collaborative robots", "协作机器人静音减速器"),
    "automotive_parts_nev": ("Thermal shield for traction batteries", "动力电池热防护"),
    "satellite_aerospace": ("Star tracker for small satellites", "小卫星星敏感器"),
    "new_energy_environment": ("Membrane for brackish water", "苦咸水处理膜"),
    "modern_agriculture": ("Soil sensor for cold regions", "寒区土壤传感器"),
    "tech_services": ("Test bench on call", "按需测试平台"),
}


@dataclass
class Desk:
    """Who handles the demo's applications."""

    first: User
    second: User
    manager: User
    chair: User


def store(
    rng: random.Random, cast, people: list[Person], companies: list[Company], talents, tenants, staff, tell
) -> None:
    """Store the applications of the demo's sign-ins, and of others in every state."""
    Call.objects.update(opens_at=timezone.now() - dt.timedelta(days=400))
    desk = Desk(*(staff[f"{name}@park.example"] for name in ("intake", "intake2", "manager", "chair")))
    free = [
        talents[person.index]
        for person in people
        if person.role == "technical_core" and person.index not in cast.scholars.values()
    ]
    free += [talents[person.index] for person in people if person.role == "co_founder"]
    for n, state in SCHOLARS.items():
        tell("applications")
        bring(rng, talents[cast.scholars[n]], state, desk, mine=desk.first)
    begun = {company.founders[0][0]: tenant for company, tenant in zip(companies, tenants, strict=True)}
    fourth = begun[cast.scholars[4]]
    admit(rng, fourth, desk)
    others = [t for c, t in zip(companies, tenants, strict=True) if c.stage == "project_pre" and t.pk != fourth.pk]
    for tenant in others[: COUNTS[State.ACCEPTED]]:
        tell("applications")
        admit(rng, tenant, desk)
    queue = iter(free)
    for state, count in COUNTS.items():
        for place in range(0 if state == State.ACCEPTED else count):
            tell("applications")
            bring(rng, next(queue), state, desk, place=place)


def bring(
    rng: random.Random, talent: Talent, state: str, desk: Desk, mine: User | None = None, place: int = -1
) -> Application:
    """Bring one application to a state, and spread its steps over the past weeks."""
    applicant = talent.user
    first, second = (desk.first, desk.second) if mine or rng.random() < 0.5 else (desk.second, desk.first)
    application = actions.start(by=applicant, sector=talent.sector)
    fill(rng, application, applicant, whole=state != State.DRAFT)
    if state != State.DRAFT:
        actions.submit(application=application, by=applicant, says_true=True, agrees_to_storage=True)
    if state not in (State.DRAFT, State.SUBMITTED):
        actions.take(application=application, by=first)
    if state == State.MORE_INFO:
        actions.ask(
            application=application,
            by=first,
            tasks=["technology"],
            note="Please say who owns the two pending patents, and whether your institute agrees to their use.",
        )
    if state in (State.IN_REVIEW, State.ACCEPTED, *decisions.DECIDED):
        actions.pass_on(
            application=application, by=first, internal_note="Complete; novelty search attached to the file."
        )
    if state in decisions.DECIDED:
        decisions.decide(application, state, second, place)
    if state == State.REJECTED and place == 0:
        decisions.look_again(application, desk.manager)
    if state in decisions.BY_PANEL:
        outcome = ("accepted", "conditional", "rejected")[place % 3]
        proposed_by = desk.chair if state == State.DECIDED_PENDING else None
        decisions.to_panel(application, first, proposed_by=proposed_by, outcome=outcome)
    if state == State.WITHDRAWN:
        actions.withdraw(application=application, by=applicant, note="")
    if state == State.CLOSED:
        actions.close(application=application, by=first, note="Two requests stayed without an answer.")
    if state != State.ACCEPTED:
        when(rng, application)
    return application


def admit(rng: random.Random, tenant: Tenant, desk: Desk) -> None:
    """Give a tenant of the first stage the accepted application that it came from."""
    application = bring(rng, tenant.talent, State.ACCEPTED, desk)
    second = desk.second if application.officer_id == desk.first.pk else desk.first
    apply_move(MACHINE, application, "accept", by=second, may=may_make, changes={"decided_at": timezone.now()})
    Tenant.objects.filter(pk=tenant.pk).update(application=application)
    letter = decisions.was_accepted(application, second)
    words = {"note": "", "slug": tenant.organisation.slug, "on": tenant.admitted_on.isoformat()}
    words |= {"letter": letter.ref, "letter_number": letter.number}
    telling.tell_applicant("application-accepted", application, lambda: words)
    when(rng, application, ended=tenant.admitted_on)


# --- What is written into a form --------------------------------------------------------------------------------------
def fill(rng: random.Random, application: Application, applicant: User, *, whole: bool) -> None:
    """Answer every task, or for a draft the first few; then add the papers that those answers call for."""
    chinese = applicant.language == "zh-hans"
    tasks = list(Draft(application).definition.tasks)
    tasks = tasks if whole else tasks[: rng.randint(2, 5)]
    data = {task.key: answers(rng, task, application.talent, chinese) for task in tasks if task.kind == "fields"}
    actions.save_all(application=application, data=data, by=applicant)
    draft = Draft.of(application)
    for task in tasks:
        for paper in draft.missing_papers(task) if task.kind == "papers" else ():
            title = paper.key.replace("_", " ")
            content = pdf(title.capitalize(), application.talent.name, "Demo park, fictitious")
            upload = SimpleUploadedFile(f"{title}.pdf", content, "application/pdf")
            actions.add_document(application=application, task=task, paper=paper.key, by=applicant, upload=upload)


def answers(rng: random.Random, task, talent: Talent, chinese: bool) -> QueryDict:
    """Return what this person would type into a task."""
    data = QueryDict(mutable=True)
    work = WORKS[talent.sector][chinese]
    long = (
        f"{work}：样机已在实验室运行，正与两家本地企业商谈试用，计划两年内形成小批量生产，并申请两项发明专利。"
        if chinese
        else f"{work}: a prototype runs in the laboratory, two local firms discuss a trial, and a small series"
        " with two invention patents is planned within two years."
    )
    known = {
        "name": talent.name, "name_zh": talent.name_zh, "nationality": talent.nationality, "degree": talent.degree,
        "specialty": names.SECTOR_WORD[talent.sector][chinese], "title": work, "sector": talent.sector,
        "ip_owner": "me", "stage": "project_pre", "legal_form": "none",
        "readiness": rng.choice(["prototype", "pilot"]), "team_size": str(rng.randint(2, 9)),
        "patents_granted": str(rng.randint(0, 3)), "patents_pending": str(rng.randint(0, 4)),
        "need": str(rng.randint(5, 40) * 100_000), "own": str(rng.randint(1, 9) * 50_000),
        "area": str(rng.randint(2, 12) * 10),
    }  # fmt: skip
    for field in task.fields:
        if field.key in known:
            data[field.key] = known[field.key]
        elif field.type == "day" and talent.born_on:
            for part in ("day", "month", "year"):
                data[f"{field.key}_{part}"] = str(getattr(talent.born_on, part))
        elif field.key == "returned_on" and talent.returned_on:
            data["returned_on_month"], data["returned_on_year"] = (
                str(talent.returned_on.month),
                str(talent.returned_on.year),
            )
        elif field.type == "yes_no":
            yes = {"foreign_chinese": talent.foreign_chinese, "degree_abroad": talent.degree_abroad}.get(
                field.key, True
            )
            data[field.key] = "yes" if yes else "no"
        elif field.type == "long_text" and field.required:
            data[field.key] = long[: field.data.get("max_length", 2000)]
    return data


# --- When it happened -------------------------------------------------------------------------------------------------
def when(rng: random.Random, application: Application, ended: dt.date | None = None) -> None:
    """Spread the steps: what the park still has is some days old, what is over up to half a year."""
    application.refresh_from_db()
    now = timezone.now()
    with_the_park = application.state in (*WITH_THE_PARK, *OPEN_ENDED)
    days = {State.DRAFT: (1, 30), State.SUBMITTED: (0, 2), State.SCREENING: (1, 5), State.MORE_INFO: (4, 9)}
    low, high = days.get(application.state, (6, 14) if with_the_park else (30, 150))
    start = now - dt.timedelta(days=rng.randint(low, high) + 3, hours=rng.randint(1, 8))
    if ended:
        start = min(
            start, now.replace(year=ended.year, month=ended.month, day=min(ended.day, 28)) - dt.timedelta(days=30)
        )
    gaps = [dt.timedelta(days=3), dt.timedelta(hours=rng.randint(3, 30))]
    gaps += [dt.timedelta(hours=rng.randint(20, 70)), dt.timedelta(days=rng.randint(4, 12)), dt.timedelta(hours=5)]
    moments, moment = [], start
    for gap in [dt.timedelta(0), *gaps]:
        moment = min(moment + gap, now - dt.timedelta(minutes=rng.randint(1, 50)))
        moments.append(max([moment, *moments]))
    also = [(revision, ("sent_at",)) for revision in application.revisions.all()]
    also += [(request, ("asked_at", "closed_at")) for request in application.requests.all()]
    also += decisions.moments_of(application)
    kinds = [kind.name for kind in registered() if kind.name.startswith("application-")]
    fields = ("created_at", "saved_at", "submitted_at", "decided_at")
    past.move(application, moments, fields=fields, kinds=kinds, also=also)
    decisions.date_letters(application)


def age_release(made, days: int) -> None:
    """Let a release have happened so many days ago, with its verdicts and notices."""
    moment = timezone.now() - dt.timedelta(days=days)
    made.refresh_from_db()  # the run wrote down when it was complete
    version = made.version
    past.move(version, [moment], fields=("released_at",), kinds=[KIND], also=[(made, ("at", "completed_at"))])
    version.verdicts.update(judged_at=moment)
    Notice.objects.filter(kind=KIND, subject_id=version.pk).update(created_at=moment)
