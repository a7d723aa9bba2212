"""Public pages of an outcome: each paragraph with its citations, responses and agreement."""

import datetime
import re

import pytest

from plenara.consultations.models import Consultation
from plenara.contributions.actions import withdraw
from plenara.core import clock
from plenara.core.refusals import InvalidInput
from plenara.outcomes import actions
from plenara.outcomes.queries import contributions, matrix
from tests import world
from tests.outcomes import making
from tests.outcomes import public_everywhere as everywhere

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages; test_odd_requests.py runs their queries on both

BASE = "/{}/outcomes/wgig/report/"


def page(client, tail="", language="en"):
    answer = client.get(BASE.format(language) + tail)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def words(html):
    """Return a page's words as they are read, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_paragraph_shows_what_it_rests_on_with_response_and_reason(client, version, edition):
    html = page(client)
    assert '<li class="statement" id="s1">' in html
    assert 'href="/en/outcomes/wgig/report/paragraphs/1/"' in html
    assert f'href="/en/consultations/internet-governance/contributions/{edition.number}/rev/0/"' in html
    text = words(html)
    assert "taken up" in text
    assert making.REASON in text
    assert "Zero draft" in text


@pytest.mark.both
def test_the_counts_under_a_question_add_up_to_its_contributions(
    client, outcome, paragraph, drafter, chair, moderator, edition
):
    making.paragraph(drafter, outcome, "Another finding.", cites=edition, response="noted")
    world.published(world.person("Lea Stern"), moderator, edition.thread, "No answer.")
    making.published(drafter, chair, outcome)
    contributed, _heading, done = words(page(client, "answers/").partition("You said")[2]).partition("We did")
    assert contributed.startswith("2 contributions")
    assert done.strip().startswith("taken up: 1 no response yet: 1 ")


def test_the_answers_of_a_draft_leave_out_the_questions_about_itself(client, version, chair):
    making.opened(chair, version)
    questions = words(page(client, "answers/"))
    assert "Public policy issues" not in questions and "What is missing?" not in questions


@pytest.mark.both
def test_the_matrix_lists_a_contribution_once_for_one_paragraph(
    client, outcome, drafter, chair, rapporteur, organizer, edition
):
    from tests.summaries import making as summaries

    summary = summaries.summary(rapporteur, edition.consultation)
    for text in ("The management is a matter for all.", "It is shared."):
        summaries.cited(rapporteur, summaries.statement(rapporteur, summary.document, text), edition)
    for thread in edition.consultation.threads.exclude(pk=edition.thread_id):
        summaries.statement(rapporteur, summary.document, "Nobody has written.", kind="frame", thread=thread)
    statements = summaries.published(rapporteur, organizer, summary).paragraphs.filter(number__lte=2)
    through, itself = making.paragraph(drafter, outcome), making.paragraph(drafter, outcome, cites=edition)
    for made in (through, itself):
        for each in statements:
            actions.refer(actor=drafter, paragraph=made, statement=each, response="noted", reason="Noted.")
    making.published(drafter, chair, outcome)
    listed = page(client, "matrix/").partition('<ul class="questions matrix">')[2]
    assert listed.count("/paragraphs/1/") == 1 and listed.count("/paragraphs/2/") == 1
    cited_itself, _mark, reached = words(listed).partition("Paragraph 1")
    assert "through" not in cited_itself and "Noted." not in cited_itself and making.REASON in cited_itself
    assert reached.count("through") == 2 and reached.count("Noted.") == 1


@pytest.mark.both
def test_the_matrix_names_consultations_by_their_titles(client, version, chair, consultation):
    making.opened(chair, version)
    listed = page(client, "matrix/").partition('<ul class="questions matrix">')[2]
    assert consultation.title["en"] in words(listed) and ">internet-governance<" not in listed


def test_to_cite_a_paragraph_an_example_names_one_that_is_there(client, version):
    html = page(client)
    last = max(int(each) for each in re.findall(r'<li class="statement[^"]*" id="s(\d+)"', html))
    assert re.search(rf"add its number: <bdi>[^<]*#s{last}</bdi>", html)


def test_how_many_are_answered_is_not_headed_as_if_all_were(client, version):
    text = words(page(client))
    assert "Nobody unanswered" not in text and "Contributions answered 1 of 1" in text


@pytest.mark.parametrize(
    "tail", ["", "rev/0/", "paragraphs/1/", "rev/0/paragraphs/1/", "matrix/", "coverage/", "answers/", "unanswered/"]
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_there_in_every_language(client, version, tail, language):
    page(client, tail, language)


@pytest.mark.parametrize("path", ["", "wgig/", "wgig/members/", "wgig/feed.atom"])
def test_bodies_are_listed_with_what_they_have_written(client, version, path):
    answer = client.get(f"/en/outcomes/{path}")
    assert answer.status_code == 200
    if not path.endswith("members/"):
        assert "Report of the Working Group" in answer.content.decode()


def test_brackets_are_seen_and_who_objects_is_named_with_the_reason(client, outcome, paragraph, drafter, chair, member):
    was = making.source(paragraph).digest
    actions.object_to(actor=member, paragraph=paragraph, reason="It says too much.", was=was)
    making.published(drafter, chair, outcome)
    html = page(client)
    assert f'<span class="bracket">[</span>{making.source(paragraph).text}<span class="bracket">]</span>' in html
    text = words(html)
    assert "in brackets" in text and "Yusuf Demir" in text and "It says too much." in text


def test_a_reason_is_read_in_its_own_direction(client, outcome, paragraph, drafter, chair, member):
    was = making.source(paragraph).digest
    actions.object_to(actor=member, paragraph=paragraph, reason="لا حد أدنى هنا.", was=was)
    making.published(drafter, chair, outcome)
    assert 'dir="auto">لا حد أدنى هنا.</p>' in page(client)


def test_what_rests_on_withdrawn_words_is_flagged_and_quotes_them_no_more(client, version, edition, author):
    withdraw(actor=author, contribution=edition.contribution)
    for tail in ("", "paragraphs/1/"):
        text = words(page(client, tail))
        assert "based on words that have since been withdrawn or removed" in text
        assert "withdrawn or removed; its text is no longer shown" in text
        assert "Aminata Diallo" not in text
    matrix = page(client, "matrix/")
    assert "Aminata Diallo" not in matrix and "withdrawn or removed" in matrix
    table = b"".join(client.get(BASE.format("en") + "matrix.csv").streaming_content).decode()
    assert "withdrawn" in table and "Aminata Diallo" not in table


def test_a_paragraph_is_followed_over_versions_and_one_taken_out_keeps_its_address(client, consultation, edition):
    everywhere.places(consultation, edition)
    base = "/en/outcomes/panel/short/"
    first = words(client.get(f"{base}paragraphs/1/").content.decode())
    assert "Draft 1" in first and "Zero draft" in first and "It says too much." in first
    gone = words(client.get(f"{base}paragraphs/2/").content.decode())
    assert "You see the paragraph from the last version that contained it: Zero draft." in gone
    assert "What goes." in gone
    assert client.get(f"{base}rev/1/paragraphs/2/").status_code == 404
    changed = words(client.get(f"{base}changes/1/").content.decode())
    assert "removed" in changed and "added" in changed and "not yet agreed before, in brackets now" in changed
    assert client.get(f"{base}changes/0/").status_code == 404


def test_a_final_text_that_leaves_somebody_says_why(
    client, version, outcome, drafter, chair, author, moderator, thread
):
    late = world.published(author, moderator, thread, "Another thing.")
    with pytest.raises(InvalidInput):
        making.published(drafter, chair, outcome, "final")
    actions.publish(actor=chair, outcome=outcome, stage="final", why_left={"en": "It came late."})
    assert "It came late." in words(page(client))
    left = page(client, "unanswered/")
    assert f'contributions/{late.number}/"' in left
    assert f'<h2 class="section">{thread.consultation.title["en"]}</h2>' in left
    assert "1 contribution has no response yet." in words(page(client, "answers/"))


@pytest.fixture
def earlier(organizer, moderator, outcome):
    """The contributions to a consultation that was added later and opened earlier, which the outcome answers too."""
    opened = clock.now() - datetime.timedelta(days=90)
    other = world.consultation("forty-tasks", symbol="AAA/2000", opens_at=opened)
    world.grant(moderator, other, "moderator")
    outcome.consultations.add(other)
    author = world.person("Lea Stern")
    return [world.published(author, moderator, other.threads.get(number=1), f"Point {n}.") for n in (1, 2)]


@pytest.mark.both
def test_contributions_to_several_consultations_stand_in_the_order_in_which_these_opened(
    client, earlier, outcome, paragraph, drafter, chair, moderator, edition, monkeypatch
):
    making.answered(drafter, paragraph, earlier[0])
    left = world.published(world.person("Rosa Lind"), moderator, edition.thread, "No answer.")
    version = making.published(drafter, chair, outcome)
    table = b"".join(client.get(BASE.format("en") + "matrix.csv").streaming_content).decode()
    assert re.findall(r"^\ufeff?(\S+?/\d+),", table, re.MULTILINE) == [
        each.symbol for each in (*earlier, edition, left)
    ]
    for module, expected in ((matrix, [earlier[0], edition]), (contributions, [earlier[1], left])):
        monkeypatch.setattr(module, "PAGE", 1)
        assert _paged(module, version) == [each.symbol for each in expected]


def _paged(module, version):
    """Return the symbols on the pages of the matrix, or of the unanswered, one page after the other."""
    found, start = [], None
    while True:
        if module is matrix:
            page = matrix.page_of(version, matrix.Filters(), start)
            found += [f"{Consultation.objects.get(slug=row.slug).symbol}/Q1/{row.number}" for row in page.rows]
        else:
            page = contributions.unanswered_page(version, *(start or ("", 0)))
            found += [each.symbol for each in page.editions]
        start = page.next
        if start is None:
            return found


def test_a_body_that_is_not_shown_and_an_outcome_that_is_not_published_are_not_there(client, outcome, paragraph):
    for path in ("wgig/", "wgig/members/", "wgig/feed.atom", "wgig/report/", "wgig/report/matrix/"):
        assert client.get(f"/en/outcomes/{path}").status_code == 404
    assert "Working group" not in client.get("/en/outcomes/").content.decode()


def test_machines_read_in_a_page_what_it_is(client, version, consultation):
    answer = client.get(BASE.format("en"))
    assert f'/s/{consultation.symbol}/OUT/1>; rel="cite-as"' in answer["Link"]
    assert '"@type":"Report"' in answer.content.decode()
    paragraph = client.get(BASE.format("en") + "rev/0/paragraphs/1/")
    assert f'/s/{consultation.symbol}/OUT/1/Rev.0#s1>; rel="cite-as"' in paragraph["Link"]
    assert not answer.cookies


def test_a_symbol_leads_to_the_outcome_and_the_first_page_names_it(client, version, consultation):
    lead = client.get(f"/s/{consultation.symbol}/OUT/1", headers={"Accept-Language": "fr"})
    assert (lead.status_code, lead["Location"]) == (302, "/fr/outcomes/wgig/report/")
    for path in ("/en/", f"/en/consultations/{consultation.slug}/"):
        assert 'href="/en/outcomes/wgig/report/"' in client.get(path).content.decode()
    pages = client.get("/sitemaps/paragraphs-1.xml")
    assert b"outcomes/wgig/report/paragraphs/1/" in b"".join(pages.streaming_content)


@pytest.mark.parametrize(
    "tail", ["matrix/from/999999999/", "paragraphs/99/", "answers/from/2/", "rev/9/", "sections/x/"]
)
def test_what_is_not_there_is_not_there(client, version, tail):
    assert client.get(BASE.format("en") + tail).status_code == 404
