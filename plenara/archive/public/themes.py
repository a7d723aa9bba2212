"""A theme: everything on it, of every kind; its feed, and its calendar."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from plenara.accounts.installation import installation
from plenara.archive import themed
from plenara.archive.other_form import OtherForm
from plenara.archive.public.search_forms import SearchFeed
from plenara.archive.searching.parameters import search_of
from plenara.core.describing import Description, describe, home, opening_of, types
from plenara.core.languages import NAMES, current, html_code, in_language
from plenara.core.text import plain
from plenara.core.views import PublicView
from plenara.core.vocabulary import language_name
from plenara.events import icalendar_writing
from plenara.events.calendar import Filters
from plenara.themes import reading
from plenara.themes.models import CACHE_TAG, Theme


def theme_or_404(code: str) -> Theme:
    """Return a theme of the list, retired or not."""
    found = Theme.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def led_on(theme: Theme, name: str) -> HttpResponse | None:
    """Return a redirect, for good, to the same page of the theme that took a retired one's place, if one did."""
    code = reading.successor(theme.code) if theme.is_retired else None
    if code is None:
        return None
    response = HttpResponsePermanentRedirect(reverse(name, args=[code]))
    patch_cache_control(response, public=True, max_age=0, s_maxage=60)
    return response


class ThemePage(PublicView):
    """Everything on a theme and on what it includes."""

    template_name = "archive/theme.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        theme = theme_or_404(code)
        if led := led_on(theme, "archive:theme"):
            return led
        around = reading.around(theme)
        label = in_language(theme.labels)
        description = describe_theme(theme)
        response = self.page(
            request,
            {
                "theme": theme,
                "label": label,
                "is_own_label": label.language in theme.own_labels,
                "label_language": language_name(label.language),
                "others": [
                    {"code": code, "text": theme.labels[code], "is_own": code in theme.own_labels}
                    for code in NAMES
                    if code != label.language and theme.labels.get(code)
                ],
                "alternatives": theme.alternatives.get(current(), []),
                "around": around,
                "it": themed.on(theme.code, around.family),
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
    """What is new on a theme, of every kind."""

    known_parameters = ("before",)

    theme: Theme

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.theme = theme_or_404(kwargs["code"])
        return led_on(self.theme, "archive:theme_feed") or super().get(request)

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
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

    media_type = icalendar_writing.MEDIA_TYPE
    theme: Theme

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.theme = theme_or_404(kwargs["code"])
        return led_on(self.theme, "archive:theme_calendar") or super().get(request, **kwargs)

    def cache_tags(self) -> list[str]:
        return [*icalendar_writing.CACHE_TAGS, CACHE_TAG]

    def describe(self, response: HttpResponseBase) -> None:
        response["Content-Disposition"] = f'inline; filename="{self.theme.code}.ics"'

    def write(self) -> Iterable[str]:
        label = in_language(self.theme.labels).text
        page = f"{settings.SITE_URL}/{current()}/themes/{self.theme.code}/"
        return icalendar_writing.calendar_text(
            Filters(theme=self.theme.code, themes=tuple(reading.with_narrower(self.theme.code))),
            current(),
            name=_("%(name)s: %(theme)s") % {"name": installation().name, "theme": label},
            source=f"{page}calendar.ics",
            url=page,
        )
