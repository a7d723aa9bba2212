"""A draft that has just been saved with the same words is not written again, and any other is."""

import datetime

import pytest

from plenara.contributions.actions import save_draft
from plenara.contributions.models import Draft
from plenara.core import clock
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

KEY = "k" * 32
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def save(participant, thread):
    def saved(**more):
        words = {"text": world.WORDS, "language": "en", "title": "Three weeks", **more}
        return save_draft(actor=participant, thread=thread, key=KEY, **words)

    return saved


def test_the_same_words_a_minute_later_ask_once_and_write_nothing(save, django_assert_num_queries):
    first = save()
    with clock.at(clock.now() + MINUTE), django_assert_num_queries(1):
        assert save() == first
    assert Draft.objects.get().saved_at == first.saved_at


@pytest.mark.parametrize("change", [{"text": "Other words."}, {"title": "Two weeks"}, {"language": "fr"}, {"part": 3}])
def test_any_change_is_kept(save, change):
    save()
    save(**change)
    (name, value) = next(iter(change.items()))
    assert getattr(Draft.objects.get(), name) == value


def test_the_same_words_after_an_hour_count_as_saved_again(save):
    save()
    with clock.at(clock.now() + 61 * MINUTE):
        save()
        assert Draft.objects.get().saved_at == clock.now()


def test_another_person_does_not_get_at_it_by_its_key(save, author, thread):
    save()
    with pytest.raises(Exception, match="draft"):
        save_draft(actor=author, thread=thread, key=KEY, text=world.WORDS, language="en", title="Three weeks")
