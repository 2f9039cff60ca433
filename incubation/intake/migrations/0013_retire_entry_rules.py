"""Say of every entry rule that another took the place of since when it is out of use. 0014 lets one be in use."""

from django.db import migrations

RETIRE = """
UPDATE intake_entryrule old SET retired_at = newer.in_use_since FROM intake_entryrule newer
WHERE old.in_use_since IS NOT NULL AND newer.id = (
    SELECT id FROM intake_entryrule
    WHERE in_use_since IS NOT NULL AND (in_use_since, number) > (old.in_use_since, old.number)
    ORDER BY in_use_since, number LIMIT 1
)
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0012_entry_rules_have_two_people")]
    operations = [migrations.RunSQL(RETIRE, migrations.RunSQL.noop)]
