"""A time zone as somebody types it."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from plenara.consultations import validation
from plenara.consultations.forms.fields import ZoneField
from plenara.consultations.presenters.wording import city


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Zurich", "Europe/Zurich"),
        ("europe/zurich", "Europe/Zurich"),
        ("America/New York", "America/New_York"),
        (" new york ", "America/New_York"),
        ("UTC", "UTC"),
        ("utc", "UTC"),
        ("Etc/GMT+3", "Etc/GMT+3"),  # of an import: no place, and of the list
        ("", ""),
        ("bamako", "Africa/Bamako"),
        ("istanbul", "Europe/Istanbul"),
        ("kiev", "Europe/Kiev"),  # an earlier name
        ("buenos aires", "America/Argentina/Buenos_Aires"),
    ],
)
def test_a_zone_is_found_by_its_name_or_its_place(typed, zone):
    assert ZoneField().clean(typed) == zone


def test_a_place_is_found_by_its_name_in_the_language_of_the_page():
    with translation.override("ar"):
        assert ZoneField().clean("القاهرة") == "Africa/Cairo"
    with translation.override("fr"):
        assert ZoneField().clean("Le Caire") == "Africa/Cairo"


@pytest.mark.parametrize("typed", ["Europe/Atlantis", "x" * 90, "../../etc/passwd", "<b>"])
def test_what_is_no_zone_is_refused_with_a_sentence(typed):
    with pytest.raises(ValidationError, match="Choose a time zone from the list"):
        ZoneField().clean(typed)


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh-hans"])
def test_no_two_places_that_are_offered_have_one_name(language):
    with translation.override(language):
        names = [city(zone) for zone in validation.zone_choices()]
    assert len(set(names)) == len(names) > 400


def test_every_place_is_offered_with_its_name_and_its_zone():
    field = ZoneField()
    with translation.override("fr"):
        field.offer()
    shown = field.widget.render("timezone", "Europe/Zurich", {"id": "id_timezone"})
    assert 'list="timezone_list"' in shown
    assert '<option value="Africa/Cairo">Le Caire (Africa/Cairo)</option>' in shown
    assert shown.count("<option") > 400
