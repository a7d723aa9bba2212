"""What a paragraph answers to a contribution is a response."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0001_initial"), ("documents", "0002_response")]

    operations = [migrations.RenameField("trace", "treatment", "response")]
