"""A release that is stopped, goes on, or is taken back; and what staff do with mails that did not go."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from park.notices import actions as outbox
from park.notices import delivery, digests
from park.notices.models import Delivery, MailLimit, Notice, OutboxAct, Pause
from park.workflow.actions import MoveRefused
from services.policies import actions, matching, reach
from tests.factories.accounts import make_staff, make_user
from tests.factories.facts import know, make_company, make_owner
from tests.factories.policies import MANAGER, make_officer, make_version, release, rule, staff_at_least

pytestmark = pytest.mark.django_db


def a_company() -> None:
    tenant = make_company()
    know(tenant, {"enterprise.headcount": 12})
    make_owner(tenant)


@pytest.fixture
def made():
    """A release that told three people, whose mails wait."""
    for _ in range(3):
        a_company()
    made = release(make_version(rule=rule(staff_at_least(10))))
    matching.run_release(made.pk)
    return made


@pytest.fixture
def manager():
    return make_staff(*MANAGER)


def counted(made) -> dict:
    return {str(label): count for label, count in reach.ledger(made.version) if count}


def test_a_paused_release_sends_nothing_also_to_those_told_meanwhile_and_then_goes_on(made, manager, mailoutbox):
    assert actions.pause_release(release=made, by=manager, reason="a wrong amount") == 3
    a_company()
    matching.run_release(made.pk)

    delivery.run_lease(), digests.gather()
    assert mailoutbox == []
    assert counted(made) == {"Told in the portal": 4, "Mails paused": 4}

    assert actions.resume_release(release=made, by=manager) == 4
    delivery.run_lease()
    assert len(mailoutbox) == 4
    assert counted(made) == {"Told in the portal": 4, "Mails sent": 4}
    assert list(OutboxAct.objects.order_by("pk").values_list("act", "deliveries", "by")) == [
        ("paused", 3, manager.pk), ("resumed", 4, manager.pk),
    ]  # fmt: skip


def test_what_a_worker_holds_when_a_release_is_paused_goes_back_without_a_try(made, manager, mailoutbox):
    claimed = delivery.claim("w1")
    actions.pause_release(release=made, by=manager, reason="a wrong amount")

    delivery.Lease("w1", claimed).work()

    assert mailoutbox == []
    assert set(Delivery.objects.values_list("state", "tries")) == {("pending", 0)}


def test_a_pause_costs_as_much_for_many_as_for_few(made, manager):
    assert manager.has_perm("policies.release_policy")  # known from here on
    with CaptureQueriesContext(connection) as few:
        actions.pause_release(release=made, by=manager, reason="wait")
    actions.resume_release(release=made, by=manager)
    for _ in range(4):
        a_company()
    matching.run_release(made.pk)

    with CaptureQueriesContext(connection) as many:
        assert actions.pause_release(release=made, by=manager, reason="wait") == 7

    assert len(many) == len(few)


def test_a_policy_taken_back_mails_nobody_who_was_not_mailed_yet(made, manager, mailoutbox):
    actions.pause_release(release=made, by=manager, reason="a wrong amount")

    actions.withdraw(version=made.version, by=manager, note="It was never issued.")
    delivery.run_lease()

    assert [mail.subject.partition(":")[0] for mail in mailoutbox] == ["Taken back"] * 3
    assert counted(made) == {"Told in the portal": 3, "Mails cancelled": 3}
    assert not Pause.objects.filter(ended_at=None).exists()
    with pytest.raises(MoveRefused, match="was withdrawn"):
        actions.resume_release(release=made, by=manager)


def test_only_a_manager_with_a_reason_stops_a_release(made, manager):
    with pytest.raises(MoveRefused, match="Only managers"):
        actions.pause_release(release=made, by=make_officer(), reason="no")
    with pytest.raises(MoveRefused, match="Say why"):
        actions.pause_release(release=made, by=manager, reason=" ")
    assert not Pause.objects.exists()


def test_the_table_refuses_a_second_pause_and_a_paused_mail_that_was_sent(made, manager):
    actions.pause_release(release=made, by=manager, reason="wait")

    pause = Pause.objects.get()
    with pytest.raises(IntegrityError, match="a_release_is_paused_once"), transaction.atomic():
        Pause.objects.create(kind=pause.kind, subject_id=pause.subject_id, by=manager, reason="again")
    with pytest.raises(IntegrityError, match="only_what_waits_is_paused"), transaction.atomic():
        Delivery.objects.update(state="dead")


def test_the_page_of_a_release_counts_its_mails_and_stops_them(client, made, manager):
    client.force_login(manager)
    case = reverse("admin:policies_release_change", args=[made.pk])

    assert "Pause the mails" in client.get(case).content.decode()
    client.post(reverse("admin:policies_release_pause", args=[made.pk]), {"note": "a wrong amount"})

    page = client.get(case).content.decode()
    assert "Let the mails go on" in page and "a wrong amount" in page and "Mails paused" in page
    assert client.get(reverse("admin:policies_release_ledger", args=[made.pk])).status_code == 200
    client.post(reverse("admin:policies_release_resume", args=[made.pk]))
    assert counted(made)["Mails waiting"] == 3

    client.force_login(make_staff("policies.view_release"))
    assert "Pause the mails" not in client.get(case).content.decode()
    assert client.post(reverse("admin:policies_release_pause", args=[made.pk]), {"note": "x"}).status_code == 403


def test_a_dead_letter_is_sent_again_or_cancelled_and_who_did_it_is_kept(client, made):
    again, never, _rest = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk__in=[again.pk, never.pk]).update(state="dead", last_error="451 busy")
    staff = make_staff("notices.view_delivery", "notices.change_delivery")
    client.force_login(staff)

    listed = client.get(reverse("admin:notices_delivery_changelist"), {"trouble": "1"})
    assert listed.context["cl"].result_count == 2
    client.get(reverse("admin:notices_delivery_send_this_again", args=[again.pk]))
    assert Delivery.objects.get(pk=again.pk).state == "dead"  # looking changes nothing
    client.post(reverse("admin:notices_delivery_send_this_again", args=[again.pk]))
    client.post(reverse("admin:notices_delivery_never_send_this", args=[never.pk]))

    assert Delivery.objects.get(pk=again.pk).state == "pending"
    assert Delivery.objects.get(pk=never.pk).state == "cancelled"
    assert set(OutboxAct.objects.values_list("act", "deliveries", "by")) == {
        ("retried", 1, staff.pk), ("cancelled", 1, staff.pk),
    }  # fmt: skip


def test_staff_choose_how_many_mails_a_person_gets_in_a_day(client):
    client.force_login(make_staff("notices.view_maillimit", "notices.change_maillimit"))
    reader = make_user()

    answer = client.post(reverse("admin:notices_maillimit_add"), {"a_day": "500"})
    assert "Choose between 1 and 100" in answer.content.decode()
    client.post(reverse("admin:notices_maillimit_add"), {"a_day": "1"})
    client.post(reverse("admin:notices_maillimit_change", args=[1]), {"a_day": "2"})

    for subject in range(4):
        outbox.tell_set(matching.KIND, recipients=type(reader).objects.filter(pk=reader.pk), subject_id=subject)
    assert MailLimit.objects.get().a_day == 2
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["pending"] * 2 + ["held"] * 2
    assert Notice.objects.count() == 4
