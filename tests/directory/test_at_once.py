"""Several people act on one entry at once, in threads of their own: one is first, nothing is done twice."""

import pytest

from plenara.accounts.actions import accept_invitation
from plenara.accounts.models import Invitation
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import ActionRefused, AlreadyDone
from plenara.core.text import digest
from plenara.directory import actions, permissions
from plenara.directory.models import Listing, Representative, Verification
from plenara.directory.queries import lookup
from plenara.moderation.actions import decide
from plenara.moderation.models import Item
from tests import world
from tests.consultations.test_at_once import at_once, refused
from tests.directory import making

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("Quartz Observatory", "Kestrel Society", "Tamarind Institute")


@pytest.fixture
def curator():
    return making.curator()


@pytest.fixture
def entries(curator):
    """Three organizations, each of an owner of its own."""
    return [
        making.published(world.person(f"Owner of {name}"), curator, name={"en": name}, acronym="", site="")
        for name in NAMES
    ]


@pytest.fixture
def organization(curator):
    return making.published(world.person("Moussa Keita"), curator)


def merging(curator, source, target):
    return lambda: actions.merge(actor=curator, source=source, target=target)


def test_of_several_moderators_one_publishes_and_the_others_hear_it():
    team = [making.curator(f"Moderator {n}") for n in range(4)]
    listing = making.proposed(world.person("Owner"))
    version = listing.versions.get().pk
    results = at_once(
        *[
            lambda each=each: decide(
                actor=each, kind="organization", pk=listing.pk, version_id=version, code="APPROVED"
            )
            for each in team
        ]
    )
    assert sum(isinstance(each, AlreadyDone) for each in results) == 3
    assert Listing.objects.get().number == 1
    assert BackgroundTask.objects.filter(task="moderation.notify_author").count() == 1


def test_merged_while_its_owner_changes_it_nothing_of_it_is_pending(curator, entries):
    source, target = entries[:2]
    details = {**source.details, "description": {"en": "Other words."}}
    at_once(
        merging(curator, source, target),
        lambda: actions.revise(actor=source.owner, listing=source, details=details, language="en"),
    )
    source.refresh_from_db()
    assert source.merged_into_id == target.pk
    assert not source.versions.filter(state="pending").exists()
    assert not Item.objects.exists()


def test_two_that_are_merged_into_each_other_at_once_become_one(curator, entries):
    one, other = entries[:2]
    results = at_once(merging(curator, one, other), merging(making.curator("Second"), other, one))
    assert len(refused(results)) == 1
    assert Listing.objects.filter(merged_into=None, pk__in=[one.pk, other.pk]).count() == 1
    assert AuditEntry.objects.filter(verb="listing.merged").count() == 1


def test_one_that_is_merged_while_another_is_merged_into_it_leads_in_one_step(curator, entries):
    first, second, third = entries
    results = at_once(merging(curator, first, second), merging(making.curator("Second"), second, third))
    # Whoever was first: either both are done, one step each, or the second gets a sentence.
    assert len(refused(results)) <= 1
    for each in Listing.objects.exclude(merged_into=None).select_related("merged_into"):
        assert each.merged_into.merged_into_id is None
    second.refresh_from_db()
    assert second.merged_into_id == third.pk
    assert lookup.organization(second.number) == third


def test_an_invitation_to_speak_that_is_accepted_twice_at_once_counts_once(organization, curator):
    actions.verify(actor=curator, organization=organization, note="By telephone.")
    people = [world.person(f"Speaker {n}") for n in range(3)]
    tokens = {each: invited(organization, each) for each in people}
    results = at_once(
        *[lambda who=who: accept_invitation(actor=who, token=tokens[who]) for who in people for _time in range(2)]
    )
    assert len(refused(results)) == 3
    assert sorted(Representative.objects.filter(until=None).values_list("person", flat=True)) == sorted(
        each.pk for each in people
    )


def invited(listing, person, act=actions.name_representative, key="organization"):
    invitation = act(actor=listing.owner, address=person.email, **{key: listing})
    Invitation.objects.filter(pk=invitation.pk).update(token_digest=digest(f"t{invitation.pk}"))
    return f"t{invitation.pk}"


def test_of_two_who_take_an_entry_over_at_once_one_keeps_it(organization):
    people = [world.person(f"Heir {n}") for n in range(3)]
    tokens = [invited(organization, each, actions.hand_over, "listing") for each in people]
    results = at_once(
        *[
            lambda who=who, token=token: accept_invitation(actor=who, token=token)
            for who, token in zip(people, tokens, strict=True)
        ]
    )
    assert len(refused(results)) == 2
    organization.refresh_from_db()
    assert organization.owner_id == people[[isinstance(each, ActionRefused) for each in results].index(False)].pk


def test_of_several_who_verify_at_once_one_verification_stands(organization, curator):
    actions.ask_for_proof(actor=organization.owner, organization=organization, mailbox="info")
    token = BackgroundTask.objects.get(task="directory.send_proof").arguments["token"]
    vouching = [
        lambda each=each: actions.verify(actor=each, organization=organization, note="By telephone.")
        for each in (curator, making.curator("Second"))
    ]
    at_once(*vouching, lambda: actions.prove(token=token), lambda: actions.prove(token=token))
    assert Verification.objects.filter(ended_at=None).count() == 1
    assert Verification.objects.count() == AuditEntry.objects.filter(verb="organization.verified").count()
    assert Verification.objects.filter(method="mail").count() == 1


def test_what_is_proposed_at_once_passes_no_limit():
    owner, many = world.person("Newcomer"), range(permissions.FIRST_WAITING + 3)
    results = at_once(
        *[
            lambda n=n: actions.propose(
                actor=owner, kind="project", details={**making.PROJECT, "title": {"en": f"N {n}"}}, language="en"
            )
            for n in many
        ]
    )
    assert [each.code for each in refused(results)] == ["too_many_waiting"] * 3
    assert Listing.objects.count() == permissions.FIRST_WAITING


def test_a_person_who_lists_themselves_twice_at_once_is_listed_once():
    owner = world.person("Newcomer")
    results = at_once(*[lambda: actions.propose(actor=owner, kind="person", details=making.PERSON, language="en")] * 3)
    assert len(refused(results)) == 2
    assert Listing.objects.count() == 1


def test_invitations_that_are_sent_at_once_pass_no_limit(organization, curator, monkeypatch):
    monkeypatch.setattr(permissions, "MOST_INVITED", 2)
    actions.verify(actor=curator, organization=organization, note="By telephone.")
    send = [
        lambda n=n, act=act, key=key: act(
            actor=organization.owner, address=f"somebody{n}@far.example", **{key: organization}
        )
        for n, (act, key) in enumerate(
            [(actions.name_representative, "organization"), (actions.hand_over, "listing")] * 3
        )
    ]
    results = at_once(*send)
    assert [each.code for each in refused(results)] == ["too_many"] * 4
    assert Invitation.objects.count() == 2


def test_messages_of_proof_that_are_asked_for_at_once_pass_no_limit(curator, monkeypatch):
    monkeypatch.setattr("plenara.directory.queries.verification.BY_PERSON", 2)
    owner = world.person("Owner of many")
    organizations = [
        making.published(owner, curator, name={"en": name}, acronym="", site=f"https://o{number}.example/")
        for number, name in enumerate(NAMES)
    ]
    results = at_once(
        *[lambda it=it: actions.ask_for_proof(actor=owner, organization=it, mailbox="info") for it in organizations]
    )
    assert [each.code for each in refused(results)] == ["too_often"]
    assert BackgroundTask.objects.filter(task="directory.send_proof").count() == 2
