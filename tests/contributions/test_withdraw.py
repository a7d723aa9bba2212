"""Withdrawing, removing, restoring: what is left in the record."""

import pytest

from plenara.contributions.actions import publication, revise, withdraw
from plenara.contributions.models import Edition, Tally
from plenara.core.cache_tags import revision, withdrawn_from
from plenara.core.refusals import NotPermitted
from plenara.moderation.actions import remove, restore
from tests import world

pytestmark = pytest.mark.django_db


def total(thread):
    return sum(Tally.objects.filter(thread=thread).values_list("count", flat=True))


def test_withdrawn_before_publication_it_leaves_no_trace(pending, author):
    withdraw(actor=author, contribution=pending)
    pending.refresh_from_db()
    assert (pending.state, pending.number) == ("withdrawn", None)
    assert not Edition.objects.exists()


def test_withdrawn_after_publication_a_tombstone_keeps_number_and_symbol_and_no_words(author, moderator, thread):
    edition = world.published(author, moderator, thread, title="Words of a title")
    withdraw(actor=author, contribution=edition.contribution)
    edition.refresh_from_db()
    assert edition.status == "withdrawn" and edition.number == 1 and edition.symbol
    assert edition.text is None and edition.byline is None and edition.title == ""
    assert total(thread) == 0


def test_publishing_makes_pages_stale_and_after_withdrawing_none_is_shown_again(pending, author):
    tag = pending.consultation.cache_tag
    publication.publish(pending.versions.get(), actor=None)
    assert (revision(tag), revision(withdrawn_from(tag))) == (1, 0)
    withdraw(actor=author, contribution=pending)
    assert (revision(tag), revision(withdrawn_from(tag))) == (2, 1)


def test_withdrawing_twice_changes_nothing_more(edition, author):
    first = withdraw(actor=author, contribution=edition.contribution)
    assert withdraw(actor=author, contribution=edition.contribution).state_at == first.state_at


@pytest.mark.parametrize("who", ["participant", "moderator", "organizer", "operator"])
def test_nobody_but_the_author_withdraws(who, request, edition):
    with pytest.raises(NotPermitted, match="Only the author"):
        withdraw(actor=request.getfixturevalue(who), contribution=edition.contribution)


def test_the_number_of_a_withdrawn_contribution_is_not_used_again(edition, author, moderator, thread):
    withdraw(actor=author, contribution=edition.contribution)
    assert world.published(author, moderator, thread, "Another one.").number == 2


def test_a_removed_contribution_comes_back_as_it_was(edition, moderator, thread):
    pk = edition.contribution_id
    remove(actor=moderator, kind="contribution", pk=pk, reason="R3")
    edition.refresh_from_db()
    assert (edition.status, edition.text, edition.gone_reason) == ("removed", None, "R3")
    restore(actor=moderator, kind="contribution", pk=pk)
    edition.refresh_from_db()
    assert (edition.status, edition.text.content, edition.stakeholder_group) == (
        "published",
        world.WORDS,
        "civil_society",
    )
    assert total(thread) == 1


def test_a_withdrawn_contribution_is_not_restored_by_a_moderator(edition, author, moderator):
    withdraw(actor=author, contribution=edition.contribution)
    with pytest.raises(NotPermitted, match="You cannot do this"):
        restore(actor=moderator, kind="contribution", pk=edition.contribution_id)


def test_a_revision_succeeds_the_edition_which_stays_readable(edition, author, moderator, thread):
    version = revise(actor=author, contribution=edition.contribution, text="Better words.", language="en")
    edition.refresh_from_db()
    assert edition.in_force, "the published edition stays while the revision waits"
    world.decided(version.contribution, moderator)
    edition.refresh_from_db()
    later = edition.contribution.editions.get(in_force=True)
    assert (later.revision, later.symbol) == (1, f"{edition.symbol}/Rev.1")
    assert not edition.in_force and edition.text.content == world.WORDS
    assert total(thread) == 1


def test_withdrawing_a_revised_contribution_takes_every_edition_of_it(edition, author, moderator):
    world.decided(
        revise(actor=author, contribution=edition.contribution, text="Better.", language="en").contribution, moderator
    )
    withdraw(actor=author, contribution=edition.contribution)
    assert set(Edition.objects.values_list("status", "text")) == {("withdrawn", None)}


def test_a_revision_that_says_the_same_is_refused(edition, author):
    from plenara.core.refusals import InvalidInput

    with pytest.raises(InvalidInput, match="not changed"):
        revise(actor=author, contribution=edition.contribution, text=world.WORDS, language="en")


def test_a_second_revision_takes_the_place_of_the_first_while_it_is_pending(edition, author):
    first = revise(actor=author, contribution=edition.contribution, text="Better words.", language="en")
    second = revise(actor=author, contribution=edition.contribution, text="Still better words.", language="en")
    states = edition.contribution.versions.order_by("number").values_list("pk", "state")
    assert list(states)[1:] == [(first.pk, "withdrawn"), (second.pk, "pending")]
    assert edition.contribution.editions.get().text.content == world.WORDS
