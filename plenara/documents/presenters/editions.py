"""Parts that pages and papers of an edition share: names, languages, addresses."""

import datetime
from collections.abc import Callable, Iterator, Mapping

from babel.lists import format_list
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.consultations.models import Consultation
from plenara.core.languages import NAMES, current, direction, html_code
from plenara.core.templatetags.plenara import date_in_words, language_in_sentence
from plenara.core.vocabulary import licence_name
from plenara.documents.models import DocumentEdition, Origin, PublishedRendition
from plenara.documents.presenters import plain_text
from plenara.documents.presenters.paper import Paper, Passage, isolated, passage


def names_in_words(found: list[str]) -> str:
    """Return names as a list in words, each isolated from the direction of its neighbours."""
    return format_list([isolated(each) for each in found], locale=html_code(current()).replace("-", "_"))


def published_in_words(edition: DocumentEdition) -> str:
    """Return when an edition was published, in a sentence."""
    if edition.published_at is None:
        return pgettext("text", "Undated.")
    return pgettext("text", "Published on %(date)s.") % {"date": date_in_words(edition.published_at)}


def language_rows(
    edition: DocumentEdition, renditions: Mapping[str, PublishedRendition], url_in: Callable[[str], str]
) -> list[dict[str, object]]:
    """Return the state of each of the six languages, as `core/languages.html` takes it."""
    rows = []
    for code, name in NAMES.items():
        mark, word = _state(edition, renditions.get(code), code)
        row = {
            "code": code,
            "name": name,
            "html_lang": html_code(code),
            "dir": direction(code),
            "url": url_in(code) if code in renditions else "",
            "current": code == current(),
            "state": mark,
            "word": word,
        }
        rows.append(row)
    return rows


def _state(edition: DocumentEdition, rendition: PublishedRendition | None, code: str) -> tuple[str, str]:
    if rendition is None:
        return "none", pgettext("label", "not available yet")
    if rendition.origin == Origin.MACHINE:
        return "note", _("machine translation, reviewed")
    if rendition.outdated and code != edition.source_language:
        since = date_in_words(edition.published_at)
        return "stop", _("outdated since %(date)s") % {"date": since} if since else pgettext("label", "outdated")
    return "open", pgettext("label", "original, published") if code == edition.source_language else pgettext(
        "label", "published"
    )


def translation_notices(rendition: PublishedRendition, missing: str) -> Iterator[Passage]:
    """Yield notices about the translation that is shown; `missing` says that it is the original."""
    if rendition.language != current():
        names = {"asked": language_in_sentence(current()), "shown": language_in_sentence(rendition.language)}
        yield passage(missing % names, "notice")
    elif rendition.outdated:
        yield passage(
            _("The original has changed since this translation was made. Outdated parts are marked."), "notice"
        )
    if rendition.origin == Origin.MACHINE:
        yield passage(_("Machine translation, reviewed by a person."), "notice")


def address_passage(sentence: str, address: str) -> Passage:
    """Return a sentence that names an address, and links to it."""
    return passage(sentence % {"address": isolated(address)}, "soft", address)


def licence_passage(consultation: Consultation) -> Passage:
    """Return under which licence a consultation's texts are published."""
    return passage(
        pgettext("label", "Licence: %(licence)s") % {"licence": isolated(licence_name(consultation.licence))}, "soft"
    )


def rendition_read(edition: DocumentEdition) -> PublishedRendition:
    """Return the rendition in the reader's language, or else in the edition's own. `renditions` are prefetched."""
    found = {each.language: each for each in edition.renditions.all() if each.in_force}
    return found.get(current()) or found[edition.source_language]


def updated_at(edition: DocumentEdition) -> datetime.datetime:
    """Return when the rendition that a reader reads was published. `renditions` are prefetched."""
    moments = (edition.published_at, rendition_read(edition).published_at)
    return max((each for each in moments if each), default=edition.minted_at)


def text_response(edition: DocumentEdition, paper: Paper, language: str) -> HttpResponse:
    """Return an edition's paper as plain text in a language."""
    text = plain_text.as_text(paper)
    response = HttpResponse(text.encode(errors="replace"), content_type=plain_text.MEDIA_TYPE)
    response["Content-Language"] = html_code(language)
    name = f"{edition.symbol.replace('/', '-')}-{language}.txt"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
