"""Keep what happens to a call: who changed which date, form or word."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0008_records_that_look_alike'),
    ]

    operations = [
        migrations.CreateModel(
            name='CallEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('name_en', models.CharField(blank=True, max_length=120, null=True, verbose_name='name')),
                ('name_zh_hans', models.CharField(blank=True, max_length=120, null=True, verbose_name='name')),
                ('about_en', models.TextField(blank=True, max_length=4000, null=True, verbose_name='what it is about')),
                ('about_zh_hans', models.TextField(blank=True, max_length=4000, null=True, verbose_name='what it is about')),
                ('who_en', models.TextField(blank=True, max_length=2000, null=True, verbose_name='who may apply')),
                ('who_zh_hans', models.TextField(blank=True, max_length=2000, null=True, verbose_name='who may apply')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('slug', models.SlugField(db_index=False, verbose_name='address name')),
                ('opens_at', models.DateTimeField(verbose_name='opens')),
                ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='closes')),
                ('decided_by', models.CharField(choices=[('officers', 'Officers: a second one decides after the review'), ('panel', 'A panel: its chair proposes, another person decides')], default='officers', max_length=10, verbose_name='decided by')),
                ('stages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], max_length=20), blank=True, default=list, help_text='Into which stages one can come by this call. None ticked: into any.', size=None, verbose_name='stages')),
                ('places', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='places')),
                ('about', models.TextField(blank=True, max_length=4000, verbose_name='what it is about')),
                ('who', models.TextField(blank=True, max_length=2000, verbose_name='who may apply')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='call',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_callevent" ("about", "about_en", "about_zh_hans", "closes_at", "decided_by", "form_id", "id", "name", "name_en", "name_zh_hans", "opens_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "slug", "stages", "who", "who_en", "who_zh_hans") VALUES (NEW."about", NEW."about_en", NEW."about_zh_hans", NEW."closes_at", NEW."decided_by", NEW."form_id", NEW."id", NEW."name", NEW."name_en", NEW."name_zh_hans", NEW."opens_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."places", NEW."slug", NEW."stages", NEW."who", NEW."who_en", NEW."who_zh_hans"); RETURN NULL;', hash='69dac839c3f4deb3ada7c3dd2c0f6ed5b2519a08', operation='INSERT', pgid='pgtrigger_insert_insert_84991', table='intake_call', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='call',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "intake_callevent" ("about", "about_en", "about_zh_hans", "closes_at", "decided_by", "form_id", "id", "name", "name_en", "name_zh_hans", "opens_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "slug", "stages", "who", "who_en", "who_zh_hans") VALUES (NEW."about", NEW."about_en", NEW."about_zh_hans", NEW."closes_at", NEW."decided_by", NEW."form_id", NEW."id", NEW."name", NEW."name_en", NEW."name_zh_hans", NEW."opens_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."places", NEW."slug", NEW."stages", NEW."who", NEW."who_en", NEW."who_zh_hans"); RETURN NULL;', hash='73ac16d062a7a2a03a64669153fe93f055925daf', operation='UPDATE', pgid='pgtrigger_update_update_95b21', table='intake_call', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='call',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "intake_callevent" ("about", "about_en", "about_zh_hans", "closes_at", "decided_by", "form_id", "id", "name", "name_en", "name_zh_hans", "opens_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "slug", "stages", "who", "who_en", "who_zh_hans") VALUES (OLD."about", OLD."about_en", OLD."about_zh_hans", OLD."closes_at", OLD."decided_by", OLD."form_id", OLD."id", OLD."name", OLD."name_en", OLD."name_zh_hans", OLD."opens_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."places", OLD."slug", OLD."stages", OLD."who", OLD."who_en", OLD."who_zh_hans"); RETURN NULL;', hash='52d3a86c1f22394eda8ff89772b8794d803c3ac1', operation='DELETE', pgid='pgtrigger_delete_delete_7d9df', table='intake_call', when='AFTER')),
        ),
        migrations.AddField(
            model_name='callevent',
            name='form',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='Left empty, people fill in the general form.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='intake.applicationform', verbose_name='application form'),
        ),
        migrations.AddField(
            model_name='callevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history', to='intake.call'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callevent',
            trigger=pgtrigger.compiler.Trigger(name='chain', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func='PERFORM audit_chain(TG_TABLE_NAME::text, NEW.pgh_id::bigint, NEW); RETURN NULL;', hash='15cddffdb427235418fdc103a22fefb80b251737', operation='INSERT', pgid='pgtrigger_chain_b5ca0', table='intake_callevent', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2bfb48954978672df064b3ac840bc5ac8f0f13c1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_439cc', table='intake_callevent', when='BEFORE')),
        ),
    ]
