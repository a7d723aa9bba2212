"""The links to the pages of a list, for `core/pagination.html`."""

from collections.abc import Callable

from plenara.core.rows import Json


def pages_of(total: int, here: int, size: int, address: Callable[[int], str]) -> Json:
    """Return the links to the first and the last page, to this one and its neighbours; the previous and the next."""
    last = max(1, -(-total // size))
    links: list[Json] = []
    for number in (each for each in range(1, last + 1) if each in {1, last} or abs(each - here) <= 1):
        if links and number - int(links[-1]["text"]) > 1:
            links.append({"text": str(number - 1)})
        links.append({"text": str(number), "url": address(number), "current": number == here})
    return {
        "links": links,
        "previous": address(here - 1) if here > 1 else "",
        "next": address(here + 1) if here < last else "",
    }
