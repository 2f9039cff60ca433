import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0013_retire_entry_rules'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='entryrule',
            trigger=pgtrigger.compiler.Trigger(name='an_entry_rule_in_use_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."in_use_since" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1674c53651dc30183359272284b8268091e6452b', operation='DELETE', pgid='pgtrigger_an_entry_rule_in_use_is_kept_3c241', table='intake_entryrule', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entryrule',
            trigger=pgtrigger.compiler.Trigger(name='an_entry_rule_in_use_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.in_use_since IS NOT NULL AND (OLD.retired_at IS NOT NULL OR NEW.number <> OLD.number OR NEW.rule IS DISTINCT FROM OLD.rule OR NEW.source <> OLD.source OR NEW.in_use_since IS DISTINCT FROM OLD.in_use_since OR NEW.author_id IS DISTINCT FROM OLD.author_id OR NEW.put_in_use_by_id IS DISTINCT FROM OLD.put_in_use_by_id))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6bb7c9588deaeb89c2d2ebff0792d6a9740d347c', operation='UPDATE', pgid='pgtrigger_an_entry_rule_in_use_stays_553c3', table='intake_entryrule', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entryrule',
            trigger=pgtrigger.compiler.Trigger(name='one_entry_rule_is_in_use', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."retired_at" IS NOT NULL)', constraint='CONSTRAINT', func="\n    IF NOT EXISTS (SELECT 1 FROM intake_entryrule WHERE in_use_since IS NOT NULL AND retired_at IS NULL) THEN\n        RAISE EXCEPTION 'one entry rule is in use' USING\n            ERRCODE = 'check_violation', CONSTRAINT = 'one_entry_rule_is_in_use', TABLE = 'intake_entryrule';\n    END IF;\n    RETURN NULL;\n", hash='a081ee0754e1fecd0182ae35b1054f4c50c39e3e', operation='UPDATE', pgid='pgtrigger_one_entry_rule_is_in_use_4212a', table='intake_entryrule', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='entryrule',
            constraint=models.UniqueConstraint(models.ExpressionWrapper(models.Q(('in_use_since__isnull', False)), models.BooleanField()), condition=models.Q(('in_use_since__isnull', False), ('retired_at', None)), name='one_entry_rule_is_in_use_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='entryrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('author', None), ('put_in_use_by', None)), models.Q(('in_use_since', None), ('put_in_use_by', None)), models.Q(('author__isnull', False), ('in_use_since__isnull', False), ('put_in_use_by__isnull', False), models.Q(('put_in_use_by', models.F('author')), _negated=True)), _connector='OR'), name='nobody_puts_their_own_entry_rule_in_use', violation_error_message='A second person has to take this step: you took the one before it.'),
        ),
        migrations.AddConstraint(
            model_name='entryrule',
            constraint=models.CheckConstraint(condition=models.Q(('retired_at', None), models.Q(('in_use_since__isnull', False), ('retired_at__gte', models.F('in_use_since'))), _connector='OR'), name='an_entry_rule_goes_out_of_use_after_it_was_in_use'),
        ),
    ]
