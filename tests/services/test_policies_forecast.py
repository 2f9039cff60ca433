"""What a release would come to, told before it is made: groups, money, mails, and who is gained or lost."""

from decimal import Decimal

import pytest

from incubation.facts.models import Source
from park.notices.models import Delivery, DeliveryState
from services.policies import actions, forecast, matching
from services.policies.models import Verdict
from tests.factories.facts import know, make_company, make_owner, make_project
from tests.factories.policies import criterion, make_manager, make_version, release, rule, staff_at_least

pytestmark = pytest.mark.django_db
HEADCOUNT = "enterprise.headcount"
CASH = {"en": "Grant", "zh": "资助", "type": "cash", "currency": "CNY", "amount_max": 300_000}


def company(headcount: int, **fields):
    tenant = make_company(**fields)
    know(tenant, {HEADCOUNT: headcount}, Source.STAFF)
    tenant.owner = make_owner(tenant)
    return tenant


def test_the_reach_is_counted_by_stage_field_and_zone():
    company(12, zone="CCBH"), company(15, sector="new_materials"), company(8, sector="new_materials")
    make_project()
    version = make_version(rule=rule(staff_at_least(10)))

    stage, field, zone = forecast.by_group(actions.preview(version=version, by=make_manager()))

    assert [(each["fits"], each["may_fit"], each["near"]) for each in stage["rows"]] == [(2, 1, 1)]
    assert [(each["fits"], each["may_fit"]) for each in field["rows"]] == [(1, 0), (1, 1)]
    assert [(str(each["label"]), each["fits"], each["may_fit"]) for each in zone["rows"]] == [
        ("High-tech Zone", 1, 1), ("Beihu", 1, 0),
    ]  # fmt: skip


def test_the_budget_adds_the_ceilings_for_everybody_it_fits():
    company(12), company(15), company(8)
    subsidy = CASH | {"type": "subsidy", "amount_max": 50_000.5}
    in_kind = CASH | {"type": "title"}
    version = make_version(rule=rule(staff_at_least(10)), benefits=[CASH, subsidy, in_kind])
    seen = actions.preview(version=version, by=make_manager())

    assert forecast.budget(version, seen) == {
        "each": Decimal("350000.5"), "fits": Decimal(700001), "with_may_fit": Decimal("1050001.5"),
    }  # fmt: skip
    assert forecast.budget(make_version(benefits=[in_kind]), seen) is None


def test_people_who_had_a_mail_today_are_counted_with_the_next(django_capture_on_commit_callbacks):
    told, quiet = company(12), company(15)
    with django_capture_on_commit_callbacks(execute=True):
        release(make_version(rule=rule(criterion(HEADCOUNT, "lte", 12))))
        release(make_version(rule=rule(criterion(HEADCOUNT, "eq", 12))))
    Delivery.objects.filter(channel="email", notice__recipient=quiet.owner).update(state=DeliveryState.CANCELLED)
    Delivery.objects.filter(channel="email", notice__recipient=told.owner).update(state=DeliveryState.PENDING)
    seen = actions.preview(version=make_version(rule=rule(staff_at_least(10))), by=make_manager())

    assert forecast.mails(seen) == {"one": 1, "two": 0, "more": 1}


def test_gained_and_lost_stand_against_the_version_released_before(django_capture_on_commit_callbacks):
    small, large = company(5), company(50)
    with django_capture_on_commit_callbacks(execute=True):
        release(make_version(slug="grant", rule=rule(staff_at_least(1))))
    next_version = make_version(slug="grant", rule=rule(criterion(HEADCOUNT, "gte", 20, hard=True)))
    seen = actions.preview(version=next_version, by=make_manager())

    found = forecast.against_last(next_version, seen)

    assert (found["version"].number, found["gained"], found["lost"]) == (1, [], [small.pk])
    named, none = forecast.names([small.pk, large.pk], [])
    assert ([*map(str, named["tenants"])], named["more"]) == ([str(small), str(large)], 0)
    assert none == {"tenants": [], "more": 0, "n": 0}


def test_frozen_previewed_released_the_sets_are_the_same(django_capture_on_commit_callbacks):
    for headcount in range(4, 16):
        company(headcount)
    version = make_version(rule=rule(staff_at_least(10), criterion("enterprise.is_sme", "is_true")))
    manager = make_manager()
    seen = actions.preview(version=version, by=manager)

    with django_capture_on_commit_callbacks(execute=True):
        actions.release(version=version, by=manager, previewed=seen)

    kept = {
        word: sorted(Verdict.objects.filter(version=version, word=word).values_list("tenant", flat=True))
        for word in ("fits", "may_fit")
    }
    assert kept == {"fits": seen.fits, "may_fit": seen.may_fit}
    assert matching.told_of(version).count() == seen.people
