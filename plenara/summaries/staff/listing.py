"""The list of the period's contributions at the workbench: what it is filtered by, its pages, what a search finds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.db.models import Q
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plenara.contributions.models import Channel, Edition
from plenara.core.vocabulary import StakeholderGroup, country_name, language_name
from plenara.summaries.coverage import CITED, LEFT, SET_ASIDE, Coverage, Covered, Share
from plenara.summaries.models import Summary

#: Contributions on one page of the workbench, and the most that a search shows.
PAGE = 20
MOST_FOUND = 40
UNREAD, READ, ALL = "unread", "read", "all"


class Choice(NamedTuple):
    """One value of a filter, with how many contributions it leaves."""

    value: str
    label: str
    how_many: int


class Filter(NamedTuple):
    """One filter with its choices, and which is chosen."""

    name: str
    label: str
    choices: list[Choice]
    chosen: str


#: What can be asked of a contribution's standing, in the order in which a rapporteur works.
SHOWN: dict[str, Callable[[Covered], bool]] = {
    UNREAD: lambda each: not each.is_read,
    READ: lambda each: each.is_read and each.standing == LEFT,
    LEFT: lambda each: each.standing == LEFT,
    CITED: lambda each: each.standing == CITED,
    SET_ASIDE: lambda each: each.standing == SET_ASIDE,
    ALL: lambda each: True,
}


@dataclass(frozen=True)
class Listing:
    """What an address asks for of a period's contributions. What it asks for and there is not counts as not asked."""

    coverage: Coverage
    values: dict[str, str]  # of the filters, those asked for
    query: str  # words or a number that are searched, in the whole consultation
    wanted: str  # id of the statement that is to cite what is chosen
    number: int  # of the page, from 1

    @classmethod
    def read(cls, address: Mapping[str, Any], coverage: Coverage) -> Self:
        """Return what an address asks for."""
        names = ("show", "thread", "group", "language", "country", "channel", "q", "page", "for")
        given = {name: str(address.get(name, ""))[:200].replace("\x00", "") for name in names}
        values = {
            each.name: given[each.name]
            for each in offered(coverage, {})
            if given[each.name] in {choice.value for choice in each.choices}
        }
        return cls(
            coverage,
            values,
            query=" ".join(given["q"].split()),
            wanted=_digits(given["for"]),
            number=max(1, int(_digits(given["page"]) or 1)),
        )

    @property
    def show(self) -> str:
        """Which of them are listed; if nothing is asked, what nobody has read, then what is not cited yet."""
        return self.values.get("show") or (UNREAD if self.coverage.unread else LEFT)

    @property
    def filters(self) -> list[Filter]:
        """The filters with their choices, and what is chosen of each."""
        return offered(self.coverage, {**self.values, "show": self.show})

    @property
    def is_narrowed(self) -> bool:
        """Whether more is asked for than a standing."""
        return bool(self.values.keys() - {"show"})

    @property
    def chosen(self) -> list[Covered]:
        """The contributions asked for, by number."""
        of = {name: value for name, value in self.values.items() if name != "show"}
        stands = SHOWN[self.show]
        return [
            each
            for each in self.coverage.contributions
            if stands(each) and all(str(getattr(each, name)) == value for name, value in of.items())
        ]

    def page(self) -> tuple[list[Edition], int]:
        """Return the editions of the page, each with its `standing` and `is_read`, and how many there are in all.

        One query.
        """
        chosen = self.chosen
        begin = (self.number - 1) * PAGE
        ids = [each.edition_id for each in chosen[begin : begin + PAGE]]
        found = Edition.objects.filter(pk__in=ids).select_related("text", "byline", "thread")
        return self._told(list(found.order_by("number"))), len(chosen)

    def search(self, summary: Summary) -> tuple[list[Edition], int]:
        """Return the editions of the consultation that have all these words (or this number), and how many.

        One query; of more than `MOST_FOUND` the count says one more.
        """
        found = Edition.objects.filter(
            consultation=summary.consultation, in_force=True, status=Edition.Status.PUBLISHED
        ).select_related("text", "byline", "thread")
        if _digits(self.query) and len(self.query) < 9:
            found = found.filter(number=int(self.query))
        else:
            for word in self.query.split()[:8]:
                found = found.filter(
                    Q(text__content__icontains=word) | Q(title__icontains=word) | Q(byline__name__icontains=word)
                )
        editions = list(found.order_by("number")[: MOST_FOUND + 1])
        return self._told(editions[:MOST_FOUND]), len(editions)

    def _told(self, editions: list[Edition]) -> list[Edition]:
        known = {each.contribution_id: each for each in self.coverage.contributions}
        for edition in editions:
            covered = known.get(edition.contribution_id)
            edition.standing = covered.standing if covered else ""  # type: ignore[attr-defined]
            edition.is_read = bool(covered and covered.is_read)  # type: ignore[attr-defined]
        return editions

    def address(self, **other: Any) -> str:
        """Return the query of this list's address, with some values changed; without its question mark."""
        values = {**self.values, "for": self.wanted, "q": self.query, "page": self.number, **other}
        values = {key: value for key, value in values.items() if value and (key, value) != ("page", 1)}
        return urlencode(values)

    def pages(self, total: int) -> dict[str, Any]:
        """Return the links to the pages of the list, as `core/pagination.html` takes them."""
        last, here = max(1, -(-total // PAGE)), self.number

        def address(number: int) -> str:
            return f"?{self.address(page=number)}#contributions"

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


def offered(coverage: Coverage, chosen: Mapping[str, str]) -> list[Filter]:
    """Return the filters that a period offers: one with a single value to choose is none, unless it is chosen."""
    standings = {
        UNREAD: _("Unread"),
        READ: _("Read, not cited"),
        LEFT: _("Not yet cited"),
        CITED: _("Cited"),
        SET_ASIDE: _("Set aside"),
        ALL: _("All"),
    }
    counts = {
        UNREAD: coverage.unread,
        READ: coverage.all - coverage.unread - coverage.cited - coverage.set_aside,
        LEFT: coverage.left,
        CITED: coverage.cited,
        SET_ASIDE: coverage.set_aside,
        ALL: coverage.all,
    }
    found = [
        Filter(
            "show",
            _("Which"),
            [Choice(value, label, counts[value]) for value, label in standings.items()],
            chosen.get("show", ""),
        )
    ]
    for name, label, shares, told in (
        ("thread", _("Question"), coverage.threads, lambda key: str(key)),
        ("group", _("Stakeholder group"), coverage.groups, _group),
        ("language", _("Language"), coverage.languages, lambda key: language_name(str(key))),
        ("country", _("Country"), [each for each in coverage.countries if each.key], lambda key: country_name(key)),
        ("channel", _("Channel"), coverage.channels, lambda key: str(Channel(key).label)),
    ):
        if len(shares) > 1 or name in chosen:
            found.append(Filter(name, label, [_choice(each, told) for each in shares], chosen.get(name, "")))
    return found


def _choice(share: Share, told: Callable[[Any], str]) -> Choice:
    return Choice(str(share.key), told(share.key), share.all)


def _group(key: Any) -> str:
    return str(StakeholderGroup(key).label) if key in StakeholderGroup.values else str(key)


def _digits(value: str) -> str:
    return value if value.isascii() and value.isdigit() and len(value) < 19 else ""


def asked_before(back: str) -> QueryDict:
    """Return what a list's address asked for that a form carries along; of anything else, nothing."""
    return QueryDict(back[:1000].replace("\x00", ""))
