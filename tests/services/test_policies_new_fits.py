"""Kept true: who comes to fit is told once and told why; what a date turns is found; "not for us" is honoured."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from incubation.facts import wide_row
from incubation.facts.models import Source
from park.notices import kinds, letters
from park.notices.models import Notice
from park.workflow.actions import MoveRefused
from services.policies import actions, matching, new_fits, telling
from services.policies.models import NewFit, PolicyVersion, SetAside, Verdict
from tests.factories.accounts import make_user
from tests.factories.facts import know, make_company, make_owner
from tests.factories.policies import criterion, make_manager, make_policy, make_version, release, rule, staff_at_least

pytestmark = pytest.mark.django_db
HEADCOUNT, REVENUE = "enterprise.headcount", "enterprise.revenue_cny"


@pytest.fixture
def tell(django_capture_on_commit_callbacks):
    def release_now(**fields):
        version = make_version(**fields)
        with django_capture_on_commit_callbacks(execute=True):
            release(version)
        matching.rejudge_changed()
        return version

    return release_now


def company(**known):
    tenant = make_company()
    know(tenant, known or {HEADCOUNT: 3, REVENUE: 5})
    tenant.owner = make_owner(tenant, user=make_user())
    return tenant


def told_newly() -> list[tuple[int, int]]:
    return list(Notice.objects.filter(kind=new_fits.NEW_FIT).values_list("recipient", "subject_id"))


def test_who_comes_to_fit_is_told_once_and_told_what_turned(tell):
    far = company()
    version = tell(rule=rule(staff_at_least(10), criterion(REVENUE, "gte", 1)))
    know(far, {HEADCOUNT: 12}, Source.REGISTER, as_of=timezone.localdate())

    matching.rejudge_changed()

    found = NewFit.objects.get()
    assert (found.version, found.tenant, found.turned, found.batch) == (version, far, 0b01, 1)
    assert told_newly() == [(far.owner.pk, version.pk)]
    with override("en"):
        [reason] = new_fits.reasons(found)
    assert reason.startswith("Staff of the company at least 10 people: 12 people (from a register, ")

    know(far, {HEADCOUNT: 2}, Source.REGISTER, as_of=timezone.localdate())
    matching.rejudge_changed()
    know(far, {HEADCOUNT: 20}, Source.REGISTER, as_of=timezone.localdate())
    matching.rejudge_changed()
    assert NewFit.objects.count() == Notice.objects.filter(kind=new_fits.NEW_FIT).count() == 1


def test_the_notice_says_in_both_languages_why(tell):
    far = company()
    tell(rule=rule(staff_at_least(10)))
    know(far, {HEADCOUNT: 12}, as_of=timezone.localdate())
    matching.rejudge_changed()
    notice = Notice.objects.get(kind=new_fits.NEW_FIT)
    key = kinds.Key(notice.recipient_id, notice.subject_id, notice.version)
    said = telling.load_each([key[1:]])[key[1:]] | telling.turned([key])[key]

    for language, words in (("en", "because of Staff of the company at least 10 people: 12 people"), ("zh-hans", "12")):
        assert words in letters.write(kinds.get(new_fits.NEW_FIT), said, language).body
    assert telling.still_fits([key]) == {key}
    actions.set_aside(policy=notice_policy(notice), tenant=far, by=far.owner, reason="have")
    assert telling.still_fits([key]) == set()


def notice_policy(notice):
    return PolicyVersion.objects.get(pk=notice.subject_id).policy


def test_who_fitted_at_the_release_is_not_told_again_and_who_no_longer_fits_is_not_written_to(tell):
    near = company(**{HEADCOUNT: 12})
    version = tell(rule=rule(staff_at_least(10)))
    before = Notice.objects.count()

    for headcount in (2, 14):
        know(near, {HEADCOUNT: headcount}, as_of=timezone.localdate())
        matching.rejudge_changed()

    assert Notice.objects.count() == before
    assert Verdict.objects.get(version=version, tenant=near).word == "fits"


def test_a_date_that_passes_is_found_by_the_nightly_question(tell):
    company(**{HEADCOUNT: 12})
    young = make_company(registered_on=timezone.localdate() - dt.timedelta(days=360))
    young.owner = make_owner(young)
    wide_row.refresh()
    version = tell(rule=rule(criterion("enterprise.age_days", "gte", 365)))
    assert told_newly() == []

    with time_machine.travel(timezone.now() + dt.timedelta(days=6)):
        matching.rejudge_all()

        assert told_newly() == [(young.owner.pk, version.pk)]
        assert NewFit.objects.get().turned == 1
        assert matching.rejudge_all() == 0


def test_a_policy_set_aside_tells_nobody_until_it_is_taken_up_again(tell):
    far = company()
    version = make_version(rule=rule(staff_at_least(10)))
    actions.set_aside(policy=version.policy, tenant=far, by=far.owner, reason="field")
    seen = actions.preview(version=version, by=make_manager())
    assert (seen.may_fit, seen.people) == ([far.pk], 0)
    other = make_policy()

    assert matching.people_reached(other.current) == 1
    assert actions.take_up_again(policy=version.policy, tenant=far, by=far.owner)
    assert matching.people_reached(version) == 1
    assert not actions.take_up_again(policy=version.policy, tenant=far, by=far.owner)


def test_who_speaks_for_the_tenant_sets_aside_and_nobody_else():
    tenant, policy = company(), make_policy()

    with pytest.raises(MoveRefused):
        actions.set_aside(policy=policy, tenant=tenant, by=make_user(), reason="field")
    with pytest.raises(MoveRefused):
        actions.set_aside(policy=policy, tenant=tenant, by=tenant.owner, reason="because")
    actions.set_aside(policy=policy, tenant=tenant, by=tenant.owner, reason="field")
    actions.set_aside(policy=policy, tenant=tenant, by=tenant.owner, reason="effort", note="Too long")

    assert list(SetAside.objects.values_list("reason", "note")) == [("effort", "Too long")]
    assert wide_row.row_of(tenant)
