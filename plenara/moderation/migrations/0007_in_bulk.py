"""What comes from accounts that were made in bulk waits in a part of the queue of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0006_entered_by")]
    operations = [migrations.AddField("item", "in_bulk", models.BooleanField(default=False))]
