"""Contributions by day: a figure from here on, filled from what is in force."""

import datetime

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Case, Count, DateTimeField, OuterRef, Subquery, When
from django.db.models.functions import Coalesce, TruncDate


def fill(apps, _schema_editor):
    DayTally = apps.get_model("contributions", "DayTally")
    Edition = apps.get_model("contributions", "Edition")
    first = Edition.objects.filter(contribution=OuterRef("contribution"), revision=0).values("published_at")[:1]
    at = Case(
        When(revision=0, then=Coalesce("published_at", "submitted_at")),
        default=Subquery(first),
        output_field=DateTimeField(null=True),
    )
    days = (
        Edition.objects.filter(in_force=True, status="published")
        .annotate(first_at=at)
        .annotate(day=TruncDate("first_at", tzinfo=datetime.UTC))
        .order_by()
        .values_list("thread_id", "day")
        .annotate(Count("pk"))
    )
    DayTally.objects.bulk_create(
        (DayTally(thread_id=thread, day=day, count=count) for thread, day, count in days.iterator(chunk_size=1000)),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0006_checked_summaries"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(null=True)),
                ("count", models.IntegerField(default=0)),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="day_tallies",
                        to="consultations.thread",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("thread", "day"), name="day_tally_cell"),
                    models.UniqueConstraint(
                        condition=models.Q(("day", None)), fields=("thread",), name="day_tally_undated"
                    ),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
