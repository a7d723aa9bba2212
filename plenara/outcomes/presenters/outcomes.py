"""An outcome and its versions in words: names and signatures; the trail of a contribution for its author."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plenara.contributions.models import Contribution
from plenara.core.languages import Localized, current, in_language
from plenara.documents.kinds import kind_of
from plenara.documents.models import PublishedParagraph, PublishedRendition, Signature
from plenara.documents.presenters.editions import names_in_words
from plenara.documents.queries.editions import cited_in
from plenara.moderation.queries.timeline import PagePart, provides_part
from plenara.outcomes.kind import NAME
from plenara.outcomes.models import Body, OutcomeEdition, Stage
from plenara.outcomes.queries.contributions import trails_of, version_name
from plenara.outcomes.queries.versions import Place, version_url


@provides_part
def trail_part(contribution: Contribution) -> PagePart | None:
    """Return the places that cite a published contribution, or that there is none yet."""
    if contribution.number is None:
        return None
    editions = contribution.editions.values_list("pk", flat=True)
    cited = cited_in(editions)
    # The same statement may cite several editions, and words of one twice.
    places = {place.url: place for found in cited.values() for place in found if not place.response}
    trail = trails_of([contribution.pk]).get(contribution.pk)
    return PagePart("outcomes/own_trail.html", {"places": list(places.values()), "trail": trail})


def stage_of(version: OutcomeEdition) -> str:
    """Return the name of a version: "Zero draft", "Draft 2", "Final text"."""
    if version.stage == Stage.FINAL and version.edition.is_correction:
        return _("Final text, corrected")
    return version_name(version.stage, version.draft)


def statement_label(paragraph: PublishedParagraph) -> str:
    """Return the name of a published paragraph: "Summary 2, statement 7". Its edition is loaded."""
    edition = paragraph.edition
    return kind_of(edition.kind).passage(edition.number, paragraph.public_number)


def statement_symbol(paragraph: PublishedParagraph) -> str:
    """Return the symbol of a published paragraph: "WGIG/2004/SUM/2#s7". Its edition is loaded."""
    return f"{paragraph.edition.symbol}#s{paragraph.public_number}"


def statement_url(paragraph: PublishedParagraph) -> str:
    """Return the permanent address of a published paragraph. Its edition and consultation are loaded."""
    edition = paragraph.edition
    page = kind_of(edition.kind).url(edition.consultation.slug, edition.number, address=edition.address)
    if edition.kind == NAME:
        return f"{page}rev/{edition.revision}/paragraphs/{paragraph.public_number}/"
    return f"{page}rev/{edition.revision}/#s{paragraph.public_number}"


def title_of(renditions: Mapping[str, PublishedRendition], source: str) -> Localized:
    """Return a version's title in the reader's language, or in its own."""
    for code in (current(), source):
        if (found := renditions.get(code)) and found.title:
            return Localized(found.title, code)
    return Localized("", source)


def outcome_name(version: OutcomeEdition, title: Localized) -> str:
    """Return an outcome's title, or else its name with its number."""
    return title.text or kind_of(NAME).label(version.edition.number)


def body_name(body: Body) -> Localized:
    """Return a body's name in the reader's language, or else its address."""
    found = in_language(body.name)
    return found if found.text else Localized(body.slug, "en")


@dataclass(frozen=True)
class VersionLine:
    """A version in the list of all."""

    stage: str
    version: OutcomeEdition
    url: str
    changes_url: str  # its changes against the one before; blank for the first
    is_shown: bool


def version_lines(place: Place) -> list[VersionLine]:
    """Return all versions of an outcome, the oldest first."""
    return [
        VersionLine(
            stage=stage_of(each),
            version=each,
            url=place.outcome_url if each.edition.in_force else version_url(each),
            changes_url=f"{place.outcome_url}changes/{each.edition.revision}/" if k else "",
            is_shown=each.pk == place.version.pk,
        )
        for k, each in enumerate(place.versions)
    ]


def signature_sentences(version: OutcomeEdition, signatures: list[Signature]) -> list[str]:
    """Return the sentences on a version's writers and approvers, if any."""
    wrote = [each.name for each in signatures if each.part == Signature.Part.WROTE]
    approved = [each.name for each in signatures if each.part == Signature.Part.APPROVED]
    sentences = []
    if any(wrote):
        sentences.append(_("Written by %(names)s.") % {"names": names_in_words([each for each in wrote if each])})
    if any(approved):
        sentence = (
            _("Approved by %(name)s, who also helped to write the text. No one else leads this body.")
            if version.edition.self_approved
            else _("Approved by %(name)s.")
        )
        sentences.append(sentence % {"name": names_in_words(approved)})
    return sentences
