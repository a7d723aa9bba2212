"""The dossier of a meeting as papers: agenda, items, contributions, index, and the README of its folder."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.queries import installation
from plenara.contributions.models import Edition
from plenara.core.languages import current, django_code, in_language
from plenara.core.templatetags.plenara import country_name, datetime_utc, group_label, number
from plenara.core.vocabulary import StakeholderGroup
from plenara.directory.collation import sort_key
from plenara.documents.actions import printed_files
from plenara.documents.models import PublishedParagraph
from plenara.documents.presenters.editions import address_passage
from plenara.documents.presenters.paper import (
    Block,
    Heading,
    Index,
    Paper,
    Passage,
    Point,
    Points,
    Row,
    Text,
    Words,
    anchor_of,
    byline_of,
    entries,
    isolated,
    localized,
    passage,
    words_in,
)
from plenara.events.models import Occurrence
from plenara.events.presenters import calendar_pages
from plenara.outcomes.models import AgendaItem, OutcomeEdition
from plenara.outcomes.presenters.outcomes import body_name
from plenara.outcomes.presenters.paper import NotedResponses, notes_per_paragraph, sections
from plenara.outcomes.queries.dossiers import Matter, Scope
from plenara.themes import queries as themes


def index_blocks(scope: Scope, whole: frozenset[int]) -> list[Block]:
    """Return the index. Contributions in `whole` are in the same paper; the others have their permanent address."""
    shown = scope.editions().filter(status=Edition.Status.PUBLISHED)
    editions = list(shown.select_related("byline", "thread", "contribution"))
    if not editions:
        return []
    is_one = len(scope.consultations) == 1

    def place(edition: Edition) -> tuple[str, str]:
        is_inner = edition.contribution_id in whole
        address = f"#{anchor_of(edition)}" if is_inner else f"{settings.SITE_URL}/c/{edition.contribution.public_id}"
        return (str(edition.number) if is_one else edition.symbol, address)

    labels = themes.labels({code for each in editions for code in each.thread.themes})
    groups = {each: Words(group_label(each)) for each in StakeholderGroup.values}
    countries = {each.byline.country for each in editions if each.byline and each.byline.country}
    found: list[Block] = [Heading(Words(_("Index")), anchor="index")]
    for heading, names, keys in (
        (
            _("By theme"),
            {code: localized(label) for code, label in labels.items()},
            lambda it: it.thread.themes,
        ),
        (pgettext("label", "By stakeholder group"), groups, lambda it: [it.stakeholder_group]),
        (
            pgettext("label", "By country"),
            {code: Words(country_name(code)) for code in countries},
            lambda it: [it.byline.country] if it.byline else [],
        ),
    ):
        if rows := _index_rows(editions, names, keys, place):
            found += [Heading(Words(heading), level=3), Index(tuple(rows))]
    return found


def _index_rows(
    editions: list[Edition],
    names: dict[str, Words],
    keys: Callable[[Edition], Iterable[str]],
    place: Callable[[Edition], tuple[str, str]],
) -> list[Row]:
    places: dict[str, list[tuple[str, str]]] = {}
    for each in editions:
        for key in keys(each):
            if key in names:
                places.setdefault(key, []).append(place(each))
    order = sorted(places, key=lambda key: sort_key(names[key].text, current()))
    return [Row(names[key], tuple(places[key])) for key in order]


#: Names of the whole, and of its parts in the folder.
WHOLE, AGENDA, ITEM, CONTRIBUTIONS, INDEX = "dossier", "0-agenda", "1-item", "2-contributions", "3-index"


def papers(scope: Scope, language: str) -> dict[str, Callable[[], Paper]]:
    """Return functions that make the papers of a dossier, by name."""
    found: dict[str, Callable[[], Paper]] = {WHOLE: partial(whole_paper, scope, language)}
    found[AGENDA] = partial(agenda_paper, scope, language)
    for item, _matters in scope.items:
        found[f"{ITEM}-{item.number:02}"] = partial(item_paper, scope, language, item.number)
    for place in range(len(scope.parts)):
        name = f"{CONTRIBUTIONS}-{place + 1:02}" if len(scope.parts) > 1 else CONTRIBUTIONS
        found[name] = partial(contributions_paper, scope, language, place)
    found[INDEX] = partial(index_paper, scope, language)
    return found


def whole_paper(scope: Scope, language: str) -> Paper:
    """Return the whole dossier: agenda, matters of each item, notes, first part of the contributions, index."""
    with translation.override(django_code(language)):
        in_full = scope.parts[:1]
        noted = NotedResponses(whole=frozenset(in_full[0] if in_full else ()), most=scope.room)
        blocks = list(_agenda(scope, is_linked=True))
        for item, matters in scope.items:
            blocks += _item(item, matters, noted, is_linked=True)
        blocks += noted.response_notes()
        if in_full:
            blocks.append(Heading(Words(_("Contributions in full")), anchor="contributions"))
            if len(scope.parts) > 1:
                rest = sum(len(each) for each in scope.parts[1:])
                blocks.append(passage(_left_out(rest), "soft"))
            blocks += entries(scope.editions(in_full[0]), is_linked=True)
        blocks += index_blocks(scope, frozenset(noted.whole))
        return _paper(scope, language, _("Dossier"), blocks, head=_head(scope))


def agenda_paper(scope: Scope, language: str) -> Paper:
    """Return the agenda, with the report and the decisions if published."""
    with translation.override(django_code(language)):
        return _paper(scope, language, pgettext("label", "Agenda"), _agenda(scope, is_linked=False), head=_head(scope))


def item_paper(scope: Scope, language: str, place: int) -> Paper:
    """Return the matters of one item."""
    with translation.override(django_code(language)):
        item, matters = next(pair for pair in scope.items if pair[0].number == place)
        noted = NotedResponses(most=notes_per_paragraph(pk for each in matters for pk in each.paragraphs))
        blocks = [*_item(item, matters, noted, is_linked=False), *noted.response_notes()]
        return _paper(scope, language, _("Item %(number)d") % {"number": item.number}, blocks)


def contributions_paper(scope: Scope, language: str, place: int) -> Paper:
    """Return a part of the contributions, each whole and in its own language."""
    with translation.override(django_code(language)):
        head = [passage(_("Contributions are listed by number, each in the language in which it was written."))]
        blocks = entries(scope.editions(scope.parts[place]), is_linked=True)
        return _paper(scope, language, _("Contributions in full"), blocks, head=head)


def index_paper(scope: Scope, language: str) -> Paper:
    """Return the index, with permanent addresses."""
    with translation.override(django_code(language)):
        return _paper(scope, language, _("Index"), index_blocks(scope, frozenset()))


def _paper(scope: Scope, language: str, eyebrow: str, blocks: Iterable[Block], head: Iterable[Passage] = ()) -> Paper:
    dossier = scope.dossier
    title, body = in_language(dossier.event.details.get("title")), body_name(dossier.body)
    return Paper(
        language=language,
        symbol=dossier.body.consultation.symbol,
        eyebrow=eyebrow,
        title=localized(title),
        author=installation().name,
        about=body.text,
        dated_at=scope.dated_at,
        head=tuple(head) or (Passage(localized(body), "lede"),),
        blocks=tuple(blocks),
    )


def _head(scope: Scope) -> Iterator[Passage]:
    dossier, event = scope.dossier, scope.dossier.event
    body = body_name(dossier.body)
    yield Passage(localized(body), "lede")
    for one in Occurrence.objects.filter(event=event, cancelled_at=None).order_by("starts_at", "number")[:5]:
        when = calendar_pages.when(one, "")
        yield passage(f"{when.date}, {when.hours}" if when.hours else when.date)
    if place := event.details.get("place"):
        yield passage(isolated(place))
    moment = isolated(datetime_utc(scope.dated_at))
    yield passage(_("From the public record, as of %(moment)s.") % {"moment": moment}, "soft")
    yield address_passage("%(address)s", f"{settings.SITE_URL}/{current()}/events/{event.number}/dossier/")


def _agenda(scope: Scope, *, is_linked: bool) -> Iterator[Block]:
    dossier = scope.dossier
    intro = in_language(dossier.intro)
    if intro.text:
        yield Text(localized(intro))
    yield Heading(Words(pgettext("label", "Agenda")), anchor="agenda")
    points = tuple(
        Point(_numbered(item.number, item.title), address=f"#item-{item.number}" if is_linked else "")
        for item, _matters in scope.items
    )
    if points:
        yield Points(points)
    if dossier.reported_at is None:
        return
    yield from _decisions(scope)
    report = in_language(dossier.report)
    if report.text:
        yield Heading(Words(pgettext("label", "Meeting report")), anchor="report")
        yield Text(localized(report))


def _decisions(scope: Scope) -> Iterator[Block]:
    found = list(scope.dossier.decisions.select_related("item").prefetch_related("paragraphs__outcome__document"))
    if not found:
        return
    yield Heading(Words(pgettext("label", "Decisions")), anchor="decisions")
    points = []
    for each in found:
        marks = ", ".join(str(one.mark) for one in each.paragraphs.all())
        label = _("Paragraphs changed: %(numbers)s") % {"numbers": marks} if marks else ""
        points.append(Point(_numbered(each.number, each.text), label=label))
    yield Points(tuple(points))


def _numbered(number: int, texts: dict[str, str]) -> Words:
    """Return a text in the active language, or another, with its number."""
    found = in_language(texts)
    return words_in(f"{number}. {found.text}", found.language)


def _item(item: AgendaItem, matters: list[Matter], noted: NotedResponses, *, is_linked: bool) -> Iterator[Block]:
    note = in_language(item.note)
    yield Heading(_numbered(item.number, item.title), anchor=f"item-{item.number}")
    if note.text:
        yield Text(localized(note))
    own = [each.kept.contribution_id for each in matters if each.kept.contribution_id]
    for each in matters:
        if each.edition:
            yield from _document(each, noted)
    if own:
        yield Heading(Words(pgettext("label", "Contributions")), level=3)
        editions = Edition.objects.filter(contribution__in=own, in_force=True).select_related("byline", "contribution")
        yield Points(
            tuple(
                _point(one, "#" if is_linked and one.contribution_id in noted.whole else "")
                for one in editions.order_by("consultation", "number")
            )
        )


def _document(matter: Matter, noted: NotedResponses) -> Iterator[Block]:
    """Yield the paragraphs of a matter; of a whole outcome under the headings of its sections."""
    before, noted.prefix = len(noted.statements), matter.prefix
    noted.add(PublishedParagraph.objects.filter(pk__in=matter.paragraphs).order_by("number"))
    new = noted.statements[before:]
    version = OutcomeEdition.objects.filter(edition=matter.edition).first() if matter.is_whole else None
    yield from sections(version, new, level=3) if version else (statement for _paragraph, statement in new)


def _point(edition: Edition, inner: str) -> Point:
    address = f"{inner}{anchor_of(edition)}" if inner else f"{settings.SITE_URL}/c/{edition.contribution.public_id}"
    return Point(Words(edition.symbol), address=address, byline=() if edition.is_gone else byline_of(edition))


def _left_out(rest: int) -> str:
    return ngettext(
        "%(count)s more contribution is in the folder of this dossier.",
        "%(count)s more contributions are in the folder of this dossier.",
        rest,
    ) % {"count": number(rest)}


def readme(scope: Scope, language: str) -> str:
    """Return the text."""
    with translation.override(django_code(language)):
        return "\n".join([*_lines(scope), ""])


def _lines(scope: Scope) -> Iterator[str]:
    event = scope.dossier.event
    title = in_language(event.details.get("title")).text
    yield _("Dossier of the meeting “%(title)s”.") % {"title": title}
    yield _("From the public record, as of %(moment)s.") % {"moment": datetime_utc(scope.dated_at)}
    yield f"{settings.SITE_URL}/{current()}/events/{event.number}/dossier/"
    yield ""
    yield f"  {WHOLE}   " + _("The whole dossier in one file, with links from each citation to the words cited")
    yield f"  {AGENDA}   " + _("The agenda and, after the meeting, the decisions and the report")
    for item, _matters in scope.items:
        yield f"  {ITEM}-{item.number:02}   {in_language(item.title).text}"
    yield f"  {CONTRIBUTIONS}   " + _("The contributions in full, each in its own language")
    yield f"  {INDEX}   " + _("Index by theme, stakeholder group and country")
    yield ""
    yield _(
        "Contributors choose to take part. The contributions and the numbers in this document "
        "do not measure public opinion."
    )
    if "pdf" not in printed_files.endings():
        yield _("There are no PDF files, because the server that created this dossier cannot create them.")
