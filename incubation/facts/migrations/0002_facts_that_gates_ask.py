"""Columns for what gates ask: team, plan, seat, lease, agreement, first product and customer, money in all."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('facts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenantfact',
            name='enterprise_acquired_or_listed',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='tenantfact',
            name='enterprise_agreement_signed',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='tenantfact',
            name='enterprise_equity_total_cny',
            field=models.DecimalField(decimal_places=2, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='tenantfact',
            name='enterprise_first_customer',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='tenantfact',
            name='enterprise_first_product',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='tenantfact',
            name='enterprise_lease_signed',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='tenantfact',
            name='enterprise_own_site',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='tenantfact',
            name='enterprise_revenue_2y_cny',
            field=models.DecimalField(decimal_places=2, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='tenantfact',
            name='enterprise_seat_in_park',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='tenantfact',
            name='project_company_decided',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='tenantfact',
            name='project_plan_accepted',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='tenantfact',
            name='project_team_size',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='tenantfact',
            name='tenant_open_problems',
            field=models.IntegerField(null=True),
        ),
    ]
