"""Pages that a copy has of its own: its first page, what offers the six languages, the list for search engines."""

import datetime
from collections.abc import Iterable, Iterator

from django.template.loader import get_template
from django.templatetags.static import static

from plenara.archive import addresses
from plenara.archive.formats import sitemaps
from plenara.archive.mirroring import rendering
from plenara.archive.mirroring.record import Record
from plenara.archive.mirroring.run import Run
from plenara.consultations import shown
from plenara.core.languages import CODES, NAMES, direction, html_code
from plenara.outcomes.listing import outcomes_of
from plenara.summaries.reading import latest_summaries

#: Pages in one list for search engines: each has six addresses, and a list may have 50,000.
LISTED = 8_000
SITEMAP = "/sitemap.xml"


def choices(record: Record) -> Iterator[tuple[str, str, str]]:
    """Yield (address, title, what follows the language there) of every address that leads a reader on by language."""
    consultation, here = record.consultation, f"consultations/{record.consultation.slug}/"
    yield "/", consultation.symbol, ""
    yield f"/s/{consultation.symbol}/", consultation.symbol, here
    for number in record.threads:
        symbol = f"{consultation.symbol}/Q{number}"
        yield f"/s/{symbol}/", symbol, f"{here}threads/{number}/"
    for each in record.editions():
        page = f"{here}contributions/{each.number}/"
        if each.in_force:
            yield f"/c/{each.public_id}/", each.of_contribution, page
            yield f"/s/{each.of_contribution}/", each.of_contribution, page
        if each.revision == 0:
            yield f"/s/{each.symbol}/Rev.0/", f"{each.symbol}/Rev.0", f"{page}rev/0/"
        elif each.symbol != each.of_contribution:
            yield f"/s/{each.symbol}/", each.symbol, f"{page}rev/{each.revision}/"
    for symbol, path in record.documents():
        yield f"/s/{symbol}/", symbol, f"{here}{path}"
    for symbol, path in record.outcomes.symbols():
        yield f"/s/{symbol}/", symbol, path


def choice(address: str, title: str, tail: str) -> str:
    """Return the page that offers the six languages."""
    languages = [
        {"url": f"/{code}/{tail}", "name": name, "html_lang": html_code(code), "dir": direction(code)}
        for code, name in NAMES.items()
    ]
    context = {
        "title": title,
        "live": addresses.site(address if address == "/" else address.rstrip("/")),
        "stylesheet": static("plenara.css"),
        "icon": static("favicon.svg"),
        "languages": languages,
    }
    return get_template("archive/mirror/choice.html").render(context)


def fronts(record: Record, made_at: datetime.datetime) -> Iterator[tuple[str, str]]:
    """Yield (address, page) of the first page in each language."""
    consultation = record.consultation
    for code in CODES:
        with rendering.in_language_of(f"/{code}/"):
            context = {
                "consultation": consultation,
                "threads": list(consultation.threads.all()),
                "summaries": latest_summaries([consultation.pk]),
                "outcomes": outcomes_of([consultation.pk], own=True),
                "files": record.exports,
                "made_at": made_at,
                "base": shown.address(consultation),
            }
            yield f"/{code}/", rendering.page(f"/{code}/", "archive/mirror/front.html", context)


def sitemap(run: Run) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield (address, pieces) of the lists of the copy's pages, in parts where there are very many."""
    tails = [path.removeprefix("/en/") for path in run.of_kind("page") if path.startswith("/en/")]
    parts = [tails[i : i + LISTED] for i in range(0, len(tails), LISTED)]
    if len(parts) == 1:
        yield SITEMAP, _bytes(sitemaps.addresses(map(sitemaps.Page, parts[0])))
        return
    names = [f"/sitemaps/pages-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield name, _bytes(sitemaps.addresses(map(sitemaps.Page, part)))
    yield SITEMAP, _bytes(sitemaps.index(map(sitemaps.Page, names)))


def _bytes(pieces: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode() for piece in pieces)
