"""Validation of documents: texts, citations, renditions. The publication checks are in `publication.py`."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.consultations.models import Thread
from plenara.contributions.models import Edition
from plenara.core.languages import NAMES
from plenara.core.refusals import Answer, Denied
from plenara.core.text import contains_words, digest
from plenara.core.validation import short_enough
from plenara.documents.kinds import kind_of
from plenara.documents.models import Document, Kind, Paragraph, ParagraphText, Rendition, Side
from plenara.documents.queries.drafts import HEADING, REASON, Finding, phrases_of

MOST_CHARACTERS = 4_000
MOST_TITLE = 300
MOST_WORDS_CITED = 2_000
MOST_PARAGRAPHS = 1_000
#: Of a translated heading or reason: a translation may be half as long again as its source.
MOST_PHRASE = {HEADING: 200, REASON: 750}
#: The fields of a paragraph that a translation must have if its source has them.
WORDS = ("heading", "text", "against")


def says_something(text: str, field: str = "text") -> Answer:
    """A paragraph has words, and not too many."""
    if not text:
        return Denied(_("Enter the text."), "empty", field)
    sentence = _("The text has %(count)d characters. The limit is %(limit)d: split the text.")
    return short_enough(text, MOST_CHARACTERS, field, sentence)


def title_fits(title: str, field: str = "title") -> Answer:
    """A title or heading fits its line."""
    return short_enough(title, MOST_TITLE, field)


def known_kind(kind: str, document: Document) -> Answer:
    """A paragraph is of one of the kinds that its document has."""
    return kind in kind_of(document.kind).paragraph_kinds or Denied(_("Choose the kind of paragraph."), "kind", "kind")


def known_thread(thread: Thread | None, document: Document) -> Answer:
    """A paragraph is about a question of its own consultation, or about none."""
    return (
        thread is None
        or thread.consultation_id == document.consultation_id
        or Denied(_("Choose one of the questions of this consultation, or none."), "thread", "thread")
    )


def both_sides_given(kind: str, against: str) -> Answer:
    """A disagreement has a view and an opposing view; nothing else has two sides."""
    if kind != Kind.DISAGREEMENT:
        return not against or Denied(
            _("Only a disagreement has an opposing view. Choose the kind “Disagreement”, or remove the opposing view."),
            "two_sides",
            "against",
        )
    if not against:
        return Denied(
            _("Write the opposing view. A disagreement shows both views, each with its citations."),
            "one_side",
            "against",
        )
    return says_something(against, "against")


def paragraph_of(paragraph: Paragraph | None, document: Document) -> Answer:
    """A comment is on a paragraph of its own document, or on the whole."""
    return (
        paragraph is None
        or document.paragraphs.filter(pk=paragraph.pk).exists()
        or Denied(_("This statement has been deleted. You can comment on the whole text."), "gone", "comment")
    )


def known_language(language: str) -> Answer:
    """A language is one of the six."""
    return language in NAMES or Denied(_("Choose one of the six languages."), "language", "language")


def fits_one_more(document: Document) -> Answer:
    """A document has at most so many paragraphs."""
    return document.paragraphs.count() < MOST_PARAGRAPHS or Denied(
        _("This document has %(limit)d numbered parts, which is the maximum. Delete a part before you add another.")
        % {"limit": MOST_PARAGRAPHS},
        "too_many",
    )


def may_be_cited(edition: Edition, document: Document) -> Answer:
    """An edition can be cited while it is published, in its own consultation or those of the outcome that cites it."""
    scope = kind_of(document.kind).scope
    if edition.consultation_id not in (scope(document) if scope else {document.consultation_id}):
        return Denied(
            _("This contribution belongs to another consultation. Choose a different contribution."),
            "elsewhere",
            "words",
        )
    if edition.is_gone or edition.text is None:
        return Denied(
            _("This contribution was withdrawn or removed, so it cannot be cited. Choose a different contribution."),
            "gone",
            "words",
        )
    return True


def exact(words: str, edition: Edition, document: Document) -> Answer:
    """The words cited are in the edition, exactly. A kind with responses may cite a whole text, without words."""
    if not words and kind_of(document.kind).has_responses:
        return True
    if not words:
        return Denied(_("Choose the words that you cite."), "empty", "words")
    if len(words) > MOST_WORDS_CITED:
        return Denied(
            _("You chose %(count)d characters. Choose at most %(limit)d: only the words that matter.")
            % {"count": len(words), "limit": MOST_WORDS_CITED},
            "too_long",
            "words",
        )
    return (edition.text is not None and contains_words(edition.text.content, words)) or Denied(
        _("These words are not in the contribution. Choose a sentence, or copy the words exactly."),
        "not_exact",
        "words",
    )


def may_cite(paragraph: Paragraph) -> Answer:
    """Every kind of paragraph cites, except a frame."""
    return paragraph.kind != Kind.FRAME or Denied(
        _("A note has no citations. Choose another kind of paragraph first."), "frame", "words"
    )


def side_of(paragraph: Paragraph, side: str) -> Answer:
    """Words are cited for a side that the paragraph has."""
    if side not in Side.values:
        return Denied(_("Choose which of the two views these words support."), "side", "side")
    return (
        side == Side.HELD
        or paragraph.kind == Kind.DISAGREEMENT
        or Denied(_("Only a disagreement has two views. Choose the kind “Disagreement” first."), "side", "side")
    )


def sides_are_free(kind: str, paragraph: Paragraph) -> Answer:
    """A paragraph with citations for both sides stays a disagreement."""
    return (
        kind == Kind.DISAGREEMENT
        or not paragraph.citations.filter(side=Side.AGAINST).exists()
        or Denied(
            _("There are citations for the opposing view. Remove them before you choose another kind of paragraph."),
            "side",
            "kind",
        )
    )


def own_language(paragraph: Paragraph, text: ParagraphText, document: Document) -> Answer:
    """A paragraph's words are in its document's language, not copied from a contribution in another language."""
    cited = paragraph.citations.exclude(edition__language=document.source_language)
    for citation in cited.select_related("edition__text"):
        content = citation.edition.text.content if citation.edition.text else ""
        for field in ("text", "against"):
            words = getattr(text, field)
            if words and contains_words(content, words):
                return Denied(
                    _("This text is still in another language (%(language)s). First write the text in %(own)s.")
                    % {"language": NAMES[citation.edition.language], "own": NAMES[document.source_language]},
                    "other_language",
                    field,
                )
    return True


def frame_is_free(kind: str, paragraph: Paragraph) -> Answer:
    """A paragraph with citations cannot become a frame."""
    return (
        kind != Kind.FRAME
        or not (paragraph.citations.exists() or paragraph.references.exists())
        or Denied(_("This text has citations. Remove them before you make it a note."), "frame", "kind")
    )


def comments_settled(document: Document, language: str = "") -> Answer:
    """Every comment on a document is resolved; with a language, on its translation. One query."""
    open_ones = document.comments.filter(language=language, resolved_at=None).count()
    return not open_ones or Denied(
        ngettext(
            "%(count)d comment is not resolved yet. Resolve it first.",
            "%(count)d comments are not resolved yet. Resolve them first.",
            open_ones,
        )
        % {"count": open_ones},
        "open_comments",
    )


def rendition_errors(document: Document, language: str) -> list[Finding]:
    """Return the errors that prevent the review of a rendition: missing and outdated texts.

    Three queries, whatever its length; five for a kind that has reasons and sections.
    """
    texts = ParagraphText.objects.filter(
        paragraph__document=document, language__in=[document.source_language, language]
    )
    by_place = {(text.paragraph_id, text.language): text for text in texts}
    found = []
    source_title = document.title.get(document.source_language, "")
    if source_title and not document.title.get(language):
        found.append(Finding(0, "no_title", _("The title is not translated yet. Translate the title.")))
    elif source_title:
        made_from = Rendition.objects.filter(document=document, language=language).values_list(
            "title_digest", flat=True
        )
        if digest(source_title) not in made_from:
            found.append(
                Finding(
                    0,
                    "title_outdated",
                    _(
                        "The translated title is outdated: the original has changed. Correct the translation, or "
                        "confirm that it is still correct."
                    ),
                )
            )
    for paragraph in document.paragraphs.all():
        source = by_place.get((paragraph.pk, document.source_language))
        text = by_place.get((paragraph.pk, language))
        if source is None:
            continue
        if text is None or any(getattr(source, each) and not getattr(text, each) for each in WORDS):
            found.append(
                Finding(paragraph.number, "missing", _("This text is not translated yet. Translate the text."))
            )
        elif text.source_digest != source.digest:
            found.append(
                Finding(
                    paragraph.number,
                    "outdated",
                    _(
                        "This translation is outdated: the original has changed. Correct the translation, or confirm "
                        "that it is still correct."
                    ),
                )
            )
    return [*found, *_phrase_errors(document, language)]


def _phrase_errors(document: Document, language: str) -> list[Finding]:
    """Return the missing headings of sections and the number of missing reasons. Two queries at most."""
    missing = [each for each in phrases_of(document, language) if not each.text]
    found = [
        Finding(
            0, "heading", _("%(name)s: the heading is not translated yet. Translate the heading.") % {"name": each.name}
        )
        for each in missing
        if each.what == HEADING
    ]
    if count := sum(each.what == REASON for each in missing):
        sentence = ngettext(
            "%(count)d reason is not translated yet. Translate the reason.",
            "%(count)d reasons are not translated yet. Translate the reasons.",
            count,
        )
        found.append(Finding(0, "reasons", sentence % {"count": count}))
    return found


def phrase_fits(text: str, what: str, field: str) -> Answer:
    """A translated heading or reason is not too long."""
    return short_enough(text, MOST_PHRASE[what], field)


def rendition_is_complete(document: Document, language: str) -> Answer:
    """A rendition has every text, and each of the present source."""
    found = rendition_errors(document, language)
    return not found or Denied(
        ngettext(
            "%(count)d part of the translation is not ready. %(first)s",
            "%(count)d parts of the translation are not ready. %(first)s",
            len(found),
        )
        % {"count": len(found), "first": found[0].sentence},
        "incomplete",
    )
