"""The tables that 0003 has copied."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0003_outcome_paragraph")]

    operations = [
        migrations.RemoveField("publishedobjection", "stand"),
        migrations.AlterField(
            "publishedobjection",
            "outcome_paragraph",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="objections",
                to="outcomes.publishedoutcomeparagraph",
            ),
        ),
        migrations.DeleteModel("Stand"),
        migrations.DeleteModel("PublishedStand"),
    ]
