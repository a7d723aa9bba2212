"""What the pages of any document at the desk ask for: where another page of it is, and what a paragraph is called."""

import datetime
from typing import Any

from babel.dates import format_timedelta
from django import template
from django.template import Context

from plenara.consultations.presenters import wording
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.core.languages import current, html_code
from plenara.core.templatetags.plenara import western
from plenara.documents import permissions
from plenara.documents.models import Change, Comment, Paragraph
from plenara.documents.queries import drafts

register = template.Library()


@register.simple_tag(takes_context=True)
def address(context: Context, name: str, *args: Any) -> str:
    """Return the address of another page of the document that a view is of."""
    return str(context["view"].address(name, *args))


@register.simple_tag(takes_context=True)
def act_to_draft(context: Context) -> str:
    """Return the act by which the reader can make the document a draft again; nothing where they cannot."""
    return permissions.act_to_draft(context["view"].person, context["document"])


@register.simple_tag(takes_context=True)
def part_name(context: Context, it: Paragraph | Change | Comment) -> str:
    """Return what a paragraph is called, or the one that a change or a comment is of: "Statement 7"."""
    if isinstance(it, Paragraph):
        return drafts.part_of(context["document"], it)
    return drafts.part_once(
        context["document"], it.paragraph_id if isinstance(it, Comment) else it.paragraph, it.number
    )


@register.simple_tag(takes_context=True)
def may_resolve(context: Context, comment: Comment) -> bool:
    """Say whether the reader may resolve a comment, so that nobody is sent to a page that refuses them."""
    return bool(permissions.may_resolve(context["view"].person, comment, context["document"]))


@register.simple_tag
def edition_url(edition: Edition) -> str:
    """Return where an edition of a contribution stands for good, of whatever consultation."""
    return f"{wording.address(edition.consultation)}contributions/{edition.number}/rev/{edition.revision}/"


@register.filter
def ago(value: datetime.datetime) -> str:
    """Return how long ago something was, in words: "3 minutes ago"."""
    passed = max(clock.now() - value, datetime.timedelta())
    return western(format_timedelta(-passed, add_direction=True, locale=html_code(current()).replace("-", "_")))
