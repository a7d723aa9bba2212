"""A version of an outcome with very many paragraphs and citations, created directly in the record."""

import random

from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.documents.models import (
    Document,
    DocumentEdition,
    PublishedCitation,
    PublishedParagraph,
    PublishedReason,
    PublishedRendition,
    PublishedText,
    Response,
    digest_of,
)
from plenara.outcomes.actions.bodies import publish_body
from plenara.outcomes.actions.publication import write_traces
from plenara.outcomes.models import OutcomeEdition, PublishedOutcomeParagraph, PublishedSection
from plenara.outcomes.queries.contributions import count_figures
from tests import world
from tests.outcomes import making

LETTERS = "abcdefghijklmnoprstuvw"


def words(chance, count):
    """Return words that do not compress well."""
    return " ".join("".join(chance.choices(LETTERS, k=chance.randint(2, 9))) for _ in range(count))


def large(consultation, *, contributions, paragraphs, citations, sections=4):
    """Publish a version with so many paragraphs, which cite so many of so many contributions."""
    chance = random.Random(7)
    threads = list(consultation.threads.all())
    for thread in threads:
        world.many(thread, contributions // len(threads))
    curator = world.grant(world.person("Keeper"), consultation, "organizer")
    body = making.body(curator, consultation)
    outcome = making.outcome(curator, body)
    publish_body(actor=curator, body=body)
    Document.objects.filter(pk=outcome.document_id).update(number=1, symbol=f"{consultation.symbol}/OUT/1")
    edition = DocumentEdition.objects.create(
        document=outcome.document, consultation=consultation, kind="outcome", number=1,
        symbol=f"{consultation.symbol}/OUT/1", source_language="en", published_at=clock.now(),
        address=outcome.document.address,
    )  # fmt: skip
    version = OutcomeEdition.objects.create(edition=edition, outcome=outcome, stage="zero_draft")
    rendition = PublishedRendition.objects.create(
        edition=edition, language="en", title="Report", published_at=clock.now()
    )
    parts = PublishedSection.objects.bulk_create(
        PublishedSection(edition=version, number=k, slug=f"part-{k}", title=world.six(f"Part {k}"), origin=k)
        for k in range(1, sections + 1)
    )
    made = PublishedParagraph.objects.bulk_create(
        PublishedParagraph(edition=edition, number=k, mark=k, kind="finding", origin=k)
        for k in range(1, paragraphs + 1)
    )
    texts = [words(chance, 50) for _ in made]
    PublishedText.objects.bulk_create(
        PublishedText(rendition=rendition, paragraph=each, language="en", text=text, source_digest=digest_of("", text))
        for each, text in zip(made, texts, strict=True)
    )
    PublishedOutcomeParagraph.objects.bulk_create(
        PublishedOutcomeParagraph(paragraph=each, section=parts[k * sections // paragraphs])
        for k, each in enumerate(made)
    )
    reasons = PublishedReason.objects.bulk_create(
        PublishedReason(edition=edition, text=words(chance, 12)) for _ in range(max(1, citations // 10))
    )
    editions = list(Edition.objects.filter(consultation=consultation).order_by("number")[:citations])
    PublishedCitation.objects.bulk_create(
        [
            PublishedCitation(
                paragraph=made[k % paragraphs],
                edition=editions[k % len(editions)],
                words="",
                position=k // paragraphs + 1,
                response=Response.values[k % 4],
                reason=reasons[k % len(reasons)],
            )
            for k in range(citations)
        ],
        batch_size=1_000,
    )
    write_traces(version)
    version.figures = count_figures(version)
    version.save()
    return version
