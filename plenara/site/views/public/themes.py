"""A theme: everything on it, of every kind, its feed and its calendar; the list of themes for programs: SKOS in Turtle
and in JSON-LD, and a table.
"""

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from plenara.accounts.queries import installation
from plenara.core.languages import CODES, NAMES, current, django_code, html_code, in_language
from plenara.core.metadata import Description, describe, home, opening_of, types
from plenara.core.text import plain
from plenara.core.views import PublicView
from plenara.core.vocabulary import language_in_sentence
from plenara.events.presenters import icalendar
from plenara.events.queries.calendar import Filters
from plenara.exports.queries.search import search_of
from plenara.exports.views.base import LanguageFree, OtherForm
from plenara.site.queries import overviews
from plenara.site.views.public.search import SearchFeed
from plenara.themes import presenters, queries
from plenara.themes.models import CACHE_TAG, Theme
from plenara.themes.queries import Concept, concepts_of_list
from plenara.themes.validation import files


def theme_or_404(code: str) -> Theme:
    """Return a theme of the list, retired or not."""
    found = Theme.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def led_on(theme: Theme, name: str) -> HttpResponse | None:
    """Return a permanent redirect to the same page of a retired theme's successor, if there is one."""
    code = queries.successor(theme.code) if theme.is_retired else None
    if code is None:
        return None
    response = HttpResponsePermanentRedirect(reverse(name, args=[code]))
    patch_cache_control(response, public=True, max_age=0, s_maxage=60)
    return response


class ThemePage(PublicView):
    """Everything on a theme and on what it includes."""

    template_name = "site/theme.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        theme = theme_or_404(code)
        if led := led_on(theme, "site:theme"):
            return led
        around = queries.surroundings(theme)
        label = in_language(theme.labels)
        description = describe_theme(theme)
        response = self.page(
            request,
            {
                "theme": theme,
                "label": label,
                "is_own_label": label.language in theme.own_labels,
                "label_language": language_in_sentence(label.language),
                "others": [
                    {"code": code, "text": theme.labels[code], "is_own": code in theme.own_labels}
                    for code in NAMES
                    if code != label.language and theme.labels.get(code)
                ],
                "alternatives": theme.alternatives.get(current(), []),
                "around": around,
                "it": overviews.on_theme(theme.code, around.family),
                "permanent": f"{settings.SITE_URL}/themes/{theme.code}",
                "description": description,
                "nav_current": "themes",
            },
        )
        response["Link"] = description.link_header
        return response


def describe_theme(theme: Theme) -> Description:
    """Describe the page of a theme. One query."""
    permanent, page = (
        f"{settings.SITE_URL}/themes/{theme.code}",
        f"{settings.SITE_URL}/{current()}/themes/{theme.code}/",
    )
    label, definition = in_language(theme.labels), in_language(theme.definition)
    data = {
        "@type": "DefinedTerm",
        "@id": permanent,
        "url": page,
        "name": label.text,
        "termCode": theme.code,
        "description": plain(definition.text),
        "inLanguage": html_code(label.language),
        "inDefinedTermSet": f"{settings.SITE_URL}/themes",
        "sameAs": theme.exact_match,
    }
    links = [
        (permanent, "cite-as", ""),
        home(),
        (f"{permanent}.ttl", "describedby", "text/turtle"),
        (f"{permanent}.jsonld", "describedby", "application/ld+json"),
        (f"{page}calendar.ics", "alternate", "text/calendar"),
        (f"{page}feed.atom", "alternate", "application/atom+xml"),
        *types("DefinedTerm", "CollectionPage"),
    ]
    opening = opening_of(definition.text or label.text)
    return describe(data, links, title=label.text, opening=opening, url=page, site=installation().name)


class ThemeFeed(SearchFeed):
    """The feed of a theme, with news of every kind."""

    known_parameters = ("before",)

    theme: Theme

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.theme = theme_or_404(self.kwargs["code"])
        return led_on(self.theme, "site:theme_feed") or super().get(request)

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        before = request.GET.get("before", "")
        query = QueryDict(mutable=True)
        query.update({"theme": self.theme.code, "before": before})
        self.search = search_of(query)
        self.variant = self.search.as_asked()

    def title(self, name: str) -> str:
        return _("%(name)s: %(theme)s") % {"name": name, "theme": in_language(self.theme.labels).text}

    def own_address(self) -> str:
        return f"{self.address()}?before={self.search.before}" if self.search.before else self.address()

    def home(self) -> str:
        return f"{settings.SITE_URL}/{current()}/themes/{self.theme.code}/"


class ThemeCalendar(OtherForm):
    """The calendar of a theme and of what it includes."""

    media_type = icalendar.MEDIA_TYPE
    theme: Theme

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.theme = theme_or_404(self.kwargs["code"])
        return led_on(self.theme, "site:theme_calendar") or super().get(request, **kwargs)

    def cache_tags(self) -> list[str]:
        return [*icalendar.CACHE_TAGS, CACHE_TAG]

    def describe(self, response: HttpResponseBase) -> None:
        response["Content-Disposition"] = f'inline; filename="{self.theme.code}.ics"'

    def write(self) -> Iterable[str]:
        label = in_language(self.theme.labels).text
        page = f"{settings.SITE_URL}/{current()}/themes/{self.theme.code}/"
        return icalendar.calendar_text(
            Filters(theme=self.theme.code, themes=tuple(queries.with_narrower(self.theme.code))),
            current(),
            name=_("%(name)s: %(theme)s") % {"name": installation().name, "theme": label},
            source=f"{page}calendar.ics",
            url=page,
        )


class Vocabulary(LanguageFree, OtherForm):
    """The whole list in another form, or one theme with a code."""

    ending = ""
    code: str | None = None

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.code = self.kwargs.get("code")
        if self.code is not None:
            theme_or_404(self.code)

    def cache_tags(self) -> list[str]:
        return [CACHE_TAG]

    def describe(self, response: HttpResponseBase) -> None:
        response["Content-Disposition"] = f'inline; filename="{self.code or "themes"}.{self.ending}"'

    def concepts(self) -> list[Concept]:
        return concepts_of_list(None if self.code is None else [self.code])

    def scheme(self) -> presenters.Scheme:
        titles = {}
        for code in CODES:
            with override(django_code(code)):
                titles[code] = pgettext("label", "Themes")
        return presenters.Scheme(settings.SITE_URL, titles)


class Turtle(Vocabulary):
    """SKOS in Turtle."""

    media_type, ending = presenters.TURTLE, "ttl"

    def write(self) -> Iterable[str]:
        return presenters.turtle(self.scheme(), self.concepts(), whole=self.code is None)


class JsonLd(Vocabulary):
    """SKOS in JSON-LD."""

    media_type, ending = presenters.JSONLD, "jsonld"

    def write(self) -> Iterable[str]:
        return presenters.json_ld(self.scheme(), self.concepts(), whole=self.code is None)


class Csv(Vocabulary):
    """A table for spreadsheets, which can be changed and imported again."""

    media_type, ending = files.TABLE_MEDIA_TYPE, "csv"

    def write(self) -> Iterable[str]:
        return files.write_table(self.concepts())
