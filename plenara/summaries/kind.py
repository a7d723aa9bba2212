"""A summary, as a kind of document."""

from django.utils.translation import gettext as _

from plenara.documents.kinds import DocumentKind, register

NAME = "summary"


def label(number: int) -> str:
    """Return what a summary is called."""
    return _("Summary %(number)d") % {"number": number}


def place(number: int, statement: int) -> str:
    """Return what a link from cited words to a statement says."""
    return _("Cited in Summary %(number)d, statement %(statement)d") % {"number": number, "statement": statement}


SUMMARY = DocumentKind(name=NAME, letters="SUM", path="summaries/{number}/", label=label, place=place)
register(SUMMARY)
