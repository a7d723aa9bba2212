"""A period without contributions: a summary that says so, in six languages, by itself.

Its one sentence is ours, not a machine's reading of anybody, and the organizer who set the schedule asked for it; so
nobody need approve it. Its page says that the schedule published it.
"""

from django.utils import translation
from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation, Follow
from plenara.consultations.telling import enqueue_news
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.languages import NAMES, django_code
from plenara.core.templatetags.plenara import date_in_words
from plenara.core.text import digest
from plenara.documents import searching
from plenara.documents.kinds import kind_of
from plenara.documents.models import (
    DocumentEdition,
    Kind,
    Paragraph,
    ParagraphText,
    PublishedParagraph,
    Rendition,
    RenditionState,
    State,
    digest_of,
)
from plenara.documents.publishing import Words, add_rendition
from plenara.summaries import periods
from plenara.summaries.actions import keep_coverage
from plenara.summaries.kind import NAME
from plenara.summaries.models import Summary


def publish_silence(summary: Summary) -> DocumentEdition:
    """Publish a summary of a period in which nothing was contributed; in the transaction that cuts the period."""
    document, now = summary.document, clock.now()
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=summary.consultation_id)
    consultation.last_summary += 1
    consultation.save(update_fields=["last_summary"])
    source_language = document.source_language
    titles, sentences = _words(summary, consultation)
    document.title, document.state, document.number = titles, State.PUBLISHED, consultation.last_summary
    document.symbol = f"{consultation.symbol}/{kind_of(NAME).letters}/{document.number}"
    document.save(update_fields=["title", "state", "number", "symbol"])
    edition = DocumentEdition.objects.create(
        document=document,
        consultation=consultation,
        kind=NAME,
        number=document.number,
        symbol=document.symbol,
        source_language=source_language,
        published_at=now,
    )
    paragraph = Paragraph.objects.create(document=document, number=1, kind=Kind.FRAME)
    published = PublishedParagraph.objects.create(edition=edition, number=1, kind=Kind.FRAME, origin=paragraph.pk)
    made_from, titled = digest_of("", sentences[source_language]), digest(titles[source_language])
    # The original first: a rendition's faults are reckoned against it.
    for language in sorted(NAMES, key=lambda code: (code != source_language, code)):
        is_source = language == source_language
        ParagraphText.objects.create(
            paragraph=paragraph,
            language=language,
            text=sentences[language],
            source_digest="" if is_source else made_from,
            source_text="" if is_source else sentences[source_language],
        )
        add_rendition(
            edition,
            language,
            {paragraph.pk: Words("", sentences[language], made_from)},
            title=titles[language],
            title_digest=titled,
            published_at=now,
            paragraphs=[published],
        )
        if not is_source:
            Rendition.objects.create(
                document=document,
                language=language,
                state=RenditionState.PUBLISHED,
                title_digest=titled,
                published_at=now,
            )
    searching.keep(edition)
    kept = keep_coverage(summary, edition)
    kept.figures["by_schedule"] = True
    kept.save(update_fields=["figures"])
    audit.log("document.published", actor=None, about=document, consultation=consultation, edition=edition.pk)
    invalidate(consultation.cache_tag, nothing_goes=True)
    enqueue_news(key=f"summary-{edition.pk}", what=Follow.What.SUMMARIES, consultation=consultation)
    return edition


def _words(summary: Summary, consultation: Consultation) -> tuple[dict[str, str], dict[str, str]]:
    """Return title and sentence in the six languages: the record keeps them as they were published."""
    titles, sentences = {}, {}
    for language in NAMES:
        with translation.override(django_code(language)):
            titles[language] = _("No contributions in this period")
            first, last = periods.days(summary.period_from, summary.period_to, consultation)
            sentences[language] = _(
                "In this consultation, no contribution was published in the period from %(first)s to %(last)s."
            ) % {"first": date_in_words(first), "last": date_in_words(last)}
    return titles, sentences
