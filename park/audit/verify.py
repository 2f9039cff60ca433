"""Is the history whole? Every line is reckoned again and every event laid beside its line."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.apps import apps
from django.db import connection, transaction

from .models import AuditLine, ReadLog

BEGINNING = "0" * 64

# What audit_chain() does, asked again of each line; lag() lays it beside the line before.
BROKEN = """
SELECT seq, event_table, event_id, before_seq, content_ok, digest_ok, previous IS DISTINCT FROM before_digest
FROM (
    SELECT seq, event_table, event_id, previous, digest,
        content_digest = encode(sha256(convert_to(content::text, 'UTF8')), 'hex') AS content_ok,
        digest = encode(sha256(convert_to(
            concat_ws('|', previous, seq, event_table, event_id, content_digest), 'UTF8')), 'hex') AS digest_ok,
        coalesce(lag(seq) OVER (ORDER BY seq), 0) AS before_seq,
        coalesce(lag(digest) OVER (ORDER BY seq), %s) AS before_digest
    FROM audit_auditline
) lines
WHERE NOT content_ok OR NOT digest_ok OR previous <> before_digest OR before_seq <> seq - 1
ORDER BY seq
"""
EVENTS = """
SELECT line.seq, coalesce(event.key, line.event_id), CASE
    WHEN event.key IS NULL THEN 'missing'
    WHEN line.seq IS NULL THEN 'unchained'
    ELSE 'changed' END
FROM (SELECT seq, event_id, content FROM audit_auditline WHERE event_table = %s) line
FULL JOIN (SELECT {key} AS key, to_jsonb({table}) AS content FROM {table}) event ON event.key = line.event_id
WHERE event.key IS NULL OR line.seq IS NULL OR EXISTS (
    SELECT FROM jsonb_each(line.content) was
    WHERE event.content ? was.key AND event.content -> was.key IS DISTINCT FROM was.value)
ORDER BY line.seq, event.key
"""


@dataclass(frozen=True)
class Fault:
    """One damaged place of the history."""

    kind: str  # changed, missing, swapped, unchained, cut
    line: int | None
    table: str = ""
    event: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "no line"
        return f"{self.kind}: {where}" + (f" ({self.table} {self.event})" if self.table else "")


def faults(anchors: list[dict] = ()) -> list[Fault]:
    """Return every damaged place, in the order of the lines. Reads everything; changes nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what this transaction did is chained before it is read
        cursor.execute("SET LOCAL TimeZone = 'UTC'")  # as audit_chain() reckons
        found = [*_chain(cursor), *_events(cursor), *_anchors(anchors)]
    return sorted(found, key=lambda fault: (fault.line or 0, fault.kind, fault.table, fault.event or 0))


def head() -> dict:
    """Return the number and digest of the last line: what an anchor keeps outside the database."""
    last = AuditLine.objects.order_by("-seq").values("seq", "digest").first()
    return last or {"seq": 0, "digest": BEGINNING}


def as_dict(fault: Fault) -> dict:
    return asdict(fault)


def _chain(cursor) -> Iterator[Fault]:
    cursor.execute(BROKEN, [BEGINNING])
    rows = cursor.fetchall()
    swapped = _swapped(cursor, [row[0] for row in rows if not row[5]])
    for seq, table, event, before, content_ok, digest_ok, link_broken in rows:
        yield from (Fault("missing", number) for number in range(before + 1, seq))
        if seq in swapped:
            yield Fault("swapped", seq, table, event)
        elif not content_ok or not digest_ok:
            yield Fault("changed", seq, table, event)
        elif link_broken and before == seq - 1 and before not in swapped:
            yield Fault("changed", before)  # its digests were reckoned anew, but this line still names the old one


def _swapped(cursor, numbers: list[int]) -> set[int]:
    """Return the lines whose digest is right at another's place."""
    if len(numbers) < 2:
        return set()
    lines = {line.seq: line for line in AuditLine.objects.filter(seq__in=numbers)}
    right_at = {
        (line.seq, place)
        for line in lines.values()
        for place in numbers
        if place != line.seq and line.digest == _digest(line, place)
    }
    return {seq for seq, place in right_at if any(other == place for other, _ in right_at)}


def _digest(line: AuditLine, seq: int) -> str:
    text = f"{line.previous}|{seq}|{line.event_table}|{line.event_id}|{line.content_digest}"
    return hashlib.sha256(text.encode()).hexdigest()


def _events(cursor) -> Iterator[Fault]:
    for table, key in sorted(event_tables().items()):
        names = {"table": connection.ops.quote_name(table), "key": connection.ops.quote_name(key)}
        cursor.execute(EVENTS.format(**names), [table])
        for seq, event, kind in cursor.fetchall():
            yield Fault(kind, seq, table, event)


def event_tables() -> dict[str, str]:
    """Return every chained table with its key column."""
    tracked = {model._meta.db_table: "pgh_id" for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}
    return {**tracked, ReadLog._meta.db_table: "id"}


def _anchors(anchors: list[dict]) -> Iterator[Fault]:
    for anchor in anchors:
        if anchor["seq"] and not AuditLine.objects.filter(seq=anchor["seq"], digest=anchor["digest"]).exists():
            yield Fault("cut", anchor["seq"])
