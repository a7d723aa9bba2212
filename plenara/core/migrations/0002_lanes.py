"""Errands in three lanes: what somebody waits for at the screen, what is done in turn, what comes in thousands."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.AddField(
            "errand",
            "lane",
            models.PositiveSmallIntegerField(choices=[(0, "At Once"), (1, "In Turn"), (2, "Afterwards")], default=1),
        ),
        migrations.RemoveIndex("errand", "errand_owed"),
        migrations.AddIndex(
            "errand",
            models.Index(fields=["lane", "due_at"], condition=Q(done_at=None, failed_at=None), name="errand_in_lane"),
        ),
    ]
