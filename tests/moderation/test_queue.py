"""The queue: what waits, in which order, how much of it, and what each moderator sees of it."""

import datetime
import html
import re
from itertools import chain, count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.moderation.actions import hold, set_preference
from plenara.moderation.models import Campaign, Item, Suggestion
from plenara.moderation.queries import queue
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

URL = "/en/desk/moderation/"
HOUR = datetime.timedelta(hours=1)
_counter = count(1)


def waits(thread, author, how_many=1, *, hours=0.0, language="en", **fields):
    """Let items wait at once that all show the words of one contribution; return them, the oldest first."""
    version = world.submitted(author, thread, f"Words {next(_counter)}.", "en").versions.get()
    Item.objects.filter(version_id=version.pk).delete()
    first = 1_000_000 + (Item.objects.order_by("-object_id").values_list("object_id", flat=True).first() or 0)
    known = {
        "consultation": thread.consultation,
        "thread": thread.number,
        "author": author,
        "version_id": version.pk,
        "language": language,
        "stakeholder_group": "civil_society",
        **fields,
    }
    since = clock.now() - hours * HOUR
    made = [Item(object_id=first + n, since=since + n * HOUR / 3600, **known) for n in range(how_many)]
    return Item.objects.bulk_create(made, batch_size=500)


def shown(person, **asked):
    return [row.item for row in queue.page(person, **asked).rows]


def ids_on(client, query=""):
    """Return the ids of the things that a page of the queue shows, in its order."""
    return ids_in(client.get(f"{URL}{query}").content.decode())


def ids_in(page):
    return [int(found) for found in re.findall(r'<a href="/en/desk/moderation/contribution/(\d+)/["?](?!read)', page)]


def follow(client, query=""):
    """Yield the ids of each page of the queue, from the first to the last."""
    while True:
        page = client.get(f"{URL}{query}").content.decode()
        yield [
            int(found) for found in re.findall(r'<a href="/en/desk/moderation/contribution/(\d+)/["?](?!read)', page)
        ]
        found = re.search(r'<a href="[^"]*moderation/(\?[^"]*)" rel="next"', page)
        if not found:
            return
        query = html.unescape(found[1])


def test_what_is_oldest_comes_first_across_the_consultations_one_moderates(
    moderator, author, thread, elsewhere, moderator_elsewhere
):
    (young,) = waits(thread, author, hours=1)
    (old,) = waits(elsewhere.threads.get(number=1), author, hours=9)
    assert shown(moderator) == [young]
    both = world.grant(moderator, elsewhere, "moderator")
    assert shown(both) == [old, young]


def test_languages_that_one_reads_come_first_and_the_others_after_them(moderator, author, thread):
    (english,) = waits(thread, author, hours=9)
    (french,) = waits(thread, author, hours=1, language="fr")
    assert shown(moderator) == [english, french]
    set_preference(actor=moderator, reads=["fr"], notify_late=True, digest="daily")
    assert shown(moderator) == [french, english]


def test_ones_own_is_marked_as_anothers_to_decide(sign_in, moderator, author, thread):
    waits(thread, moderator)
    waits(thread, author, entered_by=moderator)
    waits(thread, author)
    page = sign_in(moderator).get(URL).content.decode()
    assert page.count("Your own text: another moderator decides") == 2
    assert page.count("Read without deciding") == 1


def test_each_filter_finds_its_own(sign_in, moderator, author, thread, elsewhere):
    world.grant(moderator, elsewhere, "moderator")
    plain = waits(thread, author, language="fr", stakeholder_group="government")[0].object_id
    other = elsewhere.threads.get(number=2)
    marked = waits(other, author, by_newcomer=True, is_flagged=True, was_returned=True, hours=1)[0].object_id
    client = sign_in(moderator)
    for query, found in {
        "consultation=internet-governance": [plain],
        "consultation=digital-cooperation": [marked],
        "thread=1": [plain],
        "thread=2": [marked],
        "language=fr": [plain],
        "group=government": [plain],
        "group=other": [],
        "new=1": [marked],
        "flagged=1&returned=1": [marked],
        "new=1&language=fr": [],
        "why=pending": [marked, plain],
        "why=appeal": [],
        # What is asked for and there is not counts as not asked.
        "thread=99&language=tlh&group=x&consultation=nowhere&age=old&why=x&new=yes&tab=x&after=x": [marked, plain],
        "thread=1%00&language='--&after=0-20260101T000000000000-99999999999999999999": [marked, plain],
        "after=9-00010101T000000000000-1": [marked, plain],
    }.items():
        assert ids_on(client, f"?{query}") == found, query


def test_the_age_is_working_time_against_each_consultations_promise(sign_in, moderator, author, thread, elsewhere):
    """It is Wednesday noon. The one promises a day, and its Monday was a holiday; the other promises four."""
    Consultation.objects.filter(slug="internet-governance").update(
        promise_working_days=1, holidays=["2026-10-12"], timezone="UTC"
    )
    Consultation.objects.filter(slug="digital-cooperation").update(promise_working_days=4, timezone="UTC")
    moderator = world.grant(moderator, elsewhere, "moderator")
    fresh = waits(thread, author, hours=12)[0].object_id  # half of the promise, and not a minute more
    late = waits(thread, author, hours=12.1)[0].object_id
    over = waits(thread, author, hours=24.1)[0].object_id
    calm = waits(elsewhere.threads.get(number=1), author, hours=40)[0].object_id
    client = sign_in(moderator)
    assert ids_on(client, "?age=half") == [over, late]
    assert ids_on(client, "?age=over") == [over]
    assert ids_on(client) == [calm, over, late, fresh]
    rows = {row.item.object_id: row for row in queue.page(moderator).rows}
    assert [rows[pk].is_late for pk in (fresh, late, over, calm)] == [False, True, True, False]
    assert (rows[over].hours, rows[over].promise, rows[calm].promise) == (24, 24, 96)


def test_a_row_says_in_words_how_long_it_is_pending_and_has_a_bar_only_where_it_is_late(
    sign_in, moderator, author, thread
):
    Consultation.objects.filter(slug="internet-governance").update(promise_working_days=1, timezone="UTC")
    client = sign_in(moderator)
    for hours, says, mark in (
        (0.5, "Waiting time: 0 of the promised 24 hours (only working days count)", ""),
        (1, "Waiting time: 1 of the promised 24 hours", ""),
        (12.1, "Waiting time: 12 of the promised 24 hours", "Due soon"),
        (24.1, "Waiting for more than 1 working day<", "Overdue"),
        (49, "Waiting for more than 2 working days", "Overdue"),
    ):
        Item.objects.all().delete()
        waits(thread, author, hours=hours)
        page = client.get(URL).content.decode().replace(" ·", "<")
        assert says in page, hours
        assert ("Due soon" in page, "Overdue" in page) == (mark == "Due soon", mark == "Overdue"), hours
        assert ('class="age' in page) == bool(mark), hours


def test_a_row_has_the_first_line_of_its_text_and_why_it_is_flagged(sign_in, moderator, author, thread):
    text = "The **fee** was <b>waived</b> in " + "many places " * 40
    contribution = world.submitted(author, thread, text)
    version = contribution.versions.get().pk
    for what in ("personal", "links"):
        Suggestion.objects.create(object_id=contribution.pk, version_id=version, what=what)
    Item.objects.update(is_flagged=True)
    page = sign_in(moderator).get(URL).content.decode()
    assert "The fee was &lt;b&gt;waived&lt;/b&gt; in many places" in page
    assert page.count("many places") < 10
    assert "Noticed by a machine: Personal data in the text; Links in a text by a new author" in page


def test_the_queue_says_which_days_and_hours_count(sign_in, moderator, author, thread, elsewhere):
    Consultation.objects.filter(slug="internet-governance").update(promise_working_days=2, timezone="Europe/Zurich")
    waits(thread, author)
    client = sign_in(moderator)
    page = client.get(URL).content.decode()
    assert "A moderator should decide within 2 working days. Working days: Monday, Tuesday" in page
    assert "counts as 24 hours (Zurich time)." in page
    Consultation.objects.filter(slug="digital-cooperation").update(holidays=["2026-12-25"], working_days=[7])
    page = sign_in(world.grant(moderator, elsewhere, "moderator")).get(URL).content.decode()
    assert "How waiting time is calculated" in page
    assert "Working days: Sunday, except the holidays" in page


def test_each_part_of_the_queue_has_its_right_count(sign_in, moderator, author, thread, noon):
    waits(thread, author, 3)
    waits(thread, author, 2, held_until=noon + HOUR)
    waits(thread, author, 1, held_until=noon)  # over
    waits(thread, author, 1, held_until=noon + HOUR, awaits_author=True)
    waits(thread, author, 1, language="fr")
    client = sign_in(moderator)
    page = client.get(URL).content.decode()
    assert ">5 waiting for a decision<" in page
    for part in ("Waiting (5)", "On hold (2)", "Waiting for the author (1)"):
        assert part in page
    page = client.get(f"{URL}?language=fr&tab=held").content.decode()
    assert ">5 waiting for a decision<" in page
    for part in ("Waiting (1)", "On hold (0)", "Waiting for the author (0)", "0 items in the queue match the filter"):
        assert part in page
    assert [len(ids_on(client, f"?tab={tab}")) for tab in ("", "held", "author")] == [5, 2, 1]
    assert client.get(f"{URL}count/").json() == {"waiting": 5, "text": "5 waiting for a decision"}
    assert queue.pending_counts(moderator)[thread.consultation_id] == (5, noon)


def test_pages_follow_each_other_without_losing_or_repeating_any(sign_in, moderator, author, thread):
    made = [item.object_id for item in waits(thread, author, 130, hours=5)]
    client = sign_in(moderator)
    pages = list(follow(client))
    assert [len(page) for page in pages] == [50, 50, 30]
    assert [*chain(*pages)] == made


def test_pages_follow_each_other_across_languages_and_times_that_are_the_same(sign_in, moderator, author, thread):
    same = clock.now() - HOUR
    english = [item.object_id for item in waits(thread, author, 75)]
    french = [item.object_id for item in waits(thread, author, 40, language="fr")]
    Item.objects.update(since=same)
    set_preference(actor=moderator, reads=["fr"], notify_late=True, digest="daily")
    pages = list(follow(sign_in(moderator)))
    assert [*chain(*pages)] == french + english


def test_a_page_keeps_its_place_when_others_decide_in_the_meantime(moderator, author, thread):
    made = waits(thread, author, 60, hours=5)
    first = queue.page(moderator)
    Item.objects.filter(pk__in=[item.pk for item in made[:30]]).delete()
    assert shown(moderator, after=first.after) == made[50:]


def test_its_pages_take_the_same_queries_with_10_and_with_200(sign_in, moderator, author, thread):
    def queries(query):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{URL}{query}").status_code == 200
        return len(captured)

    def more(count):
        for tab in ({}, {"held_until": clock.now() + HOUR}):
            waits(thread, author, count, hours=500, language="fr", by_newcomer=True, is_flagged=True, **tab)

    client, pages = sign_in(moderator), ("", "?language=fr&new=1&age=half", "?tab=held")
    more(10)
    for query in pages:
        queries(query)  # what is read once a process is not counted
    few = {query: queries(query) for query in pages}
    more(190)
    assert {query: queries(query) for query in pages} == few
    assert max(few.values()) <= 14


def test_a_campaign_is_one_row_with_its_count(sign_in, moderator, author, thread, noon):
    (first, *others) = waits(thread, author, 14, hours=3)
    campaign = Campaign.objects.create(consultation=thread.consultation, first_id=first.object_id)
    Item.objects.filter(pk__in=[first.pk, *(item.pk for item in others)]).update(campaign=campaign)
    (alone,) = waits(thread, author)
    page = sign_in(moderator).get(URL).content.decode()
    assert "14 contributions of a campaign" in page
    assert shown(moderator) == [first, alone]
    assert ">15 waiting for a decision<" in page
    Item.objects.filter(pk=first.pk).update(held_until=noon + HOUR)  # the others still wait
    assert shown(moderator) == [others[0], alone]
    assert shown(moderator, tab="held") == [first]


def test_what_comes_next_is_in_ones_language_and_neither_own_nor_anothers(moderator, other_moderator, author, thread):
    waits(thread, moderator, hours=9)
    waits(thread, author, hours=8, entered_by=moderator)
    (taken,) = waits(thread, author, hours=7)
    (english,) = waits(thread, author, hours=6)
    (french,) = waits(thread, author, hours=5, language="fr")
    Item.objects.filter(pk=taken.pk).update(
        claimed_by=other_moderator, claimed_until=clock.now() + datetime.timedelta(minutes=1)
    )
    assert queue.next_after(moderator).item == english
    assert queue.next_after(moderator, english.pk).item == french
    set_preference(actor=moderator, reads=["fr"], notify_late=True, digest="daily")
    assert queue.next_after(moderator).item == french
    with clock.at(clock.now() + datetime.timedelta(minutes=2)):
        french.delete()
        assert queue.next_after(moderator).item == taken


def test_after_a_decision_the_next_item_opens_until_nothing_is_pending(sign_in, moderator, author, thread):
    first, second = (world.submitted(author, thread, words) for words in ("One.", "Two."))
    client = sign_in(moderator)

    def approves(contribution):
        version = contribution.versions.get().pk
        url = f"{URL}contribution/{contribution.pk}/"
        return client.post(url, {"code": "APPROVED", "version": version, "decide": ""})

    assert approves(first).url == f"{URL}contribution/{second.pk}/"
    assert approves(second).url == URL
    assert (
        "Nothing is waiting for a decision. Everything that was submitted has been decided on."
        in client.get(URL).content.decode()
    )


def test_the_desk_shows_what_is_pending_but_not_what_others_have_to_decide(sign_in, moderator, author, thread, noon):
    client = sign_in(moderator)
    waits(thread, moderator, 2)
    assert "for a decision" not in client.get("/en/desk/").content.decode()
    waits(thread, author, hours=30)
    held = Item.objects.get(object_id=world.submitted(author, thread).pk)
    hold(actor=moderator, item=held, reason="The law office looks.", until=(noon + 24 * HOUR).date())
    desk = client.get("/en/desk/").content.decode()
    assert "3 contributions are waiting for a decision. Longest wait: more than 1 working day; promised: " in desk


def test_an_item_whose_words_are_gone_breaks_nothing(sign_in, moderator, author, thread):
    waits(thread, author, version_id=987654)
    assert sign_in(moderator).get(URL).status_code == 200


def test_what_people_write_is_text_on_the_page(sign_in, moderator, thread, noon):
    world.submitted(world.person("<script>alert(1)</script>"), thread)
    hold(actor=moderator, item=Item.objects.get(), reason="<b>", until=(noon + 24 * HOUR).date())
    page = sign_in(moderator).get(f"{URL}?tab=held").content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;" in page


def test_very_many_are_counted_as_people_write_numbers():
    assert queue.count_in_words(6938) == "6,938 waiting for a decision"
    with translation.override("fr"):
        assert "6\u202f938" in queue.count_in_words(6938)
