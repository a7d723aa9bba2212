"""A revision is of a cache tag."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_lanes")]

    operations = [migrations.RenameField("revision", "shelf", "cache_tag")]
