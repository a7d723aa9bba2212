"""Who has an item open: a lease that nobody loses unknowingly."""

import datetime

import pytest

from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.moderation.actions import claim, decide, hold, release, report, take_over
from plenara.moderation.actions.review_queue import CLAIM
from plenara.moderation.models import Decision, Item
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def item(pending):
    return Item.objects.get()


@pytest.fixture
def url(pending):
    return f"/en/desk/moderation/contribution/{pending.pk}/"


def claim_url(item):
    return f"/en/desk/moderation/items/{item.pk}/claim/"


def fresh(item):
    return Item.objects.select_related("claimed_by").get(pk=item.pk)


def approve(who, contribution):
    version = contribution.versions.get()
    return decide(actor=who, kind="contribution", pk=contribution.pk, version_id=version.pk, code="APPROVED")


def test_opening_an_item_claims_it_for_a_quarter_of_an_hour(sign_in, moderator, item, url, noon):
    page = sign_in(moderator).get(url).content.decode()
    assert "You have this text open for 15 more minutes" in page
    assert (fresh(item).claimed_by, fresh(item).claimed_until) == (moderator, noon + CLAIM)


def test_each_look_and_each_preview_renews_it(sign_in, moderator, item, url, noon):
    client = sign_in(moderator)
    client.get(url)
    with clock.at(noon + 10 * MINUTE):
        client.post(url, {"code": "APPROVED", "version": item.version_id, "preview": ""})
    assert fresh(item).claimed_until == noon + 10 * MINUTE + CLAIM


def test_looking_takes_nothing_from_another(sign_in, moderator, other_moderator, item, url, noon):
    claim(actor=moderator, item=item)
    page = sign_in(other_moderator).get(url).content.decode()
    assert fresh(item).claimed_by == moderator
    assert "has this text open for 15 more minutes" in page
    assert "Take the text over from <bdi>Ana Prieto</bdi>" in page
    assert 'name="decide"' not in page
    assert world.WORDS[:30] in page  # it can be read


def test_a_claim_ends_by_time_and_the_next_who_opens_it_has_it(moderator, other_moderator, item, noon):
    assert claim(actor=moderator, item=item)
    assert not claim(actor=other_moderator, item=item)
    with clock.at(noon + CLAIM):
        assert not fresh(item).is_claimed
        assert claim(actor=other_moderator, item=item)
    assert fresh(item).claimed_by == other_moderator


def test_another_takes_it_over_knowingly_and_that_is_recorded(sign_in, moderator, other_moderator, item, url):
    claim(actor=moderator, item=item)
    answer = sign_in(other_moderator).post(claim_url(item), {"take_over": ""})
    assert (answer.status_code, answer.url) == (302, url)
    assert fresh(item).claimed_by == other_moderator
    act = AuditEntry.objects.get(verb="moderation.taken_over")
    assert (act.actor_id, act.details) == (other_moderator.pk, {"from_person": moderator.pk})


def test_claims_renewals_and_releases_are_not_recorded(moderator, item):
    acts = AuditEntry.objects.count()
    claim(actor=moderator, item=item)
    claim(actor=moderator, item=item)
    take_over(actor=moderator, item=item)  # one's own already
    release(actor=moderator, item=item)
    assert AuditEntry.objects.count() == acts


def test_deciding_on_what_another_has_open_is_refused_and_names_them(moderator, other_moderator, item, pending):
    claim(actor=moderator, item=item)
    with pytest.raises(InvalidInput, match=r"Ana Prieto has this text open for 15 more minutes\. Take it over"):
        approve(other_moderator, pending)
    assert not Decision.objects.exists()
    take_over(actor=other_moderator, item=item)
    assert approve(other_moderator, pending).number == 1


def test_whoever_lost_the_claim_keeps_what_they_typed_and_takes_it_over_with_it(
    sign_in, moderator, other_moderator, item, url
):
    client = sign_in(moderator)
    client.get(url)
    take_over(actor=other_moderator, item=item)
    typed = {"code": "REJECTED", "reason": "R5", "sentence": "It names a person.", "version": item.version_id}
    refused = client.post(url, typed | {"decide": ""})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Jean Moreau has this text open" in page
    assert "It names a person." in page
    kept = client.post(url, typed | {"take_over": ""}).content.decode()
    assert fresh(item).claimed_by == moderator
    assert "It names a person." in kept
    email = client.post(url, typed | {"decide": ""}).context["digest"]
    assert client.post(url, typed | {"confirm": "", "shown": email}).status_code == 302
    assert Decision.objects.get().code == "REJECTED"


def test_what_nobody_has_open_can_be_decided(moderator, item, pending):
    assert approve(moderator, pending).number == 1
    assert not Item.objects.exists()


def test_giving_it_back_lets_others_open_it(sign_in, moderator, other_moderator, item, url):
    client = sign_in(moderator)
    client.get(url)
    assert client.post(claim_url(item), {"release": ""}).url == "/en/desk/moderation/"
    assert not fresh(item).is_claimed
    assert claim(actor=other_moderator, item=item)


def test_nobody_gives_back_what_another_has(moderator, other_moderator, item):
    claim(actor=moderator, item=item)
    assert not release(actor=other_moderator, item=item)
    assert fresh(item).is_claimed


def test_leaving_a_page_ends_its_claim_but_not_one_that_was_renewed_since(sign_in, moderator, item, url, noon):
    client = sign_in(moderator)
    client.get(url)
    first = fresh(item).claim_stamp
    with clock.at(noon + MINUTE):
        client.get(url)  # the next page comes before the word that the first was left
        second = fresh(item).claim_stamp
        assert client.post(claim_url(item), {"left": first}).status_code == 204
        assert fresh(item).is_claimed
        client.post(claim_url(item), {"left": "nonsense"})
        assert fresh(item).is_claimed
        client.post(claim_url(item), {"left": second})
        assert not fresh(item).is_claimed


def test_a_script_renews_quietly_and_hears_when_another_has_taken_it(sign_in, moderator, other_moderator, item, noon):
    client = sign_in(moderator)
    answer = client.post(claim_url(item), {"renew": ""})
    assert answer.json() == {"until": fresh(item).claim_stamp, "text": "You have this text open for 15 more minutes"}
    take_over(actor=other_moderator, item=item)
    answer = client.post(claim_url(item), {"renew": ""})
    assert answer.status_code == 409
    assert "Jean Moreau has this text open" in answer.json()["text"]


def test_a_moderator_who_comes_too_late_sees_that_it_was_decided(sign_in, moderator, other_moderator, item, pending):
    client = sign_in(other_moderator)
    approve(moderator, pending)
    assert client.post(claim_url(item), {"renew": ""}).status_code == 409
    page = client.post(claim_url(item), {"take_over": ""}, follow=True).content.decode()
    assert "This text is no longer waiting" in page
    with pytest.raises(AlreadyDone, match="Ana Prieto has already decided"):
        take_over(actor=other_moderator, item=item)
    with pytest.raises(AlreadyDone, match="Ana Prieto has already decided"):
        hold(actor=other_moderator, item=item, reason="Why", until=None)


def test_nobody_claims_their_own_or_what_they_entered(sign_in, moderator, thread):
    own = world.submitted(moderator, thread)
    item = Item.objects.get()
    with pytest.raises(NotPermitted, match="wrote this text yourself"):
        claim(actor=moderator, item=item)
    page = sign_in(moderator).get(f"/en/desk/moderation/contribution/{own.pk}/").content.decode()
    assert "You wrote this text yourself" in page
    assert not fresh(item).is_claimed


@pytest.mark.parametrize("who", ["participant", "author", "moderator_elsewhere", "rapporteur"])
def test_only_a_person_who_may_decide_claims(who, request, item):
    someone = request.getfixturevalue(who)
    for act in (claim, take_over):
        with pytest.raises(NotPermitted):
            act(actor=someone, item=item)


def test_reading_without_claiming_takes_no_claim_and_decides_nothing(sign_in, moderator, other_moderator, item, url):
    client = sign_in(moderator)
    page = client.get(f"{url}?read=1&tab=bulk").content.decode()
    assert world.WORDS[:30] in page
    assert "You are only reading this text. Other moderators can open it and decide on it." in page
    assert "<h1>Contribution waiting for a decision</h1>" in page
    assert f'href="{url}?tab=bulk">Open the text to decide</a>' in page
    assert 'name="decide"' not in page and 'name="take_over"' not in page
    assert not fresh(item).is_claimed
    assert f'href="{url}?read=1">Read without deciding</a>' in client.get("/en/desk/moderation/").content.decode()
    claim(actor=other_moderator, item=item)
    assert "<bdi>Jean Moreau</bdi> has this text open" in client.get(f"{url}?read=1").content.decode()
    assert 'name="decide"' not in client.get(url).content.decode()


def test_an_appeal_and_what_was_reported_are_read_without_a_claim_too(
    sign_in, moderator, other_moderator, author, participant, thread
):
    appeal = world.appealed(author, moderator, thread)
    edition = world.published(author, moderator, thread)
    report(actor=participant, kind="contribution", pk=edition.contribution_id, reason="R4")
    client = sign_in(other_moderator)
    for address in (
        f"/en/desk/moderation/appeals/{appeal.pk}/",
        f"/en/desk/moderation/published/internet-governance/{edition.number}/",
    ):
        page = client.get(f"{address}?read=1").content.decode()
        assert "Open the text to decide" in page
        assert 'class="decision"' not in page
    assert not Item.objects.exclude(claimed_by=None).exists()
    assert client.get(address).status_code == 200
    assert Item.objects.exclude(claimed_by=None).exists()


def test_a_page_fetched_ahead_claims_nothing(sign_in, moderator, item, url):
    client = sign_in(moderator)
    client.head(url)
    client.get(url, headers={"Sec-Purpose": "prefetch"})
    assert not fresh(item).is_claimed


def test_the_queue_says_who_has_what(sign_in, moderator, other_moderator, author, thread, item, noon):
    world.submitted(author, thread, "Another one.")
    claim(actor=moderator, item=item)
    assert (
        "You have this text open for 15 more minutes" in sign_in(moderator).get("/en/desk/moderation/").content.decode()
    )
    page = sign_in(other_moderator).get("/en/desk/moderation/").content.decode()
    assert "<bdi>Ana Prieto</bdi> has this text open for 15 more minutes" in page
    assert "Not claimed" not in page  # a row says nothing where there is nothing to say
