"""What accounts that were made in bulk send waits in a part of the queue of its own, and nothing else does."""

import pytest

from plenara.accounts import queries
from plenara.consultations.models import Moderation
from plenara.contributions.actions import revise
from plenara.core import tasks
from plenara.core.life_cycle import State
from plenara.core.models import BackgroundTask, Queue
from plenara.moderation.actions import decide_campaign
from plenara.moderation.models import Campaign, Code, Item
from plenara.moderation.queries import queue
from tests import world
from tests.moderation.suggesting.test_notice import LETTER, look

pytestmark = pytest.mark.django_db

URL = "/en/desk/moderation/"
PLACE = "p" * 64


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(queries, "MANY_SIGN_UPS", 3)


def of_bulk(how_many=3):
    """Return people of whom many signed up from one place."""
    return [world.person(f"Bulk {n}", joined_from=PLACE) for n in range(how_many)]


@pytest.fixture
def afterwards(thread):
    """A question of a consultation whose moderators read after publication."""
    where = thread.consultation
    where.moderation = Moderation.AFTER
    where.save()
    return thread


def test_the_text_of_an_account_made_in_bulk_waits_apart_and_an_honest_one_in_turn(moderator, author, thread):
    held = world.submitted(of_bulk()[0], thread, "Bought words.")
    honest = world.submitted(author, thread, "My own words.")
    assert [row.item.object_id for row in queue.page(moderator).rows] == [honest.pk]
    assert [row.item.object_id for row in queue.page(moderator, tab="bulk").rows] == [held.pk]
    assert queue.count(moderator) == 2


def test_it_waits_even_where_moderators_read_afterwards_and_others_do_not(author, afterwards):
    assert not afterwards.consultation.is_premoderated
    assert world.submitted(of_bulk()[0], afterwards, "Bought words.").state == State.PENDING
    assert world.submitted(author, afterwards, "My own words.").state == State.PUBLISHED


def test_what_was_published_once_ends_it_for_good(moderator, afterwards):
    person = of_bulk()[0]
    first = world.decided(world.submitted(person, afterwards, "Real words."), moderator)
    assert first.state == State.PUBLISHED
    assert world.submitted(person, afterwards, "More real words.").state == State.PUBLISHED
    revise(actor=person, contribution=first, text="Real words, and better.", language="en")
    assert not Item.objects.filter(in_bulk=True).exists()


def test_a_person_who_has_a_role_is_never_quarantined(thread, consultation):
    person = world.grant(of_bulk()[0], consultation, "rapporteur")
    world.submitted(person, thread, "Of a rapporteur.")
    assert not Item.objects.get().in_bulk


def test_an_organizer_who_expects_a_class_switches_it_off(afterwards):
    where = afterwards.consultation
    where.suggestions_off = ["sign_ups"]
    where.save()
    assert world.submitted(of_bulk()[0], afterwards, "Of a class.").state == State.PUBLISHED


def test_those_that_came_before_it_was_noticed_wait_apart_with_the_others(thread):
    first = world.submitted(world.person("Bulk", joined_from=PLACE), thread, "The first words.")
    assert not Item.objects.get(object_id=first.pk).in_bulk
    world.submitted(of_bulk()[0], thread, "The next words.")
    look()
    assert Item.objects.get(object_id=first.pk).in_bulk


def test_receipt_and_look_go_after_those_of_others(author, thread):
    world.submitted(author, thread, "My own words.")
    world.submitted(of_bulk()[0], thread, "Bought words.")
    for kind in ("contributions.send_receipt", "moderation.make_suggestions"):
        queued = BackgroundTask.objects.filter(task=kind).order_by("pk")
        assert list(queued.values_list("queue", flat=True)) == [Queue.DEFAULT, Queue.BULK]


def test_its_author_reads_the_reason_in_an_email_and_on_the_page(afterwards, sign_in, mailoutbox):
    person = of_bulk()[0]
    client = sign_in(person)
    thing = world.submitted(person, afterwards, "Bought words.")
    tasks.run_all()
    reason = "Many accounts were created from your network within an hour"
    assert reason in mailoutbox[-1].body
    assert "It is published" not in mailoutbox[-1].body
    assert reason in client.get(f"/en/my/contributions/{thing.pk}/").content.decode()


def test_nobody_else_gets_that_reason(author, afterwards, thread, sign_in, mailoutbox):
    of_bulk()
    world.submitted(author, afterwards, "My own words.")
    tasks.run_all()
    assert "Many accounts" not in mailoutbox[-1].body


def test_what_comes_up_next_is_an_honest_text_then_a_campaign_as_a_whole_then_the_rest(moderator, author, thread):
    people = of_bulk(5)
    alone = world.submitted(people[0], thread, "Bought words that nobody else has sent to this question.")
    for person in people[1:]:
        world.submitted(person, thread, LETTER)
    honest = world.submitted(author, thread, "My own words.")
    look()
    campaign = Campaign.objects.get()
    assert queue.onward(moderator) == f"{URL}contribution/{honest.pk}/"
    world.decided(honest, moderator)
    assert queue.onward(moderator) == f"{URL}campaigns/{campaign.pk}/"
    decide_campaign(actor=moderator, campaign=campaign, code=Code.APPROVED, until=10**9)
    assert queue.onward(moderator) == f"{URL}contribution/{alone.pk}/"


def test_the_queue_shows_a_flood_as_a_campaign_with_its_count_and_honest_texts_apart(
    moderator, author, thread, sign_in
):
    people = of_bulk(6)
    for person in people[:5]:
        world.submitted(person, thread, LETTER)
    world.submitted(people[5], thread, "Something else altogether.")
    world.submitted(author, thread, "My own words.")
    look()
    client = sign_in(moderator)
    page = client.get(URL).content.decode()
    for part in ("Waiting (1)", "In campaigns (5)", "Accounts created in bulk (1)"):
        assert part in page, part
    assert "of a campaign" not in page
    assert "5 contributions of a campaign" in client.get(f"{URL}?tab=campaigns").content.decode()
    assert "Account created in bulk" in client.get(f"{URL}?tab=bulk").content.decode()
    campaign = Campaign.objects.get()
    assert (
        "5 contributions are from accounts that were created in bulk"
        in client.get(f"{URL}campaigns/{campaign.pk}/").content.decode()
    )


def test_the_filter_leaves_campaigns_out_or_shows_them_alone(moderator, author, thread):
    from plenara.moderation.queries.filters import QueueFilters

    for n in range(3):
        world.submitted(world.person(f"Person {n}"), thread, LETTER)
    single = world.submitted(author, thread, "My own words.")
    look()
    where = [thread.consultation]

    def shown(same):
        only = QueueFilters.read({"same": same}, where, []).condition()
        return [row.item.object_id for row in queue.page(moderator, only=only).rows]

    assert shown("none") == [single.pk]
    assert len(shown("campaign")) == 1
    assert len(shown("whatever")) == 2


def test_the_queue_takes_the_same_queries_for_three_and_for_two_hundred_in_a_campaign(moderator, thread, sign_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for n in range(3):
        world.submitted(world.person(f"Person {n}"), thread, LETTER)
    look()
    client, item = sign_in(moderator), Item.objects.latest("pk")
    addresses = (URL, f"{URL}?tab=campaigns", f"{URL}?same=none", f"{URL}campaigns/{item.campaign_id}/")

    def queries():
        counted = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counted.append(len(captured))
        return counted

    few = queries()
    shared = {name: getattr(item, name) for name in ("consultation_id", "thread", "version_id", "campaign_id")}
    Item.objects.bulk_create(
        [Item(object_id=1_000_000 + n, language="en", in_bulk=n % 2 == 0, **shared) for n in range(200)],
        batch_size=500,
    )
    assert queries() == few
    assert "203 contributions of a campaign" in client.get(f"{URL}?tab=campaigns").content.decode()
