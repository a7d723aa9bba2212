"""Duplicates are found: precision, recall and cost.

Rules and word lists were made with `duplicate_pairs.txt` alone; the threshold, `LIKELY`, was chosen after both sets had
been seen. So the figures of `duplicate_pairs_unseen.txt` say how the rules do on new pairs, and flatter the threshold a
little.
"""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.directory import actions
from plenara.directory.actions.entries import save_keys
from plenara.directory.models import Listing, NameKey
from plenara.directory.queries import duplicates
from plenara.directory.queries.duplicates import LIKELY
from tests import world
from tests.directory import making

KINDS = {"o": "organization", "p": "person", "r": "project"}


def pairs(name):
    for line in (Path(__file__).parent / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, one, other, verdict = line.split(" | ")
            yield KINDS[kind], details(KINDS[kind], one), details(KINDS[kind], other), verdict == "same"


def details(kind, written):
    name, acronym, country, site = [*map(str.strip, written.split(";")), "", "", ""][:4]
    details = {"country": country, "site": site, "acronym": acronym if kind == "organization" else ""}
    details["title" if kind == "project" else "name"] = name if kind == "person" else {"en": name}
    return {key: value for key, value in details.items() if value}


def measured(name):
    """Return precision, recall and the number of pairs."""
    right = wrong = missed = count = 0
    for kind, one, other, is_same in pairs(name):
        shares_a_key = set(duplicates.keys_of(kind, one)) & set(duplicates.keys_of(kind, other))
        found = bool(shares_a_key) and duplicates.likeness(kind, one, other) >= LIKELY
        right, wrong = right + (found and is_same), wrong + (found and not is_same)
        missed, count = missed + (is_same and not found), count + 1
    return right / (right + wrong), right / (right + missed), count


def test_of_the_pairs_that_it_was_tuned_with_nearly_all_are_right():
    precision, recall, count = measured("duplicate_pairs.txt")
    assert count >= 120 and precision >= 0.88 and recall >= 0.96


def test_of_pairs_that_it_had_not_seen_most_are_right():
    precision, recall, count = measured("duplicate_pairs_unseen.txt")
    assert count >= 60 and precision >= 0.78 and recall >= 0.72


@pytest.mark.parametrize("identifier", ["ror", "orcid"])
def test_an_identifier_decides_whatever_the_names(identifier):
    kind = "organization" if identifier == "ror" else "person"
    one = {"name": "A" if kind == "person" else {"en": "A"}, identifier: "x"}
    other = {"name": "B" if kind == "person" else {"en": "B"}, identifier: "x"}
    assert duplicates.likeness(kind, one, other) == 1.0
    assert duplicates.likeness(kind, one, {**one, identifier: "y"}) == 0.0


@pytest.fixture
def curator(db):
    return making.curator()


@pytest.mark.django_db
def test_what_is_pending_or_is_withdrawn_is_found_by_nobody(curator):
    owner = world.person("Somebody")
    listing = making.proposed(owner)
    assert not duplicates.likely("organization", making.ORGANIZATION)
    making.decided(listing, curator)
    assert [each.listing for each in duplicates.likely("organization", making.ORGANIZATION)] == [listing]
    assert not duplicates.likely("organization", making.ORGANIZATION, besides=listing.pk)
    actions.withdraw(actor=owner, listing=listing)
    assert not duplicates.likely("organization", making.ORGANIZATION) and not NameKey.objects.exists()


@pytest.mark.django_db
def test_a_moderator_sees_what_may_be_the_same_beside_the_proposal(curator, sign_in):
    making.published(world.person("Somebody"), curator)
    again = making.proposed(world.person("Someone else"), name={"ru": "Сахельская цифровая сеть"}, acronym="")
    page = sign_in(curator).get(f"/en/desk/moderation/organization/{again.pk}/")
    assert "Is one of these entries the same as yours?" in page.content.decode()


@pytest.mark.once
@pytest.mark.django_db
def test_it_asks_twice_however_many_there_are(curator):
    rows = [
        Listing(of="organization", state="published", number=number, details={
            "name": {"en": f"Sahel Network {number} for Digital Education"}, "country": "ML"})
        for number in range(1, 301)
    ]  # fmt: skip
    save_keys(Listing.objects.bulk_create(rows), are_new=True)
    with CaptureQueriesContext(connection) as asked:
        found = duplicates.likely("organization", {"name": {"fr": "Réseau Sahel 7 pour l’éducation numérique"}})
    assert len(asked) == 2 and len(found) == 5
