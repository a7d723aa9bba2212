"""Whose names went last is found at once: feeds tell of it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("contributions", "0004_sheets")]

    operations = [
        migrations.AddIndex(
            model_name="byline",
            index=models.Index(fields=["erased_at"], name="byline_erased", condition=Q(erased_at__isnull=False)),
        ),
    ]
