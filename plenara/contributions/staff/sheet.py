"""Entering by spreadsheet: a template to fill in, the file to upload, everything that is wrong, a look, a button."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.consultations.models import Consultation
from plenara.contributions import actions, entries, rules, sheets
from plenara.contributions.actions.entering import faults_of
from plenara.contributions.entering_forms import SheetForm
from plenara.contributions.models import ENTERED, Sheet
from plenara.contributions.staff.entered import Entered, is_alone
from plenara.core.languages import in_language
from plenara.core.refusals import AlreadyDone, Invalid, NotAllowed, Refused, require
from plenara.core.text import word_count
from plenara.core.vocabulary import Capacity, StakeholderGroup

#: Faults that one page shows, and rows that a look shows in full.
MOST_FAULTS = 500
FIRST_ROWS = 5


class Template(Entered):
    """The empty spreadsheet to fill in."""

    def get(self, request: HttpRequest, slug: str, ending: str) -> HttpResponse:
        if ending == "csv":
            answer = HttpResponse(sheets.template_csv(), content_type="text/csv; charset=utf-8")
        else:
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            answer = HttpResponse(sheets.template_xlsx(in_words(self.consultation)), content_type=kind)
        answer["Content-Disposition"] = f'attachment; filename="{self.consultation.slug}-letters.{ending}"'
        return answer


class Upload(Entered):
    """Choosing the file; what is wrong with it, row by row."""

    template_name = "contributions/enter_sheet.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(request, SheetForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = SheetForm(request.POST, request.FILES)
        form.is_valid()
        file = form.cleaned_data.get("file")
        try:
            require(rules.may_enter(self.person, self.consultation))
            if file is None:
                raise Invalid(_("Choose the file."), "file", "file")
            data = file.read(sheets.MOST_BYTES + 1)
            read = sheets.read(data)
            in_rows = [each for each in faults_of(self.consultation, read.rows) if each.column not in read.missing]
            faults = sorted([*read.faults, *in_rows], key=lambda fault: (fault.row, fault.column))
            if faults:
                return self.show(request, form, 422, faults=faults[:MOST_FAULTS], wrong=len(faults), name=file.name)
            sheet = actions.keep_sheet(
                actor=self.person,
                consultation=self.consultation,
                name=file.name,
                sha256=hashlib.sha256(data).hexdigest(),
                rows=read.rows,
            )
        except Refused as refused:
            form.add_error("file", str(refused))
            return self.show(request, form, 403 if isinstance(refused, NotAllowed) else 422)
        return redirect("contributions:sheet", slug, sheet.pk)

    def show(self, request: HttpRequest, form: SheetForm, status: int = 200, **more: Any) -> HttpResponse:
        context = {
            **self.frame(),
            "form": form,
            "columns": list(explained(self.consultation)),
            "is_alone": is_alone(self.person, self.consultation),
            **more,
        }
        return self.page(request, context, status=status)


class Confirm(Entered):
    """A look at what will be entered, and the button that enters all of it."""

    template_name = "contributions/enter_sheet_confirm.html"

    def sheet(self, pk: int) -> Sheet:
        found = Sheet.objects.select_related("uploaded_by").filter(consultation=self.consultation, pk=pk).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        return self.show(request, self.sheet(pk))

    def show(
        self, request: HttpRequest, sheet: Sheet, *, refused: Refused | None = None, status: int = 200
    ) -> HttpResponse:
        rows = [values for _number, values in sheet.rows]
        known = entries.Known.of(self.consultation, rows)
        found = [entry for values in rows if (entry := entries.read(values, known)[0])]
        limit = self.consultation.word_limit
        questions = Counter(entry.thread.number for entry in found)
        context = {
            **self.frame(),
            "sheet": sheet,
            "refused": refused,
            "questions": [(thread, questions[number]) for number, thread in known.threads.items() if questions[number]],
            "first": found[:FIRST_ROWS],
            "more": max(len(found) - FIRST_ROWS, 0),
            "long": sum(word_count(entry.text) > limit for entry in found) if limit else 0,
        }
        return self.page(request, context, status=status)

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        sheet = self.sheet(pk)
        try:
            count = actions.enter_sheet(actor=self.person, sheet=sheet)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        except Refused as refused:
            return self.show(request, sheet, refused=refused, status=403 if isinstance(refused, NotAllowed) else 409)
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d row is entered, and waits for another moderator.",
                    "%(count)d rows are entered, and wait for another moderator.",
                    count,
                )
                % {"count": count},
            )
        return redirect("contributions:entered", slug)


def explained(consultation: Consultation) -> Iterator[tuple[str, bool, str]]:
    """Yield name, whether it must be filled in, and meaning of each column, in the active language."""
    meanings = {
        "question": _("Number of the question."),
        "channel": _("How it reached you: %(codes)s.") % {"codes": ", ".join(ENTERED)},
        "occasion": _("The meeting, or the reference of the letter. Public. A meeting must have it."),
        "date": _("Day on which it was received or said, such as 2026-03-14."),
        "language": _("Code of the language of the text: %(codes)s.") % {"codes": ", ".join(consultation.languages)},
        "title": _("A few words that say what it is about."),
        "text": _("The text, word for word."),
        "name": _("Name of its author, unless it is withheld."),
        "name_withheld": _("yes, where the name is withheld. The name is not kept then."),
        "stakeholder_group": ", ".join(StakeholderGroup.values),
        "capacity": ", ".join(Capacity.values),
        "organization": _("For whom its author speaks, where that is an organization."),
        "country": _("Code of the country, such as KE."),
        "in_reply_to": _("Number of the contribution that it answers."),
        "consent": _("How and when its author agreed to its publication. Never public."),
    }
    for name in sheets.COLUMNS:
        yield name, name in sheets.NEEDED, meanings[name]


def in_words(consultation: Consultation) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the sheet that explains a template: its columns, then the questions."""
    for name, is_needed, meaning in explained(consultation):
        yield name, _("must be there") if is_needed else "", meaning
    yield ("", "", "")
    for thread in consultation.threads.all():
        yield "question", str(thread.number), in_language(thread.question).text
