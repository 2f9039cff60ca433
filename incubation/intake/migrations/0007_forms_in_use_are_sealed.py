"""Seal what is in use: a version changes only as a draft, one of a form is in use, an application keeps its own."""

import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0006_fill_forms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormVersionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('definition', models.JSONField(default=dict, verbose_name='parts, tasks and questions')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'Being checked'), ('published', 'In use'), ('retired', 'Out of use'), ('discarded', 'Discarded')], default='draft', max_length=20, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='started')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='in use since')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AlterField(
            model_name='formversion',
            name='form',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='intake.applicationform', verbose_name='application form'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='an_application_keeps_its_form', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."form_id" IS DISTINCT FROM (NEW."form_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='82f02ca124d9961efff811ff1c41c262c8526a7c', operation='UPDATE', pgid='pgtrigger_an_application_keeps_its_form_3c9a0', table='intake_application', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formversion',
            trigger=pgtrigger.compiler.Trigger(name='only_a_draft_is_written', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state <> 'draft' AND (OLD.definition IS DISTINCT FROM NEW.definition OR OLD.number <> NEW.number OR OLD.form_id <> NEW.form_id))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='adef11f48e410221be92183733d0989ec6536530', operation='UPDATE', pgid='pgtrigger_only_a_draft_is_written_10bb8', table='intake_formversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formversion',
            trigger=pgtrigger.compiler.Trigger(name='a_version_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='bacd164a9c186320f42374b5edba0fdca12b37ae', operation='DELETE', pgid='pgtrigger_a_version_stays_4adcd', table='intake_formversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formversion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_formversionevent" ("author_id", "created_at", "definition", "form_id", "id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "state", "version") VALUES (NEW."author_id", NEW."created_at", NEW."definition", NEW."form_id", NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."published_at", NEW."state", NEW."version"); RETURN NULL;', hash='6a5d47e437af836541227b6ce96df86309d8f528', operation='INSERT', pgid='pgtrigger_insert_insert_ad91e', table='intake_formversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formversion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "intake_formversionevent" ("author_id", "created_at", "definition", "form_id", "id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "state", "version") VALUES (NEW."author_id", NEW."created_at", NEW."definition", NEW."form_id", NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."published_at", NEW."state", NEW."version"); RETURN NULL;', hash='fa27f0e67a848b80b15881da7035834bf15b1adc', operation='UPDATE', pgid='pgtrigger_update_update_a3be5', table='intake_formversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formversion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_formversionevent" ("author_id", "created_at", "definition", "form_id", "id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "state", "version") VALUES (OLD."author_id", OLD."created_at", OLD."definition", OLD."form_id", OLD."id", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."published_at", OLD."state", OLD."version"); RETURN NULL;', hash='a3d77a6e47660d1f055d42df3fb0d1ca4a0d592f', operation='DELETE', pgid='pgtrigger_delete_delete_e1215', table='intake_formversion', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='formversion',
            constraint=models.UniqueConstraint(fields=('form', 'number'), name='a_form_version_has_its_own_number'),
        ),
        migrations.AddConstraint(
            model_name='formversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('form',), name='one_version_of_a_form_is_in_use'),
        ),
        migrations.AddConstraint(
            model_name='formversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_review', 'published', 'retired', 'discarded'])), name='a_form_version_has_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='formversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('state__in', ['published', 'retired'])), models.Q(('published_at', None), ('state__in', ['draft', 'in_review', 'discarded'])), _connector='OR'), name='a_form_in_use_has_its_moment'),
        ),
        migrations.AddField(
            model_name='formversionevent',
            name='author',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author'),
        ),
        migrations.AddField(
            model_name='formversionevent',
            name='form',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='intake.applicationform', verbose_name='application form'),
        ),
        migrations.AddField(
            model_name='formversionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history', to='intake.formversion'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formversionevent',
            trigger=pgtrigger.compiler.Trigger(name='chain', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func='PERFORM audit_chain(TG_TABLE_NAME::text, NEW.pgh_id::bigint, NEW); RETURN NULL;', hash='9e8659f0f63b3a64e4d3afdfa5548a1e252db447', operation='INSERT', pgid='pgtrigger_chain_7c645', table='intake_formversionevent', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formversionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='54e6d247046669f3af8c040d67306b4fee87b3c9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_145af', table='intake_formversionevent', when='BEFORE')),
        ),
    ]
