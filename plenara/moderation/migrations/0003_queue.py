"""What waits already enters the queue, which is a table from here on."""

from django.db import migrations
from django.db.models import Exists, OuterRef


def enter(apps, _schema_editor):
    Version = apps.get_model("contributions", "Version")
    Contribution = apps.get_model("contributions", "Contribution")
    Decision = apps.get_model("moderation", "Decision")
    Item = apps.get_model("moderation", "Item")
    here = Contribution.objects.filter(
        author=OuterRef("contribution__author"), consultation=OuterRef("contribution__consultation"), state="published"
    )
    returned = Decision.objects.filter(
        kind="contribution", object_id=OuterRef("contribution_id"), code="RETURNED_FOR_REVISION"
    )
    waiting = (
        Version.objects.filter(state="pending")
        .select_related("contribution__thread", "byline")
        .annotate(known=Exists(here), returned=Exists(returned))
    )
    Item.objects.bulk_create(
        (
            Item(
                object_id=version.contribution_id,
                version_id=version.pk,
                consultation_id=version.contribution.consultation_id,
                thread=version.contribution.thread.number,
                author_id=version.contribution.author_id,
                language=version.language,
                stakeholder_group=version.byline.stakeholder_group,
                since=version.submitted_at or version.contribution.created_at,
                is_revision=version.number > 1,
                by_newcomer=not version.known,
                was_returned=version.returned,
            )
            for version in waiting.iterator(chunk_size=500)
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_moderation_desk"), ("contributions", "0003_channel_and_tallies")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop, elidable=True)]
