"""Editing the details of a consultation."""

import pytest

from plenara.consultations import actions
from plenara.consultations.models import Consultation, State
from plenara.core.cache_tags import revision
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import InvalidInput, NotPermitted
from tests.consultations.conftest import days

pytestmark = pytest.mark.django_db


def refusal(call, **arguments):
    with pytest.raises(InvalidInput) as refused:
        call(**arguments)
    return refused.value


def test_an_edit_of_a_draft_is_recorded_by_field_and_language_and_shows_nowhere(founder, draft):
    actions.edit(actor=founder, consultation=draft, title={**draft.title, "ru": "Кабели под морем"}, word_limit=500)
    act = AuditEntry.objects.get(verb="consultation.edited")
    assert act.details["fields"] == ["title", "word_limit"]
    assert act.details["languages"] == {"title": ["ru"]}
    assert "Кабели" not in str(act.details)
    assert revision(draft.cache_tag) == 0


def test_an_edit_of_a_public_consultation_turns_its_pages(organizer, consultation):
    actions.edit(actor=organizer, consultation=consultation, intro={"en": "Read this first."})
    assert revision(consultation.cache_tag) == 1
    assert revision("consultations") == 0  # lists show no introduction
    actions.edit(actor=organizer, consultation=consultation, title={"en": "Governing", "fr": "Gouverner"})
    assert (revision(consultation.cache_tag), revision("consultations")) == (2, 1)


def test_saving_what_is_there_already_changes_and_records_nothing(organizer, consultation):
    actions.edit(actor=organizer, consultation=consultation, title=consultation.title, promise_working_days=1)
    assert not AuditEntry.objects.filter(verb="consultation.edited").exists()


def test_of_two_organizers_who_edit_at_once_the_second_hears_it(founder, draft):
    actions.edit(actor=founder, consultation=draft, stamp=0, word_limit=500)
    refused = refusal(actions.edit, actor=founder, consultation=draft, stamp=0, word_limit=700)
    assert refused.code == "stale"
    assert Consultation.objects.get(pk=draft.pk).word_limit == 500
    actions.edit(actor=founder, consultation=draft, stamp=1, word_limit=700)


def test_a_double_click_on_save_is_not_an_edit_conflict(founder, draft):
    for _click in range(2):
        actions.edit(actor=founder, consultation=draft, stamp=0, word_limit=500)
    assert AuditEntry.objects.filter(verb="consultation.edited").count() == 1


def test_an_edit_leaves_the_numbers_that_contributions_use(organizer, consultation):
    stale = Consultation.objects.get(pk=consultation.pk)
    Consultation.objects.filter(pk=consultation.pk).update(last_number=41)
    actions.edit(actor=organizer, consultation=stale, word_limit=900)
    assert Consultation.objects.get(pk=consultation.pk).last_number == 41


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timezone", "Europe/Atlantis"),
        ("timezone", "../../etc/passwd"),
        ("timezone", ""),
        ("languages", []),
        ("languages", ["en", "tlh"]),
        ("word_limit", 0),
        ("word_limit", -5),
        ("word_limit", 10**9),
        ("licence", "WTFPL"),
        ("moderation", "never"),
        ("promise_working_days", 0),
        ("promise_working_days", 400),
        ("promise_working_days", None),
        ("intro", {"en": "word " * 10_000}),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_field(founder, draft, field, value):
    refused = refusal(actions.edit, actor=founder, consultation=draft, **{field: value})
    assert refused.field in {field, f"{field}_en"}
    assert str(refused).endswith(".")


def test_closing_comes_after_opening(founder, draft):
    refused = refusal(actions.edit, actor=founder, consultation=draft, closes_at=draft.opens_at)
    assert refused.field == "closes_at"


def test_hostile_words_are_kept_as_words(founder, draft):
    words = "<script>alert(1)</script> \x00\ud800 [x](javascript:alert(1))"
    actions.edit(actor=founder, consultation=draft, intro={"en": words})
    kept = Consultation.objects.get(pk=draft.pk).intro["en"]
    assert kept == "<script>alert(1)</script>  [x](javascript:alert(1))"


def test_slug_and_symbol_and_licence_stay_once_announced(organizer, consultation):
    for field, value in [("slug", "other"), ("symbol", "OTHER/1"), ("licence", "CC0-1.0")]:
        assert refusal(actions.edit, actor=organizer, consultation=consultation, **{field: value}).field == field


def test_languages_can_be_added_and_not_taken_away_once_announced(organizer, consultation):
    actions.edit(actor=organizer, consultation=consultation, languages=["en", "fr", "ru"])
    refused = refusal(actions.edit, actor=organizer, consultation=consultation, languages=["en"])
    assert "French" in str(refused)


def test_a_language_is_added_only_where_title_and_questions_exist_in_it(founder, draft):
    actions.announce(actor=founder, consultation=draft)
    refused = refusal(actions.edit, actor=founder, consultation=draft, languages=["en", "fr", "ru"])
    assert "The title in Russian" in str(refused)


def test_the_word_limit_is_not_lowered_once_announced(organizer, consultation):
    actions.edit(actor=organizer, consultation=consultation, word_limit=400)
    assert refusal(actions.edit, actor=organizer, consultation=consultation, word_limit=399).field == "word_limit"
    actions.edit(actor=organizer, consultation=consultation, word_limit=None)
    assert refusal(actions.edit, actor=organizer, consultation=consultation, word_limit=4000).field == "word_limit"


def test_a_title_that_is_needed_is_not_taken_away_once_announced(organizer, consultation):
    refused = refusal(actions.edit, actor=organizer, consultation=consultation, title={"en": "Alone"})
    assert refused.field == "title_fr"


def test_dates_moved_before_opening_are_queued_again_and_may_not_be_past(founder, draft):
    actions.announce(actor=founder, consultation=draft)
    actions.edit(actor=founder, consultation=draft, opens_at=days(7))
    assert BackgroundTask.objects.filter(task="consultations.turn").count() == 3
    assert refusal(actions.edit, actor=founder, consultation=draft, opens_at=days(-1)).field == "opens_at"


def test_only_its_own_organizers_edit_a_consultation(consultation, elsewhere, organizer, moderator, founder, outsider):
    for who, where in [
        (organizer, elsewhere),
        (moderator, consultation),
        (founder, consultation),
        (outsider, elsewhere),
    ]:
        with pytest.raises(NotPermitted):
            actions.edit(actor=who, consultation=where, word_limit=999)


def test_a_closed_consultation_keeps_its_terms_and_can_still_be_translated(organizer, consultation, in_state):
    in_state(consultation, State.CLOSED)
    assert refusal(actions.edit, actor=organizer, consultation=consultation, word_limit=999).field == "word_limit"
    actions.edit(actor=organizer, consultation=consultation, intro={"en": "Corrected."})
