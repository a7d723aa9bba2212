"""Tags for the pages of documents at the desk: addresses, names of paragraphs, permissions."""

import datetime

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
def address(context: Context, name: str, *args: object) -> str:
    """Return the address of another page of the document that a view is of."""
    return str(context["view"].address(name, *args))


@register.simple_tag(takes_context=True)
def act_to_draft(context: Context) -> str:
    """Return the action by which the reader can make the document a draft again; blank if they cannot."""
    return permissions.act_to_draft(context["view"].person, context["document"])


@register.simple_tag(takes_context=True)
def part_name(context: Context, it: Paragraph | Change | Comment) -> str:
    """Return the name of a paragraph, or of the one that a change or a comment is on: "Statement 7"."""
    if isinstance(it, Paragraph):
        return drafts.part_of(context["document"], it)
    return drafts.part_once(
        context["document"], it.paragraph_id if isinstance(it, Comment) else it.paragraph, it.number
    )


@register.simple_tag(takes_context=True)
def may_resolve(context: Context, comment: Comment) -> bool:
    """Return whether the reader may resolve a comment."""
    return bool(permissions.may_resolve(context["view"].person, comment, context["document"]))


@register.simple_tag
def edition_url(edition: Edition) -> str:
    """Return the permanent address of an edition of a contribution, of any consultation."""
    return f"{wording.address(edition.consultation)}contributions/{edition.number}/rev/{edition.revision}/"


@register.filter
def ago(value: datetime.datetime) -> str:
    """Return the time since a moment in words: "3 minutes ago"."""
    passed = max(clock.now() - value, datetime.timedelta())
    return western(format_timedelta(-passed, add_direction=True, locale=html_code(current()).replace("-", "_")))
