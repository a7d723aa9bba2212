"""Publication checks for outcomes: responses and reasons, empty sections, objections, changes."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from plenara.core.languages import in_language
from plenara.core.templatetags.plenara import enumerated
from plenara.documents.models import PublishedCitation, Reference
from plenara.documents.queries.drafts import Finding, LoadedDocument, Statement
from plenara.documents.validation.publication import publication_check
from plenara.outcomes.kind import NAME
from plenara.outcomes.models import Agreement, Outcome, OutcomeParagraph
from plenara.outcomes.queries.positions import paragraph_states

#: The most names in one sentence.
MOST_NAMED = 5


@publication_check(NAME)
def errors(loaded: LoadedDocument) -> Iterator[Finding]:
    """Yield the errors: citations without a response and a reason, and sections without a paragraph."""
    references = _references(loaded)
    for each in loaded.statements:
        yield from _untreated(each, references)
    outcome = _outcome(loaded)
    sections = list(outcome.sections.all())
    outcome_paragraphs = dict(
        OutcomeParagraph.objects.filter(section__outcome=outcome).values_list("paragraph", "section")
    )
    for each in loaded.statements:
        if each.paragraph.pk not in outcome_paragraphs:
            yield Finding(each.number, "no_section", _("This paragraph is not in a section. Move it into a section."))
    filled = set(outcome_paragraphs.values())
    if not sections:
        yield Finding(0, "no_sections", _("Add at least one section."))
    for section in sections:
        if section.pk not in filled:
            sentence = _(
                "The section “%(title)s” is empty. Write a paragraph, or a note that says why the section is empty."
            )
            yield Finding(0, "empty_section", sentence % {"title": _title(section.title, loaded.language)})


@publication_check(NAME, warns=True)
def warnings(loaded: LoadedDocument) -> Iterator[Finding]:
    """Yield the warnings: objections, succeeded editions, and statements that cite removed contributions."""
    states = paragraph_states(_outcome(loaded))
    references = _references(loaded)
    gone = _resting_on_gone(references)
    for each in loaded.statements:
        state = states.get(each.paragraph.pk)
        if state and state.agreement == Agreement.BRACKETED:
            names = [one.member.name for one in state.objections]
            sentence = _(
                "This paragraph is in brackets. Members who object: %(names)s. Decide whether to publish "
                "the paragraph in brackets."
            )
            yield Finding(each.number, "bracketed", sentence % {"names": enumerated(names[:MOST_NAMED])})
        for citation in each.citations:
            if not citation.edition.is_gone and not citation.edition.in_force:
                sentence = _(
                    "This paragraph cites an earlier text of %(symbol)s, which the author has revised. Read the new "
                    "text. Check whether the paragraph is still correct."
                )
                yield Finding(each.number, "revised", sentence % {"symbol": citation.edition.symbol})
        for reference in references.get(each.paragraph.pk, []):
            named = {"symbol": reference.statement.edition.symbol, "number": reference.statement.public_number}
            if not reference.statement.edition.in_force:
                sentence = _(
                    "This paragraph cites %(symbol)s, § %(number)s, which a later edition has replaced. Check "
                    "whether the paragraph is still correct, and cite the later edition."
                )
                yield Finding(each.number, "superseded", sentence % named)
            if reference.statement_id in gone:
                sentence = _(
                    "This paragraph cites %(symbol)s, § %(number)s, which is based on a contribution that was "
                    "withdrawn or removed. Check whether the paragraph is still correct."
                )
                yield Finding(each.number, "rests_on_gone", sentence % named)


def _untreated(statement: Statement, references: dict[int, list[Reference]]) -> Iterator[Finding]:
    cited = [(each.edition.symbol, each.response, each.reason_id) for each in statement.citations]
    referred = [
        (f"{each.statement.edition.symbol} § {each.statement.public_number}", each.response, each.reason_id)
        for each in references.get(statement.paragraph.pk, [])
    ]
    for symbol, response, reason in [*cited, *referred]:
        if not response:
            sentence = _("This paragraph cites %(symbol)s but has no response to it. Choose a response.")
            yield Finding(statement.number, "no_response", sentence % {"symbol": symbol})
        elif reason is None:
            sentence = _("The response to %(symbol)s has no reason. Enter a reason.")
            yield Finding(statement.number, "no_reason", sentence % {"symbol": symbol})


def _outcome(loaded: LoadedDocument) -> Outcome:
    if "outcome" not in loaded.memo:
        found = Outcome.objects.select_related("body").get(document=loaded.document)
        found.document = loaded.document
        loaded.memo["outcome"] = found
    outcome: Outcome = loaded.memo["outcome"]
    return outcome


def _references(loaded: LoadedDocument) -> dict[int, list[Reference]]:
    """Return the paragraphs' references to other documents, with the editions. One query, once."""
    if "references" not in loaded.memo:
        found: dict[int, list[Reference]] = {}
        rows = Reference.objects.filter(paragraph__document=loaded.document).select_related("statement__edition")
        for each in rows.order_by("paragraph", "position"):
            found.setdefault(each.paragraph_id, []).append(each)
        loaded.memo["references"] = found
    kept: dict[int, list[Reference]] = loaded.memo["references"]
    return kept


def _resting_on_gone(references: dict[int, list[Reference]]) -> set[int]:
    """Return the ids of the statements that cite withdrawn or removed contributions. One query."""
    statements = {each.statement_id for found in references.values() for each in found}
    cited = PublishedCitation.objects.filter(paragraph__in=statements).exclude(edition__status="published")
    return set(cited.values_list("paragraph", flat=True))


def _title(texts: dict[str, str], language: str) -> str:
    return in_language(texts, language).text
