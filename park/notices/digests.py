"""What is kept for a reader's morning goes as one mail: itself a notice, unique by reader and morning."""

import datetime as dt
from collections import defaultdict

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from . import kinds, words
from .kinds import Key, Kind, Topic
from .models import Channel, Delivery, DeliveryState, Frequency, Notice, Preference, WaitsFor

DIGEST = "digest"
A_DAY = dt.timedelta(1)

# Who has something kept whose morning has come gets one digest for it, once. What comes too late for a digest that was
# made already waits for the next morning.
GATHER = """
WITH ripe AS MATERIALIZED (
    SELECT d.id, n.recipient_id, d.due_at FROM {delivery} d JOIN {notice} n ON n.id = d.notice_id
    WHERE d.waits_for = 'digest' AND NOT d.paused AND d.digest_id IS NULL AND d.due_at <= %s
    ORDER BY d.id FOR UPDATE OF d SKIP LOCKED
), told AS (
    INSERT INTO {notice} (recipient_id, kind, subject_id, version, created_at, read_at)
    SELECT recipient_id, %s, extract(epoch FROM max(due_at))::bigint / 3600, 1, %s, %s FROM ripe GROUP BY recipient_id
    ON CONFLICT DO NOTHING RETURNING id, recipient_id
), way AS (
    INSERT INTO {delivery} (notice_id, channel, state, due_at, claimed_by, tries, last_error)
    SELECT id, 'email', 'pending', %s, '', 0, '' FROM told
)
UPDATE {delivery} d SET digest_id = told.id,
    due_at = CASE WHEN told.id IS NULL THEN %s ELSE d.due_at END
FROM ripe LEFT JOIN told ON told.recipient_id = ripe.recipient_id WHERE d.id = ripe.id"""


def gather() -> int:
    """Make the digests that are due. Returns how many kept deliveries they carry. Safe to run twice and at once."""
    now = timezone.now()
    if not Delivery.objects.filter(waits_for=WaitsFor.DIGEST, paused=False, digest=None, due_at__lte=now).exists():
        return 0
    sql = GATHER.format(
        delivery=connection.ops.quote_name(Delivery._meta.db_table),
        notice=connection.ops.quote_name(Notice._meta.db_table),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [now, DIGEST, now, now, now, now + A_DAY])
        return cursor.rowcount


def pass_on(outcomes, now: dt.datetime) -> None:
    """Let the deliveries that a digest carries end as it ended."""
    for state in (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DEAD, DeliveryState.CANCELLED):
        ended = [each for each in outcomes if each.state == state and each.delivery.notice.kind == DIGEST]
        if ended:
            carried = Delivery.objects.filter(digest__in=[each.delivery.notice_id for each in ended])
            carried.exclude(state__in=[DeliveryState.SENT, DeliveryState.CANCELLED]).update(
                state=state, sent_at=now if state == DeliveryState.SENT else None, last_error=ended[0].error[:300]
            )


def still_wanted(keys: list[Key]) -> set[Key]:
    """Return the digests that still carry something."""
    carried = _carried(keys)
    return {key for key in keys if carried.get(key)}


def load(versions: set[tuple[int, int]]) -> dict:
    return {version: {} for version in versions}


def personal(keys: list[Key]) -> dict[Key, dict]:
    """Return what each digest carries, a line a notice, in its reader's language."""
    carried = _carried(keys)
    languages = dict(
        get_user_model().objects.filter(pk__in={key.recipient_id for key in keys}).values_list("pk", "language")
    )
    by_language = defaultdict(list)
    for key, notices in carried.items():
        by_language[languages[key.recipient_id]] += notices
    found = {}
    for language, notices in by_language.items():
        found |= words.letters_of(notices, language)
    return {
        key: {
            "items": [
                {
                    "title": found[notice.pk].subject,
                    "text": found[notice.pk].summary,
                    "url": found[notice.pk].url,
                }
                for notice in notices
            ]
        }
        for key, notices in carried.items()
    }


def _carried(keys: list[Key]) -> dict[Key, list[Notice]]:
    """Return the notices that digests carry, without what their readers have turned off since."""
    people = {key.recipient_id for key in keys}
    rows = (
        Delivery.objects.filter(digest__kind=DIGEST, digest__recipient__in=people)
        .exclude(state__in=[DeliveryState.SENT, DeliveryState.CANCELLED])
        .filter(digest__subject_id__in={key.subject_id for key in keys})
        .select_related("notice", "digest")
        .order_by("notice_id")
    )
    muted = set(
        Preference.objects.filter(user__in=people, channel=Channel.EMAIL, frequency=Frequency.NEVER).values_list(
            "user_id", "topic"
        )
    )
    carried = defaultdict(list)
    for row in rows:
        kind = kinds.find(row.notice.kind)
        if kind and not (kind.mutable and (row.notice.recipient_id, kind.topic) in muted):
            carried[words.key_of(row.digest)].append(row.notice)
    return dict(carried)


def register() -> None:
    """Make the digest itself a kind of notice: by mail only, since the portal shows each notice anyway."""
    kinds.register(
        Kind(
            DIGEST,
            Topic.POLICIES,
            mutable=False,
            channels=(Channel.EMAIL,),
            template="notices/digest.txt",
            load=load,
            personal=personal,
            still_wanted=still_wanted,
        )
    )
