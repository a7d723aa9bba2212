"""What a moderator of the directory searches for, and a person's own entries. Bounded."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from plenara.accounts.models import Person
from plenara.core.languages import NAMES
from plenara.core.life_cycle import State
from plenara.core.text import clean_line, number_in
from plenara.directory.actions.decisions import distinguished
from plenara.directory.models import Kind, Listing, NameKey, Proof, Representative, Verification
from plenara.directory.presenters import wording
from plenara.directory.queries.duplicates import LIKELY, keys_of, likeness
from plenara.directory.validation import NAMED_BY

#: Entries that one list shows.
PAGE = 20
#: Characters of a name that are searched for.
MOST_ASKED = 120
#: Entries that share a key and are compared in pairs; keys and pairs that are looked at.
MOST_SHARING, MOST_KEYS, MOST_PAIRS = 8, 2000, 600
#: Prefixes of the most distinctive keys: identifiers, whole names, hosts, acronyms, pairs of words.
_DISTINCTIVE = ("i:", "n:", "h:", "a:", "p:")


@dataclass(frozen=True)
class Doubles:
    """Two entries that may be the same."""

    first: Listing
    second: Listing
    likeness: float

    @property
    def percent(self) -> int:
        """Their similarity."""
        return round(self.likeness * 100)


@dataclass(frozen=True)
class ListingsPage:
    """The entries of one list, and the key of its next page."""

    rows: list[Listing]
    after: int = 0


def published() -> QuerySet[Listing]:
    """Return the entries that have an address of their own."""
    return Listing.objects.filter(state=State.PUBLISHED, merged_into=None)


def found_by_name(query: str, kind: str = "") -> list[Listing]:
    """Return the published entries with this name, a part of it, acronym or number. Five queries at most.

    Those with its words in whatever script come first. One more than a page shows that there are more.
    """
    query = clean_line(query)[:MOST_ASKED]
    if not query:
        return []
    kinds = [kind] if kind in Kind.values else list(Kind.values)
    keys = {key for one in kinds for key in keys_of(one, {NAMED_BY[Kind(one)]: query, "acronym": query})}
    named = NameKey.objects.filter(of__in=kinds, key__in=[each for each in keys if not each.startswith("p:")])
    shared = named.values("listing").annotate(count=Count("pk")).order_by("-count", "-listing")[: PAGE + 1]
    first = [row["listing"] for row in shared]
    part = Q(details__acronym__icontains=query) | Q(details__name__icontains=query, of=Kind.PERSON)
    for name in ("name", "title"):
        for code in NAMES:
            part |= Q(**{f"details__{name}__{code}__icontains": query})
    if number := number_in(query):
        part |= Q(number=number)
    others = published().filter(part, of__in=kinds).exclude(pk__in=first).order_by("-pk").values_list("pk", flat=True)
    order = [*first, *others[: PAGE + 1]]
    rows = published().filter(of__in=kinds).in_bulk(order)
    return [rows[pk] for pk in order if pk in rows]


def doubles() -> list[Doubles]:
    """Return the entries that may be the same, the likeliest first. Five queries, whatever the size.

    Pairs that a moderator has declared different are left out. They are found by keys that few entries share; a new
    proposal is compared with everything at its decision.
    """
    distinctive = Q()
    for each in _DISTINCTIVE:
        distinctive |= Q(key__startswith=each)
    few = NameKey.objects.filter(distinctive).values("of", "key").annotate(count=Count("pk"))
    few = few.filter(count__gt=1, count__lte=MOST_SHARING).order_by("key", "of")[:MOST_KEYS]
    keys = {(row["of"], row["key"]) for row in few}
    sharing: dict[tuple[str, str], list[int]] = {}
    rows = NameKey.objects.filter(key__in={key for _of, key in keys}).values_list("of", "key", "listing")
    for of, key, listing in rows.order_by("listing") if keys else ():
        if (of, key) in keys:
            sharing.setdefault((of, key), []).append(listing)
    pairs: Counter[tuple[int, int]] = Counter()
    for some in sharing.values():
        pairs.update(combinations(some, 2))
    for pair in distinguished():
        pairs.pop(pair, None)
    likest = [pair for pair, _count in pairs.most_common(MOST_PAIRS)]
    known = published().in_bulk({pk for pair in likest for pk in pair})
    scored = [
        Doubles(known[one], known[other], likeness(known[one].of, known[one].details, known[other].details))
        for one, other in likest
        if one in known and other in known
    ]
    found = [each for each in scored if each.likeness >= LIKELY]
    return sorted(found, key=lambda each: (-each.likeness, each.first.pk, each.second.pk))[: PAGE + 1]


def unverified(before: int = 0) -> ListingsPage:
    """Return unverified organizations, those with a request for verification first. One query.

    `before` is the last entry of the page before; then those with a request are not repeated.
    """
    current = Verification.objects.filter(organization=OuterRef("pk"), ended_at=None)
    proofs = Proof.objects.filter(organization=OuterRef("pk"), used_at=None)
    found = published().filter(of=Kind.ORGANIZATION, archived_at=None).exclude(Exists(current))
    if before:
        return _page(found.exclude(Exists(proofs)), before)
    requested = found.filter(Exists(proofs)).order_by("-pk")[:PAGE]
    others = _page(found.exclude(Exists(proofs)), 0)
    return ListingsPage([*requested, *others.rows], others.after)


def ownerless(before: int = 0) -> ListingsPage:
    """Return entries of organizations and projects without an owner, the newest first. One query."""
    return _page(published().filter(owner=None).exclude(of=Kind.PERSON), before)


def _page(found: QuerySet[Listing], before: int) -> ListingsPage:
    rows = list((found.filter(pk__lt=before) if before else found).order_by("-pk")[: PAGE + 1])
    return ListingsPage(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else 0)


def verified_among(listings: Iterable[Listing]) -> set[int]:
    """Return the ids of the verified ones. One query."""
    rows = Verification.objects.filter(organization__in=[each.pk for each in listings], ended_at=None)
    return set(rows.values_list("organization_id", flat=True))


#: Entries on one page of the person's own.
OWN_PAGE = 20


def own_listings(person: Person, before: int = 0, most: int = OWN_PAGE) -> list[Listing]:
    """Return a person's entries, the newest first, each with its title and its last version: one more than `most`.

    Two queries.
    """
    found = Listing.objects.filter(owner=person).select_related("merged_into").prefetch_related("versions")
    found = found.order_by("-pk")
    if before:
        found = found.filter(pk__lt=before)
    listings = list(found[: most + 1])
    for each in listings:
        latest = list(each.versions.all())[-1]
        each.latest = latest.state  # type: ignore[attr-defined]
        each.title = wording.title_of(each.of, latest.details or each.details)  # type: ignore[attr-defined]
        each.waits_for_an_answer = (  # type: ignore[attr-defined]
            each.state == State.PUBLISHED and each.merged_into_id is None and each.asked_at is not None
        )
    return listings


def represented_by(person: Person) -> list[Representative]:
    """Return the organizations that a person represents now. One query."""
    found = Representative.objects.filter(person=person, until=None).select_related("organization")
    acting = list(found.order_by("since", "pk"))
    for each in acting:
        each.title = wording.title_of("organization", each.organization.details)  # type: ignore[attr-defined]
    return acting
