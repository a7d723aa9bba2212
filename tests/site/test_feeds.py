"""Feeds are valid, complete across their pages, and list what was withdrawn."""

import datetime
import re

import feedparser
import pytest
from lxml import etree

from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.moderation.actions import decide, remove, restore
from tests import world
from tests.answers import HERE, THREAD, get, give_paper, queries

pytestmark = pytest.mark.django_db

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "thr": "http://purl.org/syndication/thread/1.0",
    "fh": "http://purl.org/syndication/history/1.0",
    "at": "http://purl.org/atompub/tombstones/1.0",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def feed(client, path):
    """Return a feed's root, after the rules of RFC 4287, 4685, 5005 and 6721 that a program can check."""
    content = get(client, path)
    root = etree.fromstring(content)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for element in [root, *root.findall("a:entry", NS)]:
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", NS)) == 1, name
        assert element.findtext("a:id", namespaces=NS).startswith("tag:127.0.0.1,")
        assert MOMENT.fullmatch(element.findtext("a:updated", namespaces=NS))
        alternates = [(it.get("type"), it.get("hreflang")) for it in element.findall("a:link[@rel='alternate']", NS)]
        assert len(alternates) == len(set(alternates)) == 1
    for link in root.iter("{http://www.w3.org/2005/Atom}link"):
        assert link.get("href").startswith(("http://", "https://"))
    ids = [each.text for each in root.findall("a:entry/a:id", NS)]
    assert len(ids) == len(set(ids))
    assert not {each.get("ref") for each in root.findall("at:deleted-entry", NS)} & set(ids)
    assert len(root.findall("a:link[@rel='self']", NS)) == 1
    assert root.find("a:author/a:name", NS).text
    for content_element in root.findall("a:entry/a:content", NS):
        assert content_element.get("type") == "html"
        etree.fromstring(f"<div>{content_element.text}</div>".replace("<br>", "<br/>"))
    parsed = feedparser.parse(content)
    assert not parsed.bozo, parsed.bozo_exception
    assert len(parsed.entries) == len(ids)
    return root


def entries(root):
    return {each.findtext("a:id", namespaces=NS): each for each in root.findall("a:entry", NS)}


def link(root, rel):
    return next(
        (it.get("href").removeprefix("http://127.0.0.1:8000") for it in root.findall(f"a:link[@rel='{rel}']", NS)), None
    )


def test_a_contribution_is_an_entry_in_its_own_language_with_its_byline(client, edition, reply):
    root = feed(client, THREAD.replace("/en/", "/ar/") + "feed.atom")
    assert root.get(LANG) == "ar"
    assert "CC BY 4.0" in root.findtext("a:rights", namespaces=NS)
    first, second = (e for _id, e in sorted(entries(root).items()))
    assert (first.get(LANG), second.get(LANG)) == ("en", "fr")
    assert first.findtext("a:author/a:name", namespaces=NS) == "Aminata Diallo"
    assert first.findtext("a:title", namespaces=NS).startswith("1. Documents should reach us")
    assert second.findtext("a:title", namespaces=NS) == "2. Un délai"
    assert first.find("a:category", NS).get("term") == "civil_society"
    assert first.find("a:link[@rel='alternate']", NS).get("href").endswith("/ar" + HERE[3:] + "contributions/1/")
    assert "<em>cela</em>" in second.findtext("a:content", namespaces=NS)
    assert "<li>un délai de trois semaines</li>" in second.findtext("a:content", namespaces=NS)


def test_a_reply_names_what_it_answers_by_id_and_address(client, edition, reply):
    first, second = (e for _id, e in sorted(entries(feed(client, f"{THREAD}feed.atom")).items()))
    answers = second.find("thr:in-reply-to", NS)
    assert answers.get("ref") == first.findtext("a:id", namespaces=NS)
    assert answers.get("href") == first.find("a:link", NS).get("href")
    assert first.find("thr:in-reply-to", NS) is None


def test_ids_are_the_same_in_every_feed_and_language_and_never_change(client, edition, author, moderator):
    with clock.at(clock.now() + datetime.timedelta(days=3)):
        version = revise(actor=author, contribution=edition.contribution, text="Four weeks.", language="en")
        decide(actor=moderator, kind="contribution", pk=edition.contribution_id, version_id=version.pk, code="APPROVED")
        for language in CODES:
            for path in (f"{THREAD}feed.atom", f"{HERE}feed.atom", "/en/feed.atom"):
                root = feed(client, path.replace("/en/", f"/{language}/"))
                day = f"{edition.consultation.created_at:%Y-%m-%d}"
                (entry,) = [e for key, e in entries(root).items() if key.endswith("/Q1/1")]
                assert entry.findtext("a:id", namespaces=NS) == f"tag:127.0.0.1,{day}:/s/{edition.symbol}"
        assert "Four weeks." in entry.findtext("a:content", namespaces=NS)
        assert entry.findtext("a:published", namespaces=NS) < entry.findtext("a:updated", namespaces=NS)


def test_feeds_of_different_pages_have_ids_of_their_own(client, edition):
    paths = [
        "/en/feed.atom",
        "/fr/feed.atom",
        f"{HERE}feed.atom",
        f"{THREAD}feed.atom",
        f"{THREAD}feed.atom?group=government",
    ]
    assert len({feed(client, path).findtext("a:id", namespaces=NS) for path in paths}) == len(paths)


@pytest.mark.parametrize("act", ["withdraw", "remove"])
def test_what_is_gone_is_a_deleted_entry_on_every_page_that_had_it(act, client, edition, reply, author, moderator):
    before = set(entries(feed(client, f"{THREAD}feed.atom")))
    if act == "withdraw":
        withdraw(actor=author, contribution=edition.contribution)
    else:
        remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R2")
    for path in (f"{THREAD}feed.atom", f"{HERE}feed.atom", "/en/feed.atom", f"{THREAD}feed.atom?language=en"):
        root = feed(client, path)
        (gone,) = root.findall("at:deleted-entry", NS)
        assert gone.get("ref") in before
        assert gone.get("ref") not in entries(root)
        assert MOMENT.fullmatch(gone.get("when"))


def test_what_is_restored_is_newer_than_its_tombstone(client, edition, moderator):
    gone_at = clock.now() + datetime.timedelta(hours=1)
    with clock.at(gone_at):
        remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R2")
    with clock.at(gone_at + datetime.timedelta(hours=1)):
        restore(actor=moderator, kind="contribution", pk=edition.contribution_id)
    root = feed(client, f"{THREAD}feed.atom")
    assert root.find("at:deleted-entry", NS) is None
    (entry,) = entries(root).values()
    assert entry.findtext("a:updated", namespaces=NS) > f"{gone_at:%Y-%m-%dT%H:%M:%SZ}"


def walk(client, path):
    """Return the ids on a feed's current page and all its archive pages, and the addresses of these."""
    root = feed(client, path)
    found, archives = set(entries(root)), []
    while (before := link(root, "prev-archive")) is not None:
        assert before not in archives
        archives.append(before)
        root = feed(client, before)
        assert root.find("fh:archive", NS) is not None
        assert link(root, "current") == path
        found |= set(entries(root))
    return found, archives


def test_the_pages_of_a_feed_hold_everything_and_their_sets_never_change(client, thread, consultation):
    world.many(thread, 120)
    other = consultation.threads.get(number=2)
    world.many(other, 5)
    for path, numbers in ((f"{HERE}feed.atom", range(1, 126)), (f"{THREAD}feed.atom", range(1, 121))):
        found, archives = walk(client, path)
        assert {int(each.rsplit("/", 1)[1]) for each in found} == set(numbers)
        assert [each.rsplit("/", 1)[1] for each in archives] == ["2.atom", "1.atom"]
    before = {path: get(client, path) for path in archives}
    world.many(thread, 60)
    assert len(walk(client, f"{THREAD}feed.atom")[0]) == 180
    for path, content in before.items():
        root, earlier = feed(client, path), etree.fromstring(content)
        assert list(entries(root)) == list(entries(earlier))
        assert link(root, "next-archive") is not None
    assert link(feed(client, f"{THREAD}feed/1.atom"), "prev-archive") is None


def test_a_thread_skips_archive_pages_in_which_it_has_nothing(client, thread, consultation):
    world.many(consultation.threads.get(number=2), 10)
    world.many(thread, 40)
    world.many(consultation.threads.get(number=2), 160)
    found, archives = walk(client, f"{THREAD}feed.atom")
    assert len(found) == 40
    assert archives == [f"{THREAD}feed/1.atom"]


def test_archive_pages_that_are_not_full_are_not_there(client, thread):
    world.many(thread, 99)
    assert client.get(f"{HERE}feed/1.atom").status_code == 200
    for block in (0, 2, 99999999999999999999):
        assert client.get(f"{HERE}feed/{block}.atom").status_code == 404


def test_a_change_of_something_old_is_on_the_current_page(client, edition, author, moderator, thread):
    world.many(thread, 150)
    ref = f"/s/{edition.symbol}"
    assert not [key for key in entries(feed(client, f"{THREAD}feed.atom")) if key.endswith(ref)]
    with clock.at(clock.now() + datetime.timedelta(minutes=1)):
        version = revise(actor=author, contribution=edition.contribution, text="Four weeks.", language="en")
        decide(actor=moderator, kind="contribution", pk=edition.contribution_id, version_id=version.pk, code="APPROVED")
        newest = next(iter(entries(feed(client, f"{THREAD}feed.atom"))))
        assert newest.endswith(ref)
        withdraw(actor=author, contribution=edition.contribution)
        root = feed(client, f"{THREAD}feed.atom")
        assert [each.get("ref").endswith(ref) for each in root.findall("at:deleted-entry", NS)] == [True]
        assert feed(client, f"{THREAD}feed/1.atom").find("at:deleted-entry", NS) is not None


def test_a_feed_knows_the_filters_of_its_page(client, edition, reply, moderator, thread):
    business = world.person("Ravi Menon", stakeholder_group="private_sector")
    world.published(business, moderator, thread, "Business needs certainty.")

    def shown(query):
        root = feed(client, f"{THREAD}feed.atom?{query}")
        return {key.rsplit("/", 1)[1] for key in entries(root)}

    assert shown("group=private_sector") == {"3"}
    assert shown("language=fr") == {"2"}
    assert shown("group=civil_society&language=en") == {"1"}
    assert shown("group=nonsense&language=xx&utm_source=x&order=newest") == {"1", "2", "3"}
    assert shown("language=%00") == {"1", "2", "3"}
    root = feed(client, f"{THREAD}feed.atom?language=fr&x=y")
    assert link(root, "self") == f"{THREAD}feed.atom?language=fr"
    assert link(root, "alternate") == f"{THREAD}?language=fr"


def test_hostile_words_names_and_titles_stay_words(client, hostile):
    found = entries(feed(client, f"{THREAD}feed.atom")) | entries(feed(client, f"{THREAD}feed/1.atom"))
    assert len(found) == len(hostile)
    for _text, name, edition in hostile:
        (entry,) = [each for key, each in found.items() if key.endswith(f"/s/{edition.symbol}")]
        assert entry.findtext("a:author/a:name", namespaces=NS) == name
        assert entry.findtext("a:title", namespaces=NS) == f"{edition.number}. {name}"
        content = entry.findtext("a:content", namespaces=NS)
        assert not re.search(r"<(?!/?(p|div|em|strong|ul|ol|li|blockquote|a|br|span)\b)", content)
        assert not re.search(r"<[^>]*\s(on\w+|style|src)=", content)
        assert 'href="javascript' not in content.lower()
        assert edition.symbol in content


def test_a_long_text_is_cut_and_a_paper_is_enclosed(client, edition):
    from plenara.contributions.models import Text

    Text.objects.filter(pk=edition.text_id).update(content="Long words. " * 5000)
    give_paper(edition)
    (entry,) = entries(feed(client, f"{THREAD}feed.atom")).values()
    assert 19_000 < len(entry.findtext("a:content", namespaces=NS)) < 21_500
    enclosure = entry.find("a:link[@rel='enclosure']", NS)
    assert enclosure.get("type") == "text/plain"
    assert client.get(enclosure.get("href")).status_code == 200


def test_an_erased_text_is_a_deleted_entry(client, edition):
    from plenara.contributions.models import Text

    Text.objects.filter(pk=edition.text_id).update(content="", erased_at=clock.now())
    root = feed(client, f"{THREAD}feed.atom")
    assert root.find("a:entry", NS) is None
    assert root.find("at:deleted-entry", NS) is not None


def test_the_feed_of_the_site_lists_consultations_and_leaves_imports_out(client, edition, elsewhere, moderator):
    from plenara.contributions.models import Contribution

    keys = {key.split(":", 2)[2] for key in entries(feed(client, "/en/feed.atom"))}
    assert keys == {f"/s/{edition.symbol}", f"/s/{edition.consultation.symbol}", f"/s/{elsewhere.symbol}"}
    Contribution.objects.update(bundle_id="o1")
    assert f"/s/{edition.symbol}" not in {k.split(":", 2)[2] for k in entries(feed(client, "/en/feed.atom"))}


def test_undated_editions_have_the_time_of_their_coming(client, edition):
    Edition.objects.update(published_at=None)
    (entry,) = entries(feed(client, f"{THREAD}feed.atom")).values()
    assert entry.findtext("a:updated", namespaces=NS) == f"{edition.minted_at:%Y-%m-%dT%H:%M:%SZ}"


def test_empty_feeds_are_feeds(client, consultation):
    for path in ("/zh/feed.atom", f"{HERE}feed.atom", f"{THREAD}feed.atom"):
        feed(client, path)


@pytest.mark.once
def test_a_feed_takes_the_same_queries_at_10_and_at_1000_contributions(client, thread):
    paths = ["/en/feed.atom", f"{HERE}feed.atom", f"{THREAD}feed.atom?group=government&language=en"]
    world.many(thread, 60)
    few = [queries(client, path) for path in [*paths, f"{THREAD}feed/1.atom"]]
    world.many(thread, 1000)
    assert [queries(client, path) for path in [*paths, f"{THREAD}feed/1.atom"]] == few
    assert max(few) <= 13
