"""A view of one document at the desk, as the pages that are the same for summaries and outcomes know it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from plenara.consultations.views.staff.base import OfConsultation
from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, NotPermitted
from plenara.documents import permissions
from plenara.documents.actions import ChangedMeanwhile
from plenara.documents.models import Document


class Acting:
    """A view where somebody acts. Not one itself: a view of a summary or of an outcome has it beside its own base."""

    #: The status to answer with when an act was refused.
    status = 200
    conflict: ChangedMeanwhile | None = None

    def attempt(self, request: HttpRequest, form: forms.Form, act: Callable[[], Any]) -> bool:
        """Carry out an act and say whether it was done; a refusal goes into the form, which keeps what was typed."""
        if not form.is_valid():
            self.status = 422
            return False
        try:
            act()
        except AlreadyDone:
            return True
        except ActionRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            self.status = 403 if isinstance(refused, NotPermitted) else 409 if refused.code == "changed" else 422
            self.conflict = refused if isinstance(refused, ChangedMeanwhile) else None
            return False
        return True

    def say(self, request: HttpRequest, sentence: str) -> None:
        """Tell on the next page that something was done."""
        messages.success(request, sentence)


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
        return permissions.may_see(self.person, self.document)

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
