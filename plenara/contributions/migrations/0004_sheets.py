"""Spreadsheets of letters and statements, on their way in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import plenara.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0002_moderation_desk"),
        ("contributions", "0003_channel_and_tallies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("rows", models.JSONField(default=list)),
                ("count", models.PositiveIntegerField()),
                ("uploaded_at", models.DateTimeField(default=plenara.core.clock.now)),
                ("entered_at", models.DateTimeField(null=True)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sheets",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("consultation", "sha256"), name="sheet_once")],
            },
        ),
    ]
