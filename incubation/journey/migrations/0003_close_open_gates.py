"""Close the gates that were proposed and not decided (they had no terms to be checked against); name them all."""

import uuid

from django.db import migrations


def close(apps, schema_editor):
    apps.get_model("journey", "Gate").objects.filter(state="open").update(state="closed")
    for gate in apps.get_model("journey", "Gate").objects.filter(public_id=None):
        gate.public_id = uuid.uuid4()
        gate.save(update_fields=["public_id"])


class Migration(migrations.Migration):
    dependencies = [("journey", "0002_gates_are_cases")]

    operations = [migrations.RunPython(close, migrations.RunPython.noop)]
