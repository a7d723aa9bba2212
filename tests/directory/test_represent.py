"""The representatives of a verified organization, and the marks on their contributions."""

import csv
import datetime
import gzip
import json
import quopri

import pytest

from plenara.accounts.actions import accept_invitation
from plenara.accounts.models import Invitation
from plenara.contributions.actions import save_draft, share
from plenara.contributions.models import Dispute, Edition, OrganizationMark
from plenara.contributions.organizations.queries import is_marked, is_verified
from plenara.contributions.queries.signatures import token_of
from plenara.core import clock, tasks
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.core.text import digest
from plenara.directory import actions
from plenara.documents.presenters.paper import byline_in_words, byline_of, entry_of
from tests import world
from tests.directory import making
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def owner(db):
    return world.person("Moussa Keita")


@pytest.fixture
@made_once
def curator(db):
    return making.curator("Keeper")


@pytest.fixture
@made_once
def organization(owner, curator):
    return making.verified(owner, curator)


def named(owner, organization, person):
    """Make a person a representative of an organization."""
    invitation = actions.name_representative(actor=owner, organization=organization, address=person.email)
    Invitation.objects.filter(pk=invitation.pk).update(token_digest=digest(f"t{invitation.pk}"))
    accept_invitation(actor=person, token=f"t{invitation.pk}")
    return organization.representatives.get(person=person, until=None)


def test_what_a_representative_says_in_its_name_is_marked_when_it_is_published(
    owner, organization, author, moderator, thread
):
    named(owner, organization, author)
    edition = world.published(author, moderator, thread)
    mark = OrganizationMark.objects.get()
    assert (mark.edition, mark.organization, mark.verification.method) == (edition, organization, "secretariat")
    edition.byline.refresh_from_db()
    assert edition.byline.organization_verified is None  # never rewritten


@pytest.mark.parametrize(
    "written", ["RSN", "réseau sahel numerique", "Sahel Digital Network (RSN)", "RESEAU SAHEL NUMÉRIQUE"]
)
def test_any_of_its_names_counts(owner, organization, moderator, thread, written):
    speaker = world.person("Speaker", capacity="organization", organization=written)
    named(owner, organization, speaker)
    world.published(speaker, moderator, thread)
    assert OrganizationMark.objects.count() == 1


def test_other_names_other_people_and_other_capacities_do_not(owner, organization, author, moderator, thread):
    private = world.person("Private", capacity="individual")
    elsewhere = world.person("Elsewhere", capacity="organization", organization="Réseau Savane Numérique")
    for each in (private, elsewhere):
        named(owner, organization, each)
        world.published(each, moderator, thread, text=f"As {each.name}.")
    world.published(author, moderator, thread)  # names it, and represents nobody
    assert not OrganizationMark.objects.exists()


def test_what_was_published_since_then_is_marked_afterwards_and_what_was_before_is_not(
    owner, organization, curator, author, moderator, thread
):
    world.published(author, moderator, thread, text="Before.")
    with clock.at(clock.now() + datetime.timedelta(hours=1)):
        actions.end_verification(actor=curator, organization=organization)
        with pytest.raises(NotPermitted, match="Verify"):
            actions.name_representative(actor=owner, organization=organization, address=author.email)
        actions.verify(actor=curator, organization=organization, note="Again.")
        named(owner, organization, author)
        actions.end_verification(actor=curator, organization=organization)
        after = world.published(author, moderator, thread, text="After, while it was not verified.")
        assert not OrganizationMark.objects.exists()
        actions.verify(actor=curator, organization=organization, note="Once more, by letter.")
        tasks.run_all()
        tasks.run_all()
    assert [each.edition for each in OrganizationMark.objects.all()] == [after]


def test_the_mark_stays_when_the_representation_ends_and_nothing_new_is_marked(
    owner, organization, author, moderator, thread
):
    speaking = named(owner, organization, author)
    world.published(author, moderator, thread)
    actions.end_representation(actor=author, representative=speaking)
    actions.end_representation(actor=author, representative=speaking)
    world.published(author, moderator, thread, text="Later.")
    assert OrganizationMark.objects.count() == 1


def test_readers_see_method_and_date_beside_the_byline(
    owner, organization, author, moderator, thread, client, django_assert_num_queries
):
    named(owner, organization, author)
    edition = world.published(author, moderator, thread)
    for path in (f"threads/{thread.number}/", f"contributions/{edition.number}/"):
        page = client.get(f"/en/consultations/{edition.consultation.slug}/{path}").content.decode()
        assert "verified by the moderators of the directory" in page
        assert f"/en/organizations/{organization.number}/" in page
        assert "(not verified)" not in page


def test_its_author_and_its_moderators_read_the_same_mark_as_everybody(
    owner, organization, author, moderator, thread, sign_in
):
    named(owner, organization, author)
    edition = world.published(author, moderator, thread)
    own, desk = f"/en/my/contributions/{edition.contribution_id}/", f"internet-governance/{edition.number}/"
    for person, page in ((author, own), (moderator, f"/en/desk/moderation/published/{desk}")):
        page = sign_in(person).get(page).content.decode()
        assert "verified by the moderators of the directory," in page and "(not verified)" not in page


def test_before_it_is_published_its_author_and_others_read_the_mark_that_it_will_have(
    owner, organization, author, moderator, thread, sign_in, client
):
    named(owner, organization, author)
    draft = save_draft(actor=author, thread=thread, key="k", text="Let the masts be shared.", language="en")
    shared = f"/en/shared/{token_of(share(actor=author, draft=draft, days=7))}/"
    pending = world.submitted(author, thread, "It waits for a moderator.")
    writer, write = sign_in(author), f"/en/contribute/internet-governance/{thread.number}/"
    pages = {
        "draft": writer.get(f"/en/my/drafts/{draft.pk}/"),
        "preview": writer.post(write, {"text": "Let the masts be shared.", "language": "en", "preview": ""}),
        "receipt": writer.get(f"/en/my/contributions/{pending.pk}/"),
        "shared": client.get(shared),
        "desk": sign_in(moderator).get(f"/en/desk/moderation/contribution/{pending.pk}/?read=1"),
    }
    for name, page in pages.items():
        content = page.content.decode()
        assert "verified by the moderators of the directory," in content and "(not verified)" not in content, name
    # The organization has not named this person.
    draft.person = world.person("Speaker", capacity="organization", organization="RSN")
    draft.save()
    assert "(not verified)" in client.get(shared).content.decode()


def test_the_pages_that_report_and_gather_read_the_same_mark(owner, organization, author, moderator, thread, client):
    named(owner, organization, author)
    edition = world.published(author, moderator, thread)
    for path in (f"contributions/{edition.number}/report/", "summaries/since/"):
        page = client.get(f"/en/consultations/{edition.consultation.slug}/{path}").content.decode()
        assert "verified by the moderators of the directory," in page and "(not verified)" not in page, path


@pytest.mark.once
def test_one_query_is_enough_for_a_whole_page(
    owner, organization, author, moderator, thread, django_assert_num_queries
):
    from plenara.contributions.models import Edition
    from plenara.contributions.organizations.queries import attach_byline_statuses

    named(owner, organization, author)
    for number in range(4):
        world.published(author, moderator, thread, text=f"Number {number}.")
    editions = list(Edition.objects.select_related("byline"))
    with django_assert_num_queries(1):
        attach_byline_statuses(editions)
    assert all(each.speaks_for.number == organization.number for each in editions)


def test_a_stranger_neither_names_nor_ends(owner, organization, author):
    speaking = named(owner, organization, author)
    stranger = world.person("Stranger")
    with pytest.raises(NotPermitted):
        actions.name_representative(actor=stranger, organization=organization, address=stranger.email)
    with pytest.raises(NotPermitted):
        actions.end_representation(actor=stranger, representative=speaking)


def test_an_invitation_of_a_former_owner_opens_nothing(owner, organization, curator, author):
    invitation = actions.name_representative(actor=owner, organization=organization, address=author.email)
    Invitation.objects.filter(pk=invitation.pk).update(token_digest=digest("t"))
    actions.end_verification(actor=curator, organization=organization)
    with pytest.raises(NotPermitted):
        accept_invitation(actor=author, token="t")
    assert not organization.representatives.exists()


def test_invitations_are_no_way_to_send_mail_in_bulk(owner, organization):
    for number in range(20):
        actions.name_representative(actor=owner, organization=organization, address=f"somebody{number}@x.example")
    with pytest.raises(InvalidInput, match="20 invitations today"):
        actions.name_representative(actor=owner, organization=organization, address="one.more@x.example")
    with pytest.raises(InvalidInput, match="20 invitations today"):
        actions.hand_over(actor=owner, listing=organization, address="one.more@x.example")


#: The other forms of a question and of a contribution that show whom a person represents.
FORMS = ("threads/1/raw.txt", "threads/1/mbox.gz", "feed.atom", "threads/1/feed.atom", "contributions/1/cite.ris")


def form_of(client, form):
    """Return a form of the record as text."""
    answer = client.get(f"/en/consultations/internet-governance/{form}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    content = gzip.decompress(content) if form.endswith("gz") else content
    # A mailbox may fold and encode its lines.
    return quopri.decodestring(content).decode() if form.endswith("gz") else content.decode()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_of_a_verified_organization_what_the_page_says(
    owner, organization, author, moderator, thread, client, form
):
    before = form_of(client, form) if "contributions/" not in form else ""
    assert "verified" not in before
    named(owner, organization, author)
    world.published(author, moderator, thread)
    content = form_of(client, form)
    assert ", verified" in content and "not verified" not in content


def test_paper_says_it_too_and_of_nobody_else(owner, organization, author, moderator, thread):
    named(owner, organization, author)
    edition = world.published(author, moderator, thread)
    other = world.published(
        world.person("Other", capacity="organization", organization="Another"), moderator, thread, "Other words."
    )
    assert ", verified" in byline_in_words(byline_of(edition)) and "(not verified)" in byline_in_words(byline_of(other))
    assert ", verified" in byline_in_words(entry_of(edition).byline)


@pytest.mark.parametrize("form", ["data.csv", "data.json"])
def test_tables_say_it_too(owner, organization, author, moderator, thread, client, form):
    named(owner, organization, author)
    world.published(author, moderator, thread)
    content = form_of(client, form)
    if form.endswith("json"):
        assert json.loads(content)["contributions"][0]["organization_verified"] is True
    else:
        assert next(csv.DictReader(content.splitlines()))["organization_verified"] == "true"


def test_an_upheld_dispute_and_a_merged_organization_are_not_called_verified(
    owner, organization, author, moderator, thread
):
    named(owner, organization, author)
    edition = world.published(author, moderator, thread)

    def found():
        read = Edition.objects.annotate(is_marked=is_marked()).get(pk=edition.pk)
        assert is_verified(read) == is_verified(Edition.objects.get(pk=edition.pk))
        return is_verified(read)

    assert found()
    dispute = Dispute.objects.create(edition=edition, organization=organization, person=owner)
    assert found()  # while it is pending
    Dispute.objects.filter(pk=dispute.pk).update(status=Dispute.Status.UPHELD)
    assert not found()
    dispute.delete()
    type(organization).objects.filter(pk=organization.pk).update(
        merged_into=making.verified(owner, making.curator("Another curator"), names={"en": "Another"}).pk
    )
    assert not found()
