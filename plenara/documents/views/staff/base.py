"""Base classes for the desk views of one document of any kind."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext

from plenara.consultations.views.staff.base import OfConsultation
from plenara.core.languages import NAMES, direction, html_code
from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, NotPermitted
from plenara.documents import permissions, states
from plenara.documents.actions import ChangedMeanwhile
from plenara.documents.kinds import kind_of
from plenara.documents.models import Document


class Acting(OfConsultation):
    """A mixin for views that carry out an action."""

    #: The response's status after a refused action.
    status = 200
    conflict: ChangedMeanwhile | None = None

    def attempt(self, request: HttpRequest, form: forms.Form, act: Callable[[], object]) -> bool:
        """Carry out an action and return whether it was done. A refusal is added to the form, which keeps the typed
        values.
        """
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

    def say(self, request: HttpRequest, sentence: str | Promise) -> None:
        """Show a message on the next page."""
        messages.success(request, str(sentence))

    def page_of_buttons(self) -> str:
        """Return the address of the page with the buttons of views that have no page. Nothing is loaded yet."""
        raise NotImplementedError

    def sign_in_first(self, request: HttpRequest) -> HttpResponseBase:
        if "get" not in self.http_method_names:
            # After sign-in this page is shown; there is no typed text to restore.
            return redirect_to_login(self.page_of_buttons())
        return super().sign_in_first(request)


class OfDocument(Acting):
    """A mixin for views of one document; the base views of summaries and outcomes find it and give its addresses.

    The views of this package are mixins: a summary's view combines one of them with its own base.
    """

    document: Document
    #: Its name while it has no number.
    unnumbered: Promise
    #: The template of the links to the other pages of the document; its `here` names this one.
    nav = ""
    #: The page where one of its paragraphs is written, by its id.
    paragraph_page = "statement"

    def find(self) -> Answer:
        """Load further objects that the address names. For views of a part of the document."""
        return True

    def may(self) -> Answer:
        """Return the permission for this document. Views with their own permission override it."""
        return permissions.may_see(self.person, self.document)

    def address(self, name: str, *args: object) -> str:
        """Return the address of another page of the same document."""
        raise NotImplementedError

    def back_to(self, request: HttpRequest) -> str:
        """Return the page of the same document whose button was pressed; else the page of its review."""
        written = request.POST.get("back", "")
        return written if written.startswith(self.address("workbench")) else self.address("review")

    @property
    def name(self) -> str:
        """The name of the document."""
        number = self.document.number
        return kind_of(self.document.kind).label(number) if number else str(self.unnumbered)

    @property
    def spoken(self) -> dict[str, str]:
        """The attributes of the document's own language, for forms."""
        code = self.document.source_language
        return {"language": html_code(code), "direction": direction(code)}

    def tools(self) -> list[tuple[str, str]]:
        """Return names and addresses of the consultation's glossary and memory, if the person may see them."""
        if not permissions.may_see_glossary(self.person, self.consultation):
            return []
        here = [self.consultation.slug]
        return [
            (pgettext("label", "Glossary"), reverse("summaries:glossary", args=here)),
            (pgettext("label", "Translation memory"), reverse("summaries:memory", args=here)),
        ]

    def document_context(self) -> dict[str, object]:
        """Return the context of every page about the document."""
        document, code = self.document, self.document.source_language
        may_write, is_draft = permissions.may_write(self.person, document), document.state == "draft"
        return {
            "document": document,
            "name": self.name,
            "title": document.title.get(code, ""),
            "source": code,
            "source_lang": html_code(code),
            "source_dir": direction(code),
            "may_write": may_write,
            "is_draft": is_draft,
            "no_changes": getattr(states.allows(document.state, "edit"), "sentence", ""),
            "may_edit": bool(may_write) and is_draft,
        }

    def context(self, **more: object) -> dict[str, object]:
        """Return the context of every page about the document."""
        raise NotImplementedError


class InLanguage(OfDocument):
    """A mixin for views of a document in one language."""

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.language = str(kwargs.pop("language"))
        if self.language not in NAMES:
            raise Http404
        return super().enter(request, *args, **kwargs)


class RenditionView(InLanguage):
    """A mixin for views of a document in another language than its own."""

    def may(self) -> Answer:
        """A person who may see the document. Its own language has no translation."""
        if self.language == self.document.source_language:
            raise Http404
        return super().may()

    def rendition_context(self, **more: object) -> dict[str, object]:
        """Return the context of pages about the rendition."""
        return self.context(
            language=self.language,
            html_lang_of=html_code(self.language),
            dir_of=direction(self.language),
            may_render=permissions.may_render(self.person, self.document, self.language),
            **more,
        )
