"""Who acts for whom, from when until when."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from park.organisations import access, actions
from park.organisations.models import Membership, Organisation, Role
from tests.factories.accounts import make_staff, make_user
from tests.factories.organisations import make_membership, make_organisation

pytestmark = pytest.mark.django_db


def test_an_owner_lets_a_person_act_for_the_company():
    owner, person = make_membership(), make_user()

    actions.join(organisation=owner.organisation, user=person, by=owner.user)

    assert access.may_act_for(person, owner.organisation)
    assert list(Organisation.objects.acting_for(person)) == [owner.organisation]


def test_nobody_joins_twice():
    held = make_membership()

    with pytest.raises(actions.AlreadyMember):
        actions.join(organisation=held.organisation, user=held.user, by=held.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_membership(organisation=held.organisation, user=held.user)


@pytest.mark.parametrize(
    ("by", "role", "allowed"),
    [
        (Role.OWNER, Role.OWNER, True), (Role.OWNER, Role.MEMBER, True), (Role.MANAGER, Role.MEMBER, True),
        (Role.MANAGER, Role.OWNER, False), (Role.FINANCE, Role.MEMBER, False), (Role.MEMBER, Role.MEMBER, False),
    ],
)
def test_managers_look_after_members_and_owners_after_owners(by, role, allowed):
    organisation = make_organisation()
    officer = make_membership(organisation=organisation, role=by).user

    try:
        actions.join(organisation=organisation, user=make_user(), role=role, by=officer)
    except actions.NotAllowed:
        assert not allowed
    else:
        assert allowed


def test_a_stranger_and_the_owner_of_another_company_say_nothing_here():
    organisation = make_organisation()

    for stranger in (make_user(), make_membership().user, make_staff()):
        with pytest.raises(actions.NotAllowed):
            actions.join(organisation=organisation, user=make_user(), by=stranger)


def test_the_last_owner_cannot_leave():
    owner = make_membership()

    with pytest.raises(actions.LastOwner):
        actions.leave(membership=owner, by=owner.user)
    with pytest.raises(actions.LastOwner):
        actions.change_role(membership=owner, role=Role.MEMBER, by=owner.user)

    owner.refresh_from_db()
    assert (owner.ended_at, owner.role) == (None, Role.OWNER)


def test_an_owner_leaves_when_there_is_another_and_can_do_nothing_more():
    first = make_membership()
    make_membership(organisation=first.organisation)

    actions.leave(membership=first, by=first.user)

    assert not access.may_act_for(first.user, first.organisation)
    with pytest.raises(actions.NotAllowed):
        actions.join(organisation=first.organisation, user=make_user(), by=first.user)


def test_who_left_can_come_back_and_both_times_stay_on_record():
    owner, member = make_membership(), make_user()
    held = actions.join(organisation=owner.organisation, user=member, by=owner.user)
    actions.leave(membership=held, by=member)

    actions.join(organisation=owner.organisation, user=member, by=owner.user)

    assert Membership.objects.filter(user=member).count() == 2


def test_a_membership_ends_once():
    owner = make_membership()
    held = actions.join(organisation=owner.organisation, user=make_user(), by=owner.user)
    actions.leave(membership=held, by=owner.user)

    with pytest.raises(actions.NotMember):
        actions.leave(membership=held, by=owner.user)


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_at_the_same_moment_one_stays():
    first = make_membership()
    second = make_membership(organisation=first.organisation)
    outcome, together = [], threading.Barrier(2)

    def leave(held):
        together.wait()
        try:
            actions.leave(membership=held, by=held.user)
            outcome.append("left")
        except actions.LastOwner:
            outcome.append("stays")
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[held]) for held in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcome) == ["left", "stays"]


def switch(client, **data):
    return client.post(reverse("organisations:switch"), data)


def test_one_person_acts_for_one_of_several_companies_at_a_time(client, rf):
    user = make_user()
    first, second = make_membership(user=user).organisation, make_membership(user=user).organisation
    client.force_login(user)

    for organisation in (first, second):
        switch(client, organisation=organisation.slug, next="/")
        assert client.session["acting_for"] == organisation.pk
    switch(client, organisation="", next="/")

    assert "acting_for" not in client.session


def test_nobody_acts_for_a_company_that_is_not_theirs(client):
    held, foreign = make_membership(), make_organisation()
    client.force_login(held.user)

    assert switch(client, organisation=foreign.slug).status_code == 404
    assert "acting_for" not in client.session


def test_acting_for_a_company_ends_with_the_membership(client):
    held = make_membership(role=Role.MEMBER)
    client.force_login(held.user)
    switch(client, organisation=held.organisation.slug, next="/")
    assert client.get("/me/settings/").wsgi_request.acting_for == held

    actions.leave(membership=held, by=held.user)

    assert not client.get("/me/settings/").wsgi_request.acting_for


def test_what_one_does_for_a_company_says_so_in_the_history(client):
    held = make_membership()
    client.force_login(held.user)
    switch(client, organisation=held.organisation.slug, next="/")

    client.post("/me/settings/", {"name": "New", "name_zh": "", "language": "en", "time_zone": "UTC"})

    context = held.user.history.latest("pgh_id").pgh_context
    assert (context["user"], context["acting_for"], context["route"], bool(context["request"])) == (
        held.user.pk, held.organisation_id, "accounts:settings", True,
    )
