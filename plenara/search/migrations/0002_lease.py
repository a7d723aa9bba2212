"""Who reads the texts that are not read yet has a lease, as a background task has."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.RenameField("meaning", "held_by", "lease_holder"),
        migrations.RenameField("meaning", "held_until", "lease_until"),
    ]
