"""Flags stay on record, threads are closed by default, absences do not overlap."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from enterprises.registry.models import Enterprise
from park.casework import access, actions
from park.casework.actions import MoveRefused
from park.casework.models import Absence, Flag, Message, Side, Visibility
from park.workflow.calendar import beijing_day
from tests.factories.accounts import make_administrator, make_staff, make_user
from tests.factories.casework import make_absence, make_flag, make_flagger
from tests.factories.profiles import make_talent

pytestmark = pytest.mark.django_db
TOMORROW = dt.timedelta(1)


def refused(act, **changes):
    """See that the database itself refuses this."""
    with pytest.raises(DatabaseError), transaction.atomic():
        act(**changes)


# --- Flags ------------------------------------------------------------------------------------------------------------
def test_a_flag_counts_until_its_day_is_over_or_somebody_lifts_it():
    today = beijing_day(timezone.now())
    lasting, short = make_flag(), make_flag(until=today)

    assert set(Flag.objects.live()) == {lasting, short}
    with time_machine.travel(timezone.now() + TOMORROW):
        assert list(Flag.objects.live()) == [lasting]
    actions.lift_flag(flag=lasting, because="The contract came.", by=make_flagger())
    assert list(Flag.objects.live()) == [short]


def test_what_a_flag_says_is_never_changed_and_never_deleted():
    flag = make_flag()
    rows = Flag.objects.filter(pk=flag.pk)

    refused(rows.update, reason="Nothing.")
    refused(rows.update, kind="money")
    refused(rows.delete)
    refused(rows.update, lifted_at=timezone.now())  # by nobody, for no reason
    actions.lift_flag(flag=flag, because="Settled.", by=make_flagger())
    refused(rows.update, lifted_at=None, lifted_by=None, lifted_because="")


def test_a_flag_is_put_up_and_lifted_by_officers_with_a_reason():
    talent, flag = make_talent(), make_flag()

    for act in (
        lambda: actions.raise_flag(record=talent, kind="care", reason="Why not", by=make_staff()),
        lambda: actions.raise_flag(record=talent, kind="care", reason="  ", by=make_flagger()),
        lambda: actions.raise_flag(
            record=talent, kind="care", reason="Late", by=make_flagger(),
            until=beijing_day(timezone.now()) - TOMORROW,
        ),
        lambda: actions.lift_flag(flag=flag, because="No", by=talent.user),
        lambda: actions.lift_flag(flag=flag, because=" ", by=make_flagger()),
    ):
        with pytest.raises(MoveRefused):
            act()

    assert list(Flag.objects.all()) == [flag]


def test_a_flag_is_put_up_and_lifted_on_the_page_of_the_person(client):
    talent, officer = make_talent(), make_flagger(name="Li Na")
    client.force_login(officer)
    page = reverse("admin:profiles_talent_change", args=[talent.pk])

    client.post(
        reverse("admin:profiles_talent_flag", args=[talent.pk]), {"kind": "identity", "reason": "Two passports."}
    )
    shown = client.get(page).text
    flag = Flag.objects.get()
    empty = client.post(reverse("admin:profiles_talent_lift", args=[talent.pk, flag.pk]), {"because": ""})
    client.post(reverse("admin:profiles_talent_lift", args=[talent.pk, flag.pk]), {"because": "One was old."})
    after = client.get(page)

    assert "Two passports." in shown
    assert empty.status_code == 422
    assert after.context["flags"] == []
    assert "lifted by Li Na" in after.text


def test_who_is_no_officer_sees_no_flag(client):
    talent = make_talent()
    make_flag(talent, reason="CANARY-FLAG")
    client.force_login(make_staff("profiles.view_talent"))

    page = client.get(reverse("admin:profiles_talent_change", args=[talent.pk]))

    assert "CANARY-FLAG" not in page.text
    assert client.get(reverse("admin:profiles_talent_flag", args=[talent.pk])).status_code == 403
    client.force_login(talent.user)
    assert "CANARY-FLAG" not in client.get(reverse("profiles:profile")).text


def test_companies_are_flagged_too(client):
    assert "flags/add" in reverse("admin:registry_enterprise_flag", args=[1])
    client.force_login(make_administrator())
    assert client.get(reverse("admin:registry_enterprise_flag", args=[1])).status_code == 404
    assert Enterprise.objects.count() == 0
    make_flag()
    assert client.get(reverse("admin:casework_flag_changelist")).status_code == 200


# --- Messages ---------------------------------------------------------------------------------------------------------
def test_the_threads_of_a_record_of_which_nobody_said_anything_are_shut():
    talent = make_talent()

    assert access.threads_of(make_administrator(), talent) == []
    with pytest.raises(MoveRefused):
        actions.write(
            record=talent, visibility=Visibility.STAFF, side=Side.PARK, text="Hello", by=make_administrator()
        )


def test_nobody_writes_as_an_applicant_into_a_thread_of_staff_and_nothing_written_is_changed():
    talent = make_talent()

    def say(**fields):
        standard = {"visibility": "staff", "side": "park", "text": "Hello", "author": talent.user}
        return Message.objects.create(record=talent, **standard | fields)

    refused(say, side="applicant")
    refused(say, side="applicant", visibility="reviewers")
    refused(say, side="reviewer", visibility="applicant")
    refused(say, side="reviewer")
    refused(say, text=" \n ")
    refused(say, visibility="world")
    message = say()
    refused(Message.objects.filter(pk=message.pk).update, visibility="applicant")
    refused(Message.objects.filter(pk=message.pk).delete)


# --- Absences ---------------------------------------------------------------------------------------------------------
def test_who_stands_in_does_so_from_the_first_day_to_the_last():
    absence = make_absence(days=2, begins=1)
    now = timezone.now()

    found = [access.is_substitute_of(absence.substitute, absence.officer_id)]
    for days in (1, 3, 4):
        with time_machine.travel(now + dt.timedelta(days)):
            found.append(access.is_substitute_of(absence.substitute, absence.officer_id))

    assert found == [False, True, True, False]


def test_absences_of_one_officer_never_overlap_and_nobody_stands_in_for_themselves():
    absence = make_absence()
    officer, other = absence.officer, make_staff()

    with pytest.raises(MoveRefused, match="already"):
        make_absence(officer, other, begins=5)
    with pytest.raises(MoveRefused, match="else"):
        make_absence(other, other)
    with pytest.raises(MoveRefused, match="away too"):
        make_absence(other, officer)
    with pytest.raises(MoveRefused, match="colleague"):
        make_absence(other, make_user())
    assert make_absence(officer, other, begins=6).first_day == absence.last_day + TOMORROW


def test_coming_back_early_ends_an_absence_and_cancels_one_to_come():
    officer, substitute = make_staff(), make_staff()
    running, coming = make_absence(officer, substitute), make_absence(officer, substitute, begins=20)
    with time_machine.travel(timezone.now() + dt.timedelta(2)):
        actions.come_back(absence=running, by=officer)
        actions.come_back(absence=coming, by=officer)

        assert access.away() == {}
        with pytest.raises(MoveRefused):
            actions.come_back(absence=coming, by=officer)
    with pytest.raises(MoveRefused):
        actions.come_back(absence=make_absence(officer, substitute, begins=40), by=make_staff())


def test_officers_enter_their_own_absence_on_a_page(client):
    officer, colleague = make_staff("casework.view_absence", "casework.add_absence"), make_staff()
    today = beijing_day(timezone.now())
    client.force_login(officer)
    url = reverse("admin:casework_absence_add")

    assert client.get(url).status_code == 200
    days = {"first_day": today.isoformat(), "last_day": today.isoformat()}
    wrong = client.post(url, {"officer": colleague.pk, "substitute": officer.pk, **days})
    client.post(url, {"officer": officer.pk, "substitute": colleague.pk, **days})

    absence = Absence.objects.get()
    assert wrong.status_code == 422
    assert absence.officer == officer
    client.post(f"/admin/casework/absence/{absence.pk}/come-back/")
    absence.refresh_from_db()
    assert absence.cancelled_at is not None
