"""The publication checks of summaries, errors and warnings: figures, questions, groups."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from plenara.core import clock
from plenara.documents.validation import publication
from plenara.summaries.models import Summary
from plenara.summaries.queries.coverage import coverage
from tests import world
from tests.made_once import made_once
from tests.summaries import making

pytestmark = pytest.mark.django_db

WORDS = "We ask for documents three weeks before each meeting, and for 58 per cent of the budget in 2014."


@pytest.fixture
@made_once
def consultation(db):
    """Open since 1 March 2026, with two questions."""
    return world.consultation(
        opens_at=datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC), closes_at=None, timezone="UTC", symbol="WGIG/2026"
    )


@pytest.fixture
@made_once
def voices(moderator, consultation):
    """Five contributions of March 2026 to question 1: three from governments (one in French), two from companies."""
    thread, made = consultation.threads.get(number=1), []
    with clock.at(datetime.datetime(2026, 3, 10, tzinfo=datetime.UTC)):
        for number, (group, language) in enumerate(
            [("government", "en"), ("government", "en"), ("government", "fr"), ("private_sector", "en"),
             ("private_sector", "en")]
        ):  # fmt: skip
            author = world.person(f"Person {number}", stakeholder_group=group, country="ML")
            made.append(world.published(author, moderator, thread, f"{WORDS} So says {number + 1}.", language))
    return made


@pytest.fixture
@made_once
def it(rapporteur, consultation, voices):
    """A summary of March 2026 whose frame says that question 2 is empty."""
    made = making.summary(
        rapporteur,
        consultation,
        period_from=datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC),
        period_to=datetime.datetime(2026, 3, 31, 23, 59, 59, tzinfo=datetime.UTC),
    )
    frame(rapporteur, made, "Nothing was contributed to question 2.")
    return made


def frame(rapporteur, it, text, **more):
    return making.statement(rapporteur, it.document, text, kind="frame", **more)


def saying(rapporteur, it, text, cites, words="documents three weeks before each meeting", **more):
    made = making.statement(rapporteur, it.document, text, **more)
    for edition in cites:
        making.cited(rapporteur, made, edition, words)
    return made


def errors(it):
    return [(each.paragraph, each.code) for each in publication.errors_of(it.document)]


def sentences(it):
    return [each.sentence for each in publication.errors_of(it.document)]


#: Figures that follow from the record.
FOLLOW = [
    "Three contributions ask for documents three weeks before a meeting.",
    "3 contributions, 2 of the 3 from governments.",
    "Two of the three contributions from governments ask for it.",
    "1 of the 2 from the private sector asks for it.",
    "Three of the five contributions ask for it.",
    "60 per cent of the contributions ask for it.",
    "Three fifths of the contributions ask for it.",
    "In March 2026 and before 31 March 2026, contributions asked for it.",
    "Contributions from two stakeholder groups ask for it under question 1.",
    "Three of the five contributions ask governments to send documents.",
    "Three contributions ask governments to send documents.",
    "See WGIG/2026/Q1/1.",
    "They see many reasons, and one thing in the 21st century of G20.",
]


def test_a_figure_that_follows_from_the_record_holds(rapporteur, it, voices):
    refused = {}
    for text in FOLLOW:
        with transaction.atomic():
            saying(rapporteur, it, text, [voices[0], voices[1], voices[3]])
            refused[text] = sentences(it)
            transaction.set_rollback(True)
    assert {text: findings for text, findings in refused.items() if findings} == {}


#: Figures that do not, and the sentence on each.
WRONG = [
    ("Four contributions ask for it.", "the statement cites 3 contributions"),
    ("Three of the three contributions from governments ask for it.", "which gives 2 of 3"),
    ("One third of it; four contributions from governments ask for it.", "the statement cites 3 contributions"),
    ("2 of the 2 from the private sector ask for it.", "which gives 1 of 2"),
    ("Two of the five contributions from governments ask for it.", "which gives 2 of 3"),
    ("45 per cent of the contributions ask for it.", "Cite words that contain it"),
    ("Two thirds of the budget are asked for.", "Cite words that contain it"),
    ("12 weeks are asked for.", "Cite words that contain it"),
    ("They wrote on 5 April 2026.", "Cite words that contain it"),
    ("They wrote in 2031.", "Cite words that contain it"),
    ("It is asked under question 7.", "Cite words that contain it"),
    ("See WGIG/2026/Q1/77.", "is not a contribution from the period"),
]


def test_a_figure_that_does_not_is_refused_and_says_what_it_should_be(rapporteur, it, voices):
    for text, right in WRONG:
        with transaction.atomic():
            statement = saying(rapporteur, it, text, [voices[0], voices[1], voices[3]])
            assert errors(it) == [(statement.number, "figure")], text
            assert right in sentences(it)[0], text
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("language", "holds", "fails"),
    [
        ("fr", "Deux des trois contributions des gouvernements.", "Trois des trois contributions des gouvernements."),
        ("es", "Dos de las tres contribuciones de los gobiernos.", "Tres de las tres contribuciones de los gobiernos."),
        ("ru", "В двух из трёх материалов от правительств.", "В трёх из трёх материалов от правительств."),
        ("ar", "في 2 من أصل 3 مساهمات من الحكومات.", "في ثلاث من أصل 3 مساهمات من الحكومات."),
        ("zh", "在政府的3份意见中有2份。", "在政府的三份意见中有三份。"),
    ],
)
def test_pairs_are_recomputed_in_the_language_of_the_summary(rapporteur, consultation, voices, language, holds, fails):
    made = making.summary(
        rapporteur, consultation, source_language=language, title="",
        period_from=datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC),
        period_to=datetime.datetime(2026, 3, 31, tzinfo=datetime.UTC),
    )  # fmt: skip
    saying(rapporteur, made, holds, voices[:2])
    assert [code for _number, code in errors(made)] == ["empty_question"]
    saying(rapporteur, made, fails, voices[:2])
    assert errors(made)[0] == (2, "figure")


def test_a_figure_holds_where_the_words_cited_have_it(rapporteur, it, voices):
    saying(
        rapporteur,
        it,
        "58 per cent of the budget of 2014 is asked for.",
        [voices[0]],
        "58 per cent of the budget in 2014",
    )
    assert errors(it) == []


def test_figures_of_a_frame_are_those_of_the_period(rapporteur, it):
    frame(
        rapporteur, it,
        "From 1 to 31 March 2026, in 31 days, five contributions were published in two languages: 3 from governments, "
        "2 from the private sector, 5 under question 1.",
    )  # fmt: skip
    assert errors(it) == []
    frame(rapporteur, it, "Of these, 4 from governments.")
    assert errors(it) == [(3, "figure")]


def test_both_sides_of_a_disagreement_count_for_themselves(rapporteur, it, voices):
    from plenara.documents.actions import cite

    made = making.statement(
        rapporteur,
        it.document,
        "Two contributions ask for it.",
        kind="disagreement",
        against="One of the five does not.",
    )
    making.cited(rapporteur, made, voices[0], "documents three weeks before each meeting")
    making.cited(rapporteur, made, voices[1], "documents three weeks before each meeting")
    cite(actor=rapporteur, paragraph=made, edition=voices[3], words="58 per cent of the budget", side="against")
    assert errors(it) == []


def test_a_question_that_nobody_answered_needs_a_frame(rapporteur, consultation, voices):
    bare = making.summary(rapporteur, consultation, period_to=clock.now())
    saying(rapporteur, bare, "They ask for time.", voices)
    assert errors(bare) == [(0, "empty_question")]
    assert "question 2" in sentences(bare)[0]
    frame(rapporteur, bare, "Nobody wrote.", thread=consultation.threads.get(number=2))
    assert errors(bare) == []


def test_a_period_without_contributions_needs_one_frame(rapporteur, consultation):
    bare = making.summary(rapporteur, consultation, period_to=clock.now())
    frame(rapporteur, bare, "Nothing was contributed in this period.")
    assert errors(bare) == []


def test_what_a_machine_wrote_waits_until_it_is_accepted(rapporteur, it, voices):
    saying(rapporteur, it, "They ask for documents three weeks earlier.", [voices[0]], machine="extract")
    assert errors(it) == [(2, "not_accepted")]


def test_more_than_two_statements_stand_under_a_heading_or_a_question(rapporteur, it, voices, consultation):
    for text in ("Documents.", "Time.", "Money."):
        saying(rapporteur, it, text, [voices[0]])
    assert errors(it) == [(2, "no_heading")]


def test_a_group_that_nobody_cites_is_pointed_out_and_does_not_refuse(rapporteur, it, voices):
    saying(rapporteur, it, "Documents come late.", voices[:3])
    looked = publication.findings_of(it.document)
    assert looked.errors == []
    assert [each.code for each in looked.warnings] == ["group_left_out"]
    assert "Private sector: 2 contributions" in looked.warnings[0].sentence


def test_weak_support_is_pointed_out_with_its_number(rapporteur, it, voices):
    saying(rapporteur, it, "Documents should reach Kenya four weeks before each meeting.", voices)
    assert sorted(each.code for each in publication.findings_of(it.document).warnings) == ["name", "number"]


def test_near_duplicates_are_pointed_out(rapporteur, it, voices):
    saying(rapporteur, it, "Documents should reach participants well before each meeting begins.", voices)
    saying(rapporteur, it, "Documents should reach all participants well before each meeting begins.", voices)
    (duplicate,) = publication.findings_of(it.document).warnings
    assert (duplicate.paragraph, duplicate.code) == (3, "alike")
    assert "statement 2" in duplicate.sentence


@pytest.mark.once
def test_looking_takes_the_same_queries_for_five_and_for_fifty(rapporteur, it, voices):
    counts = []
    for many in (5, 50):
        for _ in range(many - it.document.paragraphs.count()):
            saying(rapporteur, it, "Three weeks.", [voices[0], voices[4]], heading="Time")
        fresh = Summary.objects.select_related("document").get(pk=it.pk)
        with CaptureQueriesContext(connection) as queries:
            assert publication.findings_of(fresh.document, coverage=coverage(fresh)).errors == []
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
