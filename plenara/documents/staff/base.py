"""A view to one document at the desk, as the pages that are the same for summaries and outcomes know it."""

from typing import Any

from django.http import HttpRequest

from plenara.consultations.staff.base import OfConsultation
from plenara.core.refusals import Answer
from plenara.documents import rules
from plenara.documents.models import Document
from plenara.documents.staff.acting import Acting


class OfDocument(Acting, OfConsultation):
    """A view to one document. Not one itself: a summary's or an outcome's finds it, and says where its pages are.

    The pages of this package are parts of views: the view of a summary has such a part, and its own base beside it.
    """

    document: Document
    #: The template of the links to the other pages of the document; its `here` names this one.
    nav = ""
    #: The page where one of its paragraphs is written, by its id.
    paragraph_page = "statement"

    def may(self) -> Answer:
        """Return the rule's answer for this document; a page with a rule of its own gives that."""
        return rules.may_see(self.person, self.document)

    def address(self, name: str, *args: Any) -> str:
        """Return the address of another page of the same document."""
        raise NotImplementedError

    def back_to(self, request: HttpRequest) -> str:
        """Return the page of the same document whose button was pressed; else the page of its review."""
        written = request.POST.get("back", "")
        return written if written.startswith(self.address("workbench")) else self.address("review")

    @property
    def name(self) -> str:
        """What the document is called."""
        raise NotImplementedError

    def tools(self) -> list[tuple[str, str]]:
        """Return what helps its translators: the texts of links, and where they lead."""
        return []

    def context(self, **more: Any) -> dict[str, Any]:
        """Return what every page about the document shows."""
        raise NotImplementedError
