"""The attribution of an edition, the same in every form: who, for whom, when, its state. Never what is withheld."""

import datetime
import re

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.contributions.models import Byline, Edition, Paper
from plenara.contributions.organizations.queries import for_organization, is_verified
from plenara.core.templatetags.plenara import date_in_words, group_label
from plenara.core.vocabulary import country_name
from plenara.exports.addresses import edition as edition_address
from plenara.moderation.kinds import reason_label

#: The file endings of the known kinds of papers. Any other is served as bytes.
ENDINGS = {
    "text/plain": "txt",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
}

_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(; ?charset=[a-z0-9-]+)?", re.ASCII | re.IGNORECASE)


def has_words(edition: Edition) -> bool:
    """Return whether an edition's words are public: it is neither withdrawn nor removed, and they were not erased."""
    return not edition.is_gone and edition.text is not None and bool(edition.text.content)


def words(edition: Edition) -> str:
    """Return an edition's words; nothing if they are gone."""
    return edition.text.content if has_words(edition) and edition.text else ""


def status(edition: Edition) -> str:
    """Return `published`, `withdrawn` or `removed`. An erased text counts as withdrawn."""
    if has_words(edition):
        return str(Edition.Status.PUBLISHED)
    return str(edition.status if edition.is_gone else Edition.Status.WITHDRAWN)


def gone_at(edition: Edition) -> datetime.datetime | None:
    """Return the time at which an edition's words were withdrawn or removed."""
    return edition.gone_at or (edition.text.erased_at if edition.text else None)


def published_at(edition: Edition) -> datetime.datetime:
    """Return the time of an edition's publication; for one of an archive without dates, of its import."""
    return edition.published_at or edition.minted_at


def name(byline: Byline | None) -> str:
    """Return the name in a byline; nothing where there is none, or it is withheld."""
    return byline.name if byline and not byline.withheld else ""


def name_in_words(byline: Byline | None) -> str:
    """Return the name in a byline, or its replacement, in the active language."""
    if byline and byline.withheld:
        return pgettext("label", "Name withheld")
    return name(byline) or pgettext("label", "A participant")


def affiliation_of(edition: Edition) -> list[str]:
    """Return group, organization and country of an edition's author, in the active language."""
    return affiliation(edition.byline, verified=is_verified(edition))


def affiliation(byline: Byline | None, *, verified: bool = False) -> list[str]:
    """Return group, organization and country in the active language. `verified` is about the organization."""
    if byline is None:
        return []
    parts = [group_label(byline.stakeholder_group)]
    if byline.speaks_for_organization and byline.organization:
        parts.append(for_organization(byline, byline.organization, verified=verified))
    elif byline.capacity == "individual":
        parts.append(pgettext("label", "as an individual"))
    if byline.country:
        parts.append(country_name(byline.country))
    return parts


def signatures(edition: Edition) -> list[str]:
    """Return a line for each co-signatory of an edition, in the active language."""
    lines = [" · ".join([name_in_words(byline), *affiliation(byline)]) for byline in edition.also_signed_by]
    return [_("Also signed by %(who)s") % {"who": line} for line in lines]


def what_happened(edition: Edition) -> str:
    """Return the sentence of a tombstone."""
    removed, when = status(edition) == Edition.Status.REMOVED, gone_at(edition)
    if when is None:  # old archives have no date
        by_author = _("This contribution was withdrawn by its author.")
        return _("This contribution was removed by a moderator.") if removed else by_author
    if removed:
        return _("This contribution was removed by a moderator on %(date)s.") % {"date": date_in_words(when)}
    return _("This contribution was withdrawn by its author on %(date)s.") % {"date": date_in_words(when)}


def reason(edition: Edition) -> str:
    """Return the reason for a removal in words; nothing where it was the author's own wish."""
    return (
        reason_label(edition.gone_reason) if status(edition) == Edition.Status.REMOVED and edition.gone_reason else ""
    )


def paper_name(paper: Paper) -> str:
    """Return the last part of a paper's address: its kind, not the name that its author gave it."""
    return f"document.{ENDINGS.get(paper.media_type.split(';')[0].strip(), 'bin')}"


def media_type(paper: Paper) -> str:
    """Return a paper's media type for a header; that of bytes for any other value."""
    return paper.media_type if _MEDIA_TYPE.fullmatch(paper.media_type) else "application/octet-stream"


def paper_address(slug: str, edition: Edition, language: str | None = None) -> str:
    """Return the permanent address of an edition's paper; nothing where it has none."""
    if edition.paper is None:
        return ""
    return f"{edition_address(slug, edition.number, edition.revision, language)}{paper_name(edition.paper)}"
