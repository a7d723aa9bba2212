"""The names of a response, and of a paragraph's place in an outcome."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0001_initial"), ("documents", "0002_response")]

    operations = [
        migrations.RenameField("trace", "treatment", "response"),
        migrations.RenameModel("Stand", "OutcomeParagraph"),
        migrations.RenameModel("PublishedStand", "PublishedOutcomeParagraph"),
        migrations.RenameField("publishedobjection", "stand", "outcome_paragraph"),
        *(
            migrations.AlterField(
                model,
                name,
                kind(on_delete=django.db.models.deletion.CASCADE, related_name=related, to=to),
            )
            for model, paragraph, section in [
                ("outcomeparagraph", "documents.paragraph", "outcomes.section"),
                ("publishedoutcomeparagraph", "documents.publishedparagraph", "outcomes.publishedsection"),
            ]
            for name, kind, related, to in [
                ("paragraph", models.OneToOneField, "outcome_paragraph", paragraph),
                ("section", models.ForeignKey, "outcome_paragraphs", section),
            ]
        ),
    ]
