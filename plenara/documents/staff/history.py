"""Every version of a document: who changed what and when, with the differences."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from plenara.documents.history import changes_of, versions
from plenara.documents.renditions import standings
from plenara.documents.staff.base import OfDocument

#: Changes on one page: each is compared with the version before it.
PAGE = 20


class History(OfDocument):
    """The changes of a document, newest first; with `statement`, those of one of its statements, deleted or not."""

    template_name = "documents/desk/history.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("statement", "")
        statement = int(asked) if _is_number(asked) else None
        found = changes_of(self.document, statement)
        total = found.count()
        last = max(1, -(-total // PAGE))
        page = request.GET.get("page", "")
        here = min(max(int(page), 1), last) if _is_number(page) else 1
        shown = versions(found[(here - 1) * PAGE : here * PAGE])
        return self.page(
            request,
            self.context(
                versions=shown,
                statement=statement,
                paragraph=self.document.paragraphs.filter(pk=statement).first() if statement else None,
                total=total,
                pages=_pages(asked if statement is not None else "", here, last),
                standings=standings(self.document),
            ),
        )


def _pages(statement: str, here: int, last: int) -> dict[str, Any]:
    """Return the links to the pages, as `core/pagination.html` takes them."""

    def address(number: int) -> str:
        kept: dict[str, Any] = {"statement": statement, "page": number}
        return f"?{urlencode({key: value for key, value in kept.items() if value})}"

    near = [number for number in range(1, last + 1) if number in {1, last} or abs(number - here) <= 1]
    links: list[dict[str, Any]] = []
    for number in near:
        if links and number - int(links[-1]["text"]) > 1:
            links.append({"text": str(number - 1)})
        links.append({"text": str(number), "url": address(number), "current": number == here})
    return {
        "links": links,
        "previous": address(here - 1) if here > 1 else "",
        "next": address(here + 1) if here < last else "",
    }


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 19
