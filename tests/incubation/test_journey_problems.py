"""Problems of tenants, and their mentors."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from incubation.facts import wide_row
from incubation.journey import actions, judging, states
from incubation.journey.models import Problem
from park.notices.models import Notice
from park.workflow import tasks as clockwork
from park.workflow.actions import GuardFailed, NotYours, ReasonMissing
from park.workflow.models import Clock
from tests.factories.accounts import make_staff, make_user
from tests.factories.files import pdf_bytes, upload
from tests.factories.journey import leave, make_tenant
from tests.factories.organisations import make_membership
from tests.park.machine_checks import refused_pairs, try_refused_pair

pytestmark = pytest.mark.django_db


def make_solver(**fields):
    return make_staff("journey.view_problem", "journey.handle_problem", **fields)


def make_problem(state: str = "raised", solver=None, tenant=None) -> Problem:
    """A problem that came as far as ``state`` through the verbs."""
    tenant = tenant or make_tenant()
    owner, solver = tenant.talent.user, solver or make_solver()
    problem = actions.raise_problem(
        tenant=tenant, by=owner, category="space", title="No key", text="Door 3 has no key."
    )
    if state in ("raised", "dropped"):
        if state == "dropped":
            actions.drop_problem(problem=problem, by=owner)
        return problem
    actions.take_problem(problem=problem, by=solver)
    if state == "asked":
        actions.ask_about_problem(problem=problem, by=solver, note="Which floor?")
    if state in ("solved", "confirmed"):
        actions.solve_problem(problem=problem, by=solver, note="The key is at the desk.")
    if state == "confirmed":
        actions.confirm_problem(problem=problem, by=owner)
    return problem


@pytest.mark.parametrize("state", states.ProblemState.values)
def test_no_move_of_a_problem_is_made_that_the_table_does_not_list(state):
    problem = make_problem(state)
    assert problem.state == state

    for _state, name in [pair for pair in refused_pairs(states.PROBLEM) if pair[0] == state]:
        try_refused_pair(states.PROBLEM, problem, name, by=make_solver())


def test_who_solves_it_is_named_in_the_language_of_who_reads_it():
    tenant, solver = make_tenant(), make_solver(name="Min Lan", name_zh="澜敏")
    make_membership(user=make_user(language="zh-hans"), organisation=tenant.organisation)

    make_problem("asked", solver, tenant)

    subjects = set(Notice.objects.filter(kind="problem-taken").values_list("letter__subject", flat=True))
    assert {subject[:3] for subject in subjects} == {"Min", "澜敏已"}


def test_a_problem_is_taken_asked_about_solved_reopened_and_confirmed():
    solver = make_solver()
    problem = make_problem("asked", solver)
    owner = problem.raised_by
    paused = Clock.objects.of(problem).paused().get()

    actions.answer_problem(problem=problem, by=owner, note="The third.")
    actions.solve_problem(problem=problem, by=solver, note="The key is at the desk.")
    actions.reopen_problem(problem=problem, by=owner, note="It does not fit.")
    assert (problem.state, problem.owner, problem.reopened, problem.solved_at) == ("in_hand", solver, 1, None)
    actions.solve_problem(problem=problem, by=solver, note="A new key.")
    actions.confirm_problem(problem=problem, by=owner)

    assert (paused.name, problem.state) == ("solve", "confirmed")
    kinds = set(Notice.objects.filter(subject_id=problem.pk, kind__startswith="problem").values_list("kind", flat=True))
    assert kinds == {
        "problem-raised", "problem-taken", "problem-asked", "problem-answered", "problem-solved", "problem-reopened",
    }  # fmt: skip


def test_open_problems_keep_a_condition_of_the_gate_open():
    problem = make_problem("in_hand")
    terms = judging.terms_for(problem.tenant.stage)

    def state():
        entries = judging.stand(problem.tenant, terms).entries
        return next(str(entry.state) for entry in entries if entry.key == "tenant.open_problems")

    before = state()
    actions.drop_problem(problem=problem, by=problem.raised_by)
    assert (before, state()) == ("not_met", "met")


def test_only_the_owner_solves_and_only_the_tenant_confirms():
    solver, other = make_solver(), make_solver()
    problem = make_problem("in_hand", solver)

    with pytest.raises(NotYours):
        actions.solve_problem(problem=problem, by=other, note="Done.")
    with pytest.raises(ReasonMissing):
        actions.solve_problem(problem=problem, by=solver, note=" ")
    actions.pass_on_problem(problem=problem, by=solver, to=other)
    actions.solve_problem(problem=problem, by=other, note="Done.")
    for person in (solver, other, make_user()):
        with pytest.raises(NotYours):
            actions.confirm_problem(problem=problem, by=person)
    with pytest.raises(GuardFailed):
        actions.pass_on_problem(problem=make_problem("in_hand", solver), by=solver, to=make_user())


def test_strangers_raise_nothing_and_who_has_left_neither():
    tenant = make_tenant()
    given = {"category": "space", "title": "x", "text": "y"}

    with pytest.raises(NotYours):
        actions.raise_problem(tenant=tenant, by=make_user(), **given)
    leave(tenant)
    with pytest.raises(GuardFailed):
        actions.raise_problem(tenant=tenant, by=tenant.talent.user, **given)


def test_a_solution_that_nobody_speaks_of_is_taken_as_such_and_late_work_is_told():
    quiet, late = make_problem("solved"), make_problem("in_hand")
    days = {"started_at": 40, "warn_at": 30, "due_at": 20}
    ago = {name: timezone.now() - dt.timedelta(days=n) for name, n in days.items()}
    for problem in (quiet, late):
        Clock.objects.of(problem).open().update(**ago)

    clockwork.watch_clocks()

    quiet.refresh_from_db()
    assert quiet.state == "confirmed"
    assert Notice.objects.get(kind="problem-late").recipient == late.owner


def test_the_database_keeps_an_owner_at_each_problem_being_solved():
    problem = make_problem("in_hand")

    with pytest.raises(IntegrityError, match="has_an_owner"), transaction.atomic():
        Problem.objects.filter(pk=problem.pk).update(owner=None)


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_a_tenant_raises_a_problem_with_a_file_and_says_whether_it_is_solved(client):
    tenant, solver = make_tenant(), make_solver()
    client.force_login(tenant.talent.user)
    address = reverse("journey:problems", args=[tenant.organisation.slug])
    file = upload("photo.pdf", pdf_bytes("photo"))

    empty = client.post(address, {"title": ""})
    client.post(address, {"category": "space", "title": "No key", "text": "Door 3.", "file": file})
    problem = tenant.problems.get()
    page = reverse("journey:problem", args=[tenant.organisation.slug, problem.public_id])
    client.force_login(solver)
    seen = client.get(problem.documents.get().get_absolute_url())
    client.post(f"/admin/journey/problem/{problem.pk}/take/", {"version": problem.version, "note": ""})
    problem.refresh_from_db()
    client.post(f"/admin/journey/problem/{problem.pk}/solve/", {"version": problem.version, "note": "At the desk."})
    client.force_login(tenant.talent.user)
    silent = client.post(page, {"act": "reopen", "note": ""})
    client.post(page, {"act": "confirm", "note": ""})

    problem.refresh_from_db()
    assert (empty.status_code, seen.status_code, silent.status_code, problem.state) == (422, 200, 422, "confirmed")
    assert "At the desk." in client.get(page).text


def test_problems_of_another_are_not_there(client):
    problem, strange = make_problem(), make_tenant()
    slug = problem.tenant.organisation.slug
    for user in (strange.talent.user, make_staff("journey.view_tenant")):
        client.force_login(user)
        assert client.get(reverse("journey:problem", args=[slug, problem.public_id])).status_code == 404
        assert client.get(reverse("journey:problems", args=[slug])).status_code == 404


def test_the_queue_of_problems_costs_the_same_for_one_and_for_three(client, django_assert_max_num_queries):
    for _ in range(3):
        make_problem("in_hand")
    client.force_login(make_solver())
    client.get("/admin/journey/problem/")

    with django_assert_max_num_queries(16):
        assert client.get("/admin/journey/problem/?open=yes").status_code == 200


# --- Mentors ----------------------------------------------------------------------------------------------------------
def make_keeper():
    return make_staff("journey.view_mentorship", "journey.add_mentorship", "journey.view_tenant")


def account_menu(client) -> list[dict]:
    return client.get(reverse("notices:inbox")).context["frame"].account_nav


def test_a_mentor_is_assigned_writes_down_meetings_and_leaves(client):
    tenant, mentor, keeper = make_tenant(), make_user(), make_keeper()
    client.force_login(keeper)
    wrong = client.post("/admin/journey/mentorship/add/", {"tenant": tenant.pk, "email": "nobody@nowhere.example"})
    client.post("/admin/journey/mentorship/add/", {"tenant": tenant.pk, "email": mentor.email})
    mentorship = tenant.mentorships.get()
    day = wide_row.today()
    meeting = {
        "mentorship": mentorship.pk, "held_on_day": day.day, "held_on_month": day.month, "held_on_year": day.year,
        "minutes": 60, "text": "Pricing.",
    }  # fmt: skip

    client.force_login(mentor)
    assert [link["label"] for link in account_menu(client)][-1] == "Mentoring"
    client.post(reverse("journey:mentoring"), meeting)
    short = client.post(reverse("journey:mentoring"), meeting | {"minutes": 1})
    client.force_login(tenant.talent.user)
    assert "Mentoring" not in [link["label"] for link in account_menu(client)]
    path = client.get(reverse("journey:path", args=[tenant.organisation.slug]))
    client.force_login(keeper)
    client.post(f"/admin/journey/mentorship/{mentorship.pk}/end/")

    mentorship.refresh_from_db()
    assert (wrong.status_code, short.status_code, mentorship.ended_on) == (200, 422, day)
    assert mentorship.meetings.get().text == "Pricing." and "Pricing." in path.text
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        mentorship.meetings.update(text="Nothing.")


def test_nobody_mentors_their_own_or_writes_for_another(client):
    tenant, mentor, keeper = make_tenant(), make_user(), make_keeper()
    member = make_membership(organisation=tenant.organisation).user

    with pytest.raises(GuardFailed):
        actions.assign_mentor(tenant=tenant, mentor=member, by=keeper)
    with pytest.raises(NotYours):
        actions.assign_mentor(tenant=tenant, mentor=mentor, by=make_user())
    mentorship = actions.assign_mentor(tenant=tenant, mentor=mentor, by=keeper)
    with pytest.raises(NotYours):
        actions.log_meeting(mentorship=mentorship, by=make_user(), held_on=wide_row.today(), minutes=30, text="x")
    with pytest.raises(GuardFailed):
        tomorrow = wide_row.today() + dt.timedelta(days=1)
        actions.log_meeting(mentorship=mentorship, by=mentor, held_on=tomorrow, minutes=30, text="x")
    client.force_login(make_user())
    data = {"mentorship": mentorship.pk}
    assert client.post(reverse("journey:mentoring"), data).status_code == 404
