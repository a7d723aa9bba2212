"""Editions and tallies learn the channel: it is a filter and a figure from here on."""

from django.db import migrations
from django.db.models import Count, OuterRef, Subquery


def tell(apps, _schema_editor):
    Contribution = apps.get_model("contributions", "Contribution")
    Edition = apps.get_model("contributions", "Edition")
    Tally = apps.get_model("contributions", "Tally")
    channel = Contribution.objects.filter(pk=OuterRef("contribution_id")).values("channel")[:1]
    Edition.objects.update(channel=Subquery(channel))
    Tally.objects.all().delete()
    cells = (
        Edition.objects.filter(in_force=True, status="published", byline__isnull=False)
        .values("thread_id", "stakeholder_group", "language", "byline__country", "channel")
        .annotate(count=Count("pk"))
    )
    Tally.objects.bulk_create(
        (
            Tally(
                thread_id=cell["thread_id"],
                stakeholder_group=cell["stakeholder_group"],
                language=cell["language"],
                country=cell["byline__country"],
                channel=cell["channel"],
                count=cell["count"],
            )
            for cell in cells.iterator(chunk_size=1000)
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("contributions", "0002_moderation_desk")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop, elidable=True)]
