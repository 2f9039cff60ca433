"""A tenant's path as pages show it, and the stages for everyone."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from incubation.journey import seeds
from incubation.journey.models import GateTerms, MilestonePlan, StageGuide, Tenant
from incubation.journey.path import park_map, path_before, path_for
from incubation.journey.stages import Stage
from tests.factories.journey import make_tenant

pytestmark = pytest.mark.django_db


# --- The path ---------------------------------------------------------------------------------------------------------
def test_the_path_shows_what_was_passed_where_one_stands_and_what_is_planned():
    tenant = make_tenant(stage=Stage.ENTERPRISE_PRE, stage_since=dt.date(2026, 6, 12), stage_due=dt.date(2026, 12, 12))
    tenant.enrolments.create(stage="project_pre", since=dt.date(2026, 3, 10), ended_on=dt.date(2026, 6, 12))
    tenant.milestones.create(stage="enterprise_pre", name="Company registered", reached_on=dt.date(2026, 6, 12))
    tenant.milestones.create(stage="enterprise_pre", name="Desks taken", position=1)

    path = path_for(tenant)

    assert [stage["state"] for stage in path] == ["done", "current", "ahead", "ahead", "ahead"]
    gates = ["Passed 10 Mar 2026", "Passed 12 Jun 2026", "Planned for Dec 2026", "", ""]
    assert [stage["gate"] for stage in path] == gates
    assert (path[0]["meta"], path[1]["meta"]) == ("Mar 2026 – Jun 2026", "Since 12 June 2026")
    assert path[1]["milestones"] == [
        {"label": "Company registered, 12 Jun", "hit": True}, {"label": "Desks taken", "hit": False},
    ]  # fmt: skip


def test_the_path_asks_three_questions_whatever_the_stage(django_assert_num_queries):
    tenant = Tenant.objects.get(pk=make_tenant(stage=Stage.GROWTH).pk)

    with django_assert_num_queries(3):
        path_for(tenant)


def test_before_the_first_gate_the_first_stage_is_next():
    seeds.sow()

    path = path_before()

    assert [stage["state"] for stage in path] == ["next", "ahead", "ahead", "ahead", "ahead"]
    assert [milestone["hit"] for milestone in path[0]["milestones"]] == [False, False, False]


def test_the_seeds_are_sown_once_and_never_overwrite_what_staff_wrote():
    seeds.sow()
    StageGuide.objects.filter(stage="growth").update(summary_en="Ours")

    seeds.sow()

    assert StageGuide.objects.get(stage="growth").summary == "Ours"
    assert (StageGuide.objects.count(), MilestonePlan.objects.count()) == (5, 18)
    assert set(GateTerms.objects.in_use().values_list("stage", flat=True)) == set(Stage.values)


def test_every_guide_stands_in_both_languages():
    seeds.sow()

    for guide in StageGuide.objects.all():
        for name in seeds.IN_TWO_LANGUAGES:
            english, chinese = getattr(guide, f"{name}_en"), getattr(guide, f"{name}_zh_hans")
            assert english and chinese
            assert len(english.splitlines()) == len(chinese.splitlines())


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_the_stages_are_public(client, django_assert_max_num_queries):
    seeds.sow()

    with django_assert_max_num_queries(1):
        response = client.get(reverse("journey:stages"))

    assert response.status_code == 200
    assert all(stage["url"] in response.text for stage in park_map())


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("stage", list(Stage))
def test_each_stage_has_a_page_in_both_languages(client, stage, language):
    seeds.sow()
    with translation.override(language):
        address = reverse("journey:stage", args=[stage.number, stage.slug])

    response = client.get(address)

    guide = StageGuide.objects.get(stage=stage)
    assert response.status_code == 200
    assert (guide.who_zh_hans if language == "zh-hans" else guide.who_en) in response.text


def test_a_mistyped_stage_leads_to_the_right_page_and_a_sixth_is_not_there(client):
    seeds.sow()

    assert client.get("/stages/2-anything/").url == "/stages/2-enterprise-pre-incubation/"
    assert client.get("/stages/6-sixth/").status_code == 404
