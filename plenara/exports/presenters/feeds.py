"""Contributions, tombstones, summaries and consultations as entries of an Atom feed."""

import datetime
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from plenara.consultations.models import Consultation
from plenara.contributions.models import LISTED, Byline, Contribution, Edition
from plenara.core import atom, clock
from plenara.core.languages import current, direction, html_code, in_language
from plenara.core.life_cycle import State
from plenara.core.templatetags.plenara import date_in_words
from plenara.core.text import excerpt, first_words, to_html
from plenara.core.vocabulary import licence_name, licence_url
from plenara.exports import addresses
from plenara.exports.presenters import attribution
from plenara.exports.queries.record import Scope, public_consultations, with_words
from plenara.moderation.models import Code, Decision
from plenara.summaries.queries.record import latest_summaries

#: Contribution numbers on an archive page, and the latest changes on the current page.
BLOCK = 50
#: Last erased bylines of the whole installation, among which a feed searches for its own.
ERASED = 500
#: Last submitted contributions of the whole installation, whose latest editions its feed shows.
OWN = 500
#: Characters of a text in a feed; the rest is behind a link.
MOST = 20_000

type FeedItem = atom.Entry | atom.Deleted


def tag(consultation: Consultation, symbol: str) -> str:
    """Return the id of a symbol, the same in every feed. Its day is the consultation's and never changes."""
    return atom.tag(settings.SITE_URL, consultation.created_at, quote(f"/s/{symbol}", safe="/?=&"))


def feed_id(scope: Scope) -> str:
    """Return the id of a feed: one for each language and filter, the same on all its pages."""
    of = f"{scope.consultation.symbol}/Q{scope.thread.number}" if scope.thread else scope.consultation.symbol
    query = f"?{urlencode(scope.filters)}" if scope.is_filtered else ""
    return tag(scope.consultation, f"{of}/feed/{current()}{query}")


def full_blocks(consultation: Consultation) -> int:
    """Return the number of full archive pages. Numbers are minted only at publication, so no page fills up later."""
    return consultation.last_number // BLOCK


def block_before(scope: Scope, block: int) -> int | None:
    """Return the last archive page before one that has entries in the scope. One query."""
    number = scope.everything().filter(number__lte=(block - 1) * BLOCK).aggregate(last=Max("number"))["last"]
    return -(-number // BLOCK) if number else None


def block_after(scope: Scope, block: int) -> int | None:
    """Return the next archive page that has entries in the scope. One query."""
    last = full_blocks(scope.consultation) * BLOCK
    after = scope.everything().filter(number__gt=block * BLOCK, number__lte=last).order_by("number")
    number = after.values_list("number", flat=True).first()
    return -(-number // BLOCK) if number else None


def of_block(scope: Scope, block: int) -> list[FeedItem]:
    """Return the entries of an archive page, by number. Two queries."""
    found = scope.everything().filter(number__gt=(block - 1) * BLOCK, number__lte=block * BLOCK)
    restored = _restored(scope.consultation, Q(object_id__in=found.values("contribution_id")))
    return [_entry(each, scope, restored) for each in _read(found, scope).order_by("number")]


def latest(scope: Scope) -> list[FeedItem]:
    """Return the entries of the current page, last changes first. Nine queries.

    Their keys are queried first, each by an index: in a single query, a database would scan everything.
    """
    everything = scope.everything()
    after = everything.filter(number__gt=full_blocks(scope.consultation) * BLOCK)
    newest = scope.editions().filter(LISTED).order_by("-minted_at", "-number")[:BLOCK]
    restored = _restored(scope.consultation, Q())
    back = everything.filter(contribution_id__in=list(restored))
    keys = {
        key for some in (after, newest, *_gone(everything), back) for key in some.values_list("pk", flat=True)
    } | set(_unnamed(everything))
    entries = [_entry(each, scope, restored) for each in _read(everything.filter(pk__in=keys), scope)]
    return sorted(entries, key=moment_of, reverse=True)


def of_all(consultations: Iterable[Consultation]) -> list[FeedItem]:
    """Return the latest contributions of several consultations, and the last withdrawals and removals. Eight queries.

    Imported ones are left out: thousands of texts from long ago would displace everything new.
    """
    by_id = {each.pk: each for each in consultations}
    found = Edition.objects.filter(in_force=True, consultation_id__in=list(by_id), contribution__bundle_id="")
    # By key, among the latest submitted here: nobody scans all imported ones.
    ours = Contribution.objects.filter(bundle_id="").order_by("-pk").values_list("pk", flat=True)[:OWN]
    newest = found.filter(LISTED, contribution_id__in=list(ours)).order_by("-pk").values_list("pk", flat=True)[:BLOCK]
    gone = [key for some in _gone(found) for key in some.values_list("pk", flat=True)]
    read = _read(Edition.objects.filter(pk__in={*newest, *gone, *_unnamed(found)}), None)
    return [_entry(each, Scope(by_id[each.consultation_id]), {}, rights=True) for each in read]


def of_symbols(symbols: Collection[str]) -> dict[str, FeedItem]:
    """Return the entries of editions by their symbols, in any consultation. Two queries."""
    found = _read(Edition.objects.filter(symbol__in=symbols), None).select_related(
        "text", "byline", "paper", "consultation"
    )
    return {each.symbol: _entry(each, Scope(each.consultation), {}, rights=True) for each in found}


def moment(entries: Iterable[FeedItem], otherwise: datetime.datetime) -> datetime.datetime:
    """Return the time of the last change of any entry."""
    return max(map(moment_of, entries), default=otherwise)


def moment_of(entry: FeedItem) -> datetime.datetime:
    """Return the time of an entry's last change, or of its withdrawal or removal."""
    return entry.when if isinstance(entry, atom.Deleted) else entry.updated


def _read(editions: QuerySet[Edition], scope: Scope | None) -> QuerySet[Edition]:
    """Return editions with their words, as long as a feed needs them, and only those that match the filters."""
    if scope and scope.is_filtered:
        # A tombstone has lost its group and language: every filter includes it, or readers would keep its words.
        editions = editions.filter(Q(**scope.matching) | ~Q(status=Edition.Status.PUBLISHED))
    first = Edition.objects.filter(contribution=OuterRef("contribution"), revision=0)
    return (
        with_words(editions)
        .defer("text__content")
        .annotate(opening=Substr("text__content", 1, MOST + 1), first_at=Subquery(first.values("published_at")[:1]))
    )


def _gone(editions: QuerySet[Edition]) -> list[QuerySet[Edition]]:
    """Return the latest tombstones, of each state. By the contribution's state, which has an index and is the same."""
    return [
        editions.filter(contribution__consultation=F("consultation"), contribution__state=state).order_by(
            "-contribution__state_at"
        )[:BLOCK]
        for state in (State.WITHDRAWN, State.REMOVED)
    ]


def _unnamed(editions: QuerySet[Edition]) -> list[int]:
    """Return the keys of editions whose authors erased their accounts last: readers must learn to drop the name.

    Of the installation's latest, since their index has no consultation. Three queries.
    """
    erased = Byline.objects.filter(erased_at__isnull=False).order_by("-erased_at").values_list("pk", flat=True)
    theirs = Edition.objects.filter(byline_id__in=list(erased[:ERASED])).values_list("pk", flat=True)
    found = editions.filter(pk__in=list(theirs)).order_by("-byline__erased_at")
    return list(found.values_list("pk", flat=True)[:BLOCK])


def _restored(consultation: Consultation, which: Q) -> dict[int, datetime.datetime]:
    """Return the times of the last restorations, by id: readers who removed a contribution must learn of it."""
    found = Decision.objects.filter(which, consultation=consultation, kind="contribution", code=Code.RESTORED)
    # By time: the index has the code first.
    rows = list(found.order_by("-at", "-number").values_list("object_id", "at")[:BLOCK])
    return {key: at for key, at in reversed(rows) if key and at}


def _entry(edition: Edition, scope: Scope, restored: dict[int, datetime.datetime], *, rights: bool = False) -> FeedItem:
    consultation = scope.consultation
    if edition.text:
        edition.text.content = edition.opening  # type: ignore[attr-defined]
    ref = tag(consultation, edition.own_symbol)  # type: ignore[attr-defined]
    at = attribution.published_at(edition)
    if not attribution.has_words(edition):
        return atom.Deleted(ref, attribution.gone_at(edition) or at)
    answered = edition.answers_symbol  # type: ignore[attr-defined]
    first_at = edition.first_at  # type: ignore[attr-defined]
    return atom.Entry(
        id=ref,
        title=f"{edition.number}. {edition.title or first_words(attribution.words(edition), 80)}",
        updated=max(at, restored.get(edition.contribution_id, at), _unnamed_at(edition) or at),
        published=min(at, first_at or at),
        url=addresses.contribution(consultation.slug, edition.number),
        language=edition.language,
        author=attribution.name_in_words(edition.byline),
        html=_content(edition, consultation),
        categories=((f"{settings.SITE_URL}/stakeholder-groups", edition.stakeholder_group),),
        links=tuple(_links(edition, consultation)),
        answers=(tag(consultation, answered), addresses.contribution(consultation.slug, edition.in_reply_to))
        if answered and edition.in_reply_to
        else None,
        rights=licence_name(consultation.licence) if rights else "",
    )


def _unnamed_at(edition: Edition) -> datetime.datetime | None:
    return edition.byline.erased_at if edition.byline else None


def _content(edition: Edition, consultation: Consultation) -> SafeString:
    """Return the words, and below them the byline, in the language of the feed."""
    text, is_cut = excerpt(attribution.words(edition), MOST)
    address = addresses.permalink(edition.public_id)  # type: ignore[attr-defined]
    words = format_html(
        '<div lang="{}" dir="{}">{}{}</div>',
        html_code(edition.language),
        direction(edition.language),
        to_html(text),
        format_html('<p><a href="{}">…</a></p>', address) if is_cut else "",
    )
    return words + format_html(
        '<p lang="{}" dir="{}">{}<br>{}<a href="{}"><span dir="auto">{}</span></a></p>',
        html_code(current()),
        direction(current()),
        " · ".join(attribution.affiliation_of(edition)),
        format_html_join("", "{}<br>", ((line,) for line in attribution.signatures(edition))),
        address,
        edition.symbol,
    )


def _links(edition: Edition, consultation: Consultation) -> Iterator[atom.Link]:
    if edition.paper:
        paper = attribution.paper_address(consultation.slug, edition)
        kind, size = attribution.media_type(edition.paper), edition.paper.size
        yield atom.Link(paper, "enclosure", kind, title=edition.paper.name, length=size)
    if address := licence_url(consultation.licence):
        yield atom.Link(address, "license")


#: Summaries in a feed: more than any consultation has.
MOST_SUMMARIES = 200
#: Consultations in the feed of the whole site.
MOST_CONSULTATIONS = 50


def summaries(consultations: Iterable[Consultation], limit: int = MOST_SUMMARIES) -> list[atom.Entry]:
    """Return the latest published summaries, one entry each, which changes with every edition. Two queries."""
    entries = []
    for each in latest_summaries([it.pk for it in consultations], limit):
        consultation = each.edition.consultation
        dates = {"first": date_in_words(each.period_from), "last": date_in_words(each.period_to)}
        sentence = ngettext(
            "Contributions from %(first)s to %(last)s: %(cited)d of %(count)d contribution is cited.",
            "Contributions from %(first)s to %(last)s: %(cited)d of %(count)d contributions are cited.",
            each.contributions,
        )
        renditions = [it.published_at for it in each.edition.renditions.all() if it.in_force and it.published_at]
        first = each.published_at or each.edition.minted_at
        entries.append(
            atom.Entry(
                id=tag(consultation, f"{consultation.symbol}/SUM/{each.number}"),
                title=f"{each.label}: {each.title.text}" if each.title.text else each.label,
                updated=max([first, *renditions]),
                published=first,
                url=settings.SITE_URL + each.url,
                html=format_html("<p>{}</p>", sentence % {**dates, "cited": each.cited, "count": each.contributions}),
                categories=((f"{settings.SITE_URL}/kinds", "summary"),),
                rights=licence_name(consultation.licence),
            )
        )
    return entries


def of_consultations(consultations: Iterable[Consultation]) -> list[atom.Entry]:
    """Return the consultations, one entry each, which is updated whenever it opens, closes or changes its state."""
    return [_consultation(each) for each in consultations]


def _consultation(consultation: Consultation) -> atom.Entry:
    title, intro = in_language(consultation.title), in_language(consultation.intro)
    first = consultation.imported_at or consultation.announced_at or consultation.created_at
    return atom.Entry(
        id=tag(consultation, consultation.symbol),
        title=title.text,
        updated=max([first, *_turns(consultation)]),
        published=first,
        url=addresses.consultation(consultation.slug),
        language=title.language,
        html=format_html("<p>{}</p>{}", consultation.state_label, to_html(intro.text)),
        categories=((f"{settings.SITE_URL}/kinds", "consultation"),),
        rights=licence_name(consultation.licence),
    )


def _turns(consultation: Consultation) -> list[datetime.datetime]:
    """Return the past moments at which it opened, closed or changed its state here."""
    if consultation.imported_at:
        return []
    now = clock.now()
    moments = [
        consultation.opens_at,
        consultation.closes_at,
        consultation.synthesis_at,
        consultation.reported_at,
        consultation.archived_at,
    ]
    return [each for each in moments if each and each <= now]


def listed() -> list[Consultation]:
    """Return the public consultations whose state changed last. One query."""
    return list(public_consultations().order_by("-created_at")[:MOST_CONSULTATIONS])
