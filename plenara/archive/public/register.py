"""The register of moderation and its turnaround: what was decided, and how soon. For everybody, without a name."""

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plenara.archive import addresses
from plenara.archive.describing import describe_register, describe_turnaround
from plenara.archive.finding import consultation_or_404
from plenara.archive.formats import statements, turns
from plenara.archive.other_form import LanguageFree, OtherForm
from plenara.common import figures
from plenara.common.doors import PublicView
from plenara.common.languages import current, direction, html_code
from plenara.consultations import shown
from plenara.consultations.models import Consultation, Thread
from plenara.moderation.models import Appeal, Code
from plenara.moderation.register import FILED, RegisterPage, Wanted, all_entries, register_page
from plenara.moderation.turnaround import Turnaround, latest_weeks, turnaround

#: Weeks that the page of the turnaround shows; the table for download has all.
WEEKS = 26


def wanted(query: QueryDict, consultation: Consultation, threads: Iterable[Thread]) -> Wanted:
    """Return what a page's address asks for. What the page does not offer is ignored."""

    def among(name: str, offered: Iterable[str]) -> str:
        value = query.get(name, "")
        return value if value in set(offered) else ""

    return Wanted(
        code=among("code", Code.values),
        thread=int(among("thread", (str(each.number) for each in threads)) or 0),
        language=among("language", consultation.languages),
        appeal=among("appeal", [FILED, *Appeal.Status.values]),
    )


class Register(PublicView):
    """A page of the register, newest first. Knows `code`, `thread`, `language` and `appeal`."""

    template_name = "archive/register.html"

    def get(self, request: HttpRequest, slug: str, start: int | None = None) -> HttpResponse:
        consultation = consultation_or_404(slug)
        threads = list(consultation.threads.all())
        asked = wanted(request.GET, consultation, threads)
        page = register_page(consultation, asked, start)
        if start is not None and not page.entries:
            raise Http404
        description = describe_register(consultation)
        response = self.page(
            request,
            {
                "description": description,
                "consultation": consultation,
                "threads": threads,
                "page": page,
                "pages": pages(consultation, page, asked),
                "wanted": asked,
                "filters": urlencode(asked.filters),
                "codes": Code.choices,
                "appeals": [(FILED, _("Appealed against")), *Appeal.Status.choices],
                "base": shown.address(consultation),
                "nav_current": "consultations",
            },
        )
        response["Link"] = description.link_header
        return response


def pages(consultation: Consultation, page: RegisterPage, asked: Wanted) -> dict[str, Any]:
    """Return the links to the newest, next newer, next older and last page."""
    query = urlencode(asked.filters)

    def address(number: int | None) -> str:
        name = "archive:decisions" if number is None else "archive:decisions_from"
        path = reverse(name, args=[consultation.slug] if number is None else [consultation.slug, number])
        return f"{path}?{query}" if query else path

    numbers = [each.number for each in page.entries]
    links: list[dict[str, Any]] = []
    if page.previous is not None:
        links.append({"text": _("First"), "url": address(None)})
    if numbers:
        span = f"D/{numbers[0]}–D/{numbers[-1]}" if len(numbers) > 1 else f"D/{numbers[0]}"
        links.append({"text": span, "current": True})
    if page.next is not None:
        links.append({"text": _("Last"), "url": address(page.last)})
    return {
        "links": links,
        "previous": address(page.previous) if page.previous is not None else "",
        "next": address(page.next) if page.next is not None else "",
    }


class TurnaroundPage(PublicView):
    """How soon it was decided and how, by question, language and week; and what became of appeals."""

    template_name = "archive/turnaround.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        consultation = consultation_or_404(slug)
        threads = list(consultation.threads.all())
        found = turnaround(consultation)
        weeks = latest_weeks(found.weeks, WEEKS)
        description = describe_turnaround(consultation)
        response = self.page(
            request,
            {
                "description": description,
                "consultation": consultation,
                "found": found,
                "median": turns.in_hours(found.overall.median),
                "ninetieth": turns.in_hours(found.overall.ninetieth),
                "shares": turns.shares(found.overall),
                "after": turns.after(found),
                "parts": turns.parts(found, threads, weeks),
                "all_weeks": len(found.weeks),
                "appeals": [(label, found.appeals[status]) for status, label in Appeal.Status.choices],
                "is_premoderated": consultation.is_premoderated,
                "base": shown.address(consultation),
                "nav_current": "consultations",
            },
        )
        response["Link"] = description.link_header
        return response


class RegisterForm(OtherForm):
    """The register or its figures in another form."""

    consultation: Consultation
    ending = ""
    named = "D"
    disposition = "attachment"

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        self.consultation = consultation_or_404(kwargs["slug"])

    def shelves(self) -> list[str]:
        return [self.consultation.shelf]

    def describe(self, response: HttpResponseBase) -> None:
        name = f"{self.consultation.symbol.replace('/', '-')}-{self.named}.{self.ending}"
        page = addresses.decisions(self.consultation.slug)
        response["Content-Disposition"] = f'{self.disposition}; filename="{name}"'
        response["Link"] = f'<{page}>; rel="canonical", <{page}schema.json>; rel="describedby"'


class Statements(RegisterForm):
    """The decisions as rows, by number, with the filters of the page."""

    asked: Wanted

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        super().find(request, **kwargs)
        self.asked = wanted(request.GET, self.consultation, self.consultation.threads.all())
        self.variant = self.asked.filters

    def rows(self) -> Iterable[dict[str, Any]]:
        return (statements.row(each, self.consultation) for each in all_entries(self.consultation, self.asked))


class DecisionsCsv(Statements):
    """The register for spreadsheets."""

    media_type = "text/csv; charset=utf-8; header=present"
    ending = "csv"

    def write(self) -> Iterable[str]:
        return statements.csv_of(self.rows())


class DecisionsJson(Statements):
    """The register for programs."""

    media_type = "application/json; charset=utf-8"
    ending = "json"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        query = urlencode(self.asked.filters)
        address = f"{addresses.decisions(self.consultation.slug)}data.json{f'?{query}' if query else ''}"
        return statements.json_of(self.consultation, self.rows(), address, self.asked.filters)


class DecisionsSchema(LanguageFree, RegisterForm):
    """What `data.json` holds, as a JSON Schema."""

    media_type = "application/schema+json; charset=utf-8"
    ending = "schema.json"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        yield (Path(statements.__file__).parent / "register.schema.json").read_text()


class TurnaroundForm(RegisterForm):
    """The figures in another form."""

    named = "turnaround"

    def found(self) -> Turnaround:
        """Return the figures."""
        return turnaround(self.consultation)


class TurnaroundCsv(TurnaroundForm):
    """The figures for spreadsheets: every week there was."""

    media_type = "text/csv; charset=utf-8; header=present"
    ending = "csv"

    def write(self) -> Iterable[str]:
        return turns.csv_of(self.found())


class TurnaroundSvg(TurnaroundForm):
    """The latest weeks as a drawing."""

    media_type = "image/svg+xml; charset=utf-8"
    ending = "svg"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        weeks: list[tuple[datetime.date, Any]] = list(latest_weeks(self.found().weeks, WEEKS))
        yield figures.alone(
            turns.weekly(weeks),
            title=_("Time to decision, by week"),
            legend=_("Dark: half were decided within so many hours. Pale: nine of ten."),
            language=html_code(current()),
            direction=direction(current()),
        )
