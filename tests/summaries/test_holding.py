"""In how many contributions a statement's view appears, on the public page and at the desk."""

import datetime

import pytest
from django.utils import translation

from plenara.core import clock
from plenara.documents.actions import cite
from plenara.summaries.models import SummaryEdition
from plenara.summaries.queries import statement_holders
from plenara.summaries.queries.coverage import coverage
from tests import world
from tests.made_once import made_once
from tests.summaries import making
from tests.summaries.answers import body

pytestmark = pytest.mark.django_db

HERE = "/en/consultations/internet-governance/summaries/1/"


@pytest.fixture
@made_once
def voices(moderator, thread):
    """Three contributions from governments, two from civil society."""
    groups = ("government", "government", "government", "civil_society", "civil_society")
    return [
        world.published(world.person(f"Person {at}", stakeholder_group=group), moderator, thread)
        for at, group in enumerate(groups)
    ]


def held(it):
    return {
        number: [(each.side, each.sentence) for each in lines]
        for number, lines in statement_holders.lines(
            {**coverage(it).figures(), "held": statement_holders.figures_of_document(it.document_id, coverage(it))}
        ).items()
    }


def test_it_counts_contributions_by_group_the_largest_first(rapporteur, summary, voices):
    made = making.statement(rapporteur, summary.document)
    for edition in (voices[3], voices[0], voices[1]):
        making.cited(rapporteur, made, edition)
    making.cited(rapporteur, made, voices[1], "in a language that we read")
    assert held(summary) == {
        1: [
            (
                "",
                "This view appears in 3 of the 5 contributions from the period: 2 of the 3 from governments and "
                "1 of the 2 from civil society.",
            )
        ]
    }


def test_both_sides_of_a_disagreement_have_their_sentence(rapporteur, summary, voices):
    made = making.statement(rapporteur, summary.document, kind="disagreement", against="They do not.")
    making.cited(rapporteur, made, voices[0])
    cite(actor=rapporteur, paragraph=made, edition=voices[4], words="in a language that we read", side="against")
    assert held(summary) == {
        1: [
            ("", "This view appears in 1 of the 5 contributions from the period: 1 of the 3 from governments."),
            (
                "against",
                "The opposing view appears in 1 of the 5 contributions from the period: 1 of the 2 from civil society.",
            ),
        ]
    }


def test_citations_from_another_period_are_counted_apart(rapporteur, consultation, voices):
    now = clock.now()
    it = making.summary(rapporteur, consultation, period_from=now + datetime.timedelta(hours=1))
    made = making.statement_of(rapporteur, it, voices[0])
    assert held(it) == {1: [("", "This view appears in 1 contribution from outside the period.")]}
    with clock.at(now + datetime.timedelta(hours=2)):
        later = world.published(world.person("Later"), world.grant(world.person("M"), consultation, "moderator"),
                                consultation.threads.get())  # fmt: skip
    making.cited(rapporteur, made, later)
    assert held(it)[1][0][1] == (
        "This view appears in 1 of the 1 contribution from the period: 1 of the 1 from civil society; "
        "and in 1 contribution from outside the period."
    )


def test_a_frame_is_held_by_nobody(rapporteur, summary, voices):
    making.statement(rapporteur, summary.document, "March.", kind="frame")
    assert held(summary) == {}


def test_a_campaign_counts_with_all_who_sent_it(rapporteur, summary, voices, thread):
    from plenara.contributions.models import Edition

    lead = voices[0]
    Edition.objects.filter(pk__in=[voices[1].pk, voices[3].pk]).update(campaign_of=lead.number)
    making.statement_of(rapporteur, summary, lead)
    assert "3 of the 5" in held(summary)[1][0][1]


def test_the_record_keeps_it_as_it_was(client, rapporteur, organizer, summary, voices, author, moderator, thread):
    making.statement_of(rapporteur, summary, voices[0])
    making.published(rapporteur, organizer, summary)
    world.published(author, moderator, thread, f"{world.WORDS} Later.")
    assert SummaryEdition.objects.get().figures["held"] == {"1": {"held": {"groups": {"government": 1}, "outside": 0}}}
    sentence = "This view appears in 1 of the 5 contributions from the period: 1 of the 3 from governments."
    assert sentence in body(client.get(HERE))


def test_an_edition_from_before_says_nothing_of_it(client, rapporteur, organizer, summary, voices):
    making.statement_of(rapporteur, summary, voices[0])
    making.published(rapporteur, organizer, summary)
    kept = SummaryEdition.objects.get()
    kept.figures.pop("held")
    kept.save()
    page = body(client.get(HERE))
    assert "Documents come too late." in page
    assert "This view appears in" not in page


def test_the_desk_counts_as_it_is_now(sign_in, rapporteur, summary, voices, desk):
    making.statement_of(rapporteur, summary, voices[0])
    assert "This view appears in 1 of the 5 contributions" in body(sign_in(rapporteur).get(desk))
    assert "This view appears in 1 of the 5 contributions" in body(sign_in(rapporteur).get(f"{desk}review/"))


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh-hans"])
def test_no_language_says_a_percentage(rapporteur, summary, voices, language):
    making.statement_of(rapporteur, summary, voices[0])
    with translation.override(language):
        sentence = held(summary)[1][0][1]
    assert "%" not in sentence
    assert "5" in sentence
