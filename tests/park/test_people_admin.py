"""The staff's desk for people, organisations and papers."""

import pytest
from django.urls import reverse

from park.accounts.models import User
from park.audit.history import history_of
from park.organisations.models import Membership, Role
from tests.factories.accounts import make_administrator, make_staff, make_user
from tests.factories.files import make_document
from tests.factories.organisations import make_membership, make_organisation

pytestmark = pytest.mark.django_db
PERSON = {"name": "Lanting Min", "name_zh": "", "language": "en", "time_zone": "Asia/Shanghai", "is_active": "on"}


@pytest.fixture
def administrator(client):
    administrator = make_administrator()
    client.force_login(administrator)
    return administrator


def change(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def test_an_administrator_adds_an_officer_who_then_sets_a_password(client, administrator):
    data = PERSON | {"email": "New.Officer@park.example", "duties": ["intake-officer"]}

    client.post(reverse("admin:accounts_user_add"), data)

    officer = User.objects.get(email="new.officer@park.example")
    assert (officer.is_staff, officer.has_perm("intake.screen_application"), officer.has_usable_password()) == (
        True, True, False,
    )
    assert officer.emailaddress_set.get().verified


def test_a_duty_is_given_and_taken_in_the_staff_area(client, administrator):
    officer = make_staff("intake-officer")

    client.post(change(officer), PERSON | {"duties": ["policy-officer"]})

    assert [group.name for group in officer.groups.all()] == ["policy-officer"]


def test_an_administrator_changes_no_rights_of_their_own(client, administrator):
    client.post(change(administrator), PERSON | {"duties": ["park-manager"], "is_active": ""})

    administrator.refresh_from_db()
    assert (administrator.groups.count(), administrator.is_active) == (0, True)


def test_nobody_is_made_superuser_in_the_staff_area(client, administrator):
    user = make_user()

    client.post(change(user), PERSON | {"is_superuser": "on", "is_staff": "on"})

    user.refresh_from_db()
    assert (user.is_superuser, user.is_staff) == (False, False)


def test_the_history_page_shows_what_the_database_kept(client, administrator):
    user = make_user(name="Before")
    client.post(change(user), PERSON | {"name": "After"})

    entry = history_of(user)[0]
    told = [(c.before, c.after) for c in entry.changes]
    answer = client.get(reverse("admin:accounts_user_history", args=[user.pk]))

    assert (entry.what, entry.who, told) == ("update", str(administrator), [("Before", "After")])
    assert answer.context["entries"] == history_of(user)


def test_the_list_of_people_costs_the_same_for_one_and_for_three(client, administrator, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_staff("intake-officer")
    url = reverse("admin:accounts_user_changelist")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    make_staff("policy-officer")
    make_staff("park-manager")
    with django_assert_num_queries(len(one)):
        client.get(url)


def test_an_administrator_sees_no_papers(client, administrator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_document()

    answer = client.get(reverse("admin:files_document_changelist"))

    assert list(answer.context["cl"].result_list) == []


def test_a_member_joins_in_the_staff_area_by_the_verb(client, administrator):
    organisation, person = make_organisation(), make_user()
    prefix = "memberships"

    client.post(reverse("admin:organisations_organisation_change", args=[organisation.pk]), {
        "kind": "enterprise", "name_en": "Helix", "name_zh_hans": "", "slug": organisation.slug,
        f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0", f"{prefix}-0-user": person.pk,
        f"{prefix}-0-role": "owner", f"{prefix}-0-organisation": organisation.pk,
    })

    assert [(held.user, held.role) for held in Membership.objects.filter(organisation=organisation)] == [
        (person, Role.OWNER)
    ]


def test_a_membership_is_ended_by_the_verb_and_the_last_owner_stays(client, administrator):
    owner = make_membership()
    member = make_membership(organisation=owner.organisation, role=Role.MEMBER)

    client.post(reverse("admin:organisations_membership_changelist"), {
        "action": "end", "_selected_action": [owner.pk, member.pk],
    })

    owner.refresh_from_db()
    member.refresh_from_db()
    assert (owner.ended_at, member.ended_at is None) == (None, False)


@pytest.mark.parametrize("model", ["audit_readlog", "audit_auditline", "accounts_letter", "auth_group"])
def test_what_is_only_read_can_be_opened_and_not_written(client, administrator, model):
    assert client.get(reverse(f"admin:{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:{model}_add")).status_code == 403
