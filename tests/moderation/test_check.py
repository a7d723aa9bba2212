"""Where moderators read afterwards: a text appears at once, waits to be checked, and is found in order or removed."""

import pytest

from plenara.contributions.actions import revise, withdraw
from plenara.core.models import BackgroundTask
from plenara.core.refusals import AlreadyDone, NotPermitted
from plenara.moderation.actions import check, remove, report
from plenara.moderation.models import Code, Decision, Item
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation(db):
    """An open consultation that is moderated after publication."""
    return world.consultation(moderation="after")


@pytest.fixture
def appeared(author, thread):
    """A contribution that nobody has read."""
    return world.submitted(author, thread)


def in_order(who, contribution, version=None):
    version = version or contribution.versions.latest("number")
    return check(actor=who, kind="contribution", pk=contribution.pk, version_id=version.pk)


def test_it_appears_at_once_and_waits_to_be_checked(appeared):
    appeared.refresh_from_db()
    assert (appeared.state, appeared.number) == ("published", 1)
    assert list(Item.objects.values_list("why", flat=True)) == ["check"]


def test_found_in_order_it_stays_and_the_register_says_so_but_its_author_hears_nothing(moderator, appeared):
    decision = in_order(moderator, appeared)
    assert (decision.code, decision.version_id, decision.language) == (Code.APPROVED, None, "en")
    assert decision.waited is None
    assert not Item.objects.exists()
    assert not BackgroundTask.objects.filter(task="moderation.notify_author").exists()
    assert appeared.editions.get().status == "published"


def test_removed_it_leaves_the_queue_and_its_author_gets_an_email(moderator, appeared):
    remove(actor=moderator, kind="contribution", pk=appeared.pk, reason="R4")
    assert not Item.objects.exists()
    assert BackgroundTask.objects.filter(task="moderation.notify_author").count() == 1
    assert appeared.editions.get().status == "removed"


def test_a_revision_appears_at_once_and_is_checked_in_its_turn(moderator, author, appeared):
    in_order(moderator, appeared)
    version = revise(actor=author, contribution=appeared, text="Other words.", language="en")
    item = Item.objects.get()
    assert (item.why, item.version_id, item.is_revision) == ("check", version.pk, True)
    assert appeared.editions.get(in_force=True).revision == 1
    in_order(moderator, appeared)
    assert Decision.objects.count() == 2


def test_what_was_revised_while_it_was_read_is_read_again(moderator, author, appeared):
    read = appeared.versions.get()
    revise(actor=author, contribution=appeared, text="Other words.", language="en")
    with pytest.raises(AlreadyDone, match="new version"):
        in_order(moderator, appeared, read)
    assert Item.objects.count() == 1


def test_one_look_ends_the_check_and_the_reports(moderator, participant, appeared):
    report(actor=participant, kind="contribution", pk=appeared.pk, reason="R4")
    assert sorted(Item.objects.values_list("why", flat=True)) == ["check", "report"]
    in_order(moderator, appeared)
    assert not Item.objects.exists()
    assert Decision.objects.count() == 1


def test_a_report_shows_the_words_that_stand(participant, author, appeared):
    report(actor=participant, kind="contribution", pk=appeared.pk, reason="R4")
    version = revise(actor=author, contribution=appeared, text="Other words.", language="en")
    assert set(Item.objects.values_list("version_id", flat=True)) == {version.pk}


def test_two_moderators_decide_once_and_the_second_hears_who_was_first(moderator, other_moderator, appeared):
    in_order(moderator, appeared)
    with pytest.raises(AlreadyDone, match=r"Ana Prieto .* Approved \(D/1\)"):
        in_order(other_moderator, appeared)
    assert Decision.objects.count() == 1


def test_what_was_withdrawn_in_the_meantime_is_not_checked(moderator, author, appeared):
    version = appeared.versions.get()
    withdraw(actor=author, contribution=appeared)
    with pytest.raises(AlreadyDone, match="has withdrawn the text"):
        in_order(moderator, appeared, version)


def test_nobody_checks_what_they_wrote(thread, moderator):
    own = world.submitted(moderator, thread)
    with pytest.raises(NotPermitted, match="You wrote this text yourself"):
        in_order(moderator, own)
