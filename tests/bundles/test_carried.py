"""What a consultation's pages say of its own past goes along: moved closings, earlier words, verified organizations."""

import datetime
import json

import pytest

from plenara.consultations import actions
from plenara.consultations.models import Consultation
from plenara.contributions.actions import revise
from plenara.contributions.models import Contribution, Dispute, Edition
from plenara.core import clock
from plenara.moderation.actions import remove
from plenara.moderation.models import Code, Report, Suggestion
from tests import world
from tests.bundles.bundles import consultation as about
from tests.bundles.bundles import contents, lines, row, write
from tests.bundles.test_outcomes import SUMMARY
from tests.directory import making
from tests.directory.test_represent import named

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere_of(write_out, bring_in):
    """A function that exports a consultation, forgets it and imports it; the second export has the same bytes."""

    def ask(consultation):
        first = write_out(consultation)
        Edition.objects.all().delete()
        Contribution.objects.all().delete()
        Consultation.objects.all().delete()
        found = bring_in(first)
        assert contents(write_out(found)) == contents(first)
        return found, json.loads((first / "consultation.json").read_text())

    return ask


def test_moved_closings_are_carried_with_their_reasons(organizer, consultation, elsewhere_of, client):
    before = consultation.closes_at
    until = clock.now() + datetime.timedelta(days=40)
    actions.extend(actor=organizer, consultation=consultation, closes_at=until, reason={"en": "Two *holidays*."})
    actions.close_early(
        actor=organizer, consultation=consultation, reason={"en": "All is said.", "fr": "Tout est dit."}
    )
    page = client.get(f"/fr/consultations/{consultation.slug}/").content.decode()
    assert "Tout est dit." in page
    found, row = elsewhere_of(consultation)
    first, second = found.extensions.all()
    assert (first.closed_at, first.closes_at, first.reason) == (before, until, {"en": "Two *holidays*."})
    assert second.is_early_closing and second.reason["fr"] == "Tout est dit."
    assert [sorted(each) for each in row["extensions"]] == [["at", "closed_at", "closes_at", "reason"]] * 2
    notices = [part.split("</div></div>")[0] for part in page.split('<div class="notice note">')[1:]]
    again = client.get(f"/fr/consultations/{consultation.slug}/").content.decode()
    assert len(notices) == 2 and all(each in again for each in notices)


def test_earlier_words_of_a_question_are_carried(organizer, consultation, thread, elsewhere_of, client):
    was = thread.question["en"]
    question = {**thread.question, "en": "Other words?"}
    actions.edit_thread(
        actor=organizer, thread=thread, question=question, guidance=thread.guidance, confirmed=True
    )  # fmt: skip
    found, row = elsewhere_of(consultation)
    assert row["threads"][0]["rewordings"][0]["earlier"] == was
    assert was in client.get(f"/en/consultations/{found.slug}/threads/1/").content.decode()


def test_what_a_verified_organization_signed_is_verified_elsewhere_without_a_mark_of_that_site(
    author, moderator, thread, consultation, elsewhere_of, client
):
    owner = world.person("Moussa Keita")
    organization = making.verified(owner, making.curator("Keeper"))
    world.published(world.person("Alone", capacity="organization", organization="Nobody"), moderator, thread)
    named(owner, organization, author)
    edition = world.published(author, moderator, thread)
    path = f"/en/consultations/{consultation.slug}/contributions/{edition.number}/"
    assert "verified by the moderators of the directory" in client.get(path).content.decode()
    elsewhere_of(consultation)
    page = client.get(path).content.decode()
    assert ", verified" in page and "not verified" not in page and "verified by" not in page
    other = client.get(path.replace(f"/{edition.number}/", "/1/")).content.decode()
    assert "(not verified)" in other


def test_moved_closings_come_in_the_order_of_their_announcement(tmp_path, bring_in):
    dates = {"closed_at": "2026-03-01T00:00:00Z", "closes_at": "2026-04-01T00:00:00Z"}
    moved = [{"at": f"2026-02-0{day}T00:00:00Z", **dates} for day in (3, 1)]
    found = bring_in(write(tmp_path / "in", about=about(extensions=moved)))
    assert [each.at.day for each in found.extensions.all()] == [1, 3]


@pytest.mark.once
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"extensions": [{"at": "2026-02-01T00:00:00Z"}]}, "extensions[0].closed_at: is missing"),
        ({"extensions": [{"by": "me"}]}, "extensions[0].by: is not a key of this format"),
        ({"extensions": [{"reason": {"xx": "y"}}]}, "extensions[0].reason.xx: is not one of the languages"),
        ({"rewordings": [{"language": "de"}]}, "threads[0].rewordings[0].language: is"),
        ({"rewordings": [{"language": "en"}]}, "threads[0].rewordings[0].earlier: is missing"),
    ],
)
def test_what_is_wrong_in_them_is_named(wrong, message, tmp_path, errors_of):
    whole = about(**({} if "rewordings" in wrong else wrong))
    if "rewordings" in wrong:
        whole["threads"][0] |= wrong
    assert any(message in error for error in errors_of(write(tmp_path / "in", row("a1"), about=whole)))


def test_every_edition_says_when_it_was_submitted(tmp_path, bring_in, write_out):
    earlier = {"number": 0, "text": "Before.", "language": "en", "submitted_at": "2026-01-01T00:00:00Z"}
    in_force = {"number": 1, "text": "After.", "language": "en"}
    rows = [row("a1", text="After.", submitted_at="2026-02-01T00:00:00Z", revisions=[earlier, in_force])]
    out = write_out(bring_in(write(tmp_path / "in", *rows)))
    assert [each.submitted_at.month for each in Edition.objects.order_by("revision")] == [1, 2]
    (exported,) = [json.loads(line) for line in (out / "contributions.jsonl").read_text().splitlines()]
    assert [each.get("submitted_at") for each in exported["revisions"]] == ["2026-01-01T00:00:00Z", None]


def test_an_import_promises_nothing_of_what_waited_elsewhere(tmp_path, bring_in, client):
    dates = {"opens_at": "2026-10-01T00:00:00Z", "closes_at": "2026-10-30T00:00:00Z"}
    found = bring_in(write(tmp_path / "in", about=about(state="open", **dates)))
    page = client.get(f"/en/consultations/{found.slug}/").content.decode()
    assert "Anyone can contribute and reply." in page and "working day" not in page


def test_a_document_keeps_the_name_that_its_author_gave_it(tmp_path, bring_in, write_out, client):
    named = {"document": "documents/a1.txt", "document_name": "Our position (final).txt"}
    other = row("a2", document="documents/a1.txt")
    path = write(tmp_path / "in", row("a1", **named), other, documents__a1_txt="Words.")
    found = bring_in(path)
    papers = Edition.objects.filter(consultation=found).order_by("number").values_list("paper__name", flat=True)
    assert list(papers) == ["Our position (final).txt", "a1.txt"]
    exported = [json.loads(line) for line in contents(write_out(found))["contributions.jsonl"].splitlines()]
    assert [each.get("document_name") for each in exported] == ["Our position (final).txt", None]
    answer = client.get(f"/en/consultations/{found.slug}/contributions/1/document.txt")
    assert 'filename="Our position (final).txt"' in answer["Content-Disposition"]


def test_what_a_secretariat_entered_is_said_elsewhere_and_nobody_there_answers_for_it(
    author, moderator, thread, consultation, elsewhere_of, client
):
    edition = world.published(author, moderator, thread)
    Contribution.objects.update(channel="letter")
    Edition.objects.update(channel="letter")
    path = f"/en/consultations/{consultation.slug}/contributions/{edition.number}/"
    assert "entered by the secretariat" in client.get(path).content.decode()
    elsewhere_of(consultation)
    assert "entered by the secretariat" in client.get(path).content.decode()
    assert not Contribution.objects.get().is_entered


def test_that_something_does_not_speak_for_an_organization_is_said_elsewhere(
    author, moderator, thread, consultation, elsewhere_of, client
):
    owner = world.person("Moussa Keita")
    organization = making.verified(owner, making.curator("Keeper"))
    named(owner, organization, author)
    edition = world.published(author, moderator, thread)
    Dispute.objects.create(edition=edition, organization=organization, status=Dispute.Status.UPHELD)
    path = f"/en/consultations/{consultation.slug}/contributions/{edition.number}/"
    said = "A moderator found that this contribution does not speak for the organization"
    assert said in client.get(path).content.decode()
    Dispute.objects.create(edition=edition, organization=organization)  # one that waits is of this site
    found, _row = elsewhere_of(consultation)
    assert said in client.get(path).content.decode()
    assert not Dispute.objects.exists() and Edition.objects.get(consultation=found).byline.is_disowned


REGISTER = "/en/consultations/{}/decisions/data.json"


def register_of(client, consultation):
    answer = client.get(REGISTER.format(consultation.slug))
    return json.loads(b"".join(answer.streaming_content))["decisions"]


def test_the_register_says_elsewhere_who_noticed_it_and_which_version_was_read(
    author, moderator, thread, consultation, elsewhere_of, client
):
    edition = world.published(author, moderator, thread)
    revise(actor=author, contribution=edition.contribution, text="Other words. " + world.WORDS, language="en")
    world.decided(edition.contribution, moderator)
    refused = world.decided(world.submitted(author, thread, "My neighbour."), moderator, Code.REJECTED, reason="R7")
    before = clock.now() - datetime.timedelta(days=1)
    version = refused.versions.get()
    Suggestion.objects.create(object_id=refused.pk, version_id=version.pk, what="personal", at=before)
    other = world.published(author, moderator, thread, "Removed later.")
    Report.objects.create(consultation=consultation, object_id=other.contribution_id, reason="R7", verified_at=before)
    remove(actor=moderator, kind="contribution", pk=other.contribution_id, reason="R7")
    register = register_of(client, consultation)
    assert [each["automated_detection"] for each in register] == ["No", "No", "Yes", "No", "No"]
    assert register[1]["symbol"].endswith("/Rev.1") and register[-1]["source_type"] == "SOURCE_TYPE_OTHER_NOTIFICATION"
    found, _row = elsewhere_of(consultation)
    assert register_of(client, found) == register


CORRECTION = {
    "number": 1, "status": "published", "asked_at": "2026-04-02T00:00:00Z", "text": "No.", "language": "en",
    "author": {"withheld": True, "stakeholder_group": "government"},
}  # fmt: skip
ON_REQUEST = {
    "number": 1, "at": "2026-04-02T00:00:00Z", "code": "APPROVED", "role": "moderator", "kind": "correction",
    "request": {"summary": 1, "number": 1},
}  # fmt: skip


def test_the_register_leads_elsewhere_to_the_request_for_correction_that_was_read(
    tmp_path, bring_in, write_out, client
):
    summary = SUMMARY | {"corrections": [CORRECTION]}
    path = write(tmp_path / "in", row("a1"), summaries_jsonl=lines(summary), decisions_jsonl=lines(ON_REQUEST))
    found = bring_in(path)
    page = client.get(f"/en/consultations/{found.slug}/decisions/").content.decode()
    assert 'corrections/#r1"' in page
    assert json.loads(contents(write_out(found))["decisions.jsonl"]) == ON_REQUEST


@pytest.mark.once
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"revision": 1}, "decisions.jsonl, line 1, revision: is 1, but its contribution has no such revision"),
        ({"revision": 0, "contribution": None}, "line 1, revision: is 0, but its contribution has no such revision"),
        ({"request": {"summary": 1, "number": 1}}, "request: belongs only in a decision on a request"),
        ({"noticed": "yes"}, 'line 1, noticed: is "yes"; it must be true or false'),
        (ON_REQUEST | {"contribution": None}, "line 1, request: is request 1 for correction of summary 1, but"),
        (ON_REQUEST | {"request": {"summary": 1}, "contribution": None}, "line 1, request.number: is missing"),
    ],
)
def test_what_is_wrong_in_a_decision_is_named(wrong, message, tmp_path, errors_of):
    decision = {"number": 1, "code": "APPROVED", "role": "moderator", "contribution": "a1"} | wrong
    decision = {key: value for key, value in decision.items() if value is not None}
    (error,) = errors_of(write(tmp_path / "in", row("a1"), decisions_jsonl=lines(decision)))
    assert message in error


@pytest.mark.once
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"document_name": "x.txt"}, "document_name: names a document, but there is no key document"),
        ({"disowned": True}, "disowned: belongs only on a row whose author represents an organization"),
        ({"entered": "yes"}, 'entered: is "yes"; it must be true or false'),
    ],
)
def test_what_is_wrong_in_a_contribution_is_named(wrong, message, tmp_path, errors_of):
    (error,) = errors_of(write(tmp_path / "in", row("a1", **wrong)))
    assert error == f"contributions.jsonl, line 1, {message}"
