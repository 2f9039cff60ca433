"""Give a park that has its limits already the one for integrated circuits: 60 months in all, since 2019.

The source is 科技企业孵化器管理办法, 国科发区〔2018〕300号, which names biomedicine, modern agriculture and integrated
circuits. An empty park gets the limit with the others when it is sown.
"""

import datetime as dt

from django.db import migrations

SECTOR = "integrated_circuits"


def give(apps, schema_editor):
    limits = apps.get_model("journey", "StageLimit").objects.using(schema_editor.connection.alias)
    if limits.filter(stage="").exists() and not limits.filter(stage="", sector=SECTOR).exists():
        document = "科技企业孵化器管理办法 国科发区〔2018〕300号"
        limits.create(stage="", sector=SECTOR, months=60, document=document, since=dt.date(2019, 1, 1))


class Migration(migrations.Migration):
    dependencies = [("journey", "0005_integrated_circuits")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
