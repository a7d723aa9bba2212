"""Erasing an account: what goes, what stays, who may not yet, and two at once."""

import datetime
import json

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail

from plenara.accounts import actions
from plenara.accounts.models import Invitation, Person, Session
from plenara.accounts.personal_data import erasure
from plenara.consultations.actions import invite_to_role
from plenara.consultations.models import Consultation, Follow
from plenara.contributions.actions import revise, save_draft
from plenara.contributions.models import Byline, Contribution, Edition, Paper, Remark, Share, Signatory, Tally, Version
from plenara.contributions.queries.papers import file_of
from plenara.core import clock
from plenara.core.cache_tags import revision
from plenara.core.life_cycle import State
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import ActionRefused, InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.exports.actions import make
from plenara.moderation.actions import undo
from plenara.moderation.models import Appeal, Code, Decision, Item, Note, Preference, Redaction, Report, Suggestion
from plenara.operations.actions import backup
from tests import world
from tests.accounts.conftest import NAME, ORGANIZATION
from tests.summaries import making

pytestmark = pytest.mark.django_db

KEEP, TOMBSTONES = erasure.ErasureChoice.PARTICIPANT, erasure.ErasureChoice.TOMBSTONES


def erase(person, choice=KEEP):
    actions.erase(actor=Person.objects.get(pk=person.pk), choice=choice)
    run_all()


def everything():
    """Return every table as text, but the list's act and what the e-mail's task may hold."""
    return "\n".join(piece.decode() for model in backup.tables() for piece, _rows in backup.row_pieces(model))


@pytest.fixture
def full_life(leaver, author, moderator, rapporteur, organizer, consultation, thread):
    """Something of the leaver in every table, each with a word of its own that is to go."""
    published = world.published(leaver, moderator, thread, "Words that were published first.")
    second = world.decided(
        world.submitted(leaver, thread, "Vermilion words, never published."), moderator, Code.RETURNED, reason="R1",
        sentence="Marzipan sentence to you.",
    )  # fmt: skip
    rejected = world.decided(world.submitted(leaver, thread, "Turquoise words."), moderator, Code.REJECTED, reason="R3")
    pending = world.submitted(leaver, thread, "Magenta words that wait.", title="A sepia title")
    draft = save_draft(actor=leaver, thread=thread, key="a-draft", text="Ochre draft")
    share = Share.objects.create(draft=draft, token_digest="d" * 64, expires_at=clock.now())
    Remark.objects.create(draft=draft, share=share, name="A colleague", text="Indigo remark")
    cosigner = Byline.objects.create(name="Cosigning Colleague", stakeholder_group="other")
    Signatory.objects.create(
        draft=draft,
        address="colleague@people.example",
        token_digest="s" * 64,
        byline=cosigner,
        confirmed_at=clock.now(),
    )
    decision = Decision.objects.get(object_id=rejected.pk)
    Decision.objects.filter(pk=decision.pk).update(sentence="Saffron sentence.")
    appeal = Appeal.objects.create(decision=decision, person=leaver, text="Cobalt appeal", answer="")
    Item.objects.create(
        why="appeal", object_id=rejected.pk, version_id=decision.version_id, appeal=appeal, consultation=consultation,
        author=leaver,
    )  # fmt: skip
    Report.objects.create(
        consultation=consultation, object_id=published.contribution_id, reason="R1", text="Crimson report",
        person=leaver, verified_at=clock.now(),
    )  # fmt: skip
    Report.objects.create(
        consultation=consultation, object_id=published.contribution_id, reason="R1", text="Scarlet report",
        address=leaver.email, token_digest="r" * 64,
    )  # fmt: skip
    version = pending.versions.get()
    Redaction.objects.create(object_id=pending.pk, version_id=version.pk, text="Magenta words", sentence="Beige")
    Suggestion.objects.create(object_id=pending.pk, version_id=version.pk, what="personal", details={"words": "Lilac"})
    Note.objects.create(object_id=pending.pk, person=moderator, text="Amber note about the author")
    Follow.objects.get_or_create(person=leaver, what="replies")
    Preference.objects.create(person=leaver)
    Authenticator.objects.create(user=leaver, type="recovery_codes", data={"seed": "x"})
    world.grant(leaver, consultation, "moderator")
    actions.invite(actor=leaver, address="friend@people.example", purpose={"kind": "consultation_role"}, language="en")
    invite_to_role(actor=organizer, consultation=consultation, address=leaver.email, name="rapporteur")
    summary = making.summary(rapporteur, consultation)
    paragraph = making.statement(rapporteur, summary.document)
    making.cited(rapporteur, paragraph, published, "Words that were published first.")
    making.statement(rapporteur, summary.document, "Nothing was contributed to question 2.", kind="frame")
    making.published(rapporteur, organizer, summary)
    return {"published": published, "second": second, "rejected": rejected, "pending": pending, "appeal": appeal}


GOES = [
    NAME, ORGANIZATION, "Vermilion", "Marzipan", "Turquoise", "Magenta", "sepia", "Ochre", "Indigo", "Cosigning",
    "colleague@people.example", "Saffron", "Cobalt", "Crimson", "Scarlet", "Beige", "Lilac", "Amber",
    "friend@people.example",
]  # fmt: skip


@pytest.mark.parametrize("choice", [KEEP, TOMBSTONES])
def test_nothing_of_the_person_is_left_in_any_table(leaver, full_life, choice):
    before = everything()
    assert [word for word in [*GOES, leaver.email] if word not in before] == []
    erase(leaver, choice)
    after = everything()
    assert [word for word in [*GOES, leaver.email] if word in after] == []
    assert not Person.objects.filter(pk=leaver.pk).exists()
    assert not Session.objects.exists()
    assert ("Words that were published first." in after) == (choice == KEEP)


def test_published_texts_stay_under_a_participant(client, leaver, full_life, consultation):
    edition = full_life["published"]
    before = revision(consultation.cache_tag)
    erase(leaver)
    edition.refresh_from_db()
    byline = edition.byline
    assert (edition.status, edition.text.content) == ("published", "Words that were published first.")
    assert (byline.name, byline.organization, byline.withheld) == ("", "", False)
    assert (byline.stakeholder_group, byline.capacity, byline.country) == ("civil_society", "organization", "ML")
    assert byline.erased_at is not None
    assert revision(consultation.cache_tag) > before
    assert Tally.objects.get(thread=edition.thread).count == 1
    base = "/en/consultations/internet-governance/"
    for path in (f"{base}contributions/1/", f"{base}threads/1/", f"{base}summaries/1/summary.txt", f"{base}feed.atom"):
        page = b"".join(client.get(path)).decode()
        assert "A participant" in page, path
        assert NAME not in page, path
        assert ORGANIZATION not in page, path
        assert "(not verified)" not in page, path


def test_a_feed_has_the_entry_again_however_old_it_is(client, leaver, author, moderator, thread, monkeypatch):
    monkeypatch.setattr("plenara.exports.presenters.feeds.BLOCK", 2)
    long_ago = clock.now() - datetime.timedelta(days=300)
    with clock.at(long_ago):
        world.published(leaver, moderator, world_opened(thread, long_ago), "Old words.")
    for number in range(5):
        world.published(author, moderator, thread, f"Newer words {number}.")
    feed = "/en/consultations/internet-governance/feed.atom"
    assert "Old words." not in b"".join(client.get(feed)).decode()
    erase(leaver)
    content = b"".join(client.get(feed)).decode()
    assert "Old words." in content
    assert NAME not in content
    assert content.index("Old words.") < content.index("Newer words 4.")


def world_opened(thread, at):
    """Let a thread's consultation have been open since then."""
    Consultation.objects.filter(pk=thread.consultation_id).update(opens_at=at - datetime.timedelta(days=1))
    return type(thread).objects.select_related("consultation").get(pk=thread.pk)


def test_published_texts_become_tombstones_where_the_person_wants_that(client, leaver, full_life, consultation):
    edition = full_life["published"]
    erase(leaver, TOMBSTONES)
    edition.refresh_from_db()
    assert (edition.status, edition.gone_reason, edition.text, edition.byline) == ("withdrawn", "ERASED", None, None)
    assert Contribution.objects.get(pk=edition.contribution_id).state == State.WITHDRAWN
    assert set(Tally.objects.values_list("count", flat=True)) == {0}
    answer = client.get(f"/c/{edition.contribution.public_id}")
    assert answer.status_code == 410
    page = client.get("/en/consultations/internet-governance/contributions/1/")
    assert (page.status_code, "withdrawn by its author" in page.content.decode()) == (410, True)
    # Words that a summary quoted are gone with it; the summary's own stay.
    summary = client.get("/en/consultations/internet-governance/summaries/1/").content.decode()
    assert "Words that were published first" not in summary


def test_the_record_of_an_archived_consultation_stays_whatever_is_chosen(leaver, moderator, thread, elsewhere):
    bound = world.published(leaver, moderator, thread, "In the archive.")
    other = world.grant(moderator, elsewhere, "moderator")
    free = world.published(leaver, other, elsewhere.threads.get(number=1), "Elsewhere.")
    Consultation.objects.filter(pk=thread.consultation_id).update(stage="archived", archived_at=clock.now())
    assert erasure.published_by(leaver) == erasure.PublishedTexts(free=1, bound=1)
    erase(leaver, TOMBSTONES)
    bound.refresh_from_db()
    free.refresh_from_db()
    assert (bound.status, bound.byline.name, free.status) == ("published", "", "withdrawn")


def test_earlier_published_versions_lose_the_name_and_a_revision_that_waits_goes(leaver, moderator, thread):
    edition = world.published(leaver, moderator, thread, "First.")
    revise(actor=leaver, contribution=edition.contribution, text="Second.", language="en")
    world.decided(edition.contribution, moderator)
    revise(actor=leaver, contribution=edition.contribution, text="Third, which waits.", language="en")
    erase(leaver)
    versions = list(Version.objects.select_related("text", "byline").order_by("number"))
    assert [each.text.content for each in versions] == ["First.", "Second.", ""]
    assert [each.state for each in versions] == ["published", "published", "withdrawn"]
    assert {each.byline.name for each in versions} == {""}
    assert Edition.objects.filter(contribution=edition.contribution, status="published").count() == 2
    assert not Item.objects.exists()


def test_what_a_moderator_removed_cannot_be_restored_afterwards(leaver, moderator, thread):
    from plenara.moderation.actions import remove, restore

    edition = world.published(leaver, moderator, thread)
    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R3")
    erase(leaver)
    edition.refresh_from_db()
    assert edition.status == "removed"
    with pytest.raises(ActionRefused):
        restore(actor=moderator, kind="contribution", pk=edition.contribution_id)


def test_a_decision_is_not_undone_into_a_text_that_is_gone(leaver, moderator, thread):
    rejected = world.decided(world.submitted(leaver, thread), moderator, Code.REJECTED, reason="R3")
    actions.erase(actor=leaver, choice=KEEP)
    with pytest.raises(ActionRefused):
        undo(actor=moderator, decision=Decision.objects.get(object_id=rejected.pk))
    assert not Item.objects.exists()


def test_a_name_under_what_was_written_and_approved_goes(rapporteur, organizer, consultation, edition):
    from plenara.documents.models import Signature

    summary = making.summary(rapporteur, consultation)
    making.statement_of(rapporteur, summary, edition)
    making.statement(rapporteur, summary.document, "Nothing was contributed to question 2.", kind="frame")
    making.published(rapporteur, organizer, summary)
    erase(rapporteur)
    assert set(Signature.objects.values_list("part", "name")) == {("wrote", ""), ("approved", "Wei Zhang")}


def test_a_text_of_another_that_was_signed_loses_the_name(leaver, author, moderator, thread):
    contribution = world.submitted(author, thread)
    byline = Byline.objects.create(name=NAME, organization=ORGANIZATION, stakeholder_group="other")
    Signatory.objects.create(
        version=contribution.versions.get(), address=leaver.email, token_digest="s" * 64, byline=byline,
        confirmed_at=clock.now(),
    )  # fmt: skip
    world.decided(contribution, moderator)
    erase(leaver)
    byline.refresh_from_db()
    assert (byline.name, byline.organization, byline.stakeholder_group) == ("", "", "other")
    assert Signatory.objects.get().address == ""
    assert Edition.objects.get().byline.name == "Aminata Diallo"


def paper(name, data=b"A paper."):
    from hashlib import sha256

    made = Paper.objects.create(sha256=sha256(data).hexdigest(), name=name, size=len(data), media_type="text/plain")
    file_of(made).parent.mkdir(parents=True, exist_ok=True)
    file_of(made).write_bytes(data)
    return made


def test_a_paper_goes_with_its_file_unless_somebody_else_has_it_too(
    leaver, author, moderator, thread, settings, tmp_path
):
    settings.DOCUMENTS = tmp_path
    own, shared = paper("own.txt"), paper("shared.txt", b"Shared.")
    one, two, theirs = (world.published(each, moderator, thread, text) for each, text in
                        ((leaver, "One."), (leaver, "Two."), (author, "Three.")))  # fmt: skip
    for edition, attached in ((one, own), (two, shared), (theirs, shared)):
        Edition.objects.filter(pk=edition.pk).update(paper=attached)
        Version.objects.filter(pk=edition.version_id).update(paper=attached)
    files = file_of(own), file_of(shared)
    erase(leaver, TOMBSTONES)
    assert [file.exists() for file in files] == [False, True]
    assert list(Paper.objects.all()) == [shared]


def test_others_lose_nothing(leaver, author, moderator, thread, full_life):
    reply = world.published(author, moderator, thread, "I answer.", in_reply_to=full_life["published"].contribution)
    world.decided(world.submitted(author, thread, "Another."), leaver)
    erase(leaver, TOMBSTONES)
    reply.refresh_from_db()
    assert (reply.text.content, reply.byline.name) == ("I answer.", "Aminata Diallo")
    assert reply.contribution.author == author
    assert Decision.objects.filter(moderator=None, code="APPROVED").count() == 1


def test_an_invitation_that_was_sent_is_over_and_one_that_was_accepted_stays(
    organizer, other_organizer, consultation, participant
):
    invite_to_role(
        actor=organizer, consultation=consultation, address=participant.email, person_name="Dan", name="moderator"
    )
    token = BackgroundTask.objects.get(task="accounts.send_invitation").arguments["token"]
    erase(organizer)
    assert Invitation.objects.get().name == ""
    with pytest.raises(InvalidInput):
        actions.accept_invitation(actor=participant, token=token)
    invitation = Invitation.objects.get()
    assert (invitation.invited_by, invitation.address, invitation.is_pending) == (None, "", False)


@pytest.fixture
def other_organizer(consultation):
    return world.grant(world.person("Olga", is_organizer=True), consultation, "organizer")


def test_the_last_organizer_of_the_site_or_of_a_consultation_finds_another_one_first(organizer, consultation):
    with pytest.raises(NotPermitted, match="last organizer of this site"):
        erase(organizer)
    world.person("Olga", is_organizer=True)
    with pytest.raises(NotPermitted, match="last organizer of the consultation “Governing the Internet"):
        erase(organizer)
    world.grant(world.person("Omar"), consultation, "organizer")
    erase(organizer)
    assert not Person.objects.filter(pk=organizer.pk).exists()


def test_who_is_suspended_may_leave(leaver):
    leaver.suspended_at = clock.now()
    leaver.save()
    erase(leaver)
    assert not Person.objects.filter(pk=leaver.pk).exists()


def test_one_audit_entry_is_written_and_one_last_email_is_sent(leaver):
    number, address = leaver.pk, leaver.email
    erase(leaver)
    act = AuditEntry.objects.get(verb="person.erased")
    assert (act.actor_id, act.about_id, act.details["choice"]) == (number, str(number), "participant")
    assert [letter.to for letter in mail.outbox] == [[address]]
    assert mail.outbox[0].subject
    assert NAME not in mail.outbox[0].body
    assert BackgroundTask.objects.filter(task="accounts.letter").values_list("arguments", flat=True)[0] == {}


def test_an_e_mail_that_cannot_be_sent_keeps_the_address_for_a_week_at_most(noon, leaver, settings):
    settings.MAILERS = {}
    erase(leaver)
    assert leaver.email in json.dumps(list(BackgroundTask.objects.values_list("arguments", flat=True)))
    with clock.at(noon + datetime.timedelta(days=8)):
        run_all()
    assert leaver.email not in everything()


def test_e_mails_about_signing_in_that_wait_are_not_sent_any_more(client, leaver):
    client.post("/en/account/login/code/", {"email": leaver.email})
    erase(leaver)
    assert len(mail.outbox) == 1


def test_a_download_made_afterwards_holds_no_name(leaver, full_life, consultation):
    erase(leaver)
    made = make(consultation)
    from zipfile import ZipFile

    with ZipFile(made.path("bagit.zip")) as bag:
        whole = "".join(bag.read(name).decode(errors="replace") for name in bag.namelist())
    assert NAME not in whole
    assert ORGANIZATION not in whole
    with ZipFile(made.path("bundle.zip")) as bundle:
        text = "".join(bundle.read(name).decode(errors="replace") for name in bundle.namelist())
        row = json.loads(bundle.read("contributions.jsonl").splitlines()[0])
    assert NAME not in text
    assert ORGANIZATION not in text
    assert row["author"] == {
        "withheld": True, "stakeholder_group": "civil_society", "capacity": "organization", "country": "ML",
    }  # fmt: skip
    assert "A participant" not in text


def test_a_choice_that_is_none_is_refused_and_nothing_is_written(leaver):
    with pytest.raises(InvalidInput):
        actions.erase(actor=leaver, choice="everything")
    assert Person.objects.filter(pk=leaver.pk).exists()
    assert not BackgroundTask.objects.exists()


def test_a_failure_in_the_middle_leaves_everything_as_it_was(leaver, full_life, monkeypatch):
    before = everything()

    def fails(_erasure):
        raise RuntimeError

    monkeypatch.setattr(erasure, "_erasers", [*erasure._erasers, fails])
    fails.__module__ = "plenara.operations.nowhere"
    with pytest.raises(RuntimeError):
        actions.erase(actor=leaver, choice=TOMBSTONES)
    assert everything() == before
