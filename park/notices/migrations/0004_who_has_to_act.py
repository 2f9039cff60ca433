from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_pauses_and_acts")]

    operations = [
        migrations.AlterField(
            model_name="delivery", name="message_id", field=models.UUIDField(editable=False, null=True)
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=["message_id"],
                condition=models.Q(message_id__isnull=False),
                name="a_message_id_is_given_once",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="waits_for",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(state="held", then=models.Value("digest")),
                    models.When(state__in=["pending", "sending"], then=models.Value("worker")),
                    models.When(state__in=["failed", "dead"], then=models.Value("staff")),
                ),
                output_field=models.CharField(max_length=6, null=True),
            ),
        ),
        migrations.RemoveIndex(model_name="delivery", name="deliveries_to_send"),
        migrations.RemoveIndex(model_name="delivery", name="deliveries_in_trouble"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                models.F("due_at"), condition=models.Q(waits_for="worker", paused=False), name="deliveries_to_send"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(models.F("due_at"), condition=models.Q(waits_for="digest"), name="deliveries_to_gather"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["-id"], condition=models.Q(waits_for="staff"), name="deliveries_in_trouble"),
        ),
    ]
