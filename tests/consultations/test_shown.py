"""How a consultation's moments, steps and languages are shown."""

import datetime

import pytest
from django.utils import translation
from django.utils.html import conditional_escape

from plenara.consultations.models import State
from plenara.consultations.presenters import wording
from plenara.core import clock

NIGHT = datetime.datetime(2026, 4, 30, 21, 59, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("language", "zone", "text"),
    [
        ("en", "Europe/Zurich", "30 April 2026, 23:59 in Zurich (21:59 UTC)"),
        ("en", "UTC", "30 April 2026, 21:59 UTC"),
        ("en", "Pacific/Auckland", "1 May 2026, 09:59 in Auckland (30 April 2026, 21:59 UTC)"),
        ("zh-hans", "Europe/Zurich", "苏黎世时间2026年4月30日 23:59（21:59 UTC）"),
        ("fr", "Europe/Zurich", "30 avril 2026 à 23:59 (Zurich), soit 21:59 UTC"),
    ],
)
def test_a_moment_names_its_zone_and_utc(language, zone, text):
    with translation.override(language):
        assert str(wording.moment(NIGHT, zone)) == text


def test_in_arabic_zone_and_utc_keep_their_order():
    with translation.override("ar"):
        shown = str(wording.moment(NIGHT, "Europe/Zurich"))
    assert "Zurich" not in shown and "زيورخ" in shown
    assert "\u206821:59 UTC\u2069" in shown


def test_in_html_a_moment_is_a_time_that_machines_read():
    assert conditional_escape(wording.moment(NIGHT, "UTC")) == (
        '<time datetime="2026-04-30T21:59:00Z">30 April 2026, 21:59 UTC</time>'
    )


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "words"),
    [
        (datetime.timedelta(days=47, hours=3), "47 days left"),
        (datetime.timedelta(hours=47), "47 hours left"),
        (datetime.timedelta(hours=1, minutes=10), "1 hour left"),
        (datetime.timedelta(minutes=20), "less than an hour left"),
        (datetime.timedelta(0), ""),
    ],
)
def test_the_time_left_is_shown_in_the_unit_that_matters(consultation, before, words):
    consultation.opens_at = consultation.closes_at - datetime.timedelta(days=90)
    with clock.at(consultation.closes_at - before):
        assert wording.time_left(consultation) == words


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_of_the_six_steps_one_is_now_and_those_before_are_past(consultation, in_state, state):
    in_state(consultation, state)
    marks = [step.mark for step in wording.steps(consultation)]
    now = list(State).index(state) - 1
    assert marks == ["past"] * max(now, 0) + ["now"] * (now >= 0) + [""] * (5 - now if now >= 0 else 6)


@pytest.mark.django_db
def test_an_open_consultation_says_until_when(consultation):
    step = wording.steps(consultation)[1]
    assert step.word == "Open now"
    assert step.when == f"until {wording.closing(consultation)}"


@pytest.mark.django_db
def test_a_language_is_complete_in_parts_or_missing(consultation):
    threads = list(consultation.threads.all())
    consultation.title.pop("ru")
    consultation.title.pop("zh")
    consultation.intro.pop("zh")
    for thread in threads:
        thread.question.pop("zh")
    threads[1].question.pop("ar")
    languages = wording.languages(consultation, threads)
    found = {each.code: (each.state, each.word) for each in languages}
    assert found["en"] == ("open", "complete")
    assert found["ru"] == ("wait half", "title missing")
    assert found["ar"] == ("wait half", "1 question missing")
    assert found["zh"] == ("none", "missing")
    assert [each.code for each in languages if not each.can_be_read] == ["ar", "zh", "ru"]


@pytest.mark.parametrize(("days", "words"), [(1, "1 working day"), (3, "3 working days")])
def test_the_promise_is_shown_in_working_days(days, words):
    assert wording.working_days(days) == words
