"""Endpoints are told once what they asked for, signed, again and again until they answer; others are told nothing."""

import datetime as dt
import hashlib
import hmac
import json

import pytest
import time_machine
from celery import current_app
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from park.accounts import limits
from park.organisations.models import Role
from park.runtime import up
from park.webhooks import actions, delivery, kinds
from park.webhooks.models import Endpoint, EndpointAct, Event, Sending
from tests.factories.accounts import PASSWORD, make_staff
from tests.factories.organisations import make_membership, make_organisation
from tests.factories.webhooks import SECRET, make_endpoint
from tests.webhook_server import WebhookServer

pytestmark = pytest.mark.django_db
KIND, PRIVATE = "policy.released", "verdict.new"


@pytest.fixture
def server(settings):
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with WebhookServer() as server:
        yield server


def tell(key="1", **data) -> int:
    return actions.emit(kind=KIND, key=key, data={"title": "补贴"} | data)


def run(times=1) -> None:
    for _ in range(times):
        delivery.run_lease()


def later() -> None:
    Sending.objects.filter(state="pending").update(due_at=timezone.now())


def states() -> list[tuple]:
    return list(Sending.objects.order_by("pk").values_list("state", "tries"))


def test_an_endpoint_is_told_once_with_a_signature_it_can_check(server):
    make_endpoint(server.url)

    assert (tell(), tell()) == (1, 0)
    run(2)

    (received,) = server.requests
    sending = Sending.objects.get()
    assert json.loads(received.body) == {
        "id": str(sending.number), "event": KIND, "at": sending.event.at.isoformat(), "data": {"title": "补贴"},
    }  # fmt: skip
    signed = received.headers["X-Timestamp"].encode() + b"." + received.body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert received.headers["X-Signature"] == f"sha256={expected}"
    assert received.headers["X-Delivery-Id"] == str(sending.number)
    assert (sending.state, sending.last_status, sending.tries) == ("sent", 200, 1)


def test_only_who_asked_is_told_and_what_is_private_goes_to_whom_it_is_about():
    public = make_endpoint(events=[KIND])
    private, other = make_endpoint(events=[PRIVATE]), make_endpoint(events=[PRIVATE])
    make_endpoint(events=[KIND], stopped_at=timezone.now(), stopped="owner")

    tell()
    actions.emit(kind=PRIVATE, key="1", data={}, about=private.organisation)

    assert set(Sending.objects.values_list("endpoint", flat=True)) == {public.pk, private.pk}
    assert not other.sendings.exists()
    with pytest.raises(ValueError, match="has to say whom"):
        actions.emit(kind=PRIVATE, key="2", data={})


def test_what_does_not_arrive_is_tried_eight_times_under_one_number_and_then_listed(server):
    make_endpoint(server.url)
    server.answers = [503, 429, 404, 302, 500]
    tell()
    waits = []
    for _ in range(delivery.TRIES):
        later()
        before = timezone.now()
        run()
        waits.append(Sending.objects.get().due_at - before)

    assert states() == [("dead", 8)]
    assert len({each.headers["X-Delivery-Id"] for each in server.requests}) == 1
    assert waits[0] < waits[2] < waits[4] < waits[6]
    assert len(server.requests) == 8
    assert Sending.objects.get().last_error == "answered 500"


@pytest.mark.parametrize(
    ("status", "said", "waits", "requests"),
    [
        (429, "7200", dt.timedelta(hours=2), 1),  # the other delivery is not even tried
        (503, "Thu, 26 Nov 2026 12:00:00 GMT", dt.timedelta(hours=4), 1),
        (429, "9999999", dt.timedelta(days=1), 1),  # a day at the most
        (429, "3", dt.timedelta(minutes=1), 1),  # never sooner than it would be anyway
        (503, "Wed, 25 Nov 2026 12:00:00 GMT", dt.timedelta(minutes=1), 2),
        (429, "soon", dt.timedelta(minutes=1), 2),
        (500, "7200", dt.timedelta(minutes=1), 2),
    ],
)
@time_machine.travel("2026-11-26T08:00:00Z", tick=False)
def test_a_busy_server_says_when_to_come_again_and_nothing_is_sent_before(server, status, said, waits, requests):
    make_endpoint(server.url)
    server.answers, server.headers = [status], {"Retry-After": said}
    tell("1"), tell("2")

    run()

    due = [each.due_at - timezone.now() for each in Sending.objects.order_by("-tries", "pk")]
    assert len(server.requests) == sum(Sending.objects.values_list("tries", flat=True)) == requests
    assert waits * 0.9 <= due[0] <= waits * 1.2
    assert due[1] == due[0] or waits < dt.timedelta(minutes=2)


def test_what_happens_while_a_server_wants_to_be_left_alone_waits_too(server):
    make_endpoint(server.url)
    server.answers, server.headers = [503], {"Retry-After": "3600"}
    tell("1")
    run()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        tell("2")
        Sending.objects.update(due_at=timezone.now())  # as after "Send again"
        run()
        assert len(server.requests) == 1

    server.answers = [200]
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=61)):
        run()
    assert len(server.requests) == 3


def test_an_address_that_is_gone_is_told_nothing_more(server):
    endpoint = make_endpoint(server.url)
    server.answers = [410]
    tell("1")
    delivery.work(delivery.claim("w")[:1], "w")
    assert tell("2") == 0

    endpoint.refresh_from_db()
    assert endpoint.stopped == "gone"
    assert states() == [("failed", 1)]


def test_what_was_stopped_after_it_was_claimed_is_not_sent(server):
    endpoint = make_endpoint(server.url)
    tell()
    claimed = delivery.claim("w")
    actions.stop(endpoint=endpoint, by=endpoint.owner)

    delivery.work(claimed, "w")

    assert server.requests == []
    assert states() == [("cancelled", 1)]


def test_a_private_address_is_refused_when_it_is_sent_to(settings):
    settings.OUTBOUND_ALLOWED_NETWORKS = []
    make_endpoint("http://127.0.0.1:9/hook")
    tell()
    run()

    assert states() == [("failed", 1)]
    assert "not a public address" in Sending.objects.get().last_error


def test_each_endpoint_has_its_share_and_a_slow_one_holds_one_worker(server):
    slow, quick = make_endpoint(server.url + "/slow"), make_endpoint(server.url + "/quick")
    for nth in range(delivery.SHARE + 2):
        tell(str(nth))

    first, second, third = (delivery.claim(token) for token in ("a", "b", "c"))

    assert {each.endpoint for each in first} == {slow} and len(first) == delivery.SHARE
    assert {each.endpoint for each in second} == {quick}
    assert third == []  # both are being served
    delivery.work(second, "b")
    assert {each.endpoint for each in delivery.claim("d")} == {quick}


def test_what_a_dead_worker_held_goes_again_under_the_same_number(server):
    make_endpoint(server.url)
    tell()
    delivery.claim("dies")
    run()
    assert server.requests == []

    with time_machine.travel(timezone.now() + delivery.LEASE_FOR * 2):
        run()
    assert states() == [("sent", 2)]


def test_two_secrets_sign_while_one_takes_over(server):
    endpoint = make_endpoint(server.url)
    new = actions.rotate(endpoint=endpoint, by=endpoint.owner)
    tell("1")
    run()

    (received,) = server.requests
    moment = received.headers["X-Timestamp"]
    assert received.headers["X-Signature"] == ",".join(
        delivery.sign(secret, moment, received.body) for secret in (new, SECRET)
    )
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25)):
        tell("2")
        run()
    assert "," not in server.requests[1].headers["X-Signature"]


def test_a_secret_is_nowhere_in_the_database_as_it_is():
    membership = make_membership()
    endpoint, secret = actions.make(
        organisation=membership.organisation, url="https://hooks.company.example/", events=[KIND], by=membership.user
    )

    stored = Endpoint.objects.values_list("secret", "old_secret").get(pk=endpoint.pk)
    assert secret.startswith("whsec_")
    assert all(secret not in each for each in stored)
    assert not any(
        name in {"secret", "old_secret"} for name in (field.name for field in endpoint.history.model._meta.fields)
    )


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://hooks.company.example/", "https://"),
        ("https://user:x@hooks.company.example/", "names or passwords"),
        ("nonsense", "only http"),
        ("https://told.company.example/", "told already"),
    ],
)
def test_an_address_that_will_not_do_is_refused_with_a_sentence(url, says):
    endpoint = make_endpoint("https://told.company.example/")

    with pytest.raises(actions.CannotDo, match=says):
        actions.make(organisation=endpoint.organisation, url=url, events=[KIND], by=endpoint.owner)


def test_an_organisation_has_five_addresses_at_the_most():
    membership = make_membership()
    for nth in range(Endpoint.MOST):
        make_endpoint(f"https://h{nth}.company.example/", membership=membership)

    with pytest.raises(actions.CannotDo, match="Stop one first"):
        actions.make(organisation=membership.organisation, url="https://x.example/", events=[KIND], by=membership.user)


def test_the_tables_refuse_what_must_never_be():
    endpoint = make_endpoint()
    tell()
    sending = Sending.objects.get()

    for refused in (
        lambda: Sending.objects.create(endpoint=endpoint, event=sending.event),
        lambda: Event.objects.create(kind=KIND, key="1", data={}),
        lambda: Sending.objects.update(state="sending"),
        lambda: Sending.objects.update(state="sent"),
        lambda: Endpoint.objects.update(stopped="gone"),
        lambda: Endpoint.objects.update(events=[]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()


# --- Pages ------------------------------------------------------------------------------------------------------------
def sign_in(client, user) -> None:
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def test_an_owner_makes_an_endpoint_and_sees_its_secret_once(client):
    membership = make_membership()
    sign_in(client, membership.user)
    slug = membership.organisation.slug
    assert client.get(reverse("webhooks:organisations")).url == reverse("webhooks:endpoints", args=[slug])

    made = client.post(
        reverse("webhooks:make", args=[slug]), {"url": "https://hooks.company.example/", "events": [KIND]}
    ).content.decode()
    page = client.get(reverse("webhooks:endpoints", args=[slug])).content.decode()

    assert "whsec_" in made and "whsec_" not in page
    assert "https://hooks.company.example/" in page
    bad = client.post(reverse("webhooks:make", args=[slug]), {"url": "http://10.0.0.1/", "events": []})
    assert bad.status_code == 422


def test_owner_and_staff_send_again_what_did_not_arrive(client, server):
    endpoint = make_endpoint(server.url)
    tell("1"), tell("2")
    Sending.objects.update(state="dead", tries=8)
    first, second = Sending.objects.order_by("pk")
    sign_in(client, endpoint.owner)

    page = client.get(reverse("webhooks:endpoints", args=[endpoint.organisation.slug]), {"show": "dead"})
    assert len(page.context["rows"]) == 2
    client.post(reverse("webhooks:replay", args=[endpoint.pk]), {"sending": first.pk})
    client.force_login(make_staff("webhooks.view_sending", "webhooks.change_sending"))
    listed = reverse("admin:webhooks_sending_changelist")
    client.post(listed, {"action": "send_again", "_selected_action": [second.pk]})
    run()

    assert states() == [("sent", 1), ("sent", 1)]
    assert list(EndpointAct.objects.order_by("pk").values_list("act", "deliveries")) == [("replayed", 1)] * 2
    client.post(listed, {"action": "never_send", "_selected_action": [second.pk]})
    assert states()[1][0] == "sent"  # what arrived cannot be cancelled


def test_a_test_and_a_stop_from_the_page(client, server):
    endpoint = make_endpoint(server.url)
    sign_in(client, endpoint.owner)

    client.post(reverse("webhooks:test", args=[endpoint.pk]))
    run()
    assert json.loads(server.requests[0].body)["event"] == kinds.TEST
    assert "whsec_" in client.post(reverse("webhooks:rotate", args=[endpoint.pk])).content.decode()
    client.post(reverse("webhooks:stop", args=[endpoint.pk]))
    again = client.post(reverse("webhooks:test", args=[endpoint.pk]), follow=True)

    assert Endpoint.objects.get().stopped == "owner"
    assert "This address was stopped" in again.content.decode()


def test_tests_and_sendings_again_of_a_person_are_limited_within_an_hour(client, monkeypatch):
    monkeypatch.setitem(limits.PERSONAL, "webhook", 1)
    endpoint = make_endpoint()
    tell()
    Sending.objects.update(state="dead", tries=8)
    sign_in(client, endpoint.owner)

    client.post(reverse("webhooks:test", args=[endpoint.pk]))
    for act in ("test", "replay"):
        page = client.post(reverse(f"webhooks:{act}", args=[endpoint.pk]), follow=True)
        assert "You sent a lot within this hour. Try again in" in page.content.decode()

    assert sorted(Sending.objects.values_list("state", flat=True)) == ["dead", "pending"]


def test_slow_servers_of_others_hold_no_worker_that_the_park_waits_for():
    queue = current_app.amqp.router.route({}, "park.webhooks.tasks.deliver")["queue"].name

    assert queue == up.ABROAD and queue not in up.QUEUES.split(",")


@pytest.mark.parametrize(
    "stranger",
    [
        lambda organisation: make_membership(),
        lambda organisation: make_membership(organisation=organisation, role=Role.MEMBER),
        lambda organisation: make_membership(organisation=make_organisation(kind="institution")),
    ],
    ids=["another owner", "a plain member", "an institution's owner"],
)
def test_webhooks_of_others_do_not_exist(client, stranger):
    endpoint = make_endpoint()
    tell()
    sign_in(client, stranger(endpoint.organisation).user)

    assert client.get(reverse("webhooks:endpoints", args=[endpoint.organisation.slug])).status_code == 404
    for name in ("rotate", "test", "stop", "replay"):
        assert client.post(reverse(f"webhooks:{name}", args=[endpoint.pk])).status_code == 404


def test_many_deliveries_cost_the_questions_of_one(client, django_assert_max_num_queries):
    endpoint = make_endpoint()
    for nth in range(12):
        tell(str(nth))
    sign_in(client, endpoint.owner)

    with django_assert_max_num_queries(14):
        client.get(reverse("webhooks:endpoints", args=[endpoint.organisation.slug]))
