"""The life of a policy: released at a set moment, amended by a newer version, and who gains or loses by it."""

import datetime as dt
from importlib import import_module

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from park.accounts.models import User
from park.notices import kinds, letters
from park.notices.models import Notice
from park.workflow.actions import GuardFailed, SecondPersonNeeded, history
from park.workflow.models import TransitionLog
from services.claims import access as claim_access
from services.policies import actions, amending, matching, telling, timetable
from services.policies.models import PolicyVersion, Preview, Release, ReleaseChange
from services.policies.states import State
from tests.factories.claims import make_draft as make_claim
from tests.factories.facts import know, make_company, make_owner
from tests.factories.policies import criterion, make_draft, make_manager, make_version, release, rule

pytestmark = pytest.mark.django_db
REVENUE = "enterprise.revenue_cny"  # cannot change before a deadline


def make_scheduled(manager, at, **wording):
    version = make_version(**wording)
    seen = actions.preview(version=version, by=manager)
    actions.schedule(version=version, by=manager, previewed=seen, at=at)
    return version, seen


def test_a_version_is_released_at_the_moment_that_was_set_by_the_manager_who_set_it():
    manager, at = make_manager(), timezone.now() + dt.timedelta(hours=3)
    version, seen = make_scheduled(manager, at)

    assert timetable.release_due(at - dt.timedelta(minutes=1)) == 0
    assert timetable.release_due(at) == 1
    assert timetable.release_due(at) == 0

    version.refresh_from_db()
    assert (version.state, version.scheduled_for) == (State.RELEASED, None)
    assert Release.objects.get(version=version).preview == seen
    assert history(version).made().first().actor == manager


def test_a_set_release_whose_preview_is_too_old_waits_until_its_manager_looked_again():
    manager, at = make_manager(), timezone.now() + dt.timedelta(hours=3)
    version, seen = make_scheduled(manager, at)
    Preview.objects.filter(pk=seen.pk).update(at=at - dt.timedelta(hours=25))

    assert timetable.release_due(at) == timetable.release_due(at) == 0
    assert list(Notice.objects.filter(kind=telling.WAITS).values_list("recipient", flat=True)) == [manager.pk]

    actions.preview(version=version, by=manager)
    assert timetable.release_due(at) == 1


def test_a_set_release_of_somebody_who_left_is_not_made():
    manager, at = make_manager(), timezone.now() + dt.timedelta(hours=3)
    version, _seen = make_scheduled(manager, at)
    User.objects.filter(pk=manager.pk).update(is_active=False)

    assert timetable.release_due(at) == 0
    version.refresh_from_db()
    assert version.state == State.SCHEDULED


def test_a_moment_is_set_within_90_days_by_another_person_than_the_author():
    manager, version = make_manager(), make_version()
    seen = actions.preview(version=version, by=manager)

    for at in (timezone.now() - dt.timedelta(minutes=1), timezone.now() + dt.timedelta(days=91)):
        with pytest.raises(GuardFailed):
            actions.schedule(version=version, by=manager, previewed=seen, at=at)

    author = User.objects.get(pk=version.author_id)
    author.user_permissions.add(*manager.user_permissions.all())
    author = User.objects.get(pk=author.pk)
    with pytest.raises(SecondPersonNeeded):
        actions.schedule(
            version=version, by=author, previewed=actions.preview(version=version, by=author),
            at=timezone.now() + dt.timedelta(days=1),
        )  # fmt: skip


def test_a_manager_sets_the_moment_on_the_page_in_beijing_time_and_takes_it_back(client):
    manager, version = make_manager(), make_version()
    seen = actions.preview(version=version, by=manager)
    client.force_login(manager)
    day = timezone.localdate() + dt.timedelta(days=2)
    url = reverse("admin:policies_policyversion_schedule", args=[version.pk])

    client.post(url, {"preview": seen.pk, "read": version.version, "at": "soon"})
    version.refresh_from_db()
    assert version.state == State.APPROVED

    client.post(url, {"preview": seen.pk, "read": version.version, "at": f"{day}T08:30"})
    version.refresh_from_db()
    assert version.scheduled_for == dt.datetime.combine(day, dt.time(0, 30), dt.UTC)

    actions.unschedule(version=version, by=manager)
    assert (version.state, version.scheduled_for) == (State.APPROVED, None)


@pytest.fixture
def amended(django_capture_on_commit_callbacks):
    """A grant from a revenue of 1,000,000 on, amended to 500,000 to 1,100,000: one gains, one stays, one loses."""
    companies = {name: make_company() for name in ("gains", "stays", "loses")}
    for (name, company), revenue in zip(companies.items(), (600_000, 1_000_000, 1_200_000), strict=True):
        know(company, {REVENUE: revenue})
        companies[name].owner = make_owner(company)
    first = make_version(slug="grant", title_en="Grant", rule=rule(criterion(REVENUE, "gte", 1_000_000)))
    with django_capture_on_commit_callbacks(execute=True):
        release(first)
    second = make_version(
        slug="grant", title_en="Grant",
        rule=rule(criterion(REVENUE, "between", [500_000, 1_100_000])),
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        made = release(second)
    return companies, first, second, made


def test_who_gains_and_who_loses_by_a_newer_version_is_kept_with_the_reasons(amended):
    companies, first, _second, made = amended

    first.refresh_from_db()
    assert (first.state, made.amends) == (State.AMENDED, first)
    kept = {change.tenant_id: change for change in ReleaseChange.objects.filter(release=made)}
    assert {pk: change.what for pk, change in kept.items()} == {
        companies["gains"].pk: "gained", companies["loses"].pk: "lost",
    }  # fmt: skip
    assert "1.2" in amending.reasons(kept[companies["loses"].pk])[0]
    assert matching.run_release(made.pk) and ReleaseChange.objects.count() == 2


def test_managers_read_on_the_release_who_gained_and_who_lost_and_why(amended, client):
    companies, _first, _second, made = amended
    client.force_login(make_manager())

    page = client.get(reverse("admin:policies_release_change", args=[made.pk])).content.decode()

    assert all(f"<p>{companies[name]}: " in page for name in ("gains", "loses"))
    assert f"<p>{companies['stays']}: " not in page


def test_who_lost_is_told_which_condition_turned(amended):
    companies, _first, second, _made = amended
    owner = companies["loses"].owner

    assert list(Notice.objects.filter(kind=amending.LOST).values_list("recipient", flat=True)) == [owner.pk]
    key = kinds.Key(owner.pk, second.pk, second.number)
    context = telling.load({(second.pk, second.number)})[second.pk, second.number] | telling.losses([key])[key]
    letter = letters.write(kinds.get(amending.LOST), context, "en")
    assert letter.subject == "No longer fits you: Grant"
    assert f"{companies['loses']}: " in letter.body and "1.2" in letter.body


def test_who_has_something_under_way_is_told_that_the_version_was_amended(
    amended, monkeypatch, django_capture_on_commit_callbacks
):
    companies, _first, _second, _made = amended
    claimant = companies["stays"].owner
    monkeypatch.setattr(amending, "_claimants", [lambda version: User.objects.filter(pk=claimant.pk)])
    third = make_version(slug="grant", rule=rule(criterion(REVENUE, "gte", 1)))

    with django_capture_on_commit_callbacks(execute=True):
        release(third)

    told = Notice.objects.filter(kind=amending.AMENDED, subject_id=third.pk)
    assert list(told.values_list("recipient", flat=True)) == [claimant.pk]


def test_who_claims_under_a_version_counts_until_the_claim_has_ended():
    claim = make_claim()
    owner = claim.begun_by

    assert set(claim_access.claimants(claim.wording)) == {owner}
    type(claim).objects.filter(pk=claim.pk).update(state="withdrawn")
    assert set(claim_access.claimants(claim.wording)) == set()


def test_a_draft_cannot_be_set_for_a_moment():
    version, manager = make_draft(), make_manager()

    with pytest.raises(actions.NotFresh):
        actions.schedule(
            version=version, by=manager, previewed=actions.preview(version=make_version(), by=manager),
            at=timezone.now() + dt.timedelta(days=1),
        )  # fmt: skip


def test_what_an_older_portal_archived_to_make_way_is_amended_and_what_officers_archived_is_not():
    first, other = make_version(), make_version()
    release(first)
    second = make_version(slug=first.policy.slug)
    release(second)
    PolicyVersion.objects.filter(pk__in=[first.pk, other.pk]).update(state="archived")
    for version in (first, other):
        TransitionLog.objects.create(record=version, move="replace", origin="released", target="archived")

    with connection.cursor() as cursor:
        cursor.execute(import_module("services.policies.migrations.0011_replaced_is_amended").REPLACED_IS_AMENDED)

    assert dict(PolicyVersion.objects.values_list("pk", "state")) == {
        first.pk: "amended", second.pk: "released", other.pk: "archived",
    }  # fmt: skip
    step = history(first).made().first()
    assert (step.move, step.origin, step.target, step.actor) == ("amend", "archived", "amended", None)
    assert history(other).made().first().target == "archived"
