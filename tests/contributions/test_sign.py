"""Several people sign one text: each confirms the very words, it counts once, under all their names."""

import datetime

import pytest
from django.test import Client

from plenara.contributions import actions
from plenara.contributions.models import Byline, Draft, EditionSignatory, Paper, Signatory, Tally
from plenara.contributions.personal_data import delete_expired
from plenara.contributions.queries.signatures import draft_digest, signatures_of, signed_digest, token_of
from plenara.core import clock
from plenara.core.refusals import ActionRefused, AlreadyDone, InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.moderation.actions import remove, restore
from tests import world

pytestmark = pytest.mark.django_db

LENA = {"name": "Lena Brandt", "stakeholder_group": "government", "capacity": "organization"}
LENA |= {"organization": "Ministry of Water", "country": "DE"}
SAMIR = {"name": "سمير حداد", "stakeholder_group": "civil_society", "capacity": "individual", "country": "LB"}


def drafted(person, thread, text=world.WORDS, **more):
    return actions.save_draft(actor=person, thread=thread, key="k", text=text, language="en", **more)


def asked(draft, *addresses, language="en"):
    return actions.ask_to_sign(
        actor=draft.person, draft=draft, addresses=list(addresses or ["lena@x.example"]), language=language
    )


def signed(draft, signatory, who=LENA):
    return actions.confirm(signatory=signatory, sha256=draft_digest(draft), **who)


@pytest.fixture
def draft(participant, thread):
    return drafted(participant, thread)


@pytest.fixture
def lena(draft):
    return asked(draft)[0]


@pytest.fixture
def stranger():
    return Client()


def page_of(signatory, language="en"):
    return f"/{language}/sign/{token_of(signatory)}/"


def test_each_who_is_asked_gets_one_email_in_their_language_with_a_link(draft, mailoutbox):
    first, second = asked(draft, "Lena@x.example", "samir@x.example", "lena@x.example", language="ar")
    assert asked(draft, "lena@x.example") == []
    run_all()
    assert sorted(email.to[0] for email in mailoutbox) == ["lena@x.example", "samir@x.example"]
    for email, signatory in zip(mailoutbox, (first, second), strict=True):
        assert page_of(signatory, "ar") in email.body
        assert "Daniel Okafor" in email.subject
        assert world.WORDS not in email.body, "nobody sends their own text to strangers through us"


def test_whether_an_address_has_an_account_makes_no_difference(draft, author, stranger, mailoutbox):
    known, unknown = asked(draft, author.email, "nobody@x.example")
    run_all()
    assert len(mailoutbox) == 2
    pages = [stranger.get(page_of(each)).content.decode().replace(token_of(each), "") for each in (known, unknown)]
    assert pages[0].count("<input") == pages[1].count("<input")
    assert author.name not in pages[0]


@pytest.mark.once
@pytest.mark.parametrize("wrong", ["lena", "lena@", "a b@x.example\nBcc: c@x.example", "<lena@x.example>"])
def test_what_is_no_address_is_refused_with_a_sentence(draft, sign_in, wrong):
    answer = sign_in(draft.person).post(f"/en/my/drafts/{draft.pk}/", {"ask": "", "addresses": wrong, "language": "en"})
    assert answer.status_code == 422
    assert answer.context["ask_form"]["addresses"].value() == wrong
    assert not Signatory.objects.exists()


def test_one_s_own_address_and_more_than_fifty_are_refused(draft):
    with pytest.raises(InvalidInput):
        asked(draft, draft.person.email.upper())
    with pytest.raises(InvalidInput):
        asked(draft, *(f"p{n}@x.example" for n in range(51)))
    asked(draft, *(f"p{n}@x.example" for n in range(50)))
    with pytest.raises(InvalidInput):
        asked(draft, "one-more@x.example")


def test_nobody_sends_more_than_sixty_an_hour_and_none_of_what_is_too_many(participant, thread, draft, noon):
    asked(draft, *(f"p{n}@x.example" for n in range(50)))
    other = actions.save_draft(actor=participant, thread=thread, key="other", text="Another text", language="en")
    with pytest.raises(ActionRefused):
        asked(other, *(f"q{n}@x.example" for n in range(11)))
    assert not other.signatories.exists()
    assert len(asked(other, *(f"q{n}@x.example" for n in range(10)))) == 10


def test_the_page_shows_the_very_text_and_takes_a_signature(stranger, draft, lena):
    page = stranger.get(page_of(lena))
    assert world.WORDS in page.content.decode()
    assert "noindex" in page["X-Robots-Tag"]
    answer = stranger.post(page_of(lena), {**LENA, "sha256": page.context["form"]["sha256"].value()}, follow=True)
    assert "You have signed this text" in answer.content.decode()
    assert signatures_of(draft).bylines[0].organization == "Ministry of Water"


@pytest.mark.once
@pytest.mark.parametrize("missing", ["name", "stakeholder_group", "capacity", "organization", "country"])
def test_a_signature_says_who_and_for_whom(stranger, draft, lena, missing):
    answer = stranger.post(page_of(lena), {**LENA, missing: "", "sha256": draft_digest(draft)})
    assert answer.status_code == 422
    assert missing in answer.context["form"].errors
    assert not signatures_of(draft).confirmed


@pytest.mark.once
@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "A\r\nBcc: x@y.example", "http://shop.example", "\u202eanel", "…", "x" * 121]
)
def test_a_hostile_name_is_refused_or_harmless(stranger, draft, lena, name):
    answer = stranger.post(page_of(lena), {**LENA, "name": name, "sha256": draft_digest(draft)}, follow=True)
    assert answer.status_code in {200, 422}
    assert "<script>alert" not in answer.content.decode()
    for byline in signatures_of(draft).bylines:
        assert "\n" not in byline.name
        assert "\u202e" not in byline.name


def test_words_that_change_while_somebody_reads_are_not_signed_unseen(stranger, participant, thread, draft, lena):
    read = draft_digest(draft)
    drafted(participant, thread, "Something quite different.")
    answer = stranger.post(page_of(lena), {**LENA, "sha256": read})
    assert answer.status_code == 409
    assert "Something quite different." in answer.content.decode()
    assert answer.context["form"]["name"].value() == "Lena Brandt"
    assert not Signatory.objects.get().confirmed_at
    again = stranger.post(page_of(lena), {**LENA, "sha256": answer.context["form"]["sha256"].value()})
    assert again.status_code == 302


@pytest.mark.parametrize("change", [{"text": "Other words."}, {"text": world.WORDS, "title": "A title"}])
def test_a_change_of_the_words_makes_a_signature_void_until_it_is_confirmed(
    participant, thread, draft, lena, change, mailoutbox
):
    signed(draft, lena)
    run_all()
    draft = drafted(participant, thread, **change)
    assert [each.pk for each in signatures_of(draft).outdated] == [lena.pk]
    assert actions.ask_again(actor=participant, draft=draft) == 1
    assert actions.ask_again(actor=participant, draft=draft) == 0, "one e-mail for the same words"
    run_all()
    assert len(mailoutbox) == 1, "who had signed before the first mail left did not get that one"
    assert "changed a text that you signed" in mailoutbox[-1].subject
    signed(draft, lena)
    assert signatures_of(draft).confirmed


def test_a_change_that_is_undone_leaves_the_signature_valid(participant, thread, draft, lena):
    signed(draft, lena)
    drafted(participant, thread, "Other words.")
    assert signatures_of(drafted(participant, thread, f"  {world.WORDS}\r\n")).confirmed


def test_a_person_who_declines_is_not_named_and_not_asked_again(stranger, draft, lena, mailoutbox):
    signed(draft, lena)
    stranger.post(page_of(lena), {"decline": ""})
    assert not Byline.objects.exists()
    assert [each.pk for each in signatures_of(draft).declined] == [lena.pk]
    run_all()
    assert actions.ask_again(actor=draft.person, draft=draft) == 0
    assert mailoutbox == []
    signed(draft, lena)
    assert signatures_of(draft).confirmed, "a mind may change"


def published_with(participant, thread, moderator, *people, draft=None):
    """Publish a text that these people have signed."""
    draft = draft or drafted(participant, thread)
    for number, who in enumerate(people):
        (one,) = asked(draft, f"signer{number}@x.example")
        signed(draft, one, who)
    return world.decided(world.submitted(participant, thread, key="k"), moderator).editions.get(in_force=True)


def test_a_signed_text_counts_once_and_names_all(participant, thread, moderator):
    edition = published_with(participant, thread, moderator, LENA, SAMIR)
    assert [each.name for each in edition.also_signed_by] == ["Lena Brandt", "سمير حداد"]
    assert sum(Tally.objects.values_list("count", flat=True)) == 1


def test_a_person_who_has_not_confirmed_these_very_words_is_left_out_after_a_warning(
    participant, thread, moderator, draft, lena, sign_in
):
    signed(draft, lena)
    asked(draft, "silent@x.example")
    client, path = sign_in(participant), "/en/contribute/internet-governance/1/"
    seal = client.get(path).context["form"]["seal"].value()
    preview = client.post(path, {"text": world.WORDS, "language": "en", "seal": seal, "preview": ""}).content.decode()
    assert "1 signatory has not confirmed this exact text" in preview
    assert "Lena Brandt" in preview
    changed = client.post(path, {"text": "Changed.", "language": "en", "seal": seal, "preview": ""}).content.decode()
    assert "2 signatories have not confirmed this exact text" in changed
    assert "Lena Brandt" not in changed
    client.post(path, {"text": world.WORDS, "language": "en", "seal": seal, "send": ""})
    assert [each.byline.name for each in Signatory.objects.select_related("byline")] == ["Lena Brandt"]
    assert not Draft.objects.exists()


def test_a_signatory_gets_one_email_about_publication_and_the_address_is_deleted(
    participant, thread, moderator, stranger, mailoutbox
):
    edition = published_with(participant, thread, moderator, LENA)
    run_all()
    emails = [email for email in mailoutbox if email.to == ["signer0@x.example"]]
    assert len(emails) == 1, "a person who has signed before the e-mail left is not asked any more"
    assert edition.symbol in emails[0].subject
    assert f"/c/{edition.contribution.public_id}" in emails[0].body
    signatory = Signatory.objects.get()
    assert signatory.address == ""
    assert edition.symbol in stranger.get(page_of(signatory)).content.decode()


def test_a_link_to_sign_ends_with_the_draft(participant, thread, moderator, draft, lena, stranger):
    actions.delete_draft(actor=participant, draft=draft)
    assert stranger.get(page_of(lena)).status_code == 410
    assert stranger.get("/en/sign/nonsense/").status_code == 404


def test_a_signature_cannot_be_changed_once_the_text_is_sent(participant, thread, draft, lena, stranger):
    signed(draft, lena)
    world.submitted(participant, thread, key="k")
    with pytest.raises(AlreadyDone):
        actions.decline(signatory=lena)
    with pytest.raises(NotPermitted):
        actions.drop_signatory(actor=participant, signatory=Signatory.objects.get())
    assert "has been submitted" in stranger.post(page_of(lena), {"decline": ""}).content.decode()


def test_the_moderator_sees_who_signed_before_anything_is_published(
    participant, thread, moderator, draft, lena, sign_in
):
    signed(draft, lena)
    pending = world.submitted(participant, thread, key="k")
    page = sign_in(moderator).get(f"/en/desk/moderation/contribution/{pending.pk}/").content.decode()
    assert "Lena Brandt" in page
    assert "lena@x.example" not in page


def test_a_returned_text_is_confirmed_again_by_the_person_who_signed_it(
    participant, thread, moderator, draft, lena, mailoutbox
):
    signed(draft, lena)
    returned = world.decided(
        world.submitted(participant, thread, key="k"), moderator, "RETURNED_FOR_REVISION", reason="R1"
    )
    run_all()
    again = actions.save_draft(
        actor=participant, thread=thread, key="again", text="Better words.", language="en", revises=returned
    )
    (carried,) = again.signatories.all()
    assert (carried.address, carried.confirmed_at) == ("lena@x.example", None)
    mailoutbox.clear()
    assert actions.ask_again(actor=participant, draft=again) == 1
    run_all()
    assert mailoutbox[0].to == ["lena@x.example"]
    signed(again, carried)
    actions.revise(actor=participant, contribution=returned, text="Better words.", language="en", key="again")
    edition = world.decided(returned, moderator).editions.get(in_force=True)
    assert [each.name for each in edition.also_signed_by] == ["Lena Brandt"]
    assert set(Signatory.objects.exclude(version=edition.version).values_list("address", flat=True)) == {""}


def test_a_revision_of_a_published_text_has_its_own_signatures(participant, thread, moderator):
    edition = published_with(participant, thread, moderator, LENA)
    actions.revise(actor=participant, contribution=edition.contribution, text="Later words.", language="en")
    later = world.decided(edition.contribution, moderator).editions.get(in_force=True)
    assert later.also_signed_by == []
    edition.refresh_from_db()
    assert [each.name for each in edition.also_signed_by] == ["Lena Brandt"]


def test_what_is_withdrawn_names_nobody_any_more(participant, thread, moderator, client):
    edition = published_with(participant, thread, moderator, LENA)
    actions.withdraw(actor=participant, contribution=edition.contribution)
    assert not EditionSignatory.objects.exists()
    assert set(Signatory.objects.values_list("address", flat=True)) == {""}
    page = client.get(f"/en/consultations/internet-governance/contributions/{edition.number}/")
    assert "Lena" not in page.content.decode()


def test_what_is_removed_and_restored_has_its_signatures_back(participant, thread, moderator):
    edition = published_with(participant, thread, moderator, LENA, SAMIR)
    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R3")
    assert not EditionSignatory.objects.exists()
    restore(actor=moderator, kind="contribution", pk=edition.contribution_id)
    edition.refresh_from_db()
    assert [each.name for each in edition.also_signed_by] == ["Lena Brandt", "سمير حداد"]


def test_addresses_of_rejected_texts_are_not_kept_for_ever(participant, thread, moderator, draft, lena, settings):
    signed(draft, lena)
    world.decided(world.submitted(participant, thread, key="k"), moderator, "REJECTED", reason="R1")
    assert delete_expired()["addresses"] == 0
    with clock.at(clock.now() + datetime.timedelta(days=settings.KEEP_DAYS["rejected"] + 1)):
        assert delete_expired()["addresses"] == 1


def test_an_old_draft_is_deleted_with_the_bylines_of_its_signatories(draft, lena, settings):
    signed(draft, lena)
    with clock.at(clock.now() + datetime.timedelta(days=settings.KEEP_DAYS["draft"] + 1)):
        assert delete_expired()["drafts"] == 1
    assert not Byline.objects.exists()


def test_only_the_author_asks_and_drops(author, draft, lena):
    with pytest.raises(NotPermitted):
        actions.ask_to_sign(actor=author, draft=draft, addresses=["x@x.example"], language="en")
    with pytest.raises(NotPermitted):
        actions.ask_again(actor=author, draft=draft)
    with pytest.raises(NotPermitted):
        actions.drop_signatory(actor=author, signatory=lena)


def test_the_draft_s_page_asks_shows_the_answers_and_drops(participant, draft, sign_in):
    client, path = sign_in(participant), f"/en/my/drafts/{draft.pk}/"
    page = client.post(
        path, {"ask": "", "addresses": "lena@x.example, samir@x.example", "language": "fr"}, follow=True
    ).content.decode()
    assert "We have asked 2 people by e-mail to sign the text." in page
    assert page.count("has not answered") == 2
    lena = Signatory.objects.get(address="lena@x.example")
    assert lena.language == "fr"
    client.post(path, {"drop": lena.pk})
    assert Signatory.objects.count() == 1


def test_words_that_were_signed_do_not_become_a_title_and_a_paper(db):
    paper = Paper(sha256="ab" * 32)
    parted = signed_digest(text="Our view.", title="Water", paper=paper)
    assert parted != signed_digest(text=f"Water\n\nOur view.\n\n{paper.sha256}")
    assert parted != signed_digest(text=f"Water\x00Our view.\x00{paper.sha256}")
