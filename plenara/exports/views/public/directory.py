"""The directory's lists in other forms, with the filters of their pages: a feed of the newest, a table, data."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from plenara.accounts.queries import installation
from plenara.core import atom
from plenara.core.languages import current, in_language
from plenara.core.text import to_html
from plenara.directory.models import CACHE_TAG, Kind, Listing
from plenara.directory.presenters.wording import kind_names
from plenara.directory.queries import lists, lookup
from plenara.directory.queries.figures import COUNTED, Table, figures_of
from plenara.directory.queries.lists import PARAMETERS, ListFilters, list_filters
from plenara.directory.queries.lookup import FOLDERS, texts_of
from plenara.exports import addresses
from plenara.exports.presenters import community, tables
from plenara.exports.views.base import OtherForm
from plenara.themes.models import CACHE_TAG as THEMES_CACHE_TAG

#: Entries of a feed.
FEED = 50
#: Nothing was listed before this day: it is the date of an empty feed, and in the ids of entries for good.
_BEGAN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


class ListForm(OtherForm):
    """A list of the directory in another form."""

    known_parameters = PARAMETERS

    filters: ListFilters
    kind = Kind.ORGANIZATION
    ending = ""

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.kind = self.kwargs["kind"]
        self.filters = list_filters(request.GET, self.kind, current())
        self.variant = self.filters.fields

    def cache_tags(self) -> list[str]:
        # Themes, since a theme includes narrower ones.
        return [CACHE_TAG, THEMES_CACHE_TAG]

    def file_name(self) -> str:
        return f"{FOLDERS[self.kind]}.{self.ending}"

    def canonical(self) -> str:
        return self.home

    @property
    def home(self) -> str:
        """The page that lists it."""
        query = self.filters.address()
        return addresses.site(f"/{current()}/{FOLDERS[self.kind]}/") + (f"?{query}" if query else "")

    def address(self) -> str:
        """Return the address of this form."""
        page, mark, query = self.home.partition("?")
        return f"{page}{self.ending}{mark}{query}"

    def everything(self) -> Iterable[Listing]:
        return lists.everything(self.kind, self.filters, current())


class ListCsv(ListForm):
    """A table for spreadsheets."""

    media_type = "text/csv; charset=utf-8; header=present"
    ending = "data.csv"

    def write(self) -> Iterable[str]:
        return tables.as_csv(community.listing_cells(self.everything()), community.LISTING_COLUMNS)


class ListJson(ListForm):
    """Data for programs."""

    media_type = "application/json; charset=utf-8"
    ending = "data.json"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        return community.listings_as_json(self.everything(), self.address(), self.filters.fields)


class ListFeed(ListForm):
    """The newest entries."""

    media_type = atom.MEDIA_TYPE
    ending = "feed.atom"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        found = lists.newest(self.kind, self.filters, current(), FEED)
        query = self.filters.address()
        name = kind_names()[self.kind]
        feed = atom.Feed(
            id=atom.tag(settings.SITE_URL, _BEGAN, f"/{current()}/{FOLDERS[self.kind]}{f'?{query}' if query else ''}"),
            title=_("%(site)s: %(list)s") % {"site": installation().name, "list": name},
            updated=max((each.changed_at for each in found if each.changed_at), default=_BEGAN),
            url=self.address(),
            home=self.home,
            language=current(),
            author=installation().name,
        )
        return atom.write(feed, map(_entry, found))


class FigureSvg(OtherForm):
    """The figures of a list by one dimension, as a chart."""

    media_type = "image/svg+xml; charset=utf-8"
    kind, what = Kind.ORGANIZATION, ""
    disposition = "inline"

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.kind, self.what = self.kwargs["kind"], self.kwargs["what"]
        if self.what not in COUNTED[self.kind]:
            raise Http404

    def cache_tags(self) -> list[str]:
        return [CACHE_TAG]

    def file_name(self) -> str:
        return f"{FOLDERS[self.kind]}-{self.what}.svg"

    def write(self) -> Iterable[str]:
        name = kind_names()[self.kind]
        tables_of = {each.what: each for each in figures_of(self.kind).tables}
        empty = Table(self.what, name, "", [])
        yield tables_of.get(self.what, empty).drawing(
            _("%(site)s: %(list)s") % {"site": installation().name, "list": name}
        )


def _entry(listing: Listing) -> atom.Entry:
    name, text = lookup.name_of(listing), in_language(texts_of(listing))
    number = listing.number or 0
    return atom.Entry(
        id=atom.tag(settings.SITE_URL, _BEGAN, f"/{FOLDERS[Kind(listing.of)]}/{number}"),
        title=name.text,
        updated=listing.changed_at or _BEGAN,
        published=listing.published_at,
        url=addresses.site(lookup.path_of(listing.of, number)),
        language=text.language if text.text else name.language,
        html=to_html(text.text) if text.text else "",
        categories=tuple(("", code) for code in listing.details.get("themes", [])),
    )
