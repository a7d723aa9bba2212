"""One paragraph of an outcome over all versions: its words, its section and where it stood. Three queries."""

from dataclasses import dataclass

from django.db.models import Prefetch

from plenara.core.languages import current
from plenara.documents.models import PublishedParagraph, PublishedText
from plenara.outcomes.models import Agreement, OutcomeEdition
from plenara.outcomes.places import Place, version_url
from plenara.outcomes.shown import stage_of

ADDED, GONE, CHANGED, SAME = "added", "gone", "changed", "same"


@dataclass(frozen=True)
class Step:
    """A paragraph in one version, beside the one before it."""

    version: OutcomeEdition
    stage: str
    url: str  # in that version, for good; blank where it does not stand
    what: str  # `added`, `gone`, `changed` or `same`
    before: str
    after: str
    language: str
    is_original: bool
    agreement: str  # blank where it does not stand
    section_was: dict[str, str] | None  # where it has moved
    section: dict[str, str] | None

    @property
    def state_word(self) -> str:
        return str(Agreement(self.agreement).label) if self.agreement else ""


def steps_of(place: Place, mark: int) -> list[Step]:
    """Return the versions in which a paragraph stood, and the one in which it stood no more; the last one first."""
    texts = PublishedText.objects.filter(
        rendition__in_force=True, language__in={current(), place.version.edition.source_language}
    )
    found = PublishedParagraph.objects.filter(
        edition__in=[each.edition_id for each in place.versions], mark=mark
    ).select_related("stand__section")
    by_edition = {each.edition_id: each for each in found.prefetch_related(Prefetch("texts", texts))}
    steps: list[Step] = []
    was: PublishedParagraph | None = None
    for version in place.versions:
        now = by_edition.get(version.edition_id)
        if was or now:
            steps.append(_step(version, was, now, mark))
        was = now
    return steps[::-1]


def _step(version: OutcomeEdition, was: PublishedParagraph | None, now: PublishedParagraph | None, mark: int) -> Step:
    source = version.edition.source_language
    before, after, language = _words(was, now, source)
    section_was, section = (each.stand.section if each else None for each in (was, now))
    has_moved = bool(section_was and section and section_was.origin != section.origin)
    return Step(
        version=version,
        stage=stage_of(version),
        url=f"{version_url(version)}paragraphs/{mark}/" if now else "",
        what=ADDED if was is None else GONE if now is None else SAME if before == after else CHANGED,
        before=before,
        after=after,
        language=language,
        is_original=language != current(),
        agreement=now.stand.agreement if now else "",
        section_was=section_was.title if has_moved and section_was else None,
        section=section.title if section else None,
    )


def _words(was: PublishedParagraph | None, now: PublishedParagraph | None, source: str) -> tuple[str, str, str]:
    """Return the words before and after: in the reader’s language where both are made from their source."""
    for language in (current(), source):
        mine = [_in(each, language, source) for each in (was, now)]
        if None not in mine:
            return mine[0] or "", mine[1] or "", language
    return "", "", source


def _in(paragraph: PublishedParagraph | None, language: str, source: str) -> str | None:
    if paragraph is None:
        return ""
    texts = {each.language: each for each in paragraph.texts.all()}
    mine, original = texts.get(language), texts.get(source)
    if mine is None or (original is not None and mine.source_digest != original.source_digest):
        return None
    return "\n\n".join(filter(None, [mine.heading, mine.text]))
