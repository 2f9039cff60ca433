"""Gates become cases under versioned terms; suspensions, exits, corrections, problems and mentors get their rows."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
        ('journey', '0003_close_open_gates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, verbose_name='what it is')),
                ('issued_on', models.DateField(verbose_name='dated')),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='given')),
                ('replaced_at', models.DateTimeField(blank=True, null=True, verbose_name='replaced')),
            ],
            options={
                'verbose_name': 'paper',
                'verbose_name_plural': 'papers',
                'ordering': ['key', '-given_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='which')),
                ('of', models.PositiveSmallIntegerField(verbose_name='of so many')),
                ('due_before', models.DateField(null=True, verbose_name='due before')),
                ('due', models.DateField(verbose_name='due now')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
            ],
            options={
                'verbose_name': 'extension',
                'verbose_name_plural': 'extensions',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='GateCondition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='condition')),
                ('due_on', models.DateField(verbose_name='by')),
                ('met_at', models.DateTimeField(blank=True, null=True, verbose_name='met')),
                ('proof', models.CharField(blank=True, max_length=300, verbose_name='how it was shown')),
            ],
            options={
                'verbose_name': 'condition',
                'verbose_name_plural': 'conditions',
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='GateEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('origin', models.CharField(choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], max_length=20, verbose_name='from')),
                ('target', models.CharField(blank=True, choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], max_length=20, verbose_name='to')),
                ('state', models.CharField(choices=[('requested', 'Asked for'), ('in_review', 'Being scored'), ('to_decide', 'To be decided'), ('held', 'Held'), ('conditional', 'Passed with conditions'), ('passed', 'Passed'), ('returned', 'Sent back with a list'), ('withdrawn', 'Taken back'), ('closed', 'Closed')], default='requested', max_length=12, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for')),
                ('note', models.TextField(blank=True, verbose_name='grounds')),
                ('facts', models.JSONField(default=list, editable=False, verbose_name='facts when it was asked for')),
                ('found', models.JSONField(default=list, editable=False, verbose_name='facts when it was checked')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='checked')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('retry_on', models.DateField(blank=True, null=True, verbose_name='may be asked for again from')),
                ('plan', models.TextField(blank=True, verbose_name='plan')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='GateScorer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('mentor', 'Mentor'), ('officer', 'Officer of the park'), ('expert', 'Expert from outside')], max_length=8, verbose_name='as')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('scores', models.JSONField(blank=True, default=dict, verbose_name='scores')),
                ('total', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='of 100')),
                ('advice', models.CharField(blank=True, choices=[('pass', 'Let it through'), ('conditions', 'Let it through with conditions'), ('hold', 'Hold it')], max_length=10, verbose_name='advice')),
                ('comment', models.TextField(blank=True, verbose_name='comment for the park')),
                ('scored_at', models.DateTimeField(blank=True, null=True, verbose_name='scored')),
                ('stepped_aside_at', models.DateTimeField(blank=True, null=True, verbose_name='stepped aside')),
                ('interest', models.CharField(blank=True, max_length=300, verbose_name='why')),
            ],
            options={
                'verbose_name': 'scorer',
                'verbose_name_plural': 'scorers',
                'ordering': ['asked_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='GateTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], max_length=20, verbose_name='gate out of the stage')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'In use'), ('retired', 'Replaced'), ('dropped', 'Dropped')], default='draft', max_length=10, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('criteria', models.JSONField(verbose_name='criteria')),
                ('evidence', models.JSONField(blank=True, default=list, verbose_name='evidence')),
                ('scorecard', models.JSONField(default=list, verbose_name='scorecard')),
                ('scorers', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(9)], verbose_name='scores needed')),
                ('pass_mark', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='mark to pass, of 100')),
                ('extensions', models.PositiveSmallIntegerField(default=2, verbose_name='times more time can be given')),
                ('extension_months', models.PositiveSmallIntegerField(default=6, validators=[django.core.validators.MinValueValidator(1)], verbose_name='months of more time at the most')),
                ('retry_days', models.PositiveSmallIntegerField(default=60, verbose_name='days until a tenant that was held asks again')),
                ('notes', models.TextField(blank=True, verbose_name='grounds: documents and guesses')),
                ('notes_en', models.TextField(blank=True, null=True, verbose_name='grounds: documents and guesses')),
                ('notes_zh_hans', models.TextField(blank=True, null=True, verbose_name='grounds: documents and guesses')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='in use since')),
            ],
            options={
                'verbose_name': 'terms of a gate',
                'verbose_name_plural': 'terms of gates',
                'ordering': ['stage', '-number'],
            },
        ),
        migrations.CreateModel(
            name='GateTermsEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('notes_en', models.TextField(blank=True, null=True, verbose_name='grounds: documents and guesses')),
                ('notes_zh_hans', models.TextField(blank=True, null=True, verbose_name='grounds: documents and guesses')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('stage', models.CharField(choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], max_length=20, verbose_name='gate out of the stage')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'In use'), ('retired', 'Replaced'), ('dropped', 'Dropped')], default='draft', max_length=10, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('criteria', models.JSONField(verbose_name='criteria')),
                ('evidence', models.JSONField(blank=True, default=list, verbose_name='evidence')),
                ('scorecard', models.JSONField(default=list, verbose_name='scorecard')),
                ('scorers', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(9)], verbose_name='scores needed')),
                ('pass_mark', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='mark to pass, of 100')),
                ('extensions', models.PositiveSmallIntegerField(default=2, verbose_name='times more time can be given')),
                ('extension_months', models.PositiveSmallIntegerField(default=6, validators=[django.core.validators.MinValueValidator(1)], verbose_name='months of more time at the most')),
                ('retry_days', models.PositiveSmallIntegerField(default=60, verbose_name='days until a tenant that was held asks again')),
                ('notes', models.TextField(blank=True, verbose_name='grounds: documents and guesses')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='in use since')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='GateWaiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=80, verbose_name='what')),
                ('words', models.CharField(max_length=500, verbose_name='in words')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
            ],
            options={
                'verbose_name': 'waiver',
                'verbose_name_plural': 'waivers',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HandoverItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(choices=[('space', 'Rooms and keys are back'), ('fees', 'Rent and fees are paid'), ('equipment', 'Borrowed equipment is back'), ('reports', 'Last report is in'), ('permits', 'Permits through the park are reported'), ('data', 'Papers and data are handed out')], max_length=12, verbose_name='what')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done')),
            ],
            options={
                'verbose_name': 'handover',
                'verbose_name_plural': 'handovers',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='MentorMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(verbose_name='held on')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes')),
                ('text', models.TextField(verbose_name='what was talked about, what comes next')),
                ('logged_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written down')),
            ],
            options={
                'verbose_name': 'meeting with a mentor',
                'verbose_name_plural': 'meetings with mentors',
                'ordering': ['-held_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Mentorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='since')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='until')),
            ],
            options={
                'verbose_name': 'mentorship',
                'verbose_name_plural': 'mentorships',
                'ordering': ['-since', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Problem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('stage', models.CharField(choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], max_length=20, verbose_name='stage')),
                ('category', models.CharField(choices=[('space', 'Rooms and equipment'), ('permits', 'Permits and registration'), ('money', 'Money and taxes'), ('people', 'People and hiring'), ('technology', 'Technology and IP'), ('market', 'Customers and market'), ('life', 'Living here: housing, school, health'), ('other', 'Something else')], max_length=12, verbose_name='what it is about')),
                ('title', models.CharField(max_length=120, verbose_name='in a few words')),
                ('text', models.TextField(verbose_name='what is wrong')),
                ('state', models.CharField(choices=[('raised', 'Raised'), ('in_hand', 'Being solved'), ('asked', 'Waiting for the tenant'), ('solved', 'Solved, to be confirmed'), ('confirmed', 'Confirmed as solved'), ('dropped', 'Taken back')], default='raised', max_length=10, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='raised')),
                ('solved_at', models.DateTimeField(blank=True, null=True, verbose_name='solved')),
                ('reopened', models.PositiveSmallIntegerField(default=0, verbose_name='times reopened')),
            ],
            options={
                'verbose_name': 'problem',
                'verbose_name_plural': 'problems',
                'ordering': ['-raised_at', '-pk'],
                'permissions': [('handle_problem', 'Can take and solve problems')],
            },
        ),
        migrations.CreateModel(
            name='ProblemEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('stage', models.CharField(choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], max_length=20, verbose_name='stage')),
                ('category', models.CharField(choices=[('space', 'Rooms and equipment'), ('permits', 'Permits and registration'), ('money', 'Money and taxes'), ('people', 'People and hiring'), ('technology', 'Technology and IP'), ('market', 'Customers and market'), ('life', 'Living here: housing, school, health'), ('other', 'Something else')], max_length=12, verbose_name='what it is about')),
                ('title', models.CharField(max_length=120, verbose_name='in a few words')),
                ('text', models.TextField(verbose_name='what is wrong')),
                ('state', models.CharField(choices=[('raised', 'Raised'), ('in_hand', 'Being solved'), ('asked', 'Waiting for the tenant'), ('solved', 'Solved, to be confirmed'), ('confirmed', 'Confirmed as solved'), ('dropped', 'Taken back')], default='raised', max_length=10, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='raised')),
                ('solved_at', models.DateTimeField(blank=True, null=True, verbose_name='solved')),
                ('reopened', models.PositiveSmallIntegerField(default=0, verbose_name='times reopened')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StageCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], max_length=20, verbose_name='from')),
                ('target', models.CharField(choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], max_length=20, verbose_name='to')),
                ('error', models.TextField(verbose_name='what was wrong, and what proves it')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='proposed')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('dropped_at', models.DateTimeField(blank=True, null=True, verbose_name='dropped')),
            ],
            options={
                'verbose_name': 'correction',
                'verbose_name_plural': 'corrections',
                'ordering': ['-proposed_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='StageCorrectionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('origin', models.CharField(choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], max_length=20, verbose_name='from')),
                ('target', models.CharField(choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], max_length=20, verbose_name='to')),
                ('error', models.TextField(verbose_name='what was wrong, and what proves it')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='proposed')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('dropped_at', models.DateTimeField(blank=True, null=True, verbose_name='dropped')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StageLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(blank=True, choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], help_text='Empty: the whole stay as a company.', max_length=20, verbose_name='stage')),
                ('sector', models.CharField(blank=True, choices=[('biomedicine', 'Biomedicine'), ('medical_devices', 'Medical devices'), ('optoelectronic_information', 'Optoelectronic information'), ('software_ai', 'Software and artificial intelligence'), ('new_materials', 'New materials'), ('advanced_equipment', 'Advanced equipment'), ('automotive_parts_nev', 'Vehicle parts and new-energy vehicles'), ('satellite_aerospace', 'Satellites and aerospace'), ('new_energy_environment', 'New energy and environment'), ('modern_agriculture', 'Modern agriculture'), ('tech_services', 'Technology services')], help_text='Empty: every field without one of its own.', max_length=40, verbose_name='field')),
                ('months', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='months')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='document that says so')),
                ('since', models.DateField(verbose_name='in force from')),
                ('until', models.DateField(blank=True, null=True, verbose_name='in force until')),
            ],
            options={
                'verbose_name': 'limit of a stay',
                'verbose_name_plural': 'limits of a stay',
                'ordering': ['stage', 'sector', '-since'],
            },
        ),
        migrations.CreateModel(
            name='StageLimitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('stage', models.CharField(blank=True, choices=[('project_pre', 'Project pre-incubation'), ('enterprise_pre', 'Enterprise pre-incubation'), ('startup', 'Start-up incubation'), ('growth', 'Growth'), ('accelerated', 'Accelerated development')], help_text='Empty: the whole stay as a company.', max_length=20, verbose_name='stage')),
                ('sector', models.CharField(blank=True, choices=[('biomedicine', 'Biomedicine'), ('medical_devices', 'Medical devices'), ('optoelectronic_information', 'Optoelectronic information'), ('software_ai', 'Software and artificial intelligence'), ('new_materials', 'New materials'), ('advanced_equipment', 'Advanced equipment'), ('automotive_parts_nev', 'Vehicle parts and new-energy vehicles'), ('satellite_aerospace', 'Satellites and aerospace'), ('new_energy_environment', 'New energy and environment'), ('modern_agriculture', 'Modern agriculture'), ('tech_services', 'Technology services')], help_text='Empty: every field without one of its own.', max_length=40, verbose_name='field')),
                ('months', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='months')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='document that says so')),
                ('since', models.DateField(verbose_name='in force from')),
                ('until', models.DateField(blank=True, null=True, verbose_name='in force until')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('arrears', 'Rent or fees unpaid'), ('reports', 'Reports missing'), ('breach', 'Agreement broken'), ('founder_away', 'Founder away for a long time'), ('at_its_wish', "At the tenant's own wish"), ('other', 'Another cause')], max_length=20, verbose_name='cause')),
                ('since', models.DateField(verbose_name='since')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('effect', models.TextField(blank=True, verbose_name='what it means for benefits')),
            ],
            options={
                'verbose_name': 'suspension',
                'verbose_name_plural': 'suspensions',
                'ordering': ['-since', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='TenantExit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('voluntary', 'At its own wish'), ('breach', 'Agreement broken'), ('ceased', 'Work has ended'), ('moved', 'Moved elsewhere')], max_length=10, verbose_name='kind')),
                ('reason', models.TextField(verbose_name='reason')),
                ('announced_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='announced')),
                ('leaves_on', models.DateField(verbose_name='leaves on')),
                ('survival', models.CharField(blank=True, choices=[('goes_on', 'The company goes on'), ('ended', 'The company has ended'), ('not_known', 'Not known yet')], max_length=10, verbose_name='what becomes of it')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('taken_back_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back')),
            ],
            options={
                'verbose_name': 'exit',
                'verbose_name_plural': 'exits',
                'ordering': ['-announced_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='TenantExitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('voluntary', 'At its own wish'), ('breach', 'Agreement broken'), ('ceased', 'Work has ended'), ('moved', 'Moved elsewhere')], max_length=10, verbose_name='kind')),
                ('reason', models.TextField(verbose_name='reason')),
                ('announced_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='announced')),
                ('leaves_on', models.DateField(verbose_name='leaves on')),
                ('survival', models.CharField(blank=True, choices=[('goes_on', 'The company goes on'), ('ended', 'The company has ended'), ('not_known', 'Not known yet')], max_length=10, verbose_name='what becomes of it')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('taken_back_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AlterModelOptions(
            name='gate',
            options={'ordering': ['-requested_at', '-pk'], 'permissions': [('check_gate', 'Can check a gate and ask scorers'), ('hear_gate', 'Is told when a tenant passes a gate, is suspended or leaves')], 'verbose_name': 'gate', 'verbose_name_plural': 'gates'},
        ),
        migrations.AddField(
            model_name='gate',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='checked'),
        ),
        migrations.AddField(
            model_name='gate',
            name='checked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by'),
        ),
        migrations.AddField(
            model_name='gate',
            name='facts',
            field=models.JSONField(default=list, editable=False, verbose_name='facts when it was asked for'),
        ),
        migrations.AddField(
            model_name='gate',
            name='found',
            field=models.JSONField(default=list, editable=False, verbose_name='facts when it was checked'),
        ),
        migrations.AddField(
            model_name='gate',
            name='plan',
            field=models.TextField(blank=True, verbose_name='plan'),
        ),
        migrations.AddField(
            model_name='gate',
            name='retry_on',
            field=models.DateField(blank=True, null=True, verbose_name='may be asked for again from'),
        ),
        migrations.AddField(
            model_name='gate',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='stageenrolment',
            name='gate',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opened', to='journey.gate'),
        ),
        migrations.AddField(
            model_name='stageenrolment',
            name='voided_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='found to be an error'),
        ),
        migrations.AddField(
            model_name='stageenrolment',
            name='written_in',
            field=models.BigIntegerField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Cast(models.Func(function='pg_current_xact_id', output_field=models.TextField()), models.TextField()), models.BigIntegerField()), editable=False),
        ),
        migrations.AlterField(
            model_name='gate',
            name='public_id',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name='gate',
            name='requested_at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for'),
        ),
        migrations.AlterField(
            model_name='gate',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by'),
        ),
        migrations.AlterField(
            model_name='gate',
            name='state',
            field=models.CharField(choices=[('requested', 'Asked for'), ('in_review', 'Being scored'), ('to_decide', 'To be decided'), ('held', 'Held'), ('conditional', 'Passed with conditions'), ('passed', 'Passed'), ('returned', 'Sent back with a list'), ('withdrawn', 'Taken back'), ('closed', 'Closed')], default='requested', max_length=12, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='gate',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gates', to='journey.tenant', verbose_name='tenant'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.document', verbose_name='document'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='given_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='journey.tenant'),
        ),
        migrations.AddField(
            model_name='gate',
            name='evidence',
            field=models.ManyToManyField(blank=True, related_name='gates', to='journey.evidence'),
        ),
        migrations.AddField(
            model_name='extension',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who'),
        ),
        migrations.AddField(
            model_name='extension',
            name='enrolment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='journey.stageenrolment'),
        ),
        migrations.AddField(
            model_name='gatecondition',
            name='gate',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conditions', to='journey.gate'),
        ),
        migrations.AddField(
            model_name='gatecondition',
            name='met_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='gateevent',
            name='checked_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by'),
        ),
        migrations.AddField(
            model_name='gateevent',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='gateevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history', to='journey.gate'),
        ),
        migrations.AddField(
            model_name='gateevent',
            name='requested_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by'),
        ),
        migrations.AddField(
            model_name='gateevent',
            name='tenant',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='journey.tenant', verbose_name='tenant'),
        ),
        migrations.AddField(
            model_name='gatescorer',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='gatescorer',
            name='gate',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked', to='journey.gate'),
        ),
        migrations.AddField(
            model_name='gatescorer',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who'),
        ),
        migrations.AddField(
            model_name='gateterms',
            name='author',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author'),
        ),
        migrations.AddField(
            model_name='gateterms',
            name='published_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='put into use by'),
        ),
        migrations.AddField(
            model_name='gateevent',
            name='terms',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='journey.gateterms', verbose_name='terms'),
        ),
        migrations.AddField(
            model_name='gate',
            name='terms',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gates', to='journey.gateterms', verbose_name='terms'),
        ),
        migrations.AddIndex(
            model_name='gate',
            index=models.Index(fields=['state', 'requested_at'], name='gates_by_state'),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['requested', 'in_review', 'to_decide', 'held'])), fields=('tenant',), name='a_tenant_stands_at_one_gate_at_a_time', violation_error_message='This tenant stands at a gate already.'),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'in_review', 'to_decide', 'held', 'conditional', 'passed', 'returned', 'withdrawn', 'closed'])), name='a_gate_has_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['passed', 'conditional', 'held']), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='a_gate_is_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(models.Q(('decided_by', models.F('requested_by')), _negated=True), models.Q(('checked_by', None), models.Q(('decided_by', models.F('checked_by')), _negated=True), _connector='OR')), _connector='OR'), name='two_people_let_a_tenant_through_a_gate', violation_error_message='A second person has to take this step: you took the one before it.'),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=models.CheckConstraint(condition=models.Q(('terms', None), models.Q(('state__in', ['in_review', 'to_decide', 'held', 'conditional', 'passed']), _negated=True), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False)), _connector='OR'), name='a_gate_is_checked_before_it_is_scored'),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=models.CheckConstraint(condition=models.Q(('terms', None), models.Q(('state', 'held'), _negated=True), models.Q(('retry_on__isnull', False), models.Q(('plan', ''), _negated=True)), _connector='OR'), name='who_is_held_has_a_plan_and_a_day', violation_error_message='Say what is missing, and from which day it may be asked for again.'),
        ),
        migrations.AddField(
            model_name='gatetermsevent',
            name='author',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author'),
        ),
        migrations.AddField(
            model_name='gatetermsevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history', to='journey.gateterms'),
        ),
        migrations.AddField(
            model_name='gatetermsevent',
            name='published_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='put into use by'),
        ),
        migrations.AddField(
            model_name='gatewaiver',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who'),
        ),
        migrations.AddField(
            model_name='gatewaiver',
            name='gate',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='journey.gate'),
        ),
        migrations.AddField(
            model_name='handoveritem',
            name='done_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who'),
        ),
        migrations.AddField(
            model_name='mentormeeting',
            name='logged_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mentorship',
            name='assigned_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mentorship',
            name='mentor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentorships', to=settings.AUTH_USER_MODEL, verbose_name='mentor'),
        ),
        migrations.AddField(
            model_name='mentorship',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentorships', to='journey.tenant', verbose_name='tenant'),
        ),
        migrations.AddField(
            model_name='mentormeeting',
            name='mentorship',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='journey.mentorship'),
        ),
        migrations.AddField(
            model_name='problem',
            name='documents',
            field=models.ManyToManyField(blank=True, related_name='+', to='files.document', verbose_name='files'),
        ),
        migrations.AddField(
            model_name='problem',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who has it'),
        ),
        migrations.AddField(
            model_name='problem',
            name='raised_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='raised by'),
        ),
        migrations.AddField(
            model_name='problem',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='problems', to='journey.tenant', verbose_name='tenant'),
        ),
        migrations.AddField(
            model_name='problemevent',
            name='owner',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who has it'),
        ),
        migrations.AddField(
            model_name='problemevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history', to='journey.problem'),
        ),
        migrations.AddField(
            model_name='problemevent',
            name='raised_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='raised by'),
        ),
        migrations.AddField(
            model_name='problemevent',
            name='tenant',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='journey.tenant', verbose_name='tenant'),
        ),
        migrations.AddField(
            model_name='stagecorrection',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='stagecorrection',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by'),
        ),
        migrations.AddField(
            model_name='stagecorrection',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='journey.tenant'),
        ),
        migrations.AddField(
            model_name='stageenrolment',
            name='correction',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opened', to='journey.stagecorrection'),
        ),
        migrations.AddConstraint(
            model_name='stageenrolment',
            constraint=models.CheckConstraint(condition=models.Q(('gate', None), ('correction', None), _connector='OR'), name='a_stage_begins_by_one_record'),
        ),
        migrations.AddConstraint(
            model_name='stageenrolment',
            constraint=models.CheckConstraint(condition=models.Q(('voided_at', None), ('ended_on__isnull', False), _connector='OR'), name='an_error_is_no_longer_open'),
        ),
        migrations.AddField(
            model_name='stagecorrectionevent',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='stagecorrectionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history', to='journey.stagecorrection'),
        ),
        migrations.AddField(
            model_name='stagecorrectionevent',
            name='proposed_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by'),
        ),
        migrations.AddField(
            model_name='stagecorrectionevent',
            name='tenant',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='journey.tenant'),
        ),
        migrations.AddConstraint(
            model_name='stagelimit',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('stage', 'sector'), name='one_limit_of_a_stay_holds', violation_error_message='End the limit that holds first, then begin the new one.'),
        ),
        migrations.AddConstraint(
            model_name='stagelimit',
            constraint=models.CheckConstraint(condition=models.Q(('months__gte', 1)), name='a_limit_is_a_month_at_least'),
        ),
        migrations.AddConstraint(
            model_name='stagelimit',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='a_limit_ends_after_it_began', violation_error_message='The end is before the start.'),
        ),
        migrations.AddField(
            model_name='stagelimitevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history', to='journey.stagelimit'),
        ),
        migrations.AddField(
            model_name='suspension',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suspensions', to='journey.tenant'),
        ),
        migrations.AddField(
            model_name='tenantexit',
            name='announced_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='announced by'),
        ),
        migrations.AddField(
            model_name='tenantexit',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='tenantexit',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exits', to='journey.tenant'),
        ),
        migrations.AddField(
            model_name='handoveritem',
            name='leaving',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='journey.tenantexit'),
        ),
        migrations.AddField(
            model_name='tenantexitevent',
            name='announced_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='announced by'),
        ),
        migrations.AddField(
            model_name='tenantexitevent',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='tenantexitevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history', to='journey.tenantexit'),
        ),
        migrations.AddField(
            model_name='tenantexitevent',
            name='tenant',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='journey.tenant'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('tenant', 'key'), name='one_paper_of_a_kind_counts'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.UniqueConstraint(fields=('enrolment', 'number'), name='an_extension_is_given_once', violation_error_message='Somebody else gave more time at the same moment.'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1), ('number__lte', models.F('of'))), name='no_more_extensions_than_the_terms_allow', violation_error_message='No more time can be given in this stage.'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('due_before', None), ('due__gt', models.F('due_before')), _connector='OR'), name='an_extension_gives_time'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='an_extension_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='gatecondition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('met_at', None), ('met_by', None)), models.Q(('met_at__isnull', False), ('met_by__isnull', False), models.Q(('proof', ''), _negated=True)), _connector='OR'), name='a_condition_is_met_before_somebody'),
        ),
        migrations.AddConstraint(
            model_name='gatecondition',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='a_condition_says_what'),
        ),
        migrations.AddConstraint(
            model_name='gatescorer',
            constraint=models.UniqueConstraint(fields=('gate', 'person'), name='a_person_scores_a_gate_once', violation_error_message='This person is asked already, or has stepped aside.'),
        ),
        migrations.AddConstraint(
            model_name='gatescorer',
            constraint=models.CheckConstraint(condition=models.Q(('scored_at', None), ('stepped_aside_at', None), _connector='OR'), name='a_scorer_scores_or_steps_aside'),
        ),
        migrations.AddConstraint(
            model_name='gatescorer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scored_at', None), ('total', None)), models.Q(('scored_at__isnull', False), ('total__gte', 0), ('total__lte', 100), models.Q(('advice', ''), _negated=True)), _connector='OR'), name='a_score_has_its_total_and_advice'),
        ),
        migrations.AddConstraint(
            model_name='gatescorer',
            constraint=models.CheckConstraint(condition=models.Q(('stepped_aside_at', None), models.Q(('interest', ''), _negated=True), _connector='OR'), name='who_steps_aside_says_why'),
        ),
        migrations.AddConstraint(
            model_name='gateterms',
            constraint=models.UniqueConstraint(fields=('stage', 'number'), name='a_number_of_gate_terms_is_used_once'),
        ),
        migrations.AddConstraint(
            model_name='gateterms',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('stage',), name='one_version_of_a_gate_is_in_use'),
        ),
        migrations.AddConstraint(
            model_name='gateterms',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('stage',), name='one_draft_of_a_gate_at_a_time', violation_error_message='A draft of this gate is being worked on already.'),
        ),
        migrations.AddConstraint(
            model_name='gateterms',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published', 'retired', 'dropped'])), name='gate_terms_have_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='gateterms',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['project_pre', 'enterprise_pre', 'startup', 'growth', 'accelerated'])), name='gate_terms_are_of_a_known_stage'),
        ),
        migrations.AddConstraint(
            model_name='gateterms',
            constraint=models.CheckConstraint(condition=models.Q(('scorers__gte', 2)), name='two_people_at_least_score'),
        ),
        migrations.AddConstraint(
            model_name='gateterms',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'dropped']), models.Q(('author', None), ('published_at__isnull', False), ('published_by', None)), models.Q(('author__isnull', False), ('published_at__isnull', False), ('published_by__isnull', False), models.Q(('author', models.F('published_by')), _negated=True)), _connector='OR'), name='a_second_person_puts_gate_terms_into_use', violation_error_message='A second person has to take this step: you took the one before it.'),
        ),
        migrations.AddConstraint(
            model_name='gatewaiver',
            constraint=models.UniqueConstraint(fields=('gate', 'what'), name='a_condition_is_waived_once', violation_error_message='This is waived already.'),
        ),
        migrations.AddConstraint(
            model_name='gatewaiver',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_waiver_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='mentorship',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('tenant', 'mentor'), name='a_mentor_is_assigned_once', violation_error_message='This mentor is at its side already.'),
        ),
        migrations.AddConstraint(
            model_name='mentorship',
            constraint=models.CheckConstraint(condition=models.Q(('ended_on', None), ('ended_on__gte', models.F('since')), _connector='OR'), name='a_mentorship_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='mentormeeting',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 5), ('minutes__lte', 600)), name='a_meeting_lasts_a_while'),
        ),
        migrations.AddConstraint(
            model_name='mentormeeting',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='a_meeting_is_written_down'),
        ),
        migrations.AddIndex(
            model_name='problem',
            index=models.Index(fields=['tenant', 'state'], name='problems_of_a_tenant'),
        ),
        migrations.AddIndex(
            model_name='problem',
            index=models.Index(fields=['state', 'raised_at'], name='problems_by_state'),
        ),
        migrations.AddConstraint(
            model_name='problem',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['raised', 'in_hand', 'asked', 'solved', 'confirmed', 'dropped'])), name='a_problem_has_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='problem',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['project_pre', 'enterprise_pre', 'startup', 'growth', 'accelerated'])), name='a_problem_is_of_a_known_stage'),
        ),
        migrations.AddConstraint(
            model_name='problem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['in_hand', 'asked', 'solved', 'confirmed']), _negated=True), ('owner__isnull', False), _connector='OR'), name='a_problem_being_solved_has_an_owner'),
        ),
        migrations.AddConstraint(
            model_name='problem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['solved', 'confirmed']), _negated=True), ('solved_at__isnull', False), _connector='OR'), name='a_solved_problem_says_when'),
        ),
        migrations.AddConstraint(
            model_name='stagecorrection',
            constraint=models.UniqueConstraint(condition=models.Q(('confirmed_at', None), ('dropped_at', None)), fields=('tenant',), name='one_correction_of_a_tenant_at_a_time', violation_error_message='A correction is proposed already. A second manager confirms it.'),
        ),
        migrations.AddConstraint(
            model_name='stagecorrection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('dropped_at', None), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='two_managers_correct_a_stage', violation_error_message='A second person has to take this step: you took the one before it.'),
        ),
        migrations.AddConstraint(
            model_name='stagecorrection',
            constraint=models.CheckConstraint(condition=models.Q(('error', ''), _negated=True), name='a_correction_says_what_was_wrong'),
        ),
        migrations.AddConstraint(
            model_name='stagecorrection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('target', 'project_pre'), models.Q(('origin', 'project_pre'), _negated=True)), models.Q(('target', 'enterprise_pre'), ('origin__in', ['startup', 'growth', 'accelerated'])), models.Q(('target', 'startup'), ('origin__in', ['growth', 'accelerated'])), models.Q(('target', 'growth'), ('origin', 'accelerated')), _connector='OR'), name='a_correction_goes_back', violation_error_message='A correction leads back to an earlier stage.'),
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('tenant',), name='a_tenant_is_suspended_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.CheckConstraint(condition=models.Q(('ended_on', None), ('ended_on__gte', models.F('since')), _connector='OR'), name='a_suspension_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['arrears', 'reports', 'breach', 'founder_away', 'at_its_wish', 'other'])), name='a_suspension_has_a_known_cause'),
        ),
        migrations.AddConstraint(
            model_name='tenantexit',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_back_at', None)), fields=('tenant',), name='a_tenant_leaves_once', violation_error_message='This exit is announced already.'),
        ),
        migrations.AddConstraint(
            model_name='tenantexit',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['voluntary', 'breach', 'ceased', 'moved'])), name='an_exit_has_a_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='tenantexit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('taken_back_at', None), models.Q(('confirmed_by', models.F('announced_by')), _negated=True), models.Q(('survival', ''), _negated=True)), _connector='OR'), name='two_people_let_a_tenant_leave', violation_error_message='A second person has to take this step: you took the one before it.'),
        ),
        migrations.AddConstraint(
            model_name='handoveritem',
            constraint=models.UniqueConstraint(fields=('leaving', 'item'), name='an_item_is_handed_over_once'),
        ),
        migrations.AddConstraint(
            model_name='handoveritem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='a_handover_names_who_took_it'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gate',
            trigger=pgtrigger.compiler.Trigger(name='two_scores_before_a_decision', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" IN (\'to_decide\', \'passed\', \'conditional\', \'held\'))', constraint='CONSTRAINT', func="\n    IF NEW.terms_id IS NOT NULL AND (\n        SELECT count(*) FROM journey_gatescorer s WHERE s.gate_id = NEW.id AND s.scored_at IS NOT NULL\n    ) < (SELECT greatest(2, t.scorers) FROM journey_gateterms t WHERE t.id = NEW.terms_id) THEN\n        RAISE EXCEPTION 'gate % was passed without two scores', NEW.id\n            USING ERRCODE = '23514', CONSTRAINT = 'two_people_score_a_gate', TABLE = TG_TABLE_NAME;\n    END IF;\n    RETURN NULL;\n", hash='84d5f780ac956bcacdc3febba5fe2d2cc15411c9', operation='UPDATE OF "state" OR INSERT', pgid='pgtrigger_two_scores_before_a_decision_d1efb', table='journey_gate', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gate',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "journey_gateevent" ("checked_at", "checked_by_id", "decided_at", "decided_by_id", "facts", "found", "id", "note", "origin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "public_id", "requested_at", "requested_by_id", "retry_on", "state", "target", "tenant_id", "terms_id", "version") VALUES (NEW."checked_at", NEW."checked_by_id", NEW."decided_at", NEW."decided_by_id", NEW."facts", NEW."found", NEW."id", NEW."note", NEW."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."plan", NEW."public_id", NEW."requested_at", NEW."requested_by_id", NEW."retry_on", NEW."state", NEW."target", NEW."tenant_id", NEW."terms_id", NEW."version"); RETURN NULL;', hash='8513c3a356f91a1436e723950ceb90f5c733005a', operation='INSERT', pgid='pgtrigger_insert_insert_b7e11', table='journey_gate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gate',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "journey_gateevent" ("checked_at", "checked_by_id", "decided_at", "decided_by_id", "facts", "found", "id", "note", "origin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "public_id", "requested_at", "requested_by_id", "retry_on", "state", "target", "tenant_id", "terms_id", "version") VALUES (NEW."checked_at", NEW."checked_by_id", NEW."decided_at", NEW."decided_by_id", NEW."facts", NEW."found", NEW."id", NEW."note", NEW."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."plan", NEW."public_id", NEW."requested_at", NEW."requested_by_id", NEW."retry_on", NEW."state", NEW."target", NEW."tenant_id", NEW."terms_id", NEW."version"); RETURN NULL;', hash='a481a903405060e35eb65eaa46a9628f3abe3762', operation='UPDATE', pgid='pgtrigger_update_update_96e69', table='journey_gate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gate',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "journey_gateevent" ("checked_at", "checked_by_id", "decided_at", "decided_by_id", "facts", "found", "id", "note", "origin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "public_id", "requested_at", "requested_by_id", "retry_on", "state", "target", "tenant_id", "terms_id", "version") VALUES (OLD."checked_at", OLD."checked_by_id", OLD."decided_at", OLD."decided_by_id", OLD."facts", OLD."found", OLD."id", OLD."note", OLD."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."plan", OLD."public_id", OLD."requested_at", OLD."requested_by_id", OLD."retry_on", OLD."state", OLD."target", OLD."tenant_id", OLD."terms_id", OLD."version"); RETURN NULL;', hash='9d3e95c5dc7b2deb2f3149f2bdf0b21ec31b7f0a', operation='DELETE', pgid='pgtrigger_delete_delete_b2400', table='journey_gate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageenrolment',
            trigger=pgtrigger.compiler.Trigger(name='its_record_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."gate_id" IS DISTINCT FROM (NEW."gate_id") OR OLD."correction_id" IS DISTINCT FROM (NEW."correction_id") OR OLD."written_in" IS DISTINCT FROM (NEW."written_in"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e43035370ae9cc2bb0766e0957d63f4cc650d5f4', operation='UPDATE', pgid='pgtrigger_its_record_stays_2cd93', table='journey_stageenrolment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tenant',
            trigger=pgtrigger.compiler.Trigger(name='stage_needs_a_gate', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."stage" IS DISTINCT FROM (NEW."stage"))', constraint='CONSTRAINT', func="\n    IF NOT EXISTS (\n        SELECT 1 FROM journey_stageenrolment e\n        LEFT JOIN journey_gate g ON g.id = e.gate_id\n        LEFT JOIN journey_stagecorrection c ON c.id = e.correction_id\n        WHERE e.tenant_id = NEW.id AND e.stage = NEW.stage\n        AND e.written_in = pg_current_xact_id()::text::bigint\n        AND (\n            (g.tenant_id = NEW.id AND g.origin = OLD.stage AND g.target = NEW.stage\n                AND g.state IN ('passed', 'conditional'))\n            OR (c.tenant_id = NEW.id AND c.origin = OLD.stage AND c.target = NEW.stage AND c.confirmed_at IS NOT NULL)\n        )\n    ) THEN\n        RAISE EXCEPTION 'tenant % changed its stage without a gate', NEW.id\n            USING ERRCODE = '23514', CONSTRAINT = 'a_stage_changes_through_a_gate', TABLE = TG_TABLE_NAME;\n    END IF;\n    RETURN NULL;\n", hash='c706ee475894c06364e1bad39174991992d04974', operation='UPDATE OF "stage"', pgid='pgtrigger_stage_needs_a_gate_b2cc4', table='journey_tenant', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tenant',
            trigger=pgtrigger.compiler.Trigger(name='leaving_needs_its_record', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))', constraint='CONSTRAINT', func="\n    IF OLD.state IN ('graduated', 'exited')\n        OR (NEW.state = 'graduated' AND NOT EXISTS (\n            SELECT 1 FROM journey_gate g WHERE g.tenant_id = NEW.id AND g.target = '' AND g.state = 'passed'))\n        OR (NEW.state = 'exited' AND NOT EXISTS (\n            SELECT 1 FROM journey_tenantexit x WHERE x.tenant_id = NEW.id AND x.confirmed_at IS NOT NULL\n            AND NOT EXISTS (SELECT 1 FROM journey_handoveritem h WHERE h.leaving_id = x.id AND h.done_at IS NULL)))\n    THEN\n        RAISE EXCEPTION 'tenant % left the park without a record', NEW.id\n            USING ERRCODE = '23514', CONSTRAINT = 'a_tenant_leaves_by_a_record', TABLE = TG_TABLE_NAME;\n    END IF;\n    RETURN NULL;\n", hash='463aafd2048f385658379440af2d4a0d5831b202', operation='UPDATE OF "state"', pgid='pgtrigger_leaving_needs_its_record_fffe1', table='journey_tenant', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagelimit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "journey_stagelimitevent" ("document", "id", "months", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sector", "since", "stage", "until") VALUES (NEW."document", NEW."id", NEW."months", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."sector", NEW."since", NEW."stage", NEW."until"); RETURN NULL;', hash='25d12ce6e45c3a5f91ebfcdfb3823fe4625907cc', operation='INSERT', pgid='pgtrigger_insert_insert_4d3b1', table='journey_stagelimit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagelimit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "journey_stagelimitevent" ("document", "id", "months", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sector", "since", "stage", "until") VALUES (NEW."document", NEW."id", NEW."months", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."sector", NEW."since", NEW."stage", NEW."until"); RETURN NULL;', hash='561a89766bfd6d81db21b240f71bf5d7a9ff781e', operation='UPDATE', pgid='pgtrigger_update_update_150bb', table='journey_stagelimit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagelimit',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "journey_stagelimitevent" ("document", "id", "months", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sector", "since", "stage", "until") VALUES (OLD."document", OLD."id", OLD."months", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."sector", OLD."since", OLD."stage", OLD."until"); RETURN NULL;', hash='a4e0a30b39d3c0a0df72fc01040cad4db947f92d', operation='DELETE', pgid='pgtrigger_delete_delete_9ebdb', table='journey_stagelimit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='extension',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='93fe160339f6c66040350f70175293f828edc7f9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3e1ad', table='journey_extension', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gatescorer',
            trigger=pgtrigger.compiler.Trigger(name='nobody_scores_their_own', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1 FROM journey_gate g JOIN journey_tenant t ON t.id = g.tenant_id\n        LEFT JOIN profiles_talent p ON p.id = t.talent_id\n        LEFT JOIN organisations_membership m\n            ON m.organisation_id = t.organisation_id AND m.user_id = NEW.person_id AND m.ended_at IS NULL\n        WHERE g.id = NEW.gate_id AND (m.id IS NOT NULL OR p.user_id = NEW.person_id)\n    ) THEN\n        RAISE EXCEPTION 'person % belongs to the tenant', NEW.person_id\n            USING ERRCODE = '23514', CONSTRAINT = 'nobody_scores_a_tenant_of_their_own', TABLE = TG_TABLE_NAME;\n    END IF;\n    RETURN NEW;\n", hash='759ea3f74dcdfff2df96d15f1ca755eebad5f471', operation='INSERT OR UPDATE', pgid='pgtrigger_nobody_scores_their_own_997a4', table='journey_gatescorer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gatescorer',
            trigger=pgtrigger.compiler.Trigger(name='a_score_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."scored_at" IS NOT NULL OR OLD."stepped_aside_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='8370f74e1771dcaea05f37541ba92180f9f28939', operation='UPDATE', pgid='pgtrigger_a_score_stays_0db65', table='journey_gatescorer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gatescorer',
            trigger=pgtrigger.compiler.Trigger(name='a_scorer_is_not_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4a0748d881ee7ba9cee022310276aed001f53dc4', operation='DELETE', pgid='pgtrigger_a_scorer_is_not_removed_668b3', table='journey_gatescorer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gateterms',
            trigger=pgtrigger.compiler.Trigger(name='terms_in_use_never_change', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'published\', \'retired\', \'dropped\') AND (OLD."stage" IS DISTINCT FROM (NEW."stage") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."criteria" IS DISTINCT FROM (NEW."criteria") OR OLD."evidence" IS DISTINCT FROM (NEW."evidence") OR OLD."scorecard" IS DISTINCT FROM (NEW."scorecard") OR OLD."scorers" IS DISTINCT FROM (NEW."scorers") OR OLD."pass_mark" IS DISTINCT FROM (NEW."pass_mark") OR OLD."extensions" IS DISTINCT FROM (NEW."extensions") OR OLD."extension_months" IS DISTINCT FROM (NEW."extension_months") OR OLD."retry_days" IS DISTINCT FROM (NEW."retry_days") OR OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."published_by_id" IS DISTINCT FROM (NEW."published_by_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at")))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='3bb3c29b9532c214e0e0f872c8666c59a93bfa79', operation='UPDATE', pgid='pgtrigger_terms_in_use_never_change_e33d4', table='journey_gateterms', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gateterms',
            trigger=pgtrigger.compiler.Trigger(name='terms_are_not_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='499988f3ee9f28dbaef91e133eca21e0318f34b6', operation='DELETE', pgid='pgtrigger_terms_are_not_deleted_48020', table='journey_gateterms', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gateterms',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "journey_gatetermsevent" ("author_id", "created_at", "criteria", "evidence", "extension_months", "extensions", "id", "notes", "notes_en", "notes_zh_hans", "number", "pass_mark", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "retry_days", "scorecard", "scorers", "stage", "state", "version") VALUES (NEW."author_id", NEW."created_at", NEW."criteria", NEW."evidence", NEW."extension_months", NEW."extensions", NEW."id", NEW."notes", NEW."notes_en", NEW."notes_zh_hans", NEW."number", NEW."pass_mark", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."retry_days", NEW."scorecard", NEW."scorers", NEW."stage", NEW."state", NEW."version"); RETURN NULL;', hash='f1dc4fe4ad20a474b564e891f39d513ad6507e0c', operation='INSERT', pgid='pgtrigger_insert_insert_eff86', table='journey_gateterms', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gateterms',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "journey_gatetermsevent" ("author_id", "created_at", "criteria", "evidence", "extension_months", "extensions", "id", "notes", "notes_en", "notes_zh_hans", "number", "pass_mark", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "retry_days", "scorecard", "scorers", "stage", "state", "version") VALUES (NEW."author_id", NEW."created_at", NEW."criteria", NEW."evidence", NEW."extension_months", NEW."extensions", NEW."id", NEW."notes", NEW."notes_en", NEW."notes_zh_hans", NEW."number", NEW."pass_mark", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."retry_days", NEW."scorecard", NEW."scorers", NEW."stage", NEW."state", NEW."version"); RETURN NULL;', hash='48a4d9221cce836ccb0158dd42b60e3103d067cf', operation='UPDATE', pgid='pgtrigger_update_update_0ada7', table='journey_gateterms', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gateterms',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "journey_gatetermsevent" ("author_id", "created_at", "criteria", "evidence", "extension_months", "extensions", "id", "notes", "notes_en", "notes_zh_hans", "number", "pass_mark", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "retry_days", "scorecard", "scorers", "stage", "state", "version") VALUES (OLD."author_id", OLD."created_at", OLD."criteria", OLD."evidence", OLD."extension_months", OLD."extensions", OLD."id", OLD."notes", OLD."notes_en", OLD."notes_zh_hans", OLD."number", OLD."pass_mark", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."published_at", OLD."published_by_id", OLD."retry_days", OLD."scorecard", OLD."scorers", OLD."stage", OLD."state", OLD."version"); RETURN NULL;', hash='c81a20d2d2442cfb83f599513729b4f343df4e92', operation='DELETE', pgid='pgtrigger_delete_delete_b7e68', table='journey_gateterms', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gateevent',
            trigger=pgtrigger.compiler.Trigger(name='chain', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func='PERFORM audit_chain(TG_TABLE_NAME::text, NEW.pgh_id::bigint, NEW); RETURN NULL;', hash='af215377c2f81f110a1d20f6be7c6aa9263f06f8', operation='INSERT', pgid='pgtrigger_chain_02e39', table='journey_gateevent', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gateevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='80faf172124fcf6ab7269bb6f9f647ed8009370e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b1b6c', table='journey_gateevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gatetermsevent',
            trigger=pgtrigger.compiler.Trigger(name='chain', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func='PERFORM audit_chain(TG_TABLE_NAME::text, NEW.pgh_id::bigint, NEW); RETURN NULL;', hash='1951485c5b033a3c2df34a0cd221d311d495d6ce', operation='INSERT', pgid='pgtrigger_chain_fd1ac', table='journey_gatetermsevent', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gatetermsevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6ca98150717b4a8fecb9a8843f38498b43fbb1cd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_00565', table='journey_gatetermsevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gatewaiver',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='698972170e46efa850937baa5b0cb7beb117cc73', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fe53a', table='journey_gatewaiver', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mentormeeting',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='71eee25c7cc7ea1d5b4e2e4b0155fbb61bc4b553', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b4736', table='journey_mentormeeting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='problem',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "journey_problemevent" ("category", "id", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "raised_at", "raised_by_id", "reopened", "solved_at", "stage", "state", "tenant_id", "text", "title", "version") VALUES (NEW."category", NEW."id", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."raised_at", NEW."raised_by_id", NEW."reopened", NEW."solved_at", NEW."stage", NEW."state", NEW."tenant_id", NEW."text", NEW."title", NEW."version"); RETURN NULL;', hash='f9d92ab53e3de3a04af3b4a92e47e353dbcf4769', operation='INSERT', pgid='pgtrigger_insert_insert_939cc', table='journey_problem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='problem',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "journey_problemevent" ("category", "id", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "raised_at", "raised_by_id", "reopened", "solved_at", "stage", "state", "tenant_id", "text", "title", "version") VALUES (NEW."category", NEW."id", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."raised_at", NEW."raised_by_id", NEW."reopened", NEW."solved_at", NEW."stage", NEW."state", NEW."tenant_id", NEW."text", NEW."title", NEW."version"); RETURN NULL;', hash='f594ecc2a8f0ee207ffb1c47d883c37d3c238918', operation='UPDATE', pgid='pgtrigger_update_update_9fc0f', table='journey_problem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='problem',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "journey_problemevent" ("category", "id", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "raised_at", "raised_by_id", "reopened", "solved_at", "stage", "state", "tenant_id", "text", "title", "version") VALUES (OLD."category", OLD."id", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."raised_at", OLD."raised_by_id", OLD."reopened", OLD."solved_at", OLD."stage", OLD."state", OLD."tenant_id", OLD."text", OLD."title", OLD."version"); RETURN NULL;', hash='2a0670bc2d46d0e42e11367c6b41f95eca213703', operation='DELETE', pgid='pgtrigger_delete_delete_6d9ae', table='journey_problem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='problemevent',
            trigger=pgtrigger.compiler.Trigger(name='chain', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func='PERFORM audit_chain(TG_TABLE_NAME::text, NEW.pgh_id::bigint, NEW); RETURN NULL;', hash='58e45b8835e63e1de48858e046e7e6083fdbe776', operation='INSERT', pgid='pgtrigger_chain_e0bdb', table='journey_problemevent', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='problemevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a594befb4d4e7f2d3f1805d325fbecf5156ea14d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f2faf', table='journey_problemevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagecorrection',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "journey_stagecorrectionevent" ("confirmed_at", "confirmed_by_id", "dropped_at", "error", "id", "origin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "target", "tenant_id") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."dropped_at", NEW."error", NEW."id", NEW."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."target", NEW."tenant_id"); RETURN NULL;', hash='e7727f94fedfb6d63e3332503326b8e181eec6e2', operation='INSERT', pgid='pgtrigger_insert_insert_eb2de', table='journey_stagecorrection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagecorrection',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "journey_stagecorrectionevent" ("confirmed_at", "confirmed_by_id", "dropped_at", "error", "id", "origin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "target", "tenant_id") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."dropped_at", NEW."error", NEW."id", NEW."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."target", NEW."tenant_id"); RETURN NULL;', hash='8384cac57d97189f0b1d69c83a18a34c53378adc', operation='UPDATE', pgid='pgtrigger_update_update_a3b6e', table='journey_stagecorrection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagecorrection',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "journey_stagecorrectionevent" ("confirmed_at", "confirmed_by_id", "dropped_at", "error", "id", "origin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "target", "tenant_id") VALUES (OLD."confirmed_at", OLD."confirmed_by_id", OLD."dropped_at", OLD."error", OLD."id", OLD."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."target", OLD."tenant_id"); RETURN NULL;', hash='c61c84ff169138d0f6d461d2bb638b3db3497132', operation='DELETE', pgid='pgtrigger_delete_delete_ef7b6', table='journey_stagecorrection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagecorrectionevent',
            trigger=pgtrigger.compiler.Trigger(name='chain', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func='PERFORM audit_chain(TG_TABLE_NAME::text, NEW.pgh_id::bigint, NEW); RETURN NULL;', hash='2e9927c2d06032f94c0d19561c5accfd4dc7383b', operation='INSERT', pgid='pgtrigger_chain_749a0', table='journey_stagecorrectionevent', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagecorrectionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6aef29dfc7e7a99b78238beb2c3225930ba43169', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6bac3', table='journey_stagecorrectionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagelimitevent',
            trigger=pgtrigger.compiler.Trigger(name='chain', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func='PERFORM audit_chain(TG_TABLE_NAME::text, NEW.pgh_id::bigint, NEW); RETURN NULL;', hash='fae315d4389095cc1a1ed07f78d043402ab92246', operation='INSERT', pgid='pgtrigger_chain_ebcf7', table='journey_stagelimitevent', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stagelimitevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3af6ab28e8b64d7a9cefeb04479a6b7748236f32', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_36ff9', table='journey_stagelimitevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tenantexit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "journey_tenantexitevent" ("announced_at", "announced_by_id", "confirmed_at", "confirmed_by_id", "id", "kind", "leaves_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "survival", "taken_back_at", "tenant_id") VALUES (NEW."announced_at", NEW."announced_by_id", NEW."confirmed_at", NEW."confirmed_by_id", NEW."id", NEW."kind", NEW."leaves_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."reason", NEW."survival", NEW."taken_back_at", NEW."tenant_id"); RETURN NULL;', hash='da75823248dbb6eed41f7071a1844fea6b82fe63', operation='INSERT', pgid='pgtrigger_insert_insert_4743b', table='journey_tenantexit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tenantexit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "journey_tenantexitevent" ("announced_at", "announced_by_id", "confirmed_at", "confirmed_by_id", "id", "kind", "leaves_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "survival", "taken_back_at", "tenant_id") VALUES (NEW."announced_at", NEW."announced_by_id", NEW."confirmed_at", NEW."confirmed_by_id", NEW."id", NEW."kind", NEW."leaves_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."reason", NEW."survival", NEW."taken_back_at", NEW."tenant_id"); RETURN NULL;', hash='c202c92f33693cdb729ee84438b921ba8b67c308', operation='UPDATE', pgid='pgtrigger_update_update_0924c', table='journey_tenantexit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tenantexit',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "journey_tenantexitevent" ("announced_at", "announced_by_id", "confirmed_at", "confirmed_by_id", "id", "kind", "leaves_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "survival", "taken_back_at", "tenant_id") VALUES (OLD."announced_at", OLD."announced_by_id", OLD."confirmed_at", OLD."confirmed_by_id", OLD."id", OLD."kind", OLD."leaves_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."reason", OLD."survival", OLD."taken_back_at", OLD."tenant_id"); RETURN NULL;', hash='63d239ebb73190014a30ad7b7c421a2cd2ec87dd', operation='DELETE', pgid='pgtrigger_delete_delete_79c9e', table='journey_tenantexit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tenantexitevent',
            trigger=pgtrigger.compiler.Trigger(name='chain', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func='PERFORM audit_chain(TG_TABLE_NAME::text, NEW.pgh_id::bigint, NEW); RETURN NULL;', hash='0c8ad83e0bdf5b2774bff1415c7019bce9bd243e', operation='INSERT', pgid='pgtrigger_chain_4b5e8', table='journey_tenantexitevent', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tenantexitevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b6fc3c6cae6f7cf0e2e5d92230dc51c49f0a76ba', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4c600', table='journey_tenantexitevent', when='BEFORE')),
        ),
    ]
