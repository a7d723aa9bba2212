"""What of the queue a moderator had chosen to look at stays chosen from one decision to the next."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.moderation.models import Campaign, Item
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.once]

URL = "/en/desk/moderation/"


@pytest.fixture
def both(moderator, elsewhere):
    """A moderator of two consultations."""
    return world.grant(moderator, elsewhere, "moderator")


@pytest.fixture
def there(elsewhere):
    return f"?consultation={elsewhere.slug}"


@pytest.fixture
def waiting(both, author, thread, elsewhere):
    """What waits: the oldest in one consultation, then two in the other."""
    first = world.submitted(author, thread, "The oldest of all.")
    other = elsewhere.threads.get(number=1)
    return [first, *(world.submitted(author, other, words) for words in ("One there.", "Two there."))]


def page_of(contribution):
    return f"{URL}contribution/{contribution.pk}/"


def approve(client, contribution, query):
    version = contribution.versions.get().pk
    return client.post(page_of(contribution) + query, {"code": "APPROVED", "version": version, "decide": ""})


def test_the_queue_leads_to_each_item_with_its_filters(sign_in, both, waiting, there):
    page = sign_in(both).get(f"{URL}?language=en&tab=&{there[1:]}").content.decode()
    assert f'href="{page_of(waiting[1])}?language=en&amp;{there[1:]}"' in page
    assert page_of(waiting[0]) not in page


def test_after_a_decision_the_next_of_what_is_looked_at_opens_until_none_is_left(sign_in, both, waiting, there):
    client = sign_in(both)
    _oldest, one, two = waiting
    assert approve(client, one, there).url == page_of(two) + there
    answer = approve(client, two, there)
    assert answer.url == URL + there
    assert "Nothing in this part of the queue matches the filter." in client.get(answer.url).content.decode()


def test_a_part_of_the_queue_is_gone_through_as_a_part(sign_in, both, waiting):
    client = sign_in(both)
    _oldest, one, two = waiting
    Item.objects.filter(object_id__in=[one.pk, two.pk]).update(in_bulk=True)
    assert approve(client, one, "?tab=bulk").url == f"{page_of(two)}?tab=bulk"
    assert approve(client, two, "?tab=bulk").url == f"{URL}?tab=bulk"


def test_the_filtered_queue_is_beside_an_item_and_every_way_back_leads_there(sign_in, both, waiting, there):
    page = sign_in(both).get(page_of(waiting[1]) + there).content.decode()
    assert "2 items in the queue match the filter<" in page
    assert page_of(waiting[0]) not in page
    assert f'<a href="{page_of(waiting[2])}{there}">' in page
    assert f'<a href="{URL}{there}">Waiting for a decision</a>' in page
    assert f'<a href="{URL}" data-queue>The whole queue</a>' in page
    item = Item.objects.get(object_id=waiting[1].pk)
    for view in ("claim", "hold"):
        assert f'"{URL}items/{item.pk}/{view}/{there}"' in page
    assert f'action="{URL}contribution/{waiting[1].pk}/notes/?item={item.pk}&amp;{there[1:]}"' in page


def test_what_is_given_back_held_noted_or_undone_leads_back_there(sign_in, both, waiting, there):
    client = sign_in(both)
    item = Item.objects.get(object_id=waiting[1].pk)
    here = page_of(waiting[1]) + there
    assert client.post(f"{URL}items/{item.pk}/claim/{there}", {"release": ""}).url == URL + there
    assert client.post(f"{URL}items/{item.pk}/claim/{there}", {"take_over": ""}).url == here
    noted = client.post(f"{URL}contribution/{waiting[1].pk}/notes/?item={item.pk}&{there[1:]}", {"note": "Ask Ana."})
    assert noted.url == here
    rejection = {"code": "REJECTED", "reason": "R5", "sentence": "No.", "version": item.version_id}
    shown = client.post(here, {**rejection, "decide": ""})
    following = client.post(here, {**rejection, "confirm": "", "shown": shown.context["digest"]})
    page = client.get(following.url).content.decode()
    undo = html.unescape(page.partition('class="notice open" method="post" action="')[2].partition('"')[0])
    assert undo.endswith(f"/undo/{there}")
    assert client.post(undo).url == here


def test_a_campaign_keeps_it_on_every_page_of_its_members(sign_in, both, thread):
    campaign = world.campaign(thread)
    page = sign_in(both).get(f"{URL}campaigns/{campaign.pk}/?tab=campaigns").content.decode()
    first = Campaign.objects.get().first_id
    assert f'<a href="{URL}contribution/{first}/?tab=campaigns">' in page
    assert f'<a href="{URL}?tab=campaigns">Waiting for a decision</a>' in page


@pytest.mark.parametrize("query", ["?consultation=nowhere", "?tab=elsewhere", "?language=tlh&group=", "?utm_source=a"])
def test_what_no_filter_knows_is_not_carried_on(query, sign_in, both, waiting):
    client = sign_in(both)
    assert query not in client.get(page_of(waiting[1]) + query).content.decode().partition("<main")[2]
    assert approve(client, waiting[1], query).url == page_of(waiting[0])


def test_what_is_looked_at_costs_the_page_two_questions_more(sign_in, both, waiting, there):
    client = sign_in(both)
    client.get(page_of(waiting[1]))

    def queries(query):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(page_of(waiting[1]) + query).status_code == 200
        return len(asked)

    plain = queries("")
    assert queries(there) <= plain + 2
