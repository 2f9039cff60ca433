"""What stands in wide rows already learns until when it is good, or that it has no last day."""

from django.db import migrations

TELL_THE_LAST_DAY = """
    UPDATE facts_tenantfact t SET origins = t.origins || u.more
    FROM (
        SELECT f.tenant_id, jsonb_object_agg(
            f.key, jsonb_build_array(f.source, f.as_of, f.id, least(f.valid_until, d.valid_until))
        ) AS more
        FROM facts_fact f
            JOIN facts_tenantfact w ON w.tenant_id = f.tenant_id
            LEFT JOIN files_document d ON d.id = f.proof_id
        WHERE f.superseded_at IS NULL AND (w.origins -> f.key ->> 2) = f.id::text
        GROUP BY f.tenant_id
    ) u
    WHERE u.tenant_id = t.tenant_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('facts', '0002_facts_that_gates_ask'),
    ]

    operations = [
        migrations.RunSQL(TELL_THE_LAST_DAY, migrations.RunSQL.noop),
    ]
