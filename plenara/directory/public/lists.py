"""The three lists: organizations, people, projects."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plenara.core.languages import current
from plenara.core.text import number_in
from plenara.core.views import PublicView
from plenara.directory import choices, shown
from plenara.directory.describing import describe_list
from plenara.directory.lists import ListPage, list_page
from plenara.directory.models import Kind
from plenara.directory.reading import FOLDERS
from plenara.directory.searching import kind_names
from plenara.directory.wanted import PARAMETERS, Wanted, wanted


class ListView(PublicView):
    """A list, in the order of the reader's alphabet. Knows its filters, `letter` and `from`; others are ignored."""

    known_parameters = (*PARAMETERS, "from")

    template_name = "directory/list.html"
    kind = Kind.ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        language = current()
        asked = wanted(request.GET, self.kind, language)
        start = number_in(request.GET.get("from", ""))
        page = list_page(self.kind, asked, language, start if start < 1 << 31 else 0)
        fields = choices.fields(self.kind, asked)
        query = asked.address()
        description = describe_list(self.kind, kind_names()[self.kind], query)
        response = self.page(
            request,
            {
                "description": description,
                "kind": self.kind,
                "tabs": tabs(self.kind),
                "folder": FOLDERS[self.kind],
                "rows": shown.rows([each.listing for each in page.places], [each.initial for each in page.places]),
                "fields": fields,
                "chosen": choices.chosen(asked, fields),
                "letters": choices.letters(asked, page.letters, language),
                "every_letter": asked.without("letter").address(),
                "wanted": asked,
                "query": query,
                "page": page,
                "pages": pages(page, asked),
                "nav_current": "directory",
            },
        )
        response["Link"] = description.link_header
        return response


class Organizations(ListView):
    """Organizations."""


class People(ListView):
    """People who asked to be listed."""

    kind = Kind.PERSON


class Projects(ListView):
    """Projects."""

    kind = Kind.PROJECT


def tabs(kind: str) -> list[dict[str, Any]]:
    """Return the links between the three lists."""
    names = kind_names()
    return [
        {"name": names[each], "url": f"/{current()}/{folder}/", "is_current": each == kind}
        for each, folder in FOLDERS.items()
    ]


def pages(page: ListPage, asked: Wanted) -> dict[str, Any]:
    """Return the links to the first, previous and next page, and the letters that this one goes over."""
    initials = [each.initial for each in page.places]
    span = ""
    if initials:
        first, last = initials[0], initials[-1]
        span = first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
    return {
        "first": "" if page.is_first else f"?{asked.address()}",
        "previous": _begins_with(page.previous, asked),
        "next": _begins_with(page.next, asked),
        "span": span,
    }


def _begins_with(number: int | None, asked: Wanted) -> str:
    return f"?{asked.address(**{'from': number})}" if number is not None else ""
