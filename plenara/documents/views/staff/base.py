"""A view of one document at the desk: what the pages of all kinds of document share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from plenara.consultations.views.staff.base import OfConsultation
from plenara.core.languages import NAMES, direction, html_code
from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, NotPermitted
from plenara.documents import permissions, states
from plenara.documents.actions import ChangedMeanwhile
from plenara.documents.kinds import kind_of
from plenara.documents.models import Document


class Acting(OfConsultation):
    """A view where somebody acts. Not one itself."""

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

    def say(self, request: HttpRequest, sentence: str | Promise) -> None:
        """Show on the next page that something was done."""
        messages.success(request, str(sentence))

    def page_of_buttons(self) -> str:
        """Return the page that has the buttons of views without a page of their own. Nothing is loaded yet."""
        raise NotImplementedError

    def sign_in_first(self, request: HttpRequest) -> HttpResponseBase:
        if "get" not in self.http_method_names:
            # After sign-in there is a page to look at, and nothing typed to keep.
            return redirect_to_login(self.page_of_buttons())
        return super().sign_in_first(request)


class OfDocument(Acting):
    """A view to one document. Not one itself: a summary's or an outcome's finds it, and says where its pages are.

    The pages of this package are parts of views: the view of a summary has such a part, and its own base beside it.
    """

    document: Document
    #: What it is called while it has no number.
    unnumbered: Promise
    #: The template of the links to the other pages of the document; its `here` names this one.
    nav = ""
    #: The page where one of its paragraphs is written, by its id.
    paragraph_page = "statement"

    def find(self) -> Answer:
        """Find what else the address names; a view of a part of the document does."""
        return True

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
        number = self.document.number
        return kind_of(self.document.kind).label(number) if number else str(self.unnumbered)

    @property
    def spoken(self) -> dict[str, str]:
        """The tags of the language in which the document is written, as forms take them."""
        code = self.document.source_language
        return {"language": html_code(code), "direction": direction(code)}

    def tools(self) -> list[tuple[str, str]]:
        """Return the glossary and the memory of its consultation, for those who may see them: names and addresses."""
        if not permissions.may_see_glossary(self.person, self.consultation):
            return []
        here = [self.consultation.slug]
        return [
            (_("Glossary"), reverse("summaries:glossary", args=here)),
            (_("Translation memory"), reverse("summaries:memory", args=here)),
        ]

    def document_context(self) -> dict[str, Any]:
        """Return what every page about the document shows of it."""
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

    def context(self, **more: Any) -> dict[str, Any]:
        """Return what every page about the document shows."""
        raise NotImplementedError


class InLanguage(OfDocument):
    """A view to a document in one language. Not one itself."""

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.language = kwargs.pop("language")
        if self.language not in NAMES:
            raise Http404
        return super().enter(request, *args, **kwargs)


class RenditionView(InLanguage):
    """A view to a document in a language that is not the one in which it is written. Not one itself."""

    def may(self) -> Answer:
        """Whoever sees the document; in the language that it is written in there is nothing to translate."""
        if self.language == self.document.source_language:
            raise Http404
        return super().may()

    def rendition_context(self, **more: Any) -> dict[str, Any]:
        """Return what these pages show of the rendition."""
        return self.context(
            language=self.language,
            html_lang_of=html_code(self.language),
            dir_of=direction(self.language),
            may_render=permissions.may_render(self.person, self.document, self.language),
            **more,
        )
