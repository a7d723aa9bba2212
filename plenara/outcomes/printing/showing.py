"""A version of an outcome as a paper: its sections and paragraphs, what each rests on and how it treats that.

In the active language; in the source's where the outcome is not there yet in it, which the paper says.
"""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.installation import installation
from plenara.core.languages import NAMES, current, django_code, in_language
from plenara.core.templatetags.plenara import date_in_words, language_name, number
from plenara.core.vocabulary import licence_name
from plenara.documents.models import DocumentEdition, PublishedRendition
from plenara.documents.printing.bylines import isolated
from plenara.documents.printing.paper import Block, Heading, Notes, Paper, Passage, Table, Words, words
from plenara.outcomes.models import OutcomeEdition, PublishedSection
from plenara.outcomes.printing.paragraphs import Told, room
from plenara.outcomes.shown import body_name, called, signed, stage_of, title_of


def outcome_paper(edition: DocumentEdition, language: str) -> Paper:
    """Return a version of an outcome as it is shown in a language. `edition` comes with `RELATED`.

    Fifteen queries, whatever its length.
    """
    with translation.override(django_code(language)):
        version: OutcomeEdition = edition.outcome
        renditions = {each.language: each for each in edition.renditions.all() if each.in_force}
        rendition = renditions.get(language, renditions[edition.source_language])
        title, body = title_of(renditions, edition.source_language), body_name(version.outcome.body)
        told = Told(most=room(edition.paragraphs.values_list("pk", flat=True)))
        told.add(edition.paragraphs.order_by("number"))
        blocks = list(sections(version, told))
        if told.notes:
            blocks += [Heading(Words(_("Notes: what is cited, and how it is treated")), anchor="notes")]
            blocks += [Notes(tuple(told.notes))]
        blocks += _answered(version)
        blocks += _about(version, renditions)
        return Paper(
            language=language,
            symbol=edition.symbol,
            eyebrow=stage_of(version),
            title=words(called(version, title), title.language) if title.text else Words(called(version, title)),
            author=installation().name,
            about=body.text,
            dated_at=rendition.published_at or edition.published_at or edition.minted_at,
            head=tuple(_head(version, rendition, len(told.statements))),
            blocks=tuple(blocks),
        )


#: What of an edition its paper needs.
RELATED = ("outcome__outcome__body__consultation",)


def sections(version: OutcomeEdition, told: Told, *, level: int = 2) -> Iterator[Block]:
    """Yield each section of a version with its paragraphs, and that nothing stands there where that is so."""
    under: dict[int, list[Block]] = {}
    for paragraph, statement in told.statements:
        under.setdefault(paragraph.stand.section_id, []).append(statement)
    for each in PublishedSection.objects.filter(edition=version):
        title = in_language(each.title)
        yield Heading(words(f"{each.number}. {title.text}", title.language), level=level)
        yield from under.get(each.pk, [Passage(Words(_("Nothing stands here yet.")), "soft")])


def _head(version: OutcomeEdition, rendition: PublishedRendition, count: int) -> Iterator[Passage]:
    edition, body = version.edition, body_name(version.outcome.body)
    yield Passage(words(body.text, body.language), "lede")
    yield Passage(
        Words(
            ngettext(
                "%(count)s paragraph. Its notes say what it rests on, how it treats that and why.",
                "%(count)s paragraphs. The notes to each say what it rests on, how it treats that and why.",
                count,
            )
            % {"count": number(count)}
        )
    )
    published = (
        _("Published on %(date)s.") % {"date": date_in_words(edition.published_at)}
        if edition.published_at
        else _("Undated.")
    )
    yield Passage(Words(" ".join([*signed(version, list(edition.signatures.all())), published])), "soft")
    if rendition.language != current():
        yield Passage(
            Words(
                _("This text is not there in this language yet (%(asked)s). You read the original (%(shown)s).")
                % {"asked": language_name(current()), "shown": language_name(rendition.language)}
            ),
            "notice",
        )
    elif rendition.outdated:
        yield Passage(
            Words(_("The original has changed since this was translated. What is outdated is marked.")), "notice"
        )
    if rendition.origin == "machine":
        yield Passage(Words(_("Machine translation, reviewed by a person.")), "notice")


def _answered(version: OutcomeEdition) -> Iterator[Block]:
    """Yield how many contributions have a treatment and a reason, and why others have none."""
    answered, left = (int(version.figures.get(name, 0)) for name in ("answered", "left"))
    if not answered and not left:
        return
    yield Heading(Words(_("Contributions answered")), anchor="answered")
    yield Passage(
        Words(
            ngettext(
                "%(answered)s of %(all)s contribution has a treatment and a reason.",
                "%(answered)s of %(all)s contributions have a treatment and a reason.",
                answered + left,
            )
            % {"answered": number(answered), "all": number(answered + left)}
        )
    )
    why = in_language(version.why_left)
    if left and why.text:
        yield Passage(Words(_("Why the others have none:")), "soft")
        yield Passage(words(why.text, why.language))


def _about(version: OutcomeEdition, renditions: dict[str, PublishedRendition]) -> Iterator[Block]:
    edition = version.edition
    yield Heading(Words(_("In six languages")))
    yield Table(
        _("Where this text stands in each language"),
        (_("Language"), _("State")),
        tuple((name, _rendered(renditions.get(code), edition, code)) for code, name in NAMES.items()),
    )
    yield Heading(Words(_("Where this stands")))
    permanent = f"{settings.SITE_URL}/s/{edition.symbol}"
    yield Passage(Words(_("Permanent address: %(address)s") % {"address": isolated(permanent)}), "soft", permanent)
    page = f"{settings.SITE_URL}/{current()}/{edition.address}"
    matrix = f"{page}matrix/"
    yield Passage(Words(_("Page: %(address)s") % {"address": isolated(page)}), "soft", page)
    yield Passage(Words(_("Traceability matrix: %(address)s") % {"address": isolated(matrix)}), "soft", matrix)
    licence = licence_name(edition.consultation.licence)
    yield Passage(Words(_("Licence: %(licence)s") % {"licence": isolated(licence)}), "soft")


def _rendered(rendition: PublishedRendition | None, edition: DocumentEdition, code: str) -> str:
    if rendition is None:
        return _("not there yet")
    if code == edition.source_language:
        return _("original, published")
    return _("outdated") if rendition.outdated else _("published")
