"""How an organizer sets how a consultation is moderated."""

import pytest

from plenara.consultations.models import Consultation
from plenara.moderation.models import Suggestion

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def address(consultation):
    return f"/en/desk/consultations/{consultation.slug}/moderation/"


def sent(**changes):
    """Return the form as a browser sends it, with the suggestions all wanted."""
    return {
        "stamp": "0",
        "working_days": ["1", "2", "3", "4", "5"],
        "suggestions": list(Suggestion.What.values),
        "holidays": "",
        **changes,
    }


def test_an_organizer_sets_days_holidays_guide_and_suggestions(organizer, consultation, sign_in):
    form = sent(
        working_days=["7", "1", "2", "3", "4"],
        holidays="2026-12-25\n\n2026-05-01 \n",
        suggestions=["personal"],
        moderation_guide_en="Read twice.",
        moderation_guide_ar="اقرأ مرتين.",
    )
    assert sign_in(organizer).post(address(consultation), form).status_code == 302
    kept = Consultation.objects.get(pk=consultation.pk)
    assert kept.working_days == [1, 2, 3, 4, 7]
    assert kept.holidays == ["2026-05-01", "2026-12-25"]
    assert kept.moderation_guide == {"ar": "اقرأ مرتين.", "en": "Read twice."}
    assert "personal" not in kept.suggestions_off and "same" in kept.suggestions_off


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"holidays": "25.12.2026"}, "“25.12.2026” is not a date"),
        ({"holidays": "2026-02-30"}, "is not a date"),
        ({"working_days": []}, "Choose at least one day"),
        ({"moderation_guide_en": "x" * 20_001}, "The limit is 20000"),
    ],
)
def test_what_cannot_be_kept_is_reported_and_stays_in_the_form(organizer, consultation, sign_in, changes, sentence):
    answer = sign_in(organizer).post(address(consultation), sent(moderation_guide_fr="Lisez.", **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Lisez." in page


def test_of_two_who_save_at_once_the_second_hears_it(organizer, consultation, sign_in):
    client = sign_in(organizer)
    client.post(address(consultation), sent(moderation_guide_en="One."))
    answer = client.post(address(consultation), sent(moderation_guide_en="Two."))
    assert answer.status_code == 409
    assert Consultation.objects.get(pk=consultation.pk).moderation_guide == {"en": "One."}


def test_a_moderator_cannot_change_it(moderator, consultation, sign_in):
    assert sign_in(moderator).get(address(consultation)).status_code == 403
