"""The memory of translations: taken away and brought as TMX."""

import tempfile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.languages import NAMES, direction, html_code
from plenara.core.refusals import AlreadyDone, NotAllowed, Refused, require
from plenara.documents import rules as document_rules
from plenara.documents.exchange import published, taking, taking_pairs, tmx
from plenara.documents.exchange_forms import FileForm
from plenara.documents.models import IncomingFile, MemoryUnit
from plenara.documents.staff.incoming import received
from plenara.summaries.staff.base import ConsultationView


class MemoryView(ConsultationView):
    """A view to a consultation's memory of translations. Not one itself."""

    section = "summaries:glossary"
    rule = staticmethod(document_rules.may_see_glossary)

    @property
    def mine(self) -> list[str]:
        """The languages into which the person translates."""
        return taking.languages_of(self.person, self.consultation)


class Memory(MemoryView):
    """The memory to take away, in chosen languages, and the form to bring one."""

    template_name = "summaries/desk/exchange_memory.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, self.form())

    def form(self, *data: Any) -> FileForm:
        return FileForm(*data, hint=_("TMX, 10 MB and 20,000 pairs of texts at most."), endings=".tmx,.xml")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        form.is_valid()
        try:
            require(bool(self.mine) or document_rules.may_bring_memory(self.person, self.consultation, ""))
            name, data = received(request, form)
            memory = tmx.read(data)
            file = taking.keep(
                actor=self.person,
                consultation=self.consultation,
                what=IncomingFile.What.MEMORY,
                name=name,
                rows=[(each.source_language, each.language, each.source, each.target) for each in memory.pairs],
            )
        except Refused as refused:
            form.add_error("file", str(refused))
            return self.show(request, form, 403 if isinstance(refused, NotAllowed) else 422)
        if memory.left_out:
            messages.warning(
                request,
                ngettext(
                    "%(count)d text of another language, or too long, was left out.",
                    "%(count)d texts of other languages, or too long, were left out.",
                    memory.left_out,
                )
                % {"count": memory.left_out},
            )
        return redirect("summaries:memory_file", self.consultation.slug, file.pk)

    def show(self, request: HttpRequest, form: FileForm, status: int = 200) -> HttpResponse:
        return self.page(
            request,
            {
                **self.frame(),
                "form": form,
                "names": [(code, name, html_code(code)) for code, name in NAMES.items()],
                "brought": MemoryUnit.objects.filter(consultation=self.consultation).count(),
                "may_bring": bool(self.mine),
            },
            status=status,
        )


class MemoryFile(MemoryView):
    """What was published in several languages, as TMX: written to a file first, so that it costs no memory."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        chosen = {code for code in request.GET.getlist("language") if code in NAMES} or set(NAMES)
        out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        tmx.write(out, published.units(self.consultation, chosen), source_language="en")
        out.seek(0)
        name = f"{self.consultation.slug}-memory.tmx"
        return FileResponse(out, as_attachment=True, filename=name, content_type=tmx.MEDIA_TYPE)


class ConfirmMemory(MemoryView):
    """How many pairs a file would bring; the button that takes them."""

    template_name = "summaries/desk/exchange_memory_file.html"

    def file(self, pk: int) -> IncomingFile:
        found = IncomingFile.objects.filter(
            consultation=self.consultation, what=IncomingFile.What.MEMORY, pk=pk, by=self.person
        ).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, file: int) -> HttpResponse:
        kept = self.file(file)
        found = taking_pairs.memory_changes(self.person, self.consultation, kept.rows)
        first = [
            {"unit": each, "source_tags": _tags(each.source_language), "tags": _tags(each.language)}
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
            found = taking_pairs.take_memory(actor=self.person, file=self.file(file))
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        else:
            count = len(found.added) + len(found.replaced)
            messages.success(
                request,
                ngettext("%(count)d pair of texts is taken.", "%(count)d pairs of texts are taken.", count)
                % {"count": count},
            )
        return redirect(reverse("summaries:memory", args=[self.consultation.slug]))


def _tags(code: str) -> dict[str, str]:
    return {"lang": html_code(code), "dir": direction(code)}
