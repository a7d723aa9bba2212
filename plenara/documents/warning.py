"""What a reader should look at twice before a document is published: weak support, and statements nearly the same."""

from collections.abc import Collection, Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.documents.loading import Fault, LoadedDocument
from plenara.documents.models import Citation
from plenara.documents.nearness import digest
from plenara.documents.support import weak
from plenara.documents.support.alike import nearly_identical
from plenara.documents.support.reading import read

#: More numbers or names than these are not told in one sentence.
MOST_TOLD = 5


def warnings_of(
    loaded: LoadedDocument, names: Collection[str], known: Mapping[tuple[str, str], float]
) -> Iterator[Fault]:
    """Yield what to look at. `names` are texts whose names any statement may use, `known` the nearness of texts."""
    for each in loaded.statements:
        for _side, said, citations in each.sides:
            if each.is_frame or not citations:
                continue
            for code, sentence in _weak(said, loaded.language, citations, names, known):
                yield Fault(each.number, code, sentence)
    yield from _alike(loaded)


def _weak(
    said: str,
    language: str,
    citations: list[Citation],
    names: Collection[str],
    known: Mapping[tuple[str, str], float],
) -> Iterator[tuple[str, str]]:
    statement = read(said, language)
    cited = [_cited(each) for each in citations if each.words]
    cosines = [known.get((digest(said), digest(each.words))) for each in citations if each.words]
    both = list(zip(cited, cosines, strict=True))
    if weak.denies_otherwise(statement, both):
        yield (
            "polarity",
            _("It denies something that the words it cites do not deny, or the other way round. Compare them.")
        )  # fmt: skip
    if swapped := weak.numbers_swapped(statement, cited):
        sentence = _("The words it cites have another number than “%(number)s”. Compare them.")
        yield "number", sentence % {"number": swapped[0]}
    if lacking := weak.names_lacking(statement, cited, names):
        sentence = ngettext(
            "“%(names)s” is not in the words it cites. Cite words that say so.",
            "“%(names)s” do not stand in the words it cites. Cite words that say so.",
            len(lacking),
        )
        yield "name", sentence % {"names": "”, “".join(lacking[:MOST_TOLD])}
    if weak.far_in_meaning(cosines):
        yield "meaning", _("The words that it cites may say something else. Compare them, or cite other words.")


def _cited(citation: Citation) -> weak.Cited:
    edition, byline = citation.edition, citation.edition.byline
    return weak.Cited(
        read=read(citation.words, edition.language or ""),
        number=edition.number,
        byline=f"{byline.name} {byline.organization}" if byline else "",
        country=byline.country if byline else "",
    )


def _alike(loaded: LoadedDocument) -> Iterator[Fault]:
    said = [each for each in loaded.statements if each.text and not each.is_frame]
    texts = [f"{each.text.text}\n{each.text.against}" for each in said if each.text]
    for place, other in nearly_identical(texts):
        one, two = read(texts[place], loaded.language), read(texts[other], loaded.language)
        if any(one.denies) == any(two.denies):
            sentence = _("It says nearly the same as statement %(number)d. Keep one, or say what differs.")
            yield Fault(said[place].number, "alike", sentence % {"number": said[other].number})
