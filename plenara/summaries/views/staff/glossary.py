"""The glossary of a consultation and its memory of translations at the desk: terms, and files out and in."""

import secrets
import tempfile

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.core.languages import NAMES, direction, html_code, in_language, join_sentences
from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, NotPermitted
from plenara.core.rows import Json
from plenara.core.text import number_in
from plenara.documents import permissions
from plenara.documents.actions import glossary
from plenara.documents.exchange import queries, table, tbx, tmx
from plenara.documents.exchange.actions import incoming_files, translation_resources
from plenara.documents.forms import FileForm, TermForm
from plenara.documents.models import IncomingFile, MemoryUnit, Term
from plenara.documents.views.staff.files import Incoming, attachment, incoming_file_or_404
from plenara.summaries.views.staff.base import ConsultationView

#: Terms on one page, and the most changes of a file on a page.
PAGE = 50
MOST_LISTED = 200


def may_edit(person: Person, consultation: Consultation) -> Answer:
    """An organizer or a rapporteur; others who see the glossary are shown why not."""
    return permissions.may_see_glossary(person, consultation) and permissions.may_edit_glossary(person, consultation)


class GlossaryView(ConsultationView):
    """Base class for views of a consultation's glossary."""

    section = "summaries:glossary"
    rule = staticmethod(permissions.may_see_glossary)

    def frame(self) -> dict[str, object]:
        """Return the context that these pages share, with the person's permissions."""
        return {
            **super().frame(),
            "writer": self.writer(),
            "may_keep": permissions.may_edit_glossary(self.person, self.consultation),
            "six": [{"code": code, **_tags(code)} for code in NAMES],
        }

    @property
    def own_languages(self) -> list[str]:
        """The languages whose words the person may change."""
        return [code for code in NAMES if permissions.may_change_words(self.person, self.consultation, code)]

    def term(self, pk: int) -> Term:
        """Return a term of this consultation."""
        found = Term.objects.select_related("consultation", "by").filter(consultation=self.consultation, pk=pk).first()
        if found is None:
            raise Http404
        return found


class Glossary(GlossaryView):
    """The terms, with a search."""

    template_name = "summaries/desk/glossary.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        query = request.GET.get("q", "")[:200]
        terms = list(Term.objects.filter(consultation=self.consultation))
        found = glossary.found(terms, query)
        begin = min(
            max(number_in(request.GET.get("from", "")) - 1, 0) // PAGE * PAGE, max(len(found) - 1, 0) // PAGE * PAGE
        )
        rows = [{"term": term, "cells": [_cell(term, code) for code in NAMES]} for term in found[begin : begin + PAGE]]
        return self.page(
            request,
            {
                **self.frame(),
                "rows": rows,
                "query": query,
                "all": len(terms),
                "count": len(found),
                "pages": [at + 1 for at in range(0, len(found), PAGE)] if len(found) > PAGE else [],
                "begin": begin + 1,
                "limit": glossary.MOST_TERMS,
            },
        )


def _tags(code: str) -> dict[str, str]:
    return {"html_lang": html_code(code), "dir": direction(code), "name": NAMES[code]}


def _cell(term: Term, code: str) -> dict[str, object]:
    words = glossary.words_of(term, code)
    return {"code": code, **_tags(code), "word": words.word, "also": words.also}


class OneTerm(GlossaryView):
    """Adding a term, or changing one."""

    template_name = "summaries/desk/glossary_term.html"

    def get(self, request: HttpRequest, term: int = 0) -> HttpResponse:
        present = self.present(term)
        return self.show(request, self.form(present, self.kept(request)), present)

    def present(self, term: int) -> Term | None:
        """Return the term to change; None when adding one."""
        return self.term(term) if term else None

    def form(self, term: Term | None, data: QueryDict | None = None) -> TermForm:
        may_edit_note = bool(permissions.may_edit_glossary(self.person, self.consultation))
        return TermForm(
            data, term=term, languages=self.own_languages, may_edit_note=may_edit_note, key=secrets.token_urlsafe(16)
        )

    def post(self, request: HttpRequest, term: int = 0) -> HttpResponse:
        present = self.present(term)
        form = self.form(present, request.POST)
        form.is_valid()
        try:
            self.save(form, present)
        except ActionRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            status = 403 if isinstance(refused, NotPermitted) else 409 if refused.code == "changed" else 422
            theirs = refused if isinstance(refused, glossary.TermChanged) else None
            return self.show(request, form, present, theirs=theirs, status=status)
        messages.success(request, pgettext("option", "Saved."))
        return redirect("summaries:glossary", self.consultation.slug)

    def save(self, form: TermForm, present: Term | None) -> None:
        """Save what was typed."""
        data = form.cleaned_data
        if present is None:
            key = f"term-{self.person.pk}-{data['key'][:30] or secrets.token_urlsafe(16)}"
            glossary.add_term(
                actor=self.person, consultation=self.consultation, words=form.words(), note=data["note"], key=key
            )
            return
        glossary.edit_term(
            actor=self.person,
            term=present,
            words=form.words(),
            was=form.was(),
            note=None if form.fields["note"].disabled else data["note"],
            note_was=data["note_was"],
        )

    def show(
        self,
        request: HttpRequest,
        form: TermForm,
        term: Term | None,
        *,
        theirs: glossary.TermChanged | None = None,
        status: int = 200,
    ) -> HttpResponse:
        if theirs is not None:
            # The other person's words are shown; saving again replaces them.
            data = form.data.copy()  # type: ignore[attr-defined]
            for code in theirs.languages:
                data[f"was_{code}"] = glossary.words_of(theirs.term, code).stamp
            if theirs.note:
                data["note_was"] = glossary.note_stamp(theirs.term)
            form.data = data
        rows = form.rows()
        for row in rows:
            row["is_open"] = row["code"] in self.own_languages
            row["words"] = glossary.words_of(term, row["code"]) if term else None
            is_theirs = theirs is not None and row["code"] in theirs.languages
            row["theirs"] = glossary.words_of(theirs.term, row["code"]) if theirs and is_theirs else None
        return self.page(
            request,
            {
                **self.frame(),
                "term": term,
                "form": form,
                "rows": rows,
                "closed": [row for row in rows if not row["is_open"]] if term else [],
                "their_note": theirs.term.note if theirs and theirs.note else None,
                "may_change": bool(self.own_languages)
                if term
                else bool(permissions.may_edit_glossary(self.person, self.consultation)),
            },
            status=status,
        )


class NewTerm(OneTerm):
    """Adding a term."""

    rule = staticmethod(may_edit)


class DeleteTerm(GlossaryView):
    """Deleting a term, after a confirmation."""

    template_name = "summaries/desk/glossary_delete.html"
    rule = staticmethod(may_edit)

    def get(self, request: HttpRequest, term: int) -> HttpResponse:
        return self.show(request, self.term(term))

    def show(
        self, request: HttpRequest, term: Term, *, refused: ActionRefused | None = None, status: int = 200
    ) -> HttpResponse:
        cells = [_cell(term, code) for code in NAMES if term.words.get(code)]
        context = {**self.frame(), "term": term, "cells": cells, "was": glossary.stamp(term), "refused": refused}
        return self.page(request, context, status=status)

    def post(self, request: HttpRequest, term: int) -> HttpResponse:
        present = Term.objects.select_related("consultation").filter(consultation=self.consultation, pk=term).first()
        if present is not None:
            try:
                glossary.delete_term(actor=self.person, term=present, was=request.POST.get("was", ""))
            except glossary.TermChanged as refused:
                return self.show(request, refused.term, refused=refused, status=409)
        messages.success(request, _("The term was deleted."))
        return redirect("summaries:glossary", self.consultation.slug)


class GlossaryFile(GlossaryView):
    """The whole glossary as a file."""

    def get(self, request: HttpRequest, ending: str) -> HttpResponse:
        terms = Term.objects.filter(consultation=self.consultation)
        name = f"{self.consultation.slug}-glossary.{ending}"
        if ending == "csv":
            return attachment(table.write(self.consultation.slug, terms), name, table.MEDIA_TYPE)
        title = f"{in_language(self.consultation.title).text} ({self.consultation.symbol})"
        return attachment(tbx.write(self.consultation.slug, terms, name=title), name, tbx.MEDIA_TYPE)


class ImportGlossary(GlossaryView, Incoming):
    """Uploading a file; nothing is changed yet."""

    template_name = "summaries/desk/glossary_import.html"
    what = IncomingFile.What.GLOSSARY

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> FileForm:
        hint = _("A CSV file in UTF-8 or a TBX file, up to 10 MB and 2,000 terms.")
        return FileForm(data, files, hint=hint, endings=".csv,.tbx,.xml")

    def rows(self, request: HttpRequest, name: str, data: bytes) -> list[Json]:
        is_xml = data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith((b"<", b"\x00<", b"<\x00"))
        return [each.kept() for each in (tbx.read(data) if is_xml else table.read(data))]

    def onward(self, file: IncomingFile) -> str:
        return reverse("summaries:glossary_file", args=[self.consultation.slug, file.pk])

    def show(self, request: HttpRequest, form: FileForm, status: int = 200) -> HttpResponse:
        return self.page(request, {**self.frame(), "form": form, "columns": table.COLUMNS}, status=status)


class ConfirmGlossary(GlossaryView):
    """What a file would add and change, and what is refused; the button that saves it."""

    template_name = "summaries/desk/glossary_file.html"

    def file(self, pk: int) -> IncomingFile:
        return incoming_file_or_404(self.person, IncomingFile.What.GLOSSARY, pk, consultation=self.consultation)

    def get(self, request: HttpRequest, file: int) -> HttpResponse:
        kept = self.file(file)
        found = translation_resources.glossary_changes(self.person, self.consultation, kept.rows)
        parts = {name: found.of(name) for name in ("added", "changed", "refused", "unchanged")}
        return self.page(
            request,
            {
                **self.frame(),
                "file": kept,
                "counts": {name: len(each) for name, each in parts.items()},
                **{name: [_change_row(one) for one in each[:MOST_LISTED]] for name, each in parts.items()},
                "is_anything": bool(parts["added"] or parts["changed"]),
            },
        )

    def post(self, request: HttpRequest, file: int) -> HttpResponseBase:
        try:
            found = translation_resources.take_glossary(actor=self.person, file=self.file(file))
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
            return redirect("summaries:glossary", self.consultation.slug)
        added, changed = len(found.of("added")), len(found.of("changed"))
        parts = (
            ngettext("%(count)d term was added.", "%(count)d terms were added.", added) % {"count": added},
            ngettext("%(count)d term was changed.", "%(count)d terms were changed.", changed) % {"count": changed},
        )
        messages.success(request, join_sentences(*parts))
        return redirect("summaries:glossary", self.consultation.slug)


def _change_row(change: translation_resources.Change) -> dict[str, object]:
    """Return a change as its page shows it: the new words beside the present ones."""
    words = [
        {
            **_tags(code),
            "new": each,
            "now": glossary.words_of(change.term, code) if change.term else None,
        }
        for code, each in change.words.items()
    ]
    return {"change": change, "words": words}


class MemoryView(ConsultationView):
    """Base class for views of a consultation's translation memory."""

    section = "summaries:glossary"
    rule = staticmethod(permissions.may_see_glossary)

    @property
    def own_languages(self) -> list[str]:
        """The languages into which the person translates."""
        return incoming_files.languages_of(self.person, self.consultation)


class Memory(MemoryView, Incoming):
    """The memory to download, in chosen languages, and the form to upload one."""

    template_name = "summaries/desk/exchange_memory.html"
    what = IncomingFile.What.MEMORY

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> FileForm:
        hint = _("A TMX file of up to 10 MB and 20,000 pairs of texts.")
        return FileForm(data, files, hint=hint, endings=".tmx,.xml")

    def may_send(self) -> Answer:
        return bool(self.own_languages) or permissions.may_bring_memory(self.person, self.consultation, "")

    def rows(self, request: HttpRequest, name: str, data: bytes) -> list[tuple[str, str, str, str]]:
        memory = tmx.read(data)
        self.left_out = memory.left_out
        return [(each.source_language, each.language, each.source, each.target) for each in memory.pairs]

    def onward(self, file: IncomingFile) -> str:
        if self.left_out:
            messages.warning(
                self.request,
                ngettext(
                    "%(count)d text was left out, because it is in another language or too long.",
                    "%(count)d texts were left out, because they are in other languages or too long.",
                    self.left_out,
                )
                % {"count": self.left_out},
            )
        return reverse("summaries:memory_file", args=[self.consultation.slug, file.pk])

    def show(self, request: HttpRequest, form: FileForm, status: int = 200) -> HttpResponse:
        return self.page(
            request,
            {
                **self.frame(),
                "form": form,
                "names": [(code, name, html_code(code)) for code, name in NAMES.items()],
                "brought": MemoryUnit.objects.filter(consultation=self.consultation).count(),
                "may_bring": bool(self.own_languages),
            },
            status=status,
        )


class MemoryFile(MemoryView):
    """The published translations as TMX, written to a file first to save memory."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        chosen = {code for code in request.GET.getlist("language") if code in NAMES} or set(NAMES)
        out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        tmx.write(out, queries.memory_units(self.consultation, chosen), source_language="en")
        out.seek(0)
        name = f"{self.consultation.slug}-memory.tmx"
        return FileResponse(out, as_attachment=True, filename=name, content_type=tmx.MEDIA_TYPE)


class ConfirmMemory(MemoryView):
    """How many pairs a file would add; the button that saves them."""

    template_name = "summaries/desk/exchange_memory_file.html"

    def file(self, pk: int) -> IncomingFile:
        return incoming_file_or_404(self.person, IncomingFile.What.MEMORY, pk, consultation=self.consultation)

    def get(self, request: HttpRequest, file: int) -> HttpResponse:
        kept = self.file(file)
        found = translation_resources.memory_changes(self.person, self.consultation, kept.rows)
        first = [
            {"unit": each, "source_tags": _language_tags(each.source_language), "tags": _language_tags(each.language)}
            for each in (*found.added, *found.replaced)[:5]
        ]
        context = {
            **self.frame(),
            "file": kept,
            "added": len(found.added),
            "replaced": len(found.replaced),
            "known": found.known,
            "refused_count": found.refused,
            "too_many": found.too_many,
            "limit": tmx.MOST_UNITS,
            "first": first,
        }
        return self.page(request, context)

    def post(self, request: HttpRequest, file: int) -> HttpResponse:
        try:
            found = translation_resources.take_memory(actor=self.person, file=self.file(file))
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        else:
            count = len(found.added) + len(found.replaced)
            messages.success(
                request,
                ngettext("%(count)d pair of texts was imported.", "%(count)d pairs of texts were imported.", count)
                % {"count": count},
            )
        return redirect(reverse("summaries:memory", args=[self.consultation.slug]))


def _language_tags(code: str) -> dict[str, str]:
    return {"lang": html_code(code), "dir": direction(code)}
