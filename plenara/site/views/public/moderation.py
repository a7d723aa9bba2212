"""The register of moderation and its turnaround times: public, without names.

Without a slug the views are for calendar and directory.
"""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.consultations import community
from plenara.consultations.models import Consultation, Thread
from plenara.consultations.presenters import wording
from plenara.core import figures
from plenara.core.languages import current, direction, html_code, in_language
from plenara.core.snapshots import LONG
from plenara.core.views import PublicView
from plenara.exports import addresses
from plenara.exports.presenters import moderation
from plenara.exports.queries.record import consultation_or_404
from plenara.exports.views.base import LanguageFree, PartForm
from plenara.moderation.models import Appeal, Code
from plenara.moderation.queries.register import (
    FILED,
    RegisterFilters,
    RegisterPage,
    Turnaround,
    all_entries,
    latest_weeks,
    register_page,
    turnaround,
)
from plenara.site.presenters.descriptions import describe_register, describe_turnaround

#: The most weeks on the page of the turnaround; the download has all.
WEEKS = 26
#: The parameters of the register.
PARAMETERS = ("code", "thread", "language", "appeal")


def register_filters(query: QueryDict, consultation: Consultation, threads: Iterable[Thread]) -> RegisterFilters:
    """Return the filters in a page's address. Unknown values are ignored."""

    def among(name: str, offered: Iterable[str]) -> str:
        value = query.get(name, "")
        return value if value in set(offered) else ""

    return RegisterFilters(
        code=among("code", Code.values),
        thread=int(among("thread", (str(each.number) for each in threads)) or 0),
        language=among("language", consultation.languages),
        appeal=among("appeal", [FILED, *Appeal.Status.values]),
    )


def consultation_of(slug: str) -> Consultation:
    """Return a consultation, or without a slug the one that calendar and directory are moderated in."""
    if slug:
        return consultation_or_404(slug)
    found = community.existing()
    if found is None:  # nothing was proposed yet
        raise Http404
    return found


def base_of(consultation: Consultation) -> str:
    """Return the address above the moderated things."""
    return f"/{current()}/" if consultation.is_community else wording.address(consultation)


class Register(PublicView):
    """A page of the register, newest first. Knows `code`, `thread`, `language` and `appeal`."""

    known_parameters = PARAMETERS

    template_name = "site/register.html"

    def get(self, request: HttpRequest, slug: str = "", start: int | None = None) -> HttpResponse:
        consultation = consultation_of(slug)
        threads = list(consultation.threads.all())
        wanted = register_filters(request.GET, consultation, threads)
        page = register_page(consultation, wanted, start)
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
                "pages": pages(consultation, page, wanted),
                "wanted": wanted,
                "filters": urlencode(wanted.filters),
                "codes": Code.choices,
                "appeals": [(FILED, _("With an appeal")), *Appeal.Status.choices],
                "base": base_of(consultation),
                "here": register_path(consultation),
                "nav_current": "how" if consultation.is_community else "consultations",
            },
        )
        response["Link"] = description.link_header
        return response


def register_path(consultation: Consultation) -> str:
    """Return the path of the register's first page."""
    return addresses.decisions(consultation.slug).removeprefix(settings.SITE_URL)


def pages(consultation: Consultation, page: RegisterPage, wanted: RegisterFilters) -> dict[str, object]:
    """Return the links to the newest, next newer, next older and last page."""
    query = urlencode(wanted.filters)

    def address(number: int | None) -> str:
        path = register_path(consultation) if number is None else f"{register_path(consultation)}from/{number}/"
        return f"{path}?{query}" if query else path

    numbers = [each.number for each in page.entries]
    links: list[dict[str, object]] = []
    if page.previous is not None:
        links.append({"text": pgettext("label", "First"), "url": address(None)})
    if numbers:
        span = f"D/{numbers[0]}–D/{numbers[-1]}" if len(numbers) > 1 else f"D/{numbers[0]}"
        links.append({"text": span, "current": True})
    if page.next is not None:
        links.append({"text": pgettext("label", "Last"), "url": address(page.last)})
    return {
        "links": links,
        "previous": address(page.previous) if page.previous is not None else "",
        "next": address(page.next) if page.next is not None else "",
    }


class TurnaroundPage(PublicView):
    """Decisions and their turnaround, by question, language and week; and outcomes of appeals."""

    template_name = "site/turnaround.html"

    def get(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        consultation = consultation_of(slug)
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
                "median": moderation.in_hours(found.overall.median),
                "ninetieth": moderation.in_hours(found.overall.ninetieth),
                "shares": moderation.shares(found.overall),
                "after": moderation.after(found),
                "parts": moderation.parts(found, threads, weeks),
                "columns": moderation.columns(),
                "all_weeks": len(found.weeks),
                "appeals": [(label, found.appeals[status]) for status, label in Appeal.Status.choices],
                "is_premoderated": consultation.is_premoderated,
                "base": base_of(consultation),
                "here": register_path(consultation),
                "nav_current": "how" if consultation.is_community else "consultations",
            },
        )
        response["Link"] = description.link_header
        return response


class RegisterForm(PartForm):
    """The register or its figures in another form."""

    named = "D"

    def where(self, slug: str) -> Consultation:
        return consultation_of(slug)

    def canonical(self) -> str:
        return addresses.decisions(self.consultation.slug)

    def describe(self, response: HttpResponseBase) -> None:
        super().describe(response)
        response["Link"] += f', <{self.canonical()}schema.json>; rel="describedby"'


class Statements(RegisterForm):
    """The decisions as rows, by number, with the filters of the page."""

    known_parameters = PARAMETERS

    wanted: RegisterFilters

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        super().find(request, **kwargs)
        self.asked = register_filters(request.GET, self.consultation, self.consultation.threads.all())
        self.variant = self.asked.filters

    def is_long(self) -> bool:
        return self.consultation.last_decision > LONG

    def rows(self) -> Iterable[dict[str, object]]:
        return (
            moderation.statement_row(each, self.consultation) for each in all_entries(self.consultation, self.asked)
        )


class DecisionsCsv(Statements):
    """The register for spreadsheets."""

    media_type = "text/csv; charset=utf-8; header=present"
    ending = "csv"

    def write(self) -> Iterable[str]:
        return moderation.statements_as_csv(self.rows())


class DecisionsJson(Statements):
    """The register for programs."""

    media_type = "application/json; charset=utf-8"
    ending = "json"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        query = urlencode(self.asked.filters)
        address = f"{addresses.decisions(self.consultation.slug)}data.json{f'?{query}' if query else ''}"
        return moderation.statements_as_json(self.consultation, self.rows(), address, self.asked.filters)


class DecisionsSchema(LanguageFree, RegisterForm):
    """The JSON Schema of `data.json`."""

    media_type = "application/schema+json; charset=utf-8"
    ending = "schema.json"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        yield (Path(moderation.__file__).parent / "register.schema.json").read_text()


class TurnaroundForm(RegisterForm):
    """The figures in another form."""

    named = "turnaround"

    def found(self) -> Turnaround:
        """Return the figures."""
        return turnaround(self.consultation)


class TurnaroundCsv(TurnaroundForm):
    """The figures for spreadsheets: every week."""

    media_type = "text/csv; charset=utf-8; header=present"
    ending = "csv"

    def write(self) -> Iterable[str]:
        return moderation.turnaround_as_csv(self.found())


class TurnaroundSvg(TurnaroundForm):
    """The latest weeks as a drawing."""

    media_type = "image/svg+xml; charset=utf-8"
    ending = "svg"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        yield figures.alone(
            moderation.weekly(latest_weeks(self.found().weeks, WEEKS)),
            title=_("Time to decision, by week"),
            below=in_language(self.consultation.title).text,
            axis=pgettext("text", "Hours"),
            legend=moderation.legend(),
            language=html_code(current()),
            direction=direction(current()),
        )
