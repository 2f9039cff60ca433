"""A newer version beside a released one: which is shown, which can be released, whose mails stop, who may check it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from park.accounts.models import User
from park.notices import delivery
from park.notices.models import Delivery, Notice
from park.workflow.actions import GuardFailed, SecondPersonNeeded, Stale
from services.policies import actions, amending, matching, new_fits, reach
from services.policies.models import Policy, PolicyVersion
from services.policies.states import State
from tests.factories.facts import know, make_company, make_owner
from tests.factories.policies import (
    criterion,
    make_draft,
    make_manager,
    make_reviewer,
    make_version,
    release,
    rule,
    staff_at_least,
)

pytestmark = pytest.mark.django_db
REVENUE = "enterprise.revenue_cny"


def shown() -> PolicyVersion:
    return Policy.objects.get(slug="grant").current


# --- Which version is shown -------------------------------------------------------------------------------------------
def test_an_approved_amendment_is_shown_from_its_release_on_and_found_by_its_words_then():
    first = make_version(slug="grant", title_en="Grant of old")
    matching.run_release(release(first).pk)

    second = make_version(slug="grant", title_en="Grant of new")
    assert shown() == first and first in matching.released_and_running()

    matching.run_release(release(second).pk)
    assert shown() == second and list(matching.released_and_running()) == [second]


def test_an_unwanted_amendment_that_is_closed_leaves_the_released_version_shown():
    first = make_version(slug="grant")
    release(first)
    second = make_version(slug="grant")

    actions.close(version=second, by=second.author)

    assert shown() == first and Policy.objects.running().filter(slug="grant").exists()


def test_staff_look_whom_the_amendment_would_reach_and_not_the_version_shown(client):
    release(make_version(slug="grant"))
    second = make_version(slug="grant")
    client.force_login(make_manager())

    answer = client.get(f"/admin/policies/policy/{second.policy_id}/reach/")

    assert answer.status_code == 302 and answer["Location"].endswith(f"/{second.pk}/reach/")


# --- Which version can be released ------------------------------------------------------------------------------------
def test_an_older_version_is_never_released_over_a_newer_one():
    older, manager = make_version(slug="grant"), make_manager()
    set_for = make_version(slug="grant")
    at = timezone.now() + dt.timedelta(hours=3)
    actions.schedule(
        version=set_for, by=manager, previewed=actions.preview(version=set_for, by=manager), at=at
    )
    release(make_version(slug="grant"))

    set_for.refresh_from_db()
    assert (set_for.state, set_for.scheduled_for) == (State.APPROVED, None)
    with pytest.raises(GuardFailed, match="Version 3 was released"):
        release(older, manager)
    with pytest.raises(GuardFailed, match="Version 3 was released"):
        seen = actions.preview(version=set_for, by=manager)
        actions.schedule(version=set_for, by=manager, previewed=seen, at=at)
    with pytest.raises(IntegrityError, match="newer version"), transaction.atomic():
        PolicyVersion.objects.filter(number=3).update(state=State.AMENDED)
        PolicyVersion.objects.filter(pk=older.pk).update(state=State.RELEASED, released_at=timezone.now())


# --- The mails of a release that amends -------------------------------------------------------------------------------
@pytest.fixture
def told(monkeypatch):
    """A grant amended so that one of two companies lost it, and one has a claim under way."""
    companies = [make_company(), make_company()]
    for company, revenue in zip(companies, (1_000_000, 2_000_000), strict=True):
        know(company, {REVENUE: revenue})
    stays, loses = (make_owner(company) for company in companies)
    monkeypatch.setattr(amending, "_claimants", [lambda version: User.objects.filter(pk=loses.pk)])
    matching.run_release(release(make_version(slug="grant", rule=rule(criterion(REVENUE, "gte", 1)))).pk)
    Delivery.objects.update(state="sent", sent_at=timezone.now())
    made = release(make_version(slug="grant", rule=rule(criterion(REVENUE, "lte", 1_500_000))))
    matching.run_release(made.pk)
    made.refresh_from_db()
    return made, stays, loses


def test_a_stopped_release_stops_what_it_told_those_who_lost_as_well(told, mailoutbox):
    made, _stays, _loses = told
    counts = {str(label): count for label, count in reach.ledger(made.version) if count}
    assert (made.told, counts) == (2, {"Told in the portal": 3, "Mails waiting": 3})

    assert actions.pause_release(release=made, by=make_manager(), reason="a wrong amount") == 3
    delivery.run_lease()
    assert mailoutbox == []

    assert actions.resume_release(release=made, by=make_manager()) == 3
    delivery.run_lease()
    assert len(mailoutbox) == 3


def test_a_withdrawn_amendment_mails_nothing_more_and_tells_everybody_it_had_told(told, mailoutbox):
    made, stays, loses = told
    later = make_owner(make_company())
    Notice.objects.create(recipient=later, kind=new_fits.NEW_FIT, subject_id=made.version_id, version=7)

    actions.withdraw(version=made.version, by=make_manager(), note="It was never issued.")
    delivery.run_lease()

    assert {mail.subject.partition(":")[0] for mail in mailoutbox} == {"Taken back"}
    assert {address for mail in mailoutbox for address in mail.to} == {stays.email, loses.email, later.email}


def test_a_mail_to_who_lost_that_a_worker_held_is_not_sent_once_the_version_is_gone(told, mailoutbox):
    made, _stays, _loses = told
    PolicyVersion.objects.filter(pk=made.version_id).update(state=State.WITHDRAWN)

    delivery.run_lease()

    assert mailoutbox == []


# --- Four eyes on the text --------------------------------------------------------------------------------------------
def test_who_rewrote_a_version_that_another_sends_neither_approves_nor_releases_it():
    first, second = make_reviewer(), make_reviewer()
    version = make_draft(by=first)
    actions.send_for_review(version=version, by=first)
    actions.return_for_changes(version=version, by=second, note="I shall write it myself.")
    version = actions.revise(version=version, wording={"rule": rule(staff_at_least(3))}, by=second)
    actions.send_for_review(version=version, by=first)

    with pytest.raises(SecondPersonNeeded, match="you wrote some of"):
        actions.approve(version=version, by=second)

    actions.approve(version=version, by=make_reviewer())
    manager = make_manager()
    version.writers.add(manager)
    with pytest.raises(SecondPersonNeeded):
        release(version, manager)
    with pytest.raises(SecondPersonNeeded):
        actions.schedule(
            version=version, by=manager, previewed=actions.preview(version=version, by=manager),
            at=timezone.now() + dt.timedelta(days=1),
        )  # fmt: skip


def test_a_page_that_was_read_as_no_number_is_stale_and_no_fault():
    version, manager = make_version(), make_manager()
    with pytest.raises(Stale):
        actions.close(version=version, by=version.author, lock="abc")
    with pytest.raises(Stale):
        actions.release(version=version, by=manager, previewed=actions.preview(version=version, by=manager), lock="abc")
