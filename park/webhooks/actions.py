"""Endpoints made, renewed, tested and stopped; events told to them; deliveries sent again or cancelled."""

import datetime as dt
import secrets
import uuid
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg.types.json import Jsonb

from park.accounts import limits
from park.accounts.sealing import seal
from park.organisations.models import Organisation
from park.outbound import guard

from . import access, kinds, tasks
from .models import Endpoint, EndpointAct, Event, Sending, SendState

BOTH_COUNT = dt.timedelta(hours=24)  # old and new secret, while the other side changes over


class CannotDo(Exception):
    """An act that is refused; the message says why."""


@transaction.atomic
def make(*, organisation: Organisation, url: str, events: list[str], by) -> tuple[Endpoint, str]:
    """Make an endpoint. Returns it with its secret, which nobody sees again. Raises CannotDo."""
    if not access.may_manage(by, organisation):
        raise CannotDo(_("Only owners and managers of the organisation manage its webhooks."))
    _check(url)
    if not events or set(events) - {name for name, _label in kinds.offered()}:
        raise CannotDo(_("Choose what the address is told of."))
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    running = Endpoint.objects.running().filter(organisation=organisation)
    if running.filter(url=url).exists():
        raise CannotDo(_("This address is told already."))
    if running.count() >= Endpoint.MOST:
        raise CannotDo(_("You have %(most)s addresses. Stop one first.") % {"most": Endpoint.MOST})
    secret = _secret()
    endpoint = Endpoint.objects.create(
        organisation=organisation, url=url, events=sorted(set(events)), secret=seal(secret), made_by=by
    )
    _write_down(endpoint, EndpointAct.Act.MADE, by)
    return endpoint, secret


@transaction.atomic
def rotate(*, endpoint: Endpoint, by) -> str:
    """Give an endpoint a new secret, shown this once. For a day both sign. Raises CannotDo."""
    endpoint = _lock(endpoint, by)
    secret = _secret()
    endpoint.old_secret, endpoint.old_until = endpoint.secret, timezone.now() + BOTH_COUNT
    endpoint.secret = seal(secret)
    endpoint.save(update_fields=["secret", "old_secret", "old_until"])
    _write_down(endpoint, EndpointAct.Act.ROTATED, by)
    return secret


@transaction.atomic
def stop(*, endpoint: Endpoint, by) -> int:
    """Tell an address nothing more; what waits for it never goes. Returns how much that was. Raises CannotDo."""
    staff = by.has_perm("webhooks.change_endpoint")
    endpoint = _lock(endpoint, by, staff=staff)
    owner = access.may_manage(by, endpoint.organisation)
    endpoint.stopped_at = timezone.now()
    endpoint.stopped = Endpoint.Stopped.OWNER if owner else Endpoint.Stopped.STAFF
    endpoint.save(update_fields=["stopped_at", "stopped"])
    waiting = Sending.objects.unsent().filter(endpoint=endpoint)
    count = waiting.update(state=SendState.CANCELLED, last_error="the endpoint was stopped")
    _write_down(endpoint, EndpointAct.Act.STOPPED, by, count)
    return count


@transaction.atomic
def test(*, endpoint: Endpoint, by) -> Sending:
    """Send an endpoint something to try itself on. Raises CannotDo."""
    endpoint = _lock(endpoint, by)
    _spend(by)
    event = Event.objects.create(
        kind=kinds.TEST, key=uuid.uuid4().hex, organisation=endpoint.organisation, data={"hello": str(endpoint.pk)}
    )
    sending = Sending.objects.create(endpoint=endpoint, event=event)
    _write_down(endpoint, EndpointAct.Act.TESTED, by, 1)
    transaction.on_commit(tasks.nudge, robust=True)
    return sending


@transaction.atomic
def replay(*, sendings, by) -> int:
    """Send again, under the same number and with all tries before it: what failed, was given up, or arrived already.

    Deliveries that are not this person's to send, or whose endpoint was stopped, stay as they are. Raises CannotDo.
    """
    if not by.has_perm("webhooks.change_sending"):  # staff answer for many organisations
        _spend(by)
    ended = [SendState.SENT, SendState.FAILED, SendState.DEAD]
    chosen = _resendable(sendings.filter(state__in=ended, endpoint__stopped_at=None), by)
    count = Sending.objects.filter(pk__in=[each.pk for each in chosen]).update(
        state=SendState.PENDING, due_at=timezone.now(), tries=0, sent_at=None, lease_until=None
    )
    _write_down_each(chosen, EndpointAct.Act.REPLAYED, by)
    if count:
        transaction.on_commit(tasks.nudge, robust=True)
    return count


@transaction.atomic
def cancel(*, sendings, by) -> int:
    """Never send what waits, failed or was given up. Returns how many."""
    open_ones = [SendState.PENDING, SendState.FAILED, SendState.DEAD]
    chosen = _resendable(sendings.filter(state__in=open_ones), by)
    count = Sending.objects.filter(pk__in=[each.pk for each in chosen]).update(
        state=SendState.CANCELLED, last_error="cancelled"
    )
    _write_down_each(chosen, EndpointAct.Act.CANCELLED, by)
    return count


EMIT = """
WITH happened AS (
    INSERT INTO webhooks_event (kind, key, organisation_id, data, at)
    SELECT %(kind)s, key, about, data, %(at)s
    FROM jsonb_to_recordset(%(events)s) AS given (key text, about bigint, data jsonb)
    ON CONFLICT DO NOTHING RETURNING id, organisation_id
)
INSERT INTO webhooks_sending
    (endpoint_id, event_id, state, due_at, claimed_by, tries, number, last_error)
SELECT e.id, happened.id, 'pending', greatest(%(at)s, e.quiet_until), '', 0, gen_random_uuid(), ''
FROM happened JOIN webhooks_endpoint e
    ON happened.organisation_id IS NULL OR e.organisation_id = happened.organisation_id
WHERE e.stopped_at IS NULL AND %(kind)s = ANY(e.events)
ON CONFLICT DO NOTHING"""


def emit(*, kind: str, key: str, data: dict, about: Organisation | int | None = None) -> int:
    """Tell the endpoints that asked for it what happened. Told once, whoever asks again.

    A private kind needs to say whom it is ``about``; nobody else is told. Returns how many endpoints are.
    """
    return emit_all(kind=kind, events=[Happened(key, data, getattr(about, "pk", about))])


@dataclass(frozen=True)
class Happened:
    """One event to tell: unique by its key, and about an organisation where its kind is private."""

    key: str
    data: dict
    about: int | None = None


def emit_all(*, kind: str, events: list[Happened]) -> int:
    """Tell of many events of one kind: one statement, whatever their number. Returns how many deliveries are new."""
    private = kinds.get(kind).private
    for each in events:
        if private != (each.about is not None):
            raise ValueError(f"'{kind}' goes to everybody" if each.about else f"'{kind}' has to say whom it is about")
    if not events:
        return 0
    with connection.cursor() as cursor:
        given = Jsonb([asdict(each) for each in events])
        cursor.execute(EMIT, {"kind": kind, "events": given, "at": timezone.now()})
        count = cursor.rowcount
    if count:
        transaction.on_commit(tasks.nudge, robust=True)
    return count


def _spend(by) -> None:
    """Count a test or a sending again against the hour of this person. Raises CannotDo."""
    if until := limits.spend("webhook", by):
        minutes = -(-limits.seconds_until(until) // 60)
        raise CannotDo(
            ngettext(
                "You sent a lot within this hour. Try again in %(n)s minute.",
                "You sent a lot within this hour. Try again in %(n)s minutes.",
                minutes,
            )
            % {"n": minutes}
        )


def _check(url: str) -> None:
    try:
        place = guard.read(url)
    except guard.Refused as reason:
        raise CannotDo(_("This is not an address we can tell: %(reason)s.") % {"reason": reason}) from None
    if place.scheme != "https" and not settings.OUTBOUND_ALLOWED_NETWORKS:
        raise CannotDo(_("Use an address that begins with https://."))


def _lock(endpoint: Endpoint, by, *, staff: bool = False) -> Endpoint:
    endpoint = Endpoint.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=endpoint.pk)
    if not (staff or access.may_manage(by, endpoint.organisation)):
        raise CannotDo(_("Only owners and managers of the organisation manage its webhooks."))
    if endpoint.stopped_at is not None:
        raise CannotDo(_("This address was stopped. Make a new one."))
    return endpoint


def _resendable(sendings, by) -> list[Sending]:
    found = list(
        sendings.select_for_update(of=("self",), skip_locked=True)
        .select_related("endpoint__organisation")
        .order_by("pk")
    )
    may = {endpoint: access.may_resend(by, endpoint) for endpoint in {each.endpoint for each in found}}
    return [each for each in found if may[each.endpoint]]


def _secret() -> str:
    return f"whsec_{secrets.token_urlsafe(32)}"


def _write_down(endpoint: Endpoint, act: str, by, deliveries: int = 0) -> None:
    EndpointAct.objects.create(endpoint=endpoint, act=act, by=by, deliveries=deliveries)


def _write_down_each(sendings: list[Sending], act: str, by) -> None:
    counts: dict[int, int] = {}
    for each in sendings:
        counts[each.endpoint_id] = counts.get(each.endpoint_id, 0) + 1
    EndpointAct.objects.bulk_create(
        [EndpointAct(endpoint_id=pk, act=act, by=by, deliveries=count) for pk, count in counts.items()]
    )
