"""Regions: each country is in those of M49, each has a name in six languages."""

import pytest

from plenara.core.languages import CODES
from plenara.core.vocabulary import country_names
from plenara.directory.queries.lookup import (
    BROADER,
    NOWHERE,
    OF_COUNTRY,
    region_choices,
    region_name,
    regions_of,
)


def test_every_country_lies_in_a_region_or_is_listed_as_lying_in_none():
    assert set(OF_COUNTRY) | NOWHERE == set(country_names("en"))
    assert not set(OF_COUNTRY) & NOWHERE
    assert len(OF_COUNTRY) == 248
    assert regions_of("AQ") == regions_of("XX") == []


@pytest.mark.parametrize(("country", "regions"), [
    ("ML", ["002", "202", "011"]), ("TN", ["002", "015"]), ("BR", ["019", "419", "005"]), ("CA", ["019", "021"]),
    ("FJ", ["009", "054"]), ("RU", ["150", "151"]), ("TR", ["142", "145"]), ("CY", ["142", "145"]),
    ("SD", ["002", "015"]), ("IR", ["142", "034"]), ("GB", ["150", "154"]), ("KZ", ["142", "143"]),
])  # fmt: skip
def test_a_country_lies_in_its_regions_the_widest_first(country, regions):
    assert regions_of(country) == regions


@pytest.mark.parametrize("language", CODES)
def test_every_region_has_a_name(language):
    names = {code: region_name(code, language) for code in BROADER}
    assert all(names.values()) and not set(names) & set(names.values())
    assert [code for code, _name in region_choices(language)] == list(BROADER)
    assert region_name("999", language) == "999"


def test_no_region_is_empty_and_none_is_below_itself():
    leaves = set(BROADER) - set(BROADER.values())
    assert leaves == set(OF_COUNTRY.values())
    assert list(BROADER.values()).count("") == 5
