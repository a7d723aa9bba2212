"""A revision is of a cache tag."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_lanes")]

    # Unique again afterwards, so that the names of its indexes follow.
    operations = [
        migrations.AlterField("revision", "shelf", models.CharField(max_length=60)),
        migrations.RenameField("revision", "shelf", "cache_tag"),
        migrations.AlterField("revision", "cache_tag", models.CharField(max_length=60, unique=True)),
    ]
