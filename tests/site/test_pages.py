"""Public pages: what they cost, what they carry, what they never set."""

import datetime
import gzip
import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.contributions.actions import revise, withdraw
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.moderation.actions import remove
from plenara.moderation.kinds import reason_label
from tests import world

pytestmark = pytest.mark.django_db

HERE = "consultations/internet-governance/"
PAGES = {
    "home": "",
    "consultations": "consultations/",
    "consultation": HERE,
    "thread": f"{HERE}threads/1/",
    "thread, newest first": f"{HERE}threads/1/?order=newest",
    "thread, filtered": f"{HERE}threads/1/?group=civil_society&language=en",
    "thread, a later page": f"{HERE}threads/1/from/1/",
    "contribution": f"{HERE}contributions/1/",
    "edition": f"{HERE}contributions/1/rev/0/",
    "register": f"{HERE}decisions/",
    "register, a later page": f"{HERE}decisions/from/1/",
    "turnaround": f"{HERE}decisions/turnaround/",
    "figures": f"{HERE}figures/",
    "about": "about/how/",
}


def queries(client, path):
    client.get(path)  # what is read once a process (templates, countries) is not counted
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.once
def test_every_page_takes_the_same_queries_at_10_and_at_300_contributions(client, thread, edition):
    world.many(thread, 10)
    few = {page: queries(client, f"/en/{path}") for page, path in PAGES.items()}
    world.many(thread, 289)
    assert {page: queries(client, f"/en/{path}") for page, path in PAGES.items()} == few
    assert max(few.values()) <= 19


@pytest.mark.once
def test_a_page_is_there_in_six_languages_without_a_cookie_and_names_all_of_them(client, edition):
    for language, (page, path) in itertools.product(CODES, PAGES.items()):
        answer = client.get(f"/{language}/{path}")
        html, case = answer.content.decode(), f"{page} ({language})"
        assert answer.status_code == 200, case
        assert not answer.cookies, case
        assert "cookie" not in answer.get("Vary", "").lower(), case
        assert "csrf" not in html.lower(), case
        assert answer["Content-Language"] == {"zh": "zh-Hans"}.get(language, language), case
        direction = "rtl" if language == "ar" else "ltr"
        assert f'<html lang="{answer["Content-Language"]}" dir="{direction}">' in html, case
        assert html.count('<link rel="canonical"') == 1, case
        assert [tag for tag in ("ar", "en", "es", "fr", "ru", "zh-Hans") if f'hreflang="{tag}"' not in html] == [], case


def test_a_page_that_has_not_changed_is_answered_304(client, edition):
    for page, path in PAGES.items():
        first = client.get(f"/en/{path}")
        assert "s-maxage" in first["Cache-Control"], page
        again = client.get(f"/en/{path}", headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304, page


@pytest.mark.once
def test_a_full_thread_page_keeps_the_budget(client, thread):
    world.many(thread, 45)
    html = client.get(f"/ru/{HERE}threads/1/").content
    assert len(gzip.compress(html)) <= 14_336


def test_a_signed_in_reader_gets_the_same_bytes(client, edition, sign_in, moderator):
    stranger = client.get(f"/en/{HERE}threads/1/").content
    assert sign_in(moderator).get(f"/en/{HERE}threads/1/").content == stranger


def test_unknown_parameters_are_ignored(client, edition):
    plain = client.get(f"/en/{HERE}contributions/1/")
    odd = client.get(f"/en/{HERE}contributions/1/?utm_source=x&group=nobody")
    assert odd.status_code == 200
    assert "utm_source" not in odd.content.decode().split("</head>")[0]
    assert plain.status_code == 200


def test_a_consultation_that_is_not_announced_is_not_there(client, db):
    world.consultation("hidden", stage="draft")
    for path in ("", "threads/1/"):
        assert client.get(f"/en/consultations/hidden/{path}").status_code == 404


def test_a_thread_is_paged_by_number_and_every_contribution_stands_on_one_page(client, thread):
    world.many(thread, 45)
    seen, path = [], f"/en/{HERE}threads/1/"
    while path:
        page = client.get(path).context
        seen += [each.number for each in page["page"].editions]
        path = page["pages"]["next"]
    assert sorted(seen) == list(range(1, 46))


def test_the_pager_of_a_thread_names_no_range_that_its_page_does_not_have(client, thread):
    world.many(thread, 45)
    links = client.get(f"/en/{HERE}threads/1/").context["pages"]["links"]
    assert [each["text"] for each in links if each.get("current")] == ["from number 1"]


def test_going_back_leads_through_the_same_pages(client, thread):
    world.many(thread, 70)
    forward, path = [], f"/en/{HERE}threads/1/"
    while path:
        context = client.get(path).context
        forward.append([each.number for each in context["page"].editions])
        last, path = path, context["pages"]["next"]
    backward = []
    path = last
    while path:
        context = client.get(path).context
        backward.append([each.number for each in context["page"].editions])
        path = context["pages"]["previous"]
    assert backward[::-1] == forward


def test_replies_hang_below_their_top_and_a_reply_to_a_reply_says_so(
    client, author, participant, moderator, thread, edition
):
    second = world.published(participant, moderator, thread, "I agree.", in_reply_to=edition.contribution)
    world.published(author, moderator, thread, "Another view.")
    world.published(author, moderator, thread, "So do I.", in_reply_to=second.contribution)
    context = client.get(f"/en/{HERE}threads/1/").context
    shape = [
        (entry["edition"].number, [reply["edition"].number for reply in entry["replies"]])
        for entry in context["entries"]
    ]
    assert shape == [(1, [2, 4]), (3, [])]
    assert context["entries"][0]["replies"][1]["answered"].number == 2


def test_a_filter_shows_only_what_it_says_and_an_empty_one_offers_all(client, thread, edition):
    html = client.get(f"/en/{HERE}threads/1/?group=government").content.decode()
    assert "No contribution matches this filter" in html
    assert world.WORDS not in html
    assert world.WORDS in client.get(f"/en/{HERE}threads/1/?group=civil_society").content.decode()


def test_a_long_contribution_is_cut_on_the_thread_and_whole_on_its_own_page(client, author, moderator, thread):
    words = " ".join(f"word{i}" for i in range(199))
    long = f"{words} The end."[:3000]
    consultation = thread.consultation
    consultation.word_limit = None
    consultation.save()
    world.published(author, moderator, thread, f"{long}\n\n{long}")
    assert "Read the whole text" in client.get(f"/en/{HERE}threads/1/").content.decode()
    assert client.get(f"/en/{HERE}contributions/1/").content.decode().count("The end.") == 2


def test_a_withdrawn_contribution_answers_410_and_shows_no_word_of_it(client, edition, author):
    withdraw(actor=author, contribution=edition.contribution)
    answer = client.get(f"/en/{HERE}contributions/1/")
    assert answer.status_code == 410
    page = answer.content.decode()
    assert edition.symbol in page and "withdrawn by its author" in page
    assert world.WORDS not in page and "Aminata" not in page
    thread_page = client.get(f"/en/{HERE}threads/1/").content.decode()
    assert "Withdrawn by its author" in thread_page and world.WORDS not in thread_page


def test_a_removed_contribution_shows_its_reason_in_words(client, edition, moderator):
    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R3")
    answer = client.get(f"/fr/{HERE}contributions/1/rev/0/")
    assert answer.status_code == 410
    assert reason_label("R3", "fr") in answer.content.decode()


def test_an_earlier_edition_stays_readable_and_points_to_the_one_in_force(client, edition, author, moderator):
    world.decided(
        revise(actor=author, contribution=edition.contribution, text="Better words.", language="en").contribution,
        moderator,
    )
    earlier = client.get(f"/en/{HERE}contributions/1/rev/0/").content.decode()
    assert world.WORDS in earlier and "earlier edition" in earlier
    assert "Better words." in client.get(f"/en/{HERE}contributions/1/").content.decode()
    assert client.get(f"/en/{HERE}contributions/1/rev/2/").status_code == 404


def test_words_are_shown_in_their_own_language_and_direction(client, author, moderator, elsewhere):
    someone = world.grant(moderator, elsewhere, "moderator")
    world.published(author, someone, elsewhere.threads.first(), "المندوب الذي تكلم قبلي في الاجتماع.", "ar")
    page = client.get("/en/consultations/digital-cooperation/threads/1/").content.decode()
    assert '<div class="words" lang="ar" dir="rtl">' in page


def test_a_withheld_name_stands_on_no_page(client, moderator, thread):
    shy = world.person("Secret Name", withholds_name=True, withholds_country=True, country="FJ")
    world.published(shy, moderator, thread)
    for path in PAGES.values():
        page = client.get(f"/en/{path}").content.decode()
        assert "Secret Name" not in page and "Fiji" not in page
    assert "Name withheld" in client.get(f"/en/{HERE}threads/1/").content.decode()


def test_a_consultation_that_is_over_invites_nobody_to_take_part(client, thread, edition):
    page = f"/en/{HERE}"
    content = client.get(page).content.decode()
    assert "Who can take part" in content and "Open a question to read" in content
    with clock.at(thread.consultation.closes_at + datetime.timedelta(days=1)):
        content = client.get(page).content.decode()
    assert "Who can take part" not in content and "Contributions are accepted in" not in content
    assert "Open a question to read" not in content
    assert "Contributions that are still waiting will get a decision within" in content


def test_the_figures_of_a_consultation_name_languages_in_their_own(client, author, moderator, thread, edition):
    world.published(author, moderator, thread, "Loin de tout.", "fr")
    content = client.get(f"/en/{HERE}").content.decode()
    assert '<dt lang="en">English</dt><dd>1</dd>' in content and '<dt lang="fr">Français</dt><dd>1</dd>' in content


def test_an_empty_installation_says_what_will_be_here(client, db):
    assert "No consultation has been announced yet" in client.get("/en/").content.decode()
    assert "No consultation has been announced yet" in client.get("/en/consultations/").content.decode()


def test_an_empty_thread_invites_the_first_contribution(client, thread):
    page = client.get(f"/en/{HERE}threads/1/").content.decode()
    assert "Write the first contribution" in page


def test_the_marks_of_a_contribution_stay_out_of_its_replies(client, author, participant, moderator, thread, edition):
    world.published(participant, moderator, thread, "I agree with every word.", in_reply_to=edition.contribution)
    page = client.get(f"/en/{HERE}contributions/1/").content.decode()
    assert page.count(world.WORDS) == page.split("<main")[0].count(world.WORDS) + 2  # heading and text
    assert "I agree with every word." in page


def test_a_contribution_is_headed_by_its_title_and_the_question_is_a_line_above(client, author, moderator, thread):
    named = world.published(author, moderator, thread, "D’accord.", "fr", title="Un délai")
    html = client.get(f"/en/{HERE}contributions/{named.number}/").content.decode()
    assert f"<title>Un délai · {named.symbol} – Plenara</title>" in html
    assert '<h1><span lang="fr" dir="ltr">Un délai</span></h1>' in html
    assert html.count("Un délai</") == 1  # not once more above the text
    line, _, _ = html.partition("<h1")[0].rpartition("</p>")
    assert line.endswith(f'Question 1 · <a href="/en/{HERE}threads/1/">Question 1? (en)</a>')


def test_a_contribution_without_a_title_is_headed_by_its_first_words(client, edition):
    html = client.get(f"/en/{HERE}contributions/1/").content.decode()
    opening = "Documents should reach us three weeks before a meeting, and in a language that we read."
    assert f"<title>{opening} · {edition.symbol} – Plenara</title>" in html
    assert f'<h1 class="lesser"><span lang="en" dir="ltr">{opening}</span></h1>' in html
