"""A paragraph's section and agreement: tables with the names that new ones have, and the rows of the old ones."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CASCADE = django.db.models.deletion.CASCADE
_AT_ONCE = 1000
_TABLES = {
    "Stand": ("OutcomeParagraph", ("paragraph_id", "section_id", "agreed_by_id", "agreed_at", "agreed_digest")),
    "PublishedStand": ("PublishedOutcomeParagraph", ("paragraph_id", "section_id", "agreement")),
}


def copy(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Copy the rows, and let each objection name its paragraph's new one."""
    for was, (now, columns) in _TABLES.items():
        rows = apps.get_model("outcomes", was).objects.order_by("pk").values(*columns)
        new = apps.get_model("outcomes", now)
        new.objects.bulk_create((new(**row) for row in rows.iterator(_AT_ONCE)), batch_size=_AT_ONCE)
    objections = apps.get_model("outcomes", "PublishedObjection").objects.select_related("stand").order_by("pk")
    new = apps.get_model("outcomes", "PublishedOutcomeParagraph")
    for objection in objections.iterator(_AT_ONCE):
        objection.outcome_paragraph = new.objects.get(paragraph_id=objection.stand.paragraph_id)
        objection.save(update_fields=["outcome_paragraph"])


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0002_response"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OutcomeParagraph",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agreed_at", models.DateTimeField(null=True)),
                ("agreed_digest", models.CharField(blank=True, max_length=64)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paragraph",
                    models.OneToOneField(
                        on_delete=CASCADE, related_name="outcome_paragraph", to="documents.paragraph"
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(on_delete=CASCADE, related_name="outcome_paragraphs", to="outcomes.section"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublishedOutcomeParagraph",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agreement",
                    models.CharField(
                        choices=[("agreed", "agreed"), ("bracketed", "in brackets"), ("open", "not yet agreed")],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "paragraph",
                    models.OneToOneField(
                        on_delete=CASCADE, related_name="outcome_paragraph", to="documents.publishedparagraph"
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=CASCADE, related_name="outcome_paragraphs", to="outcomes.publishedsection"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            "publishedobjection",
            "outcome_paragraph",
            models.ForeignKey(
                null=True, on_delete=CASCADE, related_name="objections", to="outcomes.publishedoutcomeparagraph"
            ),
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
    ]
