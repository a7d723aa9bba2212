"""A moderator takes a member out of a campaign, and it is not put back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0004_told")]

    operations = [
        migrations.AddField(
            model_name="campaignmember", name="taken_out_at", field=models.DateTimeField(null=True)
        ),
    ]
