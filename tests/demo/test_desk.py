"""The demo's desk: something of each kind waits, what was decided can be read in the open, and mail stays readable."""

from collections import Counter

import pytest

from plenara.consultations.models import Consultation, Follow
from plenara.contributions.models import Contribution, Draft, Edition, EditionSignatory, Paper, Version
from plenara.contributions.queries.signatures import signatures_of
from plenara.core.languages import CODES
from plenara.demo import postbox
from plenara.moderation.actions.suggestions import make_suggestions
from plenara.moderation.models import Appeal, Campaign, Decision, Item, Note, Preference, Redaction, Suggestion
from plenara.moderation.queries import hints
from plenara_sample import SLUGS, content

pytestmark = pytest.mark.once


def waiting(slug, **what):
    return Item.objects.filter(consultation__slug=slug, **what)


def test_both_consultations_have_a_guide_in_six_languages_two_holidays_and_every_hint(demo):
    for each in Consultation.objects.filter(is_community=False):
        assert sorted(each.moderation_guide) == sorted(CODES)
        assert len(set(each.holidays)) == 2
        assert each.working_days == [1, 2, 3, 4, 5]
        assert each.suggestions_off == []


def test_moderators_have_said_what_they_read(demo):
    reads = {each.person.email.split("@")[0]: each.reads for each in Preference.objects.select_related("person")}
    assert {name: reads[name] for name in ("darragh", "solange", "juma")} == {
        "darragh": ["en"],
        "solange": ["en", "fr"],
        "juma": ["en", "fr", "ru", "es"],
    }


def test_the_register_has_more_than_twenty_decisions_with_every_code_in_all(demo):
    for slug in SLUGS:
        assert Decision.objects.filter(consultation__slug=slug).count() > 20
    assert set(Decision.objects.values_list("code", flat=True)) == {
        "APPROVED",
        "RETURNED_FOR_REVISION",
        "MOVED",
        "REJECTED",
        "REMOVED",
        "RESTORED",
    }


def test_one_appeal_was_upheld_two_were_overruled_and_one_waits_for_the_other_moderator(demo):
    assert Counter(Appeal.objects.values_list("status", flat=True)) == {"upheld": 1, "overruled": 2, "pending": 1}
    item = Item.objects.select_related("appeal__decision__moderator").get(why="appeal")
    assert item.appeal.decision.moderator.name == "Solange Mukandori"
    decided = Appeal.objects.exclude(status="pending").select_related("decision")
    assert all(each.decided_by_id != each.decision.moderator_id for each in decided)


def test_something_of_each_kind_waits_in_the_queue(demo):
    first = waiting(SLUGS[0])
    assert {"pending", "report", "appeal"} <= set(first.values_list("why", flat=True))
    assert first.get(why="report").reports == 2
    assert first.get(is_revision=True).was_returned
    assert first.get(held_until__isnull=False).held_reason
    assert first.get(awaits_author=True)
    assert first.filter(entered_by__isnull=False).count() == 1
    assert waiting(SLUGS[1]).filter(campaign__isnull=False).count() == 4
    assert set(waiting(SLUGS[1], why="pending").values_list("language", flat=True)) >= {"ar", "en", "es", "ru", "zh"}
    assert Item.objects.filter(claimed_by__isnull=False).count() == 2
    assert Note.objects.count() >= 5


def test_a_machine_notices_a_number_and_an_address_links_and_another_language(demo, monkeypatch):
    monkeypatch.setattr(hints, "look_at_question", lambda *about: None)  # its model is slow to load
    for item in Item.objects.filter(why="pending"):
        make_suggestions.call(of=item.kind, version_id=item.version_id)
    found = Suggestion.objects.filter(version_id__in=Item.objects.values("version_id"))
    assert {"personal", "links", "language", "same"} <= set(found.values_list("what", flat=True))
    kinds = [{place[0] for place in each.details["places"]} for each in found.filter(what="personal")]
    assert {"mail", "telephone"} in kinds


def test_an_author_of_the_cast_is_asked_about_words_to_leave_out(demo, client):
    proposal = Redaction.objects.get()
    assert proposal.is_open
    assert "Issoufou" not in proposal.text
    client.post("/demo/", {"person": "p-moussa", "lang": "fr"})
    address = f"/fr/my/contributions/{proposal.object_id}/"
    assert address in client.get("/fr/my/").content.decode()
    assert f"{address}redaction/" in client.get(address).content.decode()
    assert "[…]" in client.get(f"{address}redaction/").content.decode()


def test_a_campaign_of_fourteen_stands_once_in_its_thread_and_a_small_one_waits(demo, client):
    campaigns = content(f"{SLUGS[1]}/campaigns")
    assert [len(each["people"]) for each in campaigns] == [14, 4]
    assert Campaign.objects.count() == 2
    first = Edition.objects.get(consultation__slug=SLUGS[1], title="Take the questions along", campaign_of=None)
    assert Edition.objects.filter(campaign_of=first.number, consultation=first.consultation).count() == 13
    html = client.get(f"/en/consultations/{SLUGS[1]}/threads/2/").content.decode()
    pages = html + client.get(f"/en/consultations/{SLUGS[1]}/threads/2/?order=newest").content.decode()
    assert pages.count("The van comes once a fortnight") in {1, 2}


def test_a_letter_and_what_was_said_at_meetings_were_entered_and_one_waits_for_a_second_person(demo):
    entered = Contribution.objects.exclude(channel="web")
    assert Counter(entered.values_list("channel", "state")) == {
        ("letter", "published"): 2,
        ("meeting", "published"): 1,
        ("meeting", "pending"): 1,
    }
    approved = Decision.objects.filter(object_id__in=entered.values("pk"), code="APPROVED")
    entered_by = dict(entered.values_list("pk", "entered_by"))
    assert all(each.moderator_id != entered_by[each.object_id] for each in approved)


def test_four_of_different_groups_signed_one_text(demo):
    signed = EditionSignatory.objects.select_related("byline", "edition__byline")
    assert len(signed) == 3
    groups = {each.byline.stakeholder_group for each in signed} | {signed[0].edition.byline.stakeholder_group}
    assert groups == {"civil_society", "government", "private_sector", "technical_academic"}


def test_a_draft_is_shared_and_has_two_remarks(demo):
    shared = Draft.objects.get(shares__isnull=False)
    assert shared.remarks.count() == 2
    assert not signatures_of(shared).all


def test_a_paper_goes_with_a_contribution_and_its_words_were_read(demo):
    paper = Paper.objects.get(name="six-crossings.docx")
    assert paper.extraction == "done"
    assert "a treaty on wheat" in paper.text
    assert Version.objects.get(paper=paper).state == "published"


def test_several_people_follow_and_the_postbox_stays_readable(demo):
    wanted = Follow.objects.exclude(pace="never").exclude(what="replies")
    assert wanted.values("person").distinct().count() >= 6
    assert len(postbox.names()) < 500
