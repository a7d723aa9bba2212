from django.db import migrations, models


def mark_redacted(apps, schema_editor):
    """Let the editions say it whose words were left out before."""
    Edition = apps.get_model("contributions", "Edition")
    redacted = Edition.objects.filter(version__is_redacted=True).values_list("pk", flat=True)
    Edition.objects.filter(pk__in=list(redacted)).update(is_redacted=True)


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0012_paper_names'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='is_redacted',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark_redacted, migrations.RunPython.noop),
    ]
