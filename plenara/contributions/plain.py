"""A draft as plain text, for colleagues who read it elsewhere."""

import datetime

from django.utils.translation import gettext as _

from plenara.contributions.models import Byline, Edition
from plenara.core.templatetags.plenara import country_name, datetime_utc, group_label


def draft_as_text(edition: Edition, question: str, saved_at: datetime.datetime, answers: int | None = None) -> str:
    """Return a draft with its question, what it replies to, its title and who would sign it, in the active language."""
    assert edition.text
    head = [
        _("Draft, not published. As of %(time)s.") % {"time": datetime_utc(saved_at)},
        _("Question: %(question)s") % {"question": question},
        *([_("Reply to contribution %(number)s") % {"number": answers}] if answers else []),
        _in_words(edition.byline),
        *(_in_words(byline) for byline in edition.also_signed_by),
    ]
    parts = ["\n".join(" ".join(line.split()) for line in head), edition.title, edition.text.content]
    return "\n\n".join(part for part in parts if part) + "\n"


def _in_words(byline: Byline | None) -> str:
    if byline is None:
        return ""
    name = _("Name withheld") if byline.withheld else byline.name or _("A participant")
    country = country_name(byline.country)
    return " · ".join(filter(None, [name, group_label(byline.stakeholder_group), byline.organization, country]))
