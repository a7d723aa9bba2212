"""An invitation has the name of whoever is invited; a site may ask for a second organizer before an announcement."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_inviter_may_go")]

    operations = [
        migrations.AddField(
            model_name="installation",
            name="announcing_takes_two",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="invitation",
            name="name",
            field=models.CharField(blank=True, max_length=120),
        ),
    ]
