"""When moderators were last told what waits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0003_queue")]
    operations = [
        migrations.AddField("item", "told_late_at", models.DateTimeField(null=True)),
        migrations.AddField("preference", "digest_at", models.DateTimeField(null=True)),
    ]
