"""What a paragraph answers to a citation is a response."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.RenameField(model, "treatment", "response")
        for model in ("citation", "reference", "publishedcitation", "publishedreference")
    ]
