"""Public pages of a summary: statements with the words they cite, in the available languages."""

import datetime
import gzip
import random
import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.contributions.actions import withdraw
from plenara.core import clock
from plenara.core.cache_tags import revision
from plenara.core.templatetags.plenara import iso
from plenara.documents import actions as document_actions
from plenara.documents.actions.publication import publish_rendition
from plenara.documents.models import Origin, PublishedRendition, PublishedText
from plenara.documents.personal_data import forget_words
from plenara.documents.validation.words import sentences
from plenara.moderation.actions import remove
from plenara.summaries.actions import summaries
from tests import world
from tests.hostile import EVERYTHING, one_line
from tests.summaries import making
from tests.summaries.harmless import assert_is_harmless

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages; test_odd_requests.py runs their queries on both

BASE = "/{}/consultations/internet-governance/summaries/"


def page(client, tail="1/", language="en"):
    answer = client.get(BASE.format(language) + tail)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def words(html):
    """Return a page's words as they are read, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_each_statement_links_to_the_edition_it_cites_with_the_words_marked(client, published, edition):
    html = page(client)
    assert f'href="/en/consultations/internet-governance/contributions/{edition.number}/rev/0/"' in html
    assert f"<mark>{making.WORDS_CITED}</mark>" in html
    assert "Documents should reach us <mark>" in html
    assert '<li class="statement" id="s1">' in html
    assert "Aminata Diallo" in html
    assert "Réseau Sahel Numérique" in html


def test_to_cite_a_statement_an_example_names_one_that_is_there(client, published):
    html = page(client)
    last = max(int(each) for each in re.findall(r'<li class="statement[^"]*" id="s(\d+)"', html))
    assert re.search(rf"add its number: <bdi>[^<]*#s{last}</bdi>", html)


def test_it_says_who_wrote_and_who_approved_it(client, published):
    text = words(page(client))
    assert "Written by \u2068Inés Calderón\u2069, rapporteur." in text
    assert "Approved by \u2068Wei Zhang\u2069, organizer." in text


def test_self_approval_is_said(client, rapporteur, consultation, summary, statement):
    both = world.grant(rapporteur, consultation, "organizer")
    making.published(both, both, summary)
    assert "who also helped to write the summary. This consultation has no other organizer." in page(client)


def test_a_withheld_name_is_on_no_page(client, rapporteur, organizer, summary, statement):
    type(rapporteur).objects.update(withholds_name=True)
    making.published(rapporteur, organizer, summary)
    for tail in ("1/", "1/summary.txt", "feed.atom", ""):
        html = page(client, tail)
        assert "Calderón" not in html
        assert "Wei Zhang" not in html
    assert "Written by the rapporteur. Approved by an organizer." in words(page(client))


def test_coverage_names_the_others_with_the_reason(
    client, rapporteur, organizer, author, moderator, thread, summary, statement
):
    others = [world.published(author, moderator, thread, f"Other words {number}.") for number in range(2)]
    summaries.set_aside(actor=rapporteur, summary=summary, edition=others[0], reason="It is about the form.")
    making.published(rapporteur, organizer, summary)
    html = page(client)
    assert "<b>1</b> <span>of 3 contributions from the period are cited</span>" in html
    assert "The 2 contributions that are not cited" in html
    for other in others:
        assert f'href="/en/consultations/internet-governance/contributions/{other.number}/"' in html
    assert "It is about the form." in html


def test_a_language_that_is_not_there_says_so_and_offers_the_others(
    client, rapporteur, organizer, translator, summary, statement
):
    making.reviewed(translator, rapporteur, summary.document, "ar")
    making.published(rapporteur, organizer, summary)
    html = page(client, language="fr")
    notice = html[html.index('<div class="notice note">') : html.index("</header>", html.index('class="head"'))]
    assert BASE.format("en") + "1/" in notice
    assert BASE.format("ar") + "1/" in notice
    assert BASE.format("zh") + "1/" not in notice
    assert '<p class="words" lang="en" dir="ltr">Documents come too late.</p>' in html


def test_a_published_language_is_read_in_it_and_the_words_cited_in_theirs(
    client, rapporteur, organizer, translator, summary, statement
):
    making.reviewed(translator, rapporteur, summary.document, "ar")
    making.published(rapporteur, organizer, summary)
    html = page(client, language="ar")
    assert '<p class="words" lang="ar" dir="rtl">[ar] Documents come too late.</p>' in html
    assert '<blockquote class="words" lang="en" dir="ltr">' in html
    assert 'class="notice note"' not in html


def test_an_outdated_statement_is_marked_and_the_original_offered(
    client, rapporteur, organizer, translator, summary, statement
):
    making.reviewed(translator, rapporteur, summary.document, "ar")
    making.published(rapporteur, organizer, summary)
    document_actions.reopen(actor=rapporteur, document=summary.document)
    document_actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text="Changed.", was=making.stamp(statement)
    )
    making.published(rapporteur, organizer, summary, is_correction=True)
    html = page(client, language="ar")
    assert "[ar] Documents come too late." in html
    assert html.count('<span class="state stop">') == 2  # at the statement, and in the list of languages
    assert BASE.format("en") + "1/" in html
    assert '<span class="state stop">outdated since' in page(client)


def test_an_earlier_edition_stays_at_its_address(client, rapporteur, organizer, published, summary, statement):
    document_actions.reopen(actor=rapporteur, document=summary.document)
    document_actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text="Changed.", was=making.stamp(statement)
    )
    making.published(rapporteur, organizer, summary)
    assert "Changed." in page(client)
    old = page(client, "1/rev/0/")
    assert "Documents come too late." in old
    assert "This earlier edition remains public for people who have cited it." in old
    assert client.get(BASE.format("en") + "1/rev/9/").status_code == 404


@pytest.mark.parametrize("how", ["withdrawn", "removed", "erased"])
def test_words_of_what_is_gone_are_quoted_no_more(how, client, published, author, moderator, edition):
    if how == "withdrawn":
        withdraw(actor=author, contribution=edition.contribution)
    elif how == "removed":
        remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R3")
    else:
        edition.text.content, edition.text.erased_at = "", edition.minted_at
        edition.text.save()
        forget_words.call(edition_id=edition.pk)
    for tail in ("1/", "1/summary.txt", "feed.atom"):
        html = page(client, tail)
        assert making.WORDS_CITED not in html
        assert "Réseau Sahel" not in html
    assert "its text is no longer shown" in page(client)


def test_a_machine_translation_is_labelled(client, rapporteur, organizer, translator, summary, statement):
    making.reviewed(translator, rapporteur, summary.document, "ar")
    making.published(rapporteur, organizer, summary)
    PublishedRendition.objects.filter(language="ar").update(origin=Origin.MACHINE)
    assert '<span class="state note">machine translation, reviewed</span>' in page(client)


def test_nothing_of_a_draft_is_public(client, rapporteur, organizer, summary, statement):
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    document_actions.approve(actor=organizer, document=summary.document)
    assert "No summary has been published yet." in page(client, "")
    assert client.get(BASE.format("en") + "1/").status_code == 404
    assert client.get(BASE.format("en") + "1/summary.txt").status_code == 404
    assert "<entry" not in page(client, "feed.atom")


def test_a_consultation_that_is_not_announced_shows_none(client, published, consultation):
    type(consultation).objects.filter(pk=consultation.pk).update(stage="draft")
    for tail in ("", "1/", "1/rev/0/", "1/summary.txt", "feed.atom"):
        assert client.get(BASE.format("en") + tail).status_code == 404


@pytest.mark.parametrize("tail", ["", "1/", "1/rev/0/", "1/summary.txt", "feed.atom"])
def test_it_is_the_same_for_everybody_and_cacheable(tail, client, published, sign_in, rapporteur):
    anonymous = client.get(BASE.format("en") + tail)
    assert not anonymous.cookies
    assert "Cookie" not in anonymous.headers.get("Vary", "")
    assert anonymous.headers["ETag"]
    assert client.get(BASE.format("en") + tail, headers={"If-None-Match": anonymous.headers["ETag"]}).status_code == 304
    assert sign_in(rapporteur).get(BASE.format("en") + tail).content == anonymous.content


def test_a_list_tells_period_coverage_and_languages(client, rapporteur, organizer, translator, summary, statement):
    making.reviewed(translator, rapporteur, summary.document, "ar")
    making.published(rapporteur, organizer, summary)
    html = page(client, "")
    assert "What was said" in html
    assert "1 of 1 contribution cited" in words(html)
    assert BASE.format("ar") + "1/" in html
    assert BASE.format("zh") + "1/" not in html.replace('hreflang="zh-Hans" href="', "")
    assert page(client, "", "ar").count("[ar] What was said") >= 1


def test_plain_text_has_every_statement_and_citation(client, published, edition):
    answer = client.get(BASE.format("en") + "1/summary.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    text = answer.content.decode()
    assert "1. Documents come too late." in text
    assert "[1] Aminata Diallo · Civil society" in text
    assert f"“{making.WORDS_CITED}”" in text
    assert f"/s/{edition.symbol}\n" in text
    assert "&" not in text


@pytest.fixture
def hostile(rapporteur, organizer, author, moderator, thread, summary, monkeypatch):
    """A summary with texts that break careless programs in every field; the checks would refuse their figures."""
    for module in ("review", "publication"):
        monkeypatch.setattr(f"plenara.documents.actions.{module}.passes_publication_checks", lambda document: True)
    texts = [each for each in EVERYTHING if each.strip()]
    type(author).objects.filter(pk=author.pk).update(name=one_line(texts[2]), organization=one_line(texts[5]))
    type(rapporteur).objects.filter(pk=rapporteur.pk).update(name=one_line(texts[0]))
    author.refresh_from_db()
    document_actions.edit_title(actor=rapporteur, document=summary.document, title=texts[1], was="What was said")
    # A few contributions that hold all the texts; each statement cites every sentence of one of them.
    chunks = [texts[place : place + 12] for place in range(0, len(texts), 12)]
    editions = [world.published(author, moderator, thread, "\n\n".join(each)[:1200]) for each in chunks]
    for number, text in enumerate(texts):
        made = making.statement(rapporteur, summary.document, f"{number} {text}", heading=one_line(text))
        edition = editions[number % len(editions)]
        for sentence in sentences(edition.text.content)[:: 1 if number < len(editions) else 30]:
            making.cited(rapporteur, made, edition, sentence)
    aside = world.published(author, moderator, thread, "Aside.")
    summaries.set_aside(actor=rapporteur, summary=summary, edition=aside, reason=texts[3])
    return making.published(rapporteur, organizer, making.fresh(summary))


def test_hostile_texts_stay_text_in_every_form(client, hostile):
    for tail in ("1/", "1/rev/0/", ""):
        assert_is_harmless(page(client, tail))
    ElementTree.fromstring(page(client, "feed.atom").encode())
    assert "<script>owned()</script>" in page(client, "1/summary.txt")


def test_queries_are_the_same_for_five_and_for_sixty_statements(
    client, rapporteur, organizer, author, moderator, thread, consultation
):
    counts = {}
    editions = [world.published(author, moderator, thread, f"{world.WORDS} {number}.") for number in range(13)]
    for number, size in ((1, 5), (2, 60)):  # one contribution is cited by neither
        summary = making.summary(rapporteur, consultation)
        for place in range(size):
            making.statement_of(rapporteur, summary, editions[place % 12], f"Statement {place + 1}.", heading="On")
        making.published(rapporteur, organizer, summary)
        for tail in (f"{number}/", f"{number}/summary.txt"):
            client.get(BASE.format("en") + tail)
            with CaptureQueriesContext(connection) as queries:
                page(client, tail)
            counts.setdefault(tail[2:], set()).add(len(queries))
    assert all(len(each) == 1 for each in counts.values()), counts
    assert max(max(each) for each in counts.values()) <= 14
    for tail in ("", "feed.atom"):
        with CaptureQueriesContext(connection) as queries:
            page(client, tail)
        assert len(queries) <= 8


def test_twenty_five_statements_with_sixty_citations_fit_the_budget(
    client, rapporteur, organizer, author, moderator, thread, consultation, summary
):
    """Words as varied as real ones, so that compression cannot help more than it would."""
    dice = random.Random(7)
    syllables = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "er", "is", "on")]

    def sentence(length):
        found = ["".join(dice.choices(syllables, k=dice.randint(1, 4))) for _ in range(length)]
        return " ".join(found).capitalize() + "."

    people = [
        world.person(
            f"{sentence(1)[:-1]} {sentence(1)[:-1]}", capacity="organization", organization=sentence(3)[:-1],
            stakeholder_group=group, country=country,
        )
        for group, country in zip(
            ["government", "civil_society", "technical_academic", "private_sector", "other", "intergovernmental"] * 5,
            ["ML", "FR", "IN", "BR", "CN", "EG"] * 5,
            strict=True,
        )
    ]  # fmt: skip
    texts = [[sentence(14) for _ in range(8)] for _ in people]
    editions = [
        world.published(person, moderator, thread, " ".join(text)) for person, text in zip(people, texts, strict=True)
    ]
    count = 0
    for number in range(25):
        made = making.statement(rapporteur, summary.document, sentence(22), thread=thread)
        for _ in range(3 if number % 2 else 2):
            place = count % 30
            making.cited(rapporteur, made, editions[place], texts[place][2 + count // 30])
            count += 1
    making.published(rapporteur, organizer, summary)
    assert count == 62
    size = len(gzip.compress(page(client).encode(), 6))
    assert size <= 14_336


def test_a_new_translation_makes_the_page_stale(client, rapporteur, organizer, translator, published, summary):
    before = revision(summary.consultation.cache_tag)
    rendition = making.reviewed(translator, rapporteur, summary.document, "ar")
    publish_rendition(actor=translator, rendition=rendition)
    assert revision(summary.consultation.cache_tag) == before + 1
    assert "[ar] Documents come too late." in page(client, language="ar")


def test_the_feed_has_an_entry_a_summary_with_its_own_language(
    client, rapporteur, organizer, translator, consultation, edition
):
    ns = {"a": "http://www.w3.org/2005/Atom"}
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    for number in (1, 2):
        summary = making.summary(rapporteur, consultation, title=f"Title {number}")
        making.statement_of(rapporteur, summary, edition)
        if number == 2:
            making.reviewed(translator, rapporteur, summary.document, "ar")
        making.published(rapporteur, organizer, summary)
    answer = client.get(BASE.format("ar") + "feed.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall("a:entry", ns)
    assert (feed.get(lang), [each.get(lang) for each in entries]) == ("ar", ["ar", "en"])
    assert "[ar] Documents come too late." in entries[0].findtext("a:content", namespaces=ns)
    identity = [each.findtext("a:id", namespaces=ns) for each in entries]
    assert all(
        each.startswith("tag:127.0.0.1,") and each.endswith(f"/SUM/{n}")
        for each, n in zip(identity, (2, 1), strict=True)
    )
    document_actions.reopen(actor=rapporteur, document=summary.document)
    making.published(rapporteur, organizer, summary)
    again = ElementTree.fromstring(client.get(BASE.format("ar") + "feed.atom").content)
    assert sorted(each.findtext("a:id", namespaces=ns) for each in again.findall("a:entry", ns)) == sorted(identity)


def test_the_feed_says_that_a_summary_was_corrected_and_keeps_when_it_was_first_published(
    client, rapporteur, organizer, published, summary
):
    with clock.at(published.published_at + datetime.timedelta(days=1)):
        document_actions.reopen(actor=rapporteur, document=making.fresh(summary.document))
        edition = making.published(rapporteur, organizer, summary, is_correction=True)
    entry = page(client, "feed.atom").partition("<entry")[2]
    assert f"{BASE.format('en')}1/changes/1/" in entry and edition.symbol in entry
    assert client.get(f"{BASE.format('en')}1/changes/1/").status_code == 200
    begun, updated = (entry.partition(f"<{name}>")[2].partition("<")[0] for name in ("published", "updated"))
    assert (begun, updated) == (iso(published.published_at), iso(edition.published_at)) and begun < updated


def test_published_texts_are_only_of_published_languages(rapporteur, translator, published, summary):
    making.translated(translator, summary.document, "ar")
    assert set(PublishedText.objects.values_list("language", flat=True)) == {"en"}
