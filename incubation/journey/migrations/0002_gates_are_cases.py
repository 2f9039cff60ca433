"""A gate becomes a case with a state of its own: it is asked for, where it was proposed before."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journey", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.RemoveConstraint("gate", "a_tenant_stands_at_one_gate_at_a_time"),
        migrations.RemoveConstraint("gate", "a_gate_has_a_known_outcome"),
        migrations.RemoveConstraint("gate", "a_gate_is_decided_or_open"),
        migrations.RemoveConstraint("gate", "two_people_let_a_tenant_through_a_gate"),
        migrations.RenameField("gate", "proposed_by", "requested_by"),
        migrations.RenameField("gate", "proposed_at", "requested_at"),
        migrations.RenameField("gate", "outcome", "state"),
        migrations.AlterModelOptions(
            "gate",
            options={"ordering": ["-requested_at", "-pk"], "verbose_name": "gate", "verbose_name_plural": "gates"},
        ),
        migrations.AlterField("gate", "state", models.CharField(max_length=12, verbose_name="state")),
        migrations.AddField("gate", "public_id", models.UUIDField(editable=False, null=True)),
    ]
