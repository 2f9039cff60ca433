"""The function that chains events. Every chained table has a trigger that calls it at the end of the transaction."""

from django.db import migrations

CHAIN = r"""
CREATE FUNCTION audit_chain(event_table text, event_id bigint, event anyelement) RETURNS void
LANGUAGE plpgsql SET TimeZone = 'UTC' AS $$
DECLARE
    content jsonb := to_jsonb(event);
    content_digest text := encode(sha256(convert_to(content::text, 'UTF8')), 'hex');
    previous text;
    seq bigint;
BEGIN
    -- One writer at a time at the end of the chain: 'audit' in ASCII. Held until this transaction ends.
    PERFORM pg_advisory_xact_lock(418581342580);
    SELECT line.seq, line.digest INTO seq, previous FROM audit_auditline line ORDER BY line.seq DESC LIMIT 1;
    seq := coalesce(seq, 0) + 1;
    previous := coalesce(previous, repeat('0', 64));
    INSERT INTO audit_auditline (seq, at, event_table, event_id, content, content_digest, previous, digest)
    VALUES (
        seq, clock_timestamp(), event_table, event_id, content, content_digest, previous,
        encode(sha256(convert_to(concat_ws('|', previous, seq, event_table, event_id, content_digest), 'UTF8')), 'hex')
    );
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(CHAIN, "DROP FUNCTION audit_chain(text, bigint, anyelement)")]
