"""The demo park holds what it promises, and loading it again changes nothing."""

import json
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from incubation.facts import wide_row
from incubation.intake.models import Application
from incubation.intake.states import State as ApplicationState
from incubation.journey import board
from incubation.journey.models import Gate, GateTerms, GateWaiver, Problem, Tenant
from incubation.journey.states import GateState, ProblemState, TenantState
from park.accounts.models import User
from services.demo import accounts, counting, loading, readings
from services.demo.population import tables
from services.intermediaries.models import ServiceRequest
from services.intermediaries.states import State as RequestState
from services.interpretation.states import CoordinationState, QuestionState
from services.policies.models import Policy, Verdict
from talents.profiles.models import Talent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("park")]


def fingerprint() -> dict[str, str]:
    """Return a digest of every row of the park, by table."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name.startswith(("django_session", "django_migrations")):
                continue
            table = connection.ops.quote_name(name)
            rows = "coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')"
            cursor.execute(f"SELECT md5({rows}) FROM {table} t")  # noqa: S608  names of our own tables
            found[name] = cursor.fetchone()[0]
    return found


def test_the_park_has_its_real_size():
    sizes = counting.park()

    wanted = {"talents": 335, "enterprises": 242, "tenants": 242, "policies": 66, "institutions": 31}
    assert {name: sizes[name] for name in wanted} == wanted
    assert Talent.objects.values("origin").distinct().count() == 23
    assert Talent.objects.filter(honours__isnull=False).distinct().count() >= 100


def test_tenants_stand_in_the_stages_that_the_table_names():
    wanted = {row["code"]: row["count"] for row in tables()["enterprises"]["stages"]}

    assert Counter(Tenant.objects.values_list("stage", flat=True)) == Counter(wanted)


def test_there_is_an_application_and_a_request_in_every_state():
    assert set(Application.objects.values_list("state", flat=True)) == set(ApplicationState.values)
    assert set(ServiceRequest.objects.values_list("state", flat=True)) == set(RequestState.values)


def test_every_tenant_of_the_park_is_known_and_some_policies_were_released():
    assert Tenant.objects.filter(known=None).count() == 0
    released = Policy.objects.filter(current__state="released").values_list("slug", flat=True)
    assert set(released) == {*loading.RELEASED, readings.AMENDED}
    assert Verdict.objects.filter(word="fits").exists()
    assert not Verdict.objects.filter(trace=[]).exists()


def test_versions_departments_and_questions_stand_in_every_state_of_their_way():
    found = readings.states()

    assert found["version"] >= {"draft", "in_review", "approved", "scheduled", "released", "amended"}
    assert found["coordination"] == set(CoordinationState.values)
    assert found["question"] == set(QuestionState.values)
    assert not Policy.objects.filter(current__articles=None).exists()


def test_loading_it_again_changes_nothing():
    before = fingerprint()

    loaded = loading.load()

    assert (loaded, fingerprint()) == ([], before)


def test_a_larger_park_is_the_park_and_copies_beside_it():
    before = counting.park()

    loaded = loading.load(scale=2)

    after = counting.park()
    assert loaded == [1]
    assert (after["talents"], after["enterprises"]) == (2 * before["talents"], 2 * before["enterprises"])
    assert after["policies"] == before["policies"]


def test_every_sign_in_that_is_told_works(client):
    told = accounts.told()

    for account in told["accounts"]:
        user = User.objects.get(email=account["email"])
        assert user.check_password(told["password"]), account["email"]
        assert sorted(group.name for group in user.groups.all()) == account["roles"]


def test_the_scholars_stand_where_the_readme_says():
    scholars = Application.objects.filter(talent__user__email__startswith="scholar")
    states = dict(scholars.values_list("talent__user__email", "state"))

    assert states == {
        "scholar1@talent.example": "draft",
        "scholar2@talent.example": "more_info",
        "scholar3@talent.example": "in_review",
        "scholar4@talent.example": "accepted",
        "scholar5@talent.example": "rejected",
    }


def test_the_command_tells_the_sign_ins_as_json():
    out = StringIO()

    call_command("demo", json=True, stdout=out)

    told = json.loads(out.getvalue())
    assert told["loaded"] == []
    assert {key["name"] for key in told["api_keys"]} == {"reader", "full", "expired", "writer"}


@pytest.mark.parametrize(("name", "status"), [("reader", 200), ("full", 200), ("writer", 200), ("expired", 401)])
def test_the_keys_of_the_demo_open_what_they_say(client, name, status):
    answer = client.get("/api/v1/policies/", headers={"Authorization": f"Bearer {accounts.secret_of(name)}"})

    assert answer.status_code == status


def test_gates_terms_and_problems_of_the_park_are_in_every_state():
    assert set(Gate.objects.values_list("state", flat=True)) == set(GateState.values)
    assert set(Problem.objects.values_list("state", flat=True)) == set(ProblemState.values)
    assert set(Tenant.objects.values_list("state", flat=True)) == set(TenantState.values)
    assert {"draft", "published", "retired"} <= set(GateTerms.objects.values_list("state", flat=True))
    assert GateWaiver.objects.exists()


def test_the_board_of_the_park_shows_overstays_mentors_and_ways():
    page = board.board(wide_row.today())

    assert page["overstays"] and page["queue"]
    assert page["conditions"]["late"] == 1
    assert page["mentors"]["enough"] is True
