"""Names, counts and the state of a project on the directory's pages."""

from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core import text
from plenara.core.languages import Localized, current, direction, html_code
from plenara.core.templatetags.plenara import number
from plenara.directory.models import Kind, Listing
from plenara.directory.presenters import display
from plenara.directory.queries import lookup

register = template.Library()


@register.simple_tag
def named(name: Localized | lookup.Named) -> SafeString:
    """Return a name, marked with its language where that is not the page's; a person's name has no language."""
    written, language = getattr(name, "text", None) or getattr(name, "name", ""), name.language
    if not language or language == current():
        return format_html("<bdi>{}</bdi>", written)
    return format_html('<bdi lang="{}" dir="{}">{}</bdi>', html_code(language), direction(language), written)


@register.simple_tag
def organizations_offered(country: object) -> list[str]:
    """Return the suggestions for a field of an organization: of a country, where one is chosen, and the newest."""
    code = str(country or "")
    return lookup.offered_names(code if code.isascii() and code.isalpha() else "")


@register.filter
def first_words(value: str, limit: int) -> str:
    """Return the first words of a text on one line."""
    return text.first_words(str(value), int(limit))


@register.filter
def site_name(address: str) -> str:
    """Return a link's address in short form: the host, and the path if there is one."""
    parts = urlsplit(str(address))
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}"


@register.simple_tag
def count_of(kind: str, total: int, is_more: bool) -> str:
    """Return how many listings of a kind there are, in words."""
    if kind == Kind.ORGANIZATION:
        more = _("More than %(count)s organizations")
        counted = ngettext("%(count)s organization", "%(count)s organizations", total)
    elif kind == Kind.PERSON:
        more, counted = _("More than %(count)s people"), ngettext("%(count)s person", "%(count)s people", total)
    else:
        more, counted = _("More than %(count)s projects"), ngettext("%(count)s project", "%(count)s projects", total)
    return (more if is_more else counted) % {"count": number(total)}


@register.simple_tag
def progress_state(listing: Listing) -> SafeString:
    """Return the progress of a project: a mark and a word."""
    mark = display.progress_mark(listing)
    return format_html('<b class="state {}">{}</b>', mark, display.progress_label(listing))
