"""The reasons of a decision: each kind of thing has its own, in six languages, and the rules list all of them."""

import html
import json
import re

import pytest

from plenara.core import clock
from plenara.core.languages import CODES
from plenara.core.refusals import InvalidInput
from plenara.core.tasks import run_all
from plenara.moderation import kinds
from plenara.moderation.actions import remove, report
from plenara.moderation.kinds import KINDS
from plenara.moderation.models import UNDO_TIME, Code, Decision, Ground, Report
from tests import answers, world
from tests.directory import making as listings
from tests.events import making as events

ENTRIES = ("event", "organization", "person", "project")
#: How each language speaks of a question: what has none is not told of one.
QUESTION = {"ar": "سؤال", "en": "question", "es": "pregunta", "fr": "question", "ru": "вопрос", "zh": "问题"}


def test_every_reason_has_a_label_and_a_text_in_six_languages():
    for code in kinds.reason_codes():
        for language in CODES:
            assert kinds.reason_label(code, language)
            assert kinds.reason_text(code, language)


def test_the_codes_of_contributions_are_those_of_the_registers_so_far():
    assert KINDS["contribution"].reasons.for_moderators == tuple(f"R{number}" for number in range(1, 9))


@pytest.mark.parametrize("kind", [*ENTRIES, "correction"])
def test_reasons_of_entries_and_of_corrections_are_their_own_and_speak_of_no_question(kind):
    own = KINDS[kind].reasons
    assert not set(own.for_moderators) & set(KINDS["contribution"].reasons.for_moderators)
    assert set(own.for_readers) <= set(own.for_moderators)
    for code in own.for_moderators:
        for language, word in QUESTION.items():
            assert word not in (kinds.reason_label(code, language) + kinds.reason_text(code, language)).casefold()


@pytest.mark.django_db
@pytest.mark.parametrize("language", CODES)
def test_the_rules_list_every_reason_under_its_code_with_what_the_author_reads(client, language):
    page = client.get(f"/{language}/about/rules/").content.decode()
    listed = re.findall(r"<li>\s*<strong>(\w\d)</strong> (.*?)<br>\s*(.*?)\s*</li>", page)
    assert [(code, html.unescape(label), html.unescape(text)) for code, label, text in listed] == [
        (code, kinds.reason_label(code, language), kinds.reason_text(code, language)) for code in kinds.reason_codes()
    ]


@pytest.fixture
def curator(noon):
    return events.curator()


@pytest.fixture
def event(participant, curator):
    return events.proposed(participant)


@pytest.mark.django_db
def test_the_desk_offers_an_entrys_reasons_for_an_entry_and_a_contributions_for_a_contribution(
    sign_in, curator, moderator, event, pending
):
    page = sign_in(curator).get(f"/en/desk/moderation/event/{event.pk}/").content.decode()
    assert '<option value="E1">Outside the scope of the calendar and directory</option>' in page
    assert not re.search(r'value="R\d', page)
    page = sign_in(moderator).get(f"/en/desk/moderation/contribution/{pending.pk}/").content.decode()
    assert '<option value="R1">Does not answer the question</option>' in page
    assert not re.search(r'value="E\d', page)


@pytest.mark.django_db
def test_the_reasons_of_one_kind_are_refused_for_another(curator, moderator, event, pending):
    with pytest.raises(InvalidInput, match="Choose the reason"):
        events.decided(event, curator, Code.REJECTED, reason="R1")
    with pytest.raises(InvalidInput, match="Choose the reason"):
        world.decided(pending, moderator, Code.REJECTED, reason="E1")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ENTRIES)
@pytest.mark.parametrize("code", [Code.RETURNED, Code.REJECTED, Code.REMOVED])
def test_the_email_to_an_owner_gives_the_reason_of_an_entry(kind, code, author, curator, mailoutbox):
    """Its author reads French."""
    of = events if kind == "event" else listings
    thing = events.proposed(author) if kind == "event" else listings.proposed(author, kind)
    if code == Code.REMOVED:
        of.decided(thing, curator)
        remove(actor=curator, kind=kind, pk=thing.pk, reason="E2")
    else:
        of.decided(thing, curator, code, reason="E2")
    with clock.at(clock.now() + UNDO_TIME):
        run_all()
    email = next(each for each in reversed(mailoutbox) if each.to == [author.email])
    assert "la même organisation" in " ".join(email.body.split())
    assert "question" not in email.body


@pytest.mark.django_db
def test_readers_report_an_entry_for_a_reason_of_entries(client, curator, event, participant):
    events.decided(event, curator)
    page = client.get("/en/events/1/report/").content.decode()
    assert 'value="E3"' in page and not re.search(r'value="R\d', page)
    with pytest.raises(InvalidInput, match="Choose what is wrong"):
        report(actor=participant, kind="event", pk=event.pk, reason="R4")
    report(actor=participant, kind="event", pk=event.pk, reason="E3")
    assert Report.objects.get().reason == "E3"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "ground", "category"),
    [
        ("E1", Ground.INCOMPATIBLE, "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"),
        ("E6", Ground.ILLEGAL, "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"),
        ("E7", Ground.ILLEGAL, "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS"),
    ],
)
def test_the_register_shows_the_reason_its_ground_and_its_category(client, curator, event, reason, ground, category):
    events.decided(event, curator, Code.REJECTED, reason=reason)
    assert Decision.objects.get().ground == ground
    page = client.get("/en/about/decisions/").content.decode()
    assert f"<p><bdi>{kinds.reason_label(reason, 'en')}</bdi></p>" in page
    row = json.loads(answers.body(client.get("/en/about/decisions/data.json")))["decisions"][0]
    assert (row["reason"], row["category"]) == (reason, category)


@pytest.mark.django_db
def test_a_decision_on_an_entry_that_has_a_contributions_reason_is_still_read_in_words(
    sign_in, participant, curator, event
):
    """Decisions are never edited: those taken before entries had reasons of their own keep theirs."""
    events.decided(event, curator, Code.REJECTED, reason="E1")
    Decision.objects.update(reason="R5")
    client = sign_in(participant)
    assert "<p><bdi>Advertising</bdi></p>" in client.get("/en/about/decisions/").content.decode()
    with clock.at(clock.now() + UNDO_TIME):
        assert "Advertising" in client.get(f"/en/my/events/{event.pk}/").content.decode()
