"""A version that made way for a newer one was archived once; it is amended, as it would be today, and its log says so.

The log is written once and never changed: the step that led to "archived" stays, and one of the system follows it.
"""

from django.db import migrations

REPLACED_IS_AMENDED = """
WITH amended AS (
UPDATE policies_policyversion v SET state = 'amended'
WHERE v.state = 'archived' AND EXISTS (
    SELECT FROM policies_policyversion newer
    WHERE newer.policy_id = v.policy_id AND newer.number > v.number AND newer.released_at IS NOT NULL
) AND EXISTS (
    SELECT FROM workflow_transitionlog l JOIN django_content_type c ON c.id = l.content_type_id
    WHERE c.app_label = 'policies' AND c.model = 'policyversion' AND l.object_id = v.id
        AND l.move = 'replace' AND l.target = 'archived' AND l.refusal = ''
) RETURNING v.id
)
INSERT INTO workflow_transitionlog (
    content_type_id, object_id, move, origin, target, at, reason_code, internal_note, note, request_id, versions, refusal
)
SELECT c.id, amended.id, 'amend', 'archived', 'amended', clock_timestamp(), 'renamed', '', '', '', '{}', ''
FROM amended, django_content_type c WHERE c.app_label = 'policies' AND c.model = 'policyversion'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0010_no_older_over_newer'),
        ('workflow', '0001_initial'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.RunSQL(REPLACED_IS_AMENDED, migrations.RunSQL.noop),
    ]
