"""The entry rule: judged with unknown as an answer, kept with the act, never changed once it is in use."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from incubation.intake import actions, entry
from incubation.intake.models import Application, EntryRule, EntryVerdict
from park.workflow.actions import SecondPersonNeeded
from talents.profiles.models import Talent
from tests.factories.accounts import make_administrator, make_staff
from tests.factories.intake import make_application, make_officer
from tests.factories.profiles import make_stay

pytestmark = pytest.mark.django_db
RULE = {"version": 1, "fact": "talent.degree", "op": "eq", "value": "doctor"}


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    entry.sow()


def verdict(application: Application, **talent) -> str:
    Talent.objects.filter(pk=application.talent_id).update(**talent)
    return entry.judged(Application.objects.select_related("talent").get(pk=application.pk))[1].verdict


def test_a_degree_from_abroad_a_year_as_a_visitor_or_a_year_of_work_opens_the_door():
    application = make_application("screening")
    application.talent.stays.all().delete()

    assert verdict(application, degree="bachelor", degree_abroad=True) == "fits"
    assert verdict(application, degree="bachelor", degree_abroad=None) == "may_fit"  # nobody said; never no
    make_stay(application.talent, kind="work")
    assert verdict(application, degree="master", degree_abroad=False) == "fits"
    assert verdict(application, degree="bachelor", degree_abroad=False) != "fits"
    make_stay(application.talent, kind="visit")
    assert verdict(application, degree="bachelor", degree_abroad=False) == "fits"


def test_what_the_rule_said_is_kept_with_a_refusal_after_the_check():
    application = make_application("screening")
    Talent.objects.filter(pk=application.talent_id).update(degree="bachelor", degree_abroad=False)
    application = Application.objects.get(pk=application.pk)

    actions.reject(
        application=application, by=make_officer(), reason_code="not_returned", note="The degree is from Changchun."
    )

    kept = EntryVerdict.objects.get()
    decision = application.decisions.get()
    assert (kept.application, kept.rule.number) == (application, 1)
    assert kept.verdict != "fits"
    assert {each["state"] for each in kept.trace} >= {"met", "not_met"}
    assert (decision.reason_code, decision.criterion) == ("not_returned", "The degree is from Changchun.")
    for change in (kept.delete, lambda: EntryVerdict.objects.update(verdict="fits")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_case_shows_the_rule_criterion_by_criterion(client):
    application = make_application("screening")
    client.force_login(make_officer())

    page = client.get(f"/admin/intake/application/{application.pk}/change/")

    assert "Entry rule, version 1" in page.text
    assert page.context["entry"]["entries"]


def test_a_rule_in_use_is_never_changed_and_a_broken_one_is_refused(client):
    rule = EntryRule.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        EntryRule.objects.update(rule=RULE)
    client.force_login(make_administrator())

    broken = client.post(
        "/admin/intake/entryrule/add/", {"rule": '{"version": 1, "fact": "talent.shoes", "op": "is_true"}'}
    )
    read = client.post(f"/admin/intake/entryrule/{rule.pk}/change/", {"rule": "{}"})

    assert (broken.status_code, EntryRule.objects.count()) == (200, 1)
    assert read.status_code == 403


def test_a_second_person_puts_a_rule_in_use_in_the_place_of_the_old_one(client):
    author, second = make_staff("park-manager"), make_staff("park-manager")
    client.force_login(author)
    client.post("/admin/intake/entryrule/add/", {"rule": json.dumps(RULE), "source": "Minutes of May"})
    old, new = EntryRule.objects.order_by("number")
    address = f"/admin/intake/entryrule/{new.pk}/put-in-use/"

    assert client.post(address).status_code == 404
    with pytest.raises(SecondPersonNeeded):
        actions.put_in_use(rule=new, by=author)
    client.force_login(second)
    page = client.get(address).text
    assert "It takes the place of: Entry rule, version 1" in page and "doctor" in page.lower()
    assert client.post(address).status_code == 302

    old.refresh_from_db(), new.refresh_from_db()
    assert (EntryRule.objects.in_use(), new.author, new.put_in_use_by) == (new, author, second)
    assert old.retired_at == new.in_use_since


def test_the_database_has_one_rule_in_use_and_no_author_put_theirs_there():
    old, by, now = EntryRule.objects.get(), make_administrator(), timezone.now()
    new = actions.write_rule(rule=EntryRule(rule=RULE), by=by)
    rows = EntryRule.objects.filter(pk=new.pk)

    for forced in (
        lambda: rows.update(in_use_since=now, put_in_use_by=make_staff()),  # beside the old one
        lambda: rows.update(retired_at=now),
        lambda: (EntryRule.objects.filter(pk=old.pk).update(retired_at=now), connection.check_constraints()),
        lambda: (
            EntryRule.objects.filter(pk=old.pk).update(retired_at=now),
            rows.update(in_use_since=now, put_in_use_by=by),
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            forced()
