"""Applications in each state, by the verbs that people use."""

import datetime as dt
from itertools import count

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from incubation.intake import actions, seeds
from incubation.intake.access import may_make
from incubation.intake.actions import forming
from incubation.intake.models import Application, Call, CoApplicant, FormVersion
from incubation.intake.progress import Draft
from incubation.intake.questionnaire import kept
from incubation.intake.states import MACHINE
from park.letters import seeds as letter_seeds
from park.workflow.actions import apply_move
from park.workflow.calendar import beijing_day
from talents.profiles.models import Talent
from tests.factories.accounts import make_staff, make_user
from tests.factories.files import make_document
from tests.factories.profiles import make_stay, make_talent

number = count(1)
SCREENING_RIGHTS = ("intake.view_application", "intake.screen_application", "intake.decide_application")
ANSWERS = {
    "personal": {
        "name": "Zhao Ming", "name_zh": "赵铭", "born_on_day": "9", "born_on_month": "4", "born_on_year": "1988",
        "nationality": "CHN",
    },
    "degree": {"degree": "doctor", "degree_abroad": "yes", "specialty": "Optics"},
    "standing": {"stage": "project_pre", "legal_form": "none"},
    "idea": {
        "title": "Lumen Weave", "sector": "medical_devices", "summary": "Flat lenses for endoscopes.",
        "product": "We print lenses thinner than a hair on glass.",
    },
    "technology": {"novelty": "Printed in one step.", "ip_owner": "me", "patents_granted": "2"},
    "market": {"customers": "Hospitals of the city.", "readiness": "prototype"},
    "people": {"team_size": "3", "team": "Optics, software, sales.", "full_time": "yes"},
    "money": {"need": "1500000", "milestones": "Prototype, pilot, first sales."},
    "needs": {"services": ["desk", "permits"], "area": "40"},
}  # fmt: skip


def make_officer(rights: tuple[str, ...] = (), **fields):
    n = next(number)
    named = {"name": f"Officer {n}", "email": f"officer{n}@park.example"}
    return make_staff(*SCREENING_RIGHTS, *rights, **named | fields)


def make_chair(**fields):
    n = next(number)
    rights = ("intake.view_application", "intake.propose_decision")
    return make_staff(*rights, **{"name": f"Chair {n}", "email": f"chair{n}@park.example"} | fields)


def make_panel_application(state: str = "panel_ready", *, chair=None, outcome: str = "accepted", **proposal):
    """An application of a call that a panel decides, in review, before the panel, or with its chair's proposal.

    The portal itself passes it on here: which round reads it is for the room of the rounds.
    """
    application = make_application("screening")
    application.call = make_call(decided_by="panel")
    application.save(update_fields=["call"])
    with transaction.atomic():
        apply_move(MACHINE, application, "pass_on", by=application.officer, may=may_make)
    if state != "in_review":
        actions.close_review(application=application)
    if state == "decided_pending":
        actions.propose(application=application, by=chair or make_chair(), outcome=outcome, **proposal)
    return application


def make_call(**fields) -> Call:
    opens = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return Call.objects.create(**{"slug": f"round-{next(number)}", "name": "Round", "opens_at": opens} | fields)


def form_in_use() -> FormVersion:
    seeds.sow()
    letter_seeds.sow()
    return FormVersion.objects.get(form__slug=seeds.GENERAL, number=1)


def make_writer(**fields):
    n = next(number)
    rights = ("intake.view_formversion", "intake.change_formversion")
    return make_staff(*rights, **{"name": f"Writer {n}", "email": f"writer{n}@park.example"} | fields)


def make_publisher(**fields):
    n = next(number)
    rights = ("intake.view_formversion", "intake.publish_formversion", "intake.change_formversion")
    return make_staff(*rights, **{"name": f"Publisher {n}", "email": f"publisher{n}@park.example"} | fields)


def make_version(state: str = "draft", *, by=None, definition: dict | None = None, form=None) -> FormVersion:
    """A version of a form in a state, brought there by the verbs: of the general one, after the one in use."""
    based_on = form_in_use()
    writer, publisher = by or make_writer(), make_publisher()
    version = forming.start_version(form=form or based_on.form, by=writer, based_on=based_on)
    if definition is not None:
        forming.write(form=version, definition=definition, by=writer)
    if state == "discarded":
        forming.discard_version(form=version, by=writer)
    if state in ("in_review", "published", "retired"):
        forming.send(form=version, by=writer)
    if state in ("published", "retired"):
        forming.publish(form=version, by=publisher)
    if state == "retired":
        forming.publish(form=make_version("in_review"), by=publisher)
        version.refresh_from_db()
    return version


def posted(answers: dict) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in answers.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def make_draft(talent: Talent | None = None, *, filled: bool = False, **changes) -> Application:
    """A draft; ``filled`` answers every task and adds the papers. ``changes`` are answers by task."""
    form_in_use()
    talent = talent or make_talent()
    application = actions.start(by=talent.user)
    if filled:
        make_stay(talent)
        answers = {key: posted(each | changes.get(key, {})) for key, each in ANSWERS.items()}
        for key in ("personal", "degree"):  # these fill the profile too
            fill(application, key, ANSWERS[key] | changes.get(key, {}))
        application.answers |= {key: kept(dict(data.lists()), version=0, checked=True) for key, data in answers.items()}
        application.title, application.sector = answers["idea"]["title"], answers["idea"]["sector"]
        application.save()
        for paper in ("business_plan", "degree_certificate"):
            add_paper(application, paper)
    application.refresh_from_db()
    return application


def fill(application: Application, key: str, answers: dict, **options) -> Application:
    task = Draft(application).definition.task(key)
    return actions.save_answers(
        application=application, task=task, data=posted(answers), by=application.talent.user,
        **{"checked": True} | options,
    )  # fmt: skip


def add_paper(application: Application, paper: str):
    task = Draft(application).definition.task("papers")
    document = make_document(owner=application.talent.user, kind=paper)
    return actions.add_document(
        application=application, task=task, paper=paper, by=application.talent.user, document=document
    )


def make_co_applicant(application: Application, role: str = "editor", user=None, **part) -> CoApplicant:
    """Somebody who was invited and joined."""
    user = user or make_user()
    lead = application.talent.user
    invitation = actions.invite(application=application, by=lead, email=user.email, role=role, **part)
    return actions.join(invitation=invitation, by=user)


def make_application(state: str = "submitted", talent: Talent | None = None, officer=None) -> Application:
    """An application in a state, brought there by the verbs; ``officer`` has the case."""
    application = make_draft(talent, filled=True)
    by = application.talent.user
    if state == "draft":
        return application
    actions.submit(application=application, by=by, says_true=True, agrees_to_storage=True)
    if state == "submitted":
        return application
    if state == "withdrawn":
        actions.withdraw(application=application, by=by)
        return application
    officer = officer or make_officer()
    actions.take(application=application, by=officer)
    if state == "screening":
        return application
    if state == "more_info":
        actions.ask(application=application, by=officer, note="Which clinic?", tasks=["market"])
        return application
    if state == "closed":
        actions.close(application=application, by=officer, note="Sent twice.")
        return application
    actions.pass_on(application=application, by=officer)
    if state == "accepted":
        actions.accept(application=application, by=make_officer())
    elif state == "conditional":
        actions.accept_with_conditions(application=application, by=make_officer(), conditions=make_conditions())
    elif state == "waitlisted":
        actions.waitlist(application=application, by=make_officer(), note="No desk is free.")
    elif state in ("rejected", "reconsideration"):
        actions.reject(application=application, by=make_officer(), note="Too early.", reason_code="plan")
    if state == "reconsideration":
        actions.ask_second_look(application=application, by=by, ground="error", text="The patent is granted.")
    return application


def make_conditions(days: int = 60, text: str = "Show the result of one cleaning test.") -> list:
    return [(text, beijing_day(timezone.now()) + dt.timedelta(days))]
