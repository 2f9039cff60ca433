"""Who reads what: every rule of the assignment holds, and the same seed gives the same plan."""

import datetime as dt
import random
from collections import Counter

import pytest
from django.utils import timezone

from incubation.intake.actions import pass_on
from incubation.intake.models import Call
from incubation.review import actions, planning
from incubation.review.conflicts import flags
from incubation.review.solver import Reader, solve
from park.organisations.models import Kind, Organisation
from park.workflow.actions import GuardFailed
from tests.factories.accounts import make_user
from tests.factories.intake import make_application
from tests.factories.organisations import make_membership
from tests.factories.profiles import make_talent
from tests.factories.review import make_candidate, make_expert, make_files, make_organiser, make_panel_call, make_round


def drawn(seed: int, files: int = 60, experts: int = 9, conflicts: int = 20):
    """A round as the bar names it, with fits and conflicts drawn."""
    draw = random.Random(seed)
    pairs = [(f, e) for f in range(files) for e in range(experts)]
    barred = set(draw.sample(pairs, conflicts))
    return {pair: draw.choice((0, 2, 14, 18)) for pair in pairs if pair not in barred}


# --- The numbers ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(4))
def test_sixty_files_nine_experts_twenty_conflicts(seed):
    fits = drawn(seed)
    places, readers = dict.fromkeys(range(60), 3), {e: Reader(0, 25) for e in range(9)}

    pairs = solve(places, readers, fits, seed)

    loads = Counter(e for _f, e in pairs)
    assert len(pairs) == len(set(pairs)) == 180
    assert set(pairs) <= set(fits)
    assert Counter(Counter(f for f, _e in pairs).values()) == {3: 60}
    assert max(loads.values()) - min(loads.values()) <= 1
    assert solve(places, readers, fits, seed) == pairs


def test_another_seed_may_choose_among_equals_and_breaks_no_rule():
    places, readers = dict.fromkeys(range(12), 2), {e: Reader(0, 9) for e in range(6)}
    fits = {(f, e): 0 for f in range(12) for e in range(6)}

    plans = {tuple(solve(places, readers, fits, seed)) for seed in range(5)}

    assert len(plans) > 1
    assert {len(plan) for plan in plans} == {24}
    assert {tuple(sorted(Counter(e for _f, e in plan).values())) for plan in plans} == {(4,) * 6}


def test_expertise_decides_where_loads_stay_even():
    places, readers = {1: 1, 2: 1}, {7: Reader(0, 5), 8: Reader(0, 5)}
    fits = {(1, 7): 0, (1, 8): 14, (2, 7): 14, (2, 8): 14}

    assert solve(places, readers, fits, 1) == [(1, 8), (2, 7)]


def test_an_expert_never_gets_more_than_there_is_room_for():
    places, readers = dict.fromkeys(range(10), 2), {1: Reader(0, 3), 2: Reader(2, 4), 3: Reader(0, 0)}
    fits = {(f, e): 5 for f in range(10) for e in (1, 2, 3)}

    assert Counter(e for _f, e in solve(places, readers, fits, 1)) == {1: 3, 2: 2}


def test_who_has_files_already_gets_fewer_new_ones():
    places, readers = dict.fromkeys(range(4), 1), {1: Reader(4, 20), 2: Reader(0, 20)}
    fits = {(f, e): 14 if e == 1 else 0 for f in range(4) for e in (1, 2)}

    assert Counter(e for _f, e in solve(places, readers, fits, 1)) == {2: 4}


# --- From the records -------------------------------------------------------------------------------------------------
@pytest.fixture
def by(db):
    return make_organiser()


def planned(round, by):
    actions.ready(round=round, by=by)
    return actions.make_plan(round=round, by=by)


def test_an_empty_place_is_explained_in_words(by):
    round = make_round(by, experts_per_file=3, minimum=1)
    file = make_files(round, by, 1)[0]
    today = timezone.localdate()
    make_expert()
    make_expert(away_from=today, away_until=today + dt.timedelta(60))
    make_expert(languages=["zh-hans"])
    make_expert(coauthors=[file.application.talent.name])
    aside = make_expert()
    actions.record_recusal(expert=aside, application=file.application, kind="rival", note="Same tender.", by=by)

    plan = planned(round, by)

    assert [tuple(pair[:1]) for pair in plan.pairs] == [(file.pk,)]
    assert [planning.explain(entry) for entry in plan.unfilled] == [
        f"{file.code}: 2 places stay empty: 1 expert has a tie on record; 1 stepped aside; "
        "1 does not read its language; 1 is away until it is due."
    ]


def test_limits_of_the_round_and_of_the_expert_leave_places_empty(by):
    round = make_round(by, experts_per_file=1, minimum=1, files_per_expert=2)
    make_files(round, by, 4)
    make_expert(), make_expert(max_load=1)

    plan = planned(round, by)

    assert sorted(Counter(expert for _file, expert, _fit in plan.pairs).values()) == [1, 2]
    assert [entry["why"] for entry in plan.unfilled] == [{"full": 2}]


def test_a_round_for_experts_of_the_field_takes_no_others(by):
    round = make_round(by, experts_per_file=1, minimum=1, field_only=True)
    make_files(round, by, 1)
    make_expert(sectors=["modern_agriculture"])
    right = make_expert(sectors=["medical_devices"])

    assert [expert for _file, expert, _fit in planned(round, by).pairs] == [right.pk]


def test_the_same_seed_gives_the_same_plan(by):
    round = make_round(by)
    make_files(round, by, 3)
    for _each in range(4):
        make_expert()
    actions.ready(round=round, by=by)

    one, two = (actions.make_plan(round=round, by=by, seed=7) for _time in range(2))

    assert (one.pairs, one.unfilled, one.basis) == (two.pairs, two.unfilled, two.basis)
    assert (one.number, two.number, two.seed) == (1, 2, 7)


def test_asking_who_may_read_what_costs_the_same_for_more_files(by, django_assert_max_num_queries):
    round = make_round(by)
    make_files(round, by, 4)
    for _each in range(5):
        make_expert()

    with django_assert_max_num_queries(14):
        planning.survey(round)


# --- Ties that the records show ---------------------------------------------------------------------------------------
@pytest.fixture
def application(db):
    talent = make_talent(name="Zhao Ming", name_zh="赵铭")
    return make_application("submitted", talent=talent)


def kinds(expert, application) -> set[str]:
    return {flag.kind for flag in flags([expert], [application]).get((expert.pk, application.pk), [])}


def test_no_tie_is_seen_where_there_is_none(application):
    assert kinds(make_expert(), application) == set()


def test_the_employer_of_the_last_years_is_a_tie(application):
    place = application.talent.stays.create(
        kind="work", country="DEU", place="Institut für Optik", began_on=dt.date(2022, 1, 1)
    ).place

    assert kinds(make_expert(employer=place.upper()), application) == {"employer"}
    assert kinds(make_expert(organisations=["INSTITUT FÜR OPTIK, Berlin"]), application) == {"employer"}


def test_a_coauthor_is_found_in_either_script_and_order(application):
    for written in ("Ming Zhao", "ZHAO, Ming", "赵 铭"):
        assert kinds(make_expert(coauthors=[written]), application) == {"coauthor"}, written


def test_the_same_enterprise_and_a_share_in_it_are_ties(application):
    organisation = Organisation.objects.create(
        kind=Kind.ENTERPRISE, slug="lumen", name="Lumen Weave Optics Co., Ltd.", name_en="Lumen Weave Optics Co., Ltd.",
        name_zh_hans="流明织光学有限公司",
    )  # fmt: skip
    make_membership(organisation=organisation, user=application.talent.user)
    colleague = make_expert()
    make_membership(organisation=organisation, user=colleague.user)

    assert kinds(colleague, application) == {"enterprise"}
    assert kinds(make_expert(invested_in=["流明织光学"]), application) == {"investor"}
    assert kinds(make_expert(employer="Lumen Weave Optics"), application) == {"employer"}


def test_the_family_name_alone_is_no_tie_with_the_address_it_is(application):
    revision = application.revisions.get()
    home = "18 Willow Lane, Changchun"
    namesake = make_expert(user=make_user(name="Zhao Hua", name_zh="赵华"), address=home)

    assert kinds(namesake, application) == set()
    other = application.revisions.create(
        number=2, sent_by=revision.sent_by, answers={"personal": {"home_address": home + "."}}
    )
    assert other.number == 2
    assert kinds(namesake, application) == {"family"}
    assert kinds(make_expert(user=make_user(name="Li Hua", name_zh="李华"), address=home), application) == set()


def test_the_applicant_and_who_reads_names_for_the_park_are_tied(application):
    from tests.factories.intake import make_officer

    assert "self" in kinds(make_expert(user=application.talent.user), application)
    assert kinds(make_expert(user=make_officer()), application) == {"inside"}


# --- Before an application is passed on to a panel --------------------------------------------------------------------
def test_an_application_is_passed_on_to_a_panel_that_has_a_round_and_enough_free_experts(by):
    application = make_application("screening")
    application.call = make_panel_call()
    application.save(update_fields=["call"])
    officer = application.officer

    with pytest.raises(GuardFailed, match="No round"):
        pass_on(application=application, by=officer)
    round = make_round(by, call=application.call)
    make_expert(), make_expert(coauthors=[application.talent.name])
    with pytest.raises(GuardFailed, match="Only 1 experts"):
        pass_on(application=application, by=officer)

    make_expert()
    pass_on(application=application, by=officer)
    assert application.state == "in_review"
    assert [file.application for file in actions.add_files(round=round, by=by)] == [application]


def test_an_application_stands_in_one_open_round_at_a_time(by):
    round = make_round(by)
    application = make_candidate(round.call)
    actions.add_files(round=round, by=by)

    with pytest.raises(GuardFailed):
        actions.add_files(round=make_round(by, call=round.call), by=by, applications=[application])
    assert Call.objects.filter(rounds=round).exists()
