"""Tell people: rows in the caller's transaction, a nudge after it. Nothing is sent here."""

import datetime as dt
from collections.abc import Iterable

import structlog
from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from psycopg.types.json import Jsonb

from . import access, kinds, letters, schedule, tasks
from .kinds import Kind
from .models import (
    Channel,
    Delivery,
    DeliveryState,
    Frequency,
    MailLimit,
    Notice,
    OutboxAct,
    Pause,
    Preference,
)

log = structlog.get_logger(__name__)


def tell(
    kind: str | Kind,
    *,
    recipients: Iterable,
    subject_id: int,
    version: int = 1,
    context: dict | None = None,
    urgent=False,
) -> int:
    """Tell a few people one thing, in words kept with the notice. Returns how many had not been told yet.

    ``context`` is what the template is written from (JSON). ``urgent``: quiet hours do not count (a deadline within
    twelve hours). Who was told of this kind, subject and version before is not told again.
    """
    kind = _known(kind)
    people = list({person.pk: person for person in recipients}.values())
    by_language = {}
    for person in people:
        by_language.setdefault(person.language, []).append(person.pk)
    return sum(
        _insert(
            kind,
            get_user_model().objects.filter(pk__in=ids).values("pk"),
            subject_id,
            version,
            zones={person.time_zone for person in people},
            urgent=urgent,
            context=context,
            letter=None if kind.is_mass else _words(kind, context or {}, language),
        )
        for language, ids in sorted(by_language.items())
    )


def tell_set(kind: str | Kind, *, recipients: QuerySet, subject_id: int, version: int = 1, urgent: bool = False) -> int:
    """Tell many people one thing: two statements, whatever their number. Returns how many had not been told yet.

    ``recipients`` is a queryset of people, or one column of their ids. The kind has to be one for mass releases.
    """
    kind = _known(kind)
    if not kind.is_mass:
        raise TypeError(f"'{kind.name}' keeps its words with each notice: tell() is for that.")
    ids = (recipients.values("pk") if recipients._fields is None else recipients).order_by()
    people = get_user_model().objects.filter(pk__in=ids)
    zones = set(people.order_by().values_list("time_zone", flat=True).distinct())
    return _insert(kind, ids, subject_id, version, zones=zones, urgent=urgent) if zones else 0


def tell_each(kind: str | Kind, *, pairs: Iterable[tuple[int, int]], version: int = 1) -> int:
    """Tell people of many subjects at once: two statements, whatever their number. Returns how many notices are new.

    ``pairs`` are the ids of a person and of what this person is told of. The kind has to be one for mass releases.
    """
    kind, pairs = _known(kind), list(pairs)
    if not kind.is_mass:
        raise TypeError(f"'{kind.name}' keeps its words with each notice: tell() is for that.")
    people, subjects = [person for person, _subject in pairs], [subject for _person, subject in pairs]
    known = get_user_model().objects.filter(pk__in=set(people))
    zones = set(known.order_by().values_list("time_zone", flat=True).distinct())
    if not zones:
        return 0
    return _write(kind, EACH, "pair.subject", [], [people, subjects], version, zones=zones, urgent=False)


def read(*, notice: Notice) -> None:
    """Remember when a person first opened a notice."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())


def read_all(*, user) -> int:
    """Take everything in a person's inbox as read."""
    return access.inbox_of(user).unread().update(read_at=timezone.now())


def prefer(*, user, wishes: dict[str, str]) -> None:
    """Keep how often a person wants mail of each topic. What waits is asked about again right before it is sent."""
    Preference.objects.bulk_create(
        [
            Preference(user=user, topic=topic, channel=Channel.EMAIL, frequency=Frequency(frequency))
            for topic, frequency in wishes.items()
            if topic in kinds.Topic.values
        ],
        update_conflicts=True,
        unique_fields=["user", "topic", "channel"],
        update_fields=["frequency"],
    )


# --- What staff do with the outbox ------------------------------------------------------------------------------------
@transaction.atomic
def retry(*, deliveries: QuerySet, by=None) -> int:
    """Send again what was refused or given up: under the same Message-ID, with all its tries before it."""
    again = deliveries.troubled().select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
    count = Delivery.objects.filter(pk__in=list(again)).update(
        state=DeliveryState.PENDING, due_at=timezone.now(), tries=0, lease_until=None
    )
    if count:
        _write_down(OutboxAct.Act.RETRIED, count, by=by)
        tasks.nudge_after_commit()
    return count


@transaction.atomic
def cancel(*, deliveries: QuerySet, reason: str, by=None) -> int:
    """Never send what has not gone yet, or was refused or given up. What a worker holds at this moment goes on."""
    open_ones = deliveries.filter(
        state__in=[DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.DEAD]
    )
    chosen = open_ones.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
    count = _cancel(Delivery.objects.filter(pk__in=list(chosen)), reason)
    if count:
        _write_down(OutboxAct.Act.CANCELLED, count, by=by, note=reason)
    return count


@transaction.atomic
def pause(*, kind: str, subject_id: int, version: int, by, reason: str) -> int:
    """Stop the mails of a mass release: one statement, whatever waits. Returns how many wait now; none if it is paused.

    What a worker holds at this moment is asked about again before it is sent. In the portal everything stands already.
    """
    about = {"kind": kind, "subject_id": subject_id, "version": version}
    Pause.objects.bulk_create([Pause(by=by, reason=reason[:300], **about)], ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute(PAUSE.format(**_tables()), [kind, subject_id, version])
        count = cursor.rowcount
    _write_down(OutboxAct.Act.PAUSED, count, by=by, note=reason, **about)
    return count


@transaction.atomic
def resume(*, kind: str, subject_id: int, version: int, by) -> int:
    """Let the mails of a paused release go on. Returns how many wait to go."""
    about = {"kind": kind, "subject_id": subject_id, "version": version}
    if not Pause.objects.filter(ended_at=None, **about).update(ended_at=timezone.now(), ended_by=by):
        return 0
    count = Delivery.objects.about(**about).filter(paused=True).update(paused=False)
    _write_down(OutboxAct.Act.RESUMED, count, by=by, **about)
    tasks.nudge_after_commit()
    return count


@transaction.atomic
def call_off(*, kind: str, subject_id: int, version: int, by, reason: str) -> int:
    """Never send what waits of a mass release; a pause of it ends. Returns how many mails will not go."""
    about = {"kind": kind, "subject_id": subject_id, "version": version}
    Pause.objects.filter(ended_at=None, **about).update(ended_at=timezone.now(), ended_by=by)
    count = _cancel(Delivery.objects.about(**about), reason)
    _write_down(OutboxAct.Act.CALLED_OFF, count, by=by, note=reason, **about)
    return count


def limit_mails(*, a_day: int, by) -> MailLimit:
    """Choose how many mails that may wait a person gets in a day before the rest goes as one overview."""
    limit = MailLimit(pk=1, a_day=a_day, changed_by=by, changed_at=timezone.now())
    limit.clean_fields(), limit.validate_constraints()
    MailLimit.objects.bulk_create(
        [limit], update_conflicts=True, unique_fields=["id"], update_fields=["a_day", "changed_by", "changed_at"]
    )
    return limit


def _cancel(deliveries: QuerySet, reason: str) -> int:
    still = [DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.DEAD]
    return deliveries.filter(state__in=still).update(
        state=DeliveryState.CANCELLED, paused=False, last_error=reason[:300]
    )


def _write_down(act: str, count: int, *, by=None, note: str = "", **about) -> None:
    OutboxAct.objects.create(act=act, by=by, deliveries=count, note=note[:300], **about)


# What a digest that is going out carries stays with it.
PAUSE = """
UPDATE {delivery} d SET paused = true, digest_id = NULL FROM {notice} n
WHERE n.id = d.notice_id AND n.kind = %s AND n.subject_id = %s AND n.version = %s AND NOT d.paused
    AND (d.state = 'pending' OR d.state = 'held' AND (d.digest_id IS NULL OR NOT EXISTS (
        SELECT FROM {delivery} going WHERE going.notice_id = d.digest_id AND going.state IN ('sending', 'sent')
    )))"""


def _known(kind: str | Kind) -> Kind:
    return kinds.get(kind) if isinstance(kind, str) else kinds.get(kind.name)


def _words(kind: Kind, context: dict, language: str) -> dict | None:
    """Write a letter once, to be kept. A fault in a template must not stop the act: delivery will report it."""
    try:
        return letters.write(kind, context, language).as_data()
    except letters.TemplateFault as fault:
        log.error("notices.template_fault", kind=kind.name, fault=str(fault)[:200])
        return None


def _insert(kind: Kind, ids: QuerySet, subject_id: int, version: int, **how) -> int:
    """Write down that people are told of one subject."""
    try:
        chosen, params = ids.query.sql_with_params()
    except EmptyResultSet:
        return 0
    return _write(kind, f"{ALL} ({chosen})", "%s", [subject_id], params, version, **how)


def _write(kind, whom: str, about: str, subject, people, version, *, zones, urgent, context=None, letter=None) -> int:
    """Write notices and deliveries in one statement; rows that exist stay as they are.

    ``whom`` and ``about`` are the people and the subject in SQL, with their parameters in ``people`` and ``subject``.
    """
    now = timezone.now()
    at_night = kind.at_night or urgent
    times = [(zone, *schedule.dues(now, zone, at_night=at_night)) for zone in sorted(zones)]
    names = {
        **_tables(),
        "whom": whom, "about": about,
        "times": ", ".join(["(%s::text, %s::timestamptz, %s::timestamptz, %s::timestamptz)"] * len(times)),
    }
    sql = NOTICES
    params = [kind.name, *subject, version, _json(context), _json(letter), now, None if kind.in_portal else now]
    params += people
    if kind.by_mail:
        sql += MUTABLE if kind.mutable else NOT_MUTABLE
        params += [now - dt.timedelta(1), MailLimit.MOST, kind.topic] if kind.mutable else []
        sql += DELIVERIES
        params += [kind.name, version, *(value for row in times for value in row)]
    with connection.cursor() as cursor:
        cursor.execute((sql + COUNT).format(**names), params)
        told = cursor.fetchone()[0]
    if told and kind.by_mail:
        tasks.nudge_after_commit()
    return told


def _tables() -> dict[str, str]:
    models = {
        "notice": Notice, "delivery": Delivery, "preference": Preference, "person": get_user_model(), "pause": Pause,
        "mail_limit": MailLimit,
    }  # fmt: skip
    return {name: connection.ops.quote_name(model._meta.db_table) for name, model in models.items()}


# The whole of a release in one statement. What was told before conflicts, gets no new row, and so no new delivery.
NOTICES = """
WITH told AS (
    INSERT INTO {notice} (recipient_id, kind, subject_id, version, context, letter, created_at, read_at)
    SELECT person.id, %s, {about}, %s, %s::jsonb, %s::jsonb, %s, %s::timestamptz
    FROM {person} person {whom}
    ON CONFLICT DO NOTHING
    RETURNING id, recipient_id, subject_id, created_at
)"""
ALL = "WHERE person.is_active AND person.id IN"
EACH = """JOIN unnest(%s::bigint[], %s::bigint[]) AS pair (person, subject)
    ON person.is_active AND pair.person = person.id"""
NOT_MUTABLE = """, way AS (
    SELECT told.*, person.time_zone, 'at_once' AS frequency
    FROM told JOIN {person} person ON person.id = told.recipient_id
)"""
# Who has had enough today is found once for all: looked up for each, a ledger that was small goes through all new rows.
MUTABLE = """, sated AS MATERIALIZED (
    SELECT today.recipient_id AS id FROM {notice} today
    WHERE today.created_at > %s AND today.recipient_id IN (SELECT recipient_id FROM told)
    GROUP BY today.recipient_id HAVING count(*) >= coalesce((SELECT a_day FROM {mail_limit}), %s)
), way AS (
    SELECT told.*, person.time_zone,
        CASE WHEN coalesce(wish.frequency, 'at_once') = 'at_once' AND sated.id IS NOT NULL
        THEN 'daily' ELSE coalesce(wish.frequency, 'at_once') END AS frequency
    FROM told JOIN {person} person ON person.id = told.recipient_id
    LEFT JOIN sated ON sated.id = told.recipient_id
    LEFT JOIN {preference} wish ON wish.user_id = person.id AND wish.topic = %s AND wish.channel = 'email'
)"""
DELIVERIES = """, going AS (
    INSERT INTO {delivery} (notice_id, channel, state, due_at, claimed_by, tries, last_error, paused)
    SELECT way.id, 'email',
        CASE frequency WHEN 'at_once' THEN 'pending' ELSE 'held' END,
        coalesce(CASE frequency WHEN 'at_once' THEN at_once WHEN 'daily' THEN daily ELSE weekly END, way.created_at),
        '', 0, '', EXISTS (
            SELECT FROM {pause} p WHERE p.kind = %s AND p.subject_id = way.subject_id AND p.version = %s
                AND p.ended_at IS NULL
        )
    FROM way LEFT JOIN (VALUES {times}) AS clock (zone, at_once, daily, weekly) ON clock.zone = way.time_zone
    WHERE frequency <> 'never'
)"""
COUNT = " SELECT count(*) FROM told"


def _json(value: dict | None):
    return None if value is None else Jsonb(value)
