"""Views of translators' files: a rendition as XLIFF or DOCX, out and in; base classes for all files."""

from typing import TypedDict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.models import Person
from plenara.consultations.views.staff.base import OfConsultation
from plenara.core.languages import NAMES
from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, InvalidInput, NotPermitted, require
from plenara.core.rows import Json
from plenara.documents import permissions
from plenara.documents.exchange import docx, xliff
from plenara.documents.exchange.actions import incoming_files
from plenara.documents.exchange.actions.incoming_files import Judgement
from plenara.documents.exchange.queries import outgoing_rendition
from plenara.documents.exchange.units import TITLE, Returned
from plenara.documents.exchange.validation import MOST_BYTES
from plenara.documents.forms import FileForm
from plenara.documents.models import Document, IncomingFile
from plenara.documents.views.staff.base import RenditionView


def uploaded_file(request: HttpRequest, form: FileForm) -> tuple[str, bytes]:
    """Return name and bytes of the uploaded file; only the beginning of one that is too large."""
    if request.META.get("plenara.upload_too_large"):
        raise InvalidInput(_("This file is larger than 10 MB. Choose a smaller file."), "too_large", "file")
    file = form.cleaned_data.get("file")
    if file is None:
        raise InvalidInput(pgettext("text", "Choose the file."), "file", "file")
    return file.name or "", file.read(MOST_BYTES + 1)


def attachment(data: bytes, name: str, media_type: str) -> HttpResponse:
    """Return a file as a download with an ASCII name."""
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class About(TypedDict, total=False):
    """The subject of a file, besides the consultation."""

    document: Document
    language: str


class Incoming(OfConsultation):
    """A mixin for forms that take a file. The person sees what would be saved before anything is."""

    what: str  # `IncomingFile.What`

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> FileForm:
        """Return the form, with a hint on the formats."""
        raise NotImplementedError

    def rows(self, request: HttpRequest, name: str, data: bytes) -> list:
        """Return the rows of a file. Raises `ActionRefused` if it cannot be read."""
        raise NotImplementedError

    def onward(self, file: IncomingFile) -> str:
        """Return the address of the page that shows what would be saved."""
        raise NotImplementedError

    def show(self, request: HttpRequest, form: FileForm, status: int = 200) -> HttpResponse:
        raise NotImplementedError

    def may_send(self) -> Answer:
        """Return the permission to upload a file."""
        return True

    def about(self) -> About:
        """Return the subject of the file, besides the consultation."""
        return {}

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        form.is_valid()
        try:
            require(self.may_send())
            name, data = uploaded_file(request, form)
            rows, consultation = self.rows(request, name, data), self.consultation
            file = incoming_files.store_file(
                actor=self.person, consultation=consultation, what=self.what, name=name, rows=rows, **self.about()
            )
        except ActionRefused as refused:
            form.add_error("file", str(refused))
            return self.show(request, form, 403 if isinstance(refused, NotPermitted) else 422)
        return redirect(self.onward(file))


def incoming_file_or_404(person: Person, what: str, pk: int, **of: object) -> IncomingFile:
    """Return a file that a person uploaded, while it is stored."""
    return get_object_or_404(IncomingFile, what=what, by=person, pk=pk, **of)


#: The most texts of one outcome that a page shows.
MOST_SHOWN = 100
_WRITERS = {"xlf": xliff, "docx": docx}


class Files(RenditionView, Incoming):
    """The files to download, and the form to return one."""

    template_name = "documents/desk/exchange.html"
    what = IncomingFile.What.RENDITION

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> FileForm:
        return FileForm(
            data,
            files,
            hint=_("The XLIFF 2 or DOCX file that you downloaded from this page, up to 10 MB."),
            endings=".xlf,.xliff,.docx",
        )

    def may_send(self) -> Answer:
        return permissions.may_render(self.person, self.document, self.language)

    def about(self) -> About:
        return {"document": self.document, "language": self.language}

    def rows(self, request: HttpRequest, name: str, data: bytes) -> list[Json]:
        back = docx.read(data) if data.startswith(b"PK") or name.lower().endswith(".docx") else xliff.read(data)
        self.belongs_here(back)
        return incoming_files.rows_of(back)

    def onward(self, file: IncomingFile) -> str:
        return self.address("returned", self.language, file.pk)

    def belongs_here(self, back: Returned) -> None:
        """Raise `InvalidInput` for a file of another document or language, or of none of its texts."""
        if back.document != self.document.pk:
            raise InvalidInput(
                _("This file belongs to another document. Upload it on that document’s page."), "elsewhere", "file"
            )
        if back.language != self.language:
            raise InvalidInput(
                _("This file is in %(theirs)s. Upload it on the page of that language.")
                % {"theirs": NAMES[back.language]},
                "language",
                "file",
            )
        if back.source_language not in {"", self.document.source_language}:
            raise InvalidInput(
                _("This file was translated from a language other than that of the document. Download the file again."),
                "source",
                "file",
            )
        if not back.parts:
            raise InvalidInput(
                _("The file contains no text of this document. Download the file again."), "empty", "file"
            )

    def show(self, request: HttpRequest, form: FileForm, status: int = 200) -> HttpResponse:
        whole = outgoing_rendition(self.document, self.language, name=self.name)
        still_open = {each.whole for each in whole.units if each.state == "initial"}
        return self.page(
            request,
            self.rendition_context(
                form=form,
                total=len({each.whole for each in whole.units} - {TITLE}),
                open=len(still_open - {TITLE}),
                is_open=bool(still_open),
            ),
            status=status,
        )


class RenditionFile(RenditionView):
    """A rendition as a file: whole, or only what is missing or outdated."""

    def get(self, request: HttpRequest, which: str, ending: str) -> HttpResponse:
        if which not in {"rendition", "open"}:
            raise Http404
        it = outgoing_rendition(self.document, self.language, name=self.name, is_open=which == "open")
        if not it.units:
            raise ActionRefused(
                _("There is nothing to download. Every text is already translated from the current original."), "empty"
            )
        writer = _WRITERS[ending]
        number = self.document.number or f"draft-{self.document.pk}"
        part = "-open" if which == "open" else ""
        name = f"{self.consultation.slug}-{self.document.kind}-{number}-{self.language}{part}.{ending}"
        return attachment(writer.write(it), name, writer.MEDIA_TYPE)


class ReturnedFile(RenditionView):
    """What would be saved of a returned file, what not and why; the button that saves it."""

    template_name = "documents/desk/exchange_returned.html"

    def file(self, pk: int) -> IncomingFile:
        of = {"document": self.document, "language": self.language}
        return incoming_file_or_404(self.person, IncomingFile.What.RENDITION, pk, **of)

    def get(self, request: HttpRequest, file: int) -> HttpResponse:
        kept = self.file(file)
        return self.show(request, kept, incoming_files.judge(self.document, self.language, kept.rows))

    def post(self, request: HttpRequest, file: int) -> HttpResponse:
        kept = self.file(file)
        try:
            judgement = incoming_files.take_rendition(actor=self.person, file=kept)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
            return redirect(self.address("rendition", self.language))
        count = len(judgement.taken)
        messages.success(
            request,
            ngettext("%(count)d text was imported.", "%(count)d texts were imported.", count) % {"count": count},
        )
        if not judgement.refused:
            return redirect(self.address("rendition", self.language))
        # What was not saved is shown again: its words are in the translator's file.
        return self.show(request, self.file(file), judgement)

    def show(self, request: HttpRequest, file: IncomingFile, judgement: Judgement) -> HttpResponse:
        return self.page(
            request,
            self.rendition_context(
                file=file,
                taken=judgement.taken[:MOST_SHOWN],
                refused=judgement.refused[:MOST_SHOWN],
                counts={
                    "taken": len(judgement.taken),
                    "refused": len(judgement.refused),
                    "unchanged": len(judgement.unchanged),
                },
            ),
        )
