from hashlib import sha256

from django.db import migrations, models


def sign_names(apps, schema_editor):
    """Let signatures that hold for a draft with a paper hold for the paper's name too."""
    Signatory = apps.get_model("contributions", "Signatory")
    signed = Signatory.objects.filter(draft__paper__isnull=False).exclude(sha256="").select_related("draft__paper")
    for each in signed.iterator():
        each.sha256 = sha256(f"{each.sha256}\x00{each.draft.paper.name}".encode()).hexdigest()
        each.save(update_fields=["sha256"])


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0011_latest_by_thread'),
    ]

    operations = [
        migrations.AlterField(
            model_name='paper',
            name='sha256',
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('sha256', 'name'), name='paper_of_a_name'),
        ),
        migrations.RunPython(sign_names, migrations.RunPython.noop),
    ]
