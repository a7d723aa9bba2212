from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

import plenara.core.clock


def from_what_is_known(apps, schema_editor):
    """Let each edition have changed when it came or went. Nobody has asked yet, so no moment is too early."""
    gone = Coalesce(F("gone_at"), F("minted_at"))
    apps.get_model("contributions", "Edition").objects.update(changed_at=Greatest(F("minted_at"), gone))


class Migration(migrations.Migration):
    dependencies = [("contributions", "0007_day_tally")]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="changed_at",
            field=models.DateTimeField(default=plenara.core.clock.now),
        ),
        migrations.RunPython(from_what_is_known, migrations.RunPython.noop),
    ] + [
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(fields=fields, condition=Q(in_force=True), name=name),
        )
        for fields, name in (
            (["changed_at", "id"], "edition_changed"),
            (["consultation", "changed_at", "id"], "edition_changed_whole"),
            (["thread", "changed_at", "id"], "edition_changed_thread"),
            (["language", "changed_at", "id"], "edition_changed_language"),
        )
    ]
