"""The pages of requests for correction: for readers, requesters and answerers."""

import datetime
import re

import pytest
from django.urls import reverse

from plenara.core import clock
from plenara.summaries.corrections import presenters
from plenara.summaries.models import Correction
from tests.summaries.answers import DESK, body, hidden, textarea
from tests.summaries.corrections import making

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the actions behind them are tested on both

PAGE = "/en/consultations/internet-governance/summaries/1/"
ASK = "/en/my/corrections/new/internet-governance/1/"
HOSTILE = "<script>alert(1)</script>\n\n<img src=x onerror=alert(2)> [x](javascript:alert(3))"


def sent(client, **more):
    """Open the form, and return what a browser would send."""
    seal = hidden(client.get(ASK), "seal")
    return {"statement": "1", "about": "", "text": making.WORDS, "language": "en", "seal": seal, **more}


# --- readers ---


def test_while_it_is_open_a_summarys_page_leads_to_the_form_and_afterwards_not(client, published):
    assert f'href="{ASK}"' in body(client.get(PAGE))
    with making.later(days=31):
        assert f'href="{ASK}"' not in body(client.get(PAGE))


def test_what_is_not_published_is_not_there(client, asked):
    assert making.WORDS not in body(client.get(PAGE))
    assert "No one has asked" in body(client.get(f"{PAGE}corrections/"))


def test_a_request_stands_on_the_summarys_page_with_its_state_and_not_its_reason(client, organizer, correction):
    page = body(client.get(PAGE))
    assert making.WORDS in page
    assert "Daniel Okafor" in page
    assert "Waiting for an answer, due by" in page
    making.answered(organizer, correction, "refused", reason="It says two.")
    page = body(client.get(PAGE))
    assert "Not upheld" in page
    assert "It says two." not in page
    assert "It says two." in body(client.get(f"{PAGE}corrections/"))


def test_a_request_of_an_archive_waits_for_nobody_and_its_page_names_no_day(client, correction):
    Correction.objects.update(answer_due_at=None)
    page = body(client.get(PAGE))
    assert ">Unanswered<" in page and "Waiting for an answer" not in page


def test_words_keep_their_language_and_direction_in_a_page_of_another(client, organizer, moderator, author, published):
    it = making.published(author, moderator, published, "هذا ليس ما كُتب.", language="ar")
    making.answered(organizer, it, reason="Так и есть.", language="ru")
    page = body(client.get(f"{PAGE}corrections/"))
    assert re.search(r'<div class="words" lang="ar" dir="rtl"><p>هذا ليس ما كُتب.', page)
    assert re.search(r'<blockquote class="words" lang="ru" dir="ltr"><p>Так и есть.', page)
    arabic = body(client.get(f"{PAGE.replace('/en/', '/ar/')}corrections/"))
    assert 'dir="rtl"' in arabic.split("<body")[0]


def test_hostile_words_are_words(client, organizer, participant, moderator, published, sign_in):
    it = making.published(participant, moderator, published, HOSTILE)
    making.answered(organizer, it, reason=HOSTILE)
    for page in (PAGE, f"{PAGE}corrections/"):
        answer = body(client.get(page))
        assert "<script>alert" not in answer
        assert "<img src=x" not in answer
        assert 'href="javascript' not in answer
    desk = body(sign_in(organizer).get(f"/en/desk/consultations/internet-governance/summaries/corrections/{it.pk}/"))
    assert "<script>alert" not in desk


def test_withdrawn_or_removed_ones_leave_a_notice_with_a_date(client, participant, moderator, correction):
    from plenara.summaries.corrections import actions

    actions.withdraw(actor=participant, correction=correction)
    for page in (PAGE, f"{PAGE}corrections/"):
        answer = body(client.get(page))
        assert "Request 1 was withdrawn by its author on" in answer
        assert making.WORDS not in answer
        assert "Daniel Okafor" not in answer


def test_the_summarys_page_asks_the_database_as_often_with_many_requests_as_with_none(
    client, participant, moderator, published, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(PAGE)
    with CaptureQueriesContext(connection) as before:
        client.get(PAGE)
    for number in range(8):
        making.published(participant, moderator, published, f"Number {number}.")
    with django_assert_num_queries(len(before)):
        answer = body(client.get(PAGE))
    assert "Number 7." in answer
    assert "Number 3." not in answer  # the newest are there, the others one click away
    assert "All requests in full, with their answers (8)" in answer


@pytest.mark.both
def test_many_requests_come_twenty_a_page(client, published, consultation, monkeypatch):
    monkeypatch.setattr(presenters, "PAGE", 2)
    for number in range(1, 6):
        Correction.objects.create(
            consultation=consultation, edition=published, statement=1, number=number, state="published", language="en",
            text=f"Words of {number}.", published_at=clock.now(), answer_due_at=clock.now(), name="Imported",
            stakeholder_group="government",
        )  # fmt: skip
    first, second = client.get(f"{PAGE}corrections/"), client.get(f"{PAGE}corrections/from/3/")
    assert "Words of 2." in body(first)
    assert "Words of 3." not in body(first)
    assert f"{PAGE}corrections/from/3/" in body(first)
    assert "Words of 4." in body(second)
    assert client.get(f"{PAGE}corrections/from/9/").status_code == 404


def test_the_public_pages_set_no_cookie(client, correction):
    for page in (PAGE, f"{PAGE}corrections/"):
        answer = client.get(page)
        assert not answer.cookies
        assert "public" in answer["Cache-Control"]


# --- requesters ---


def test_a_stranger_signs_in_first_and_what_they_sent_is_not_lost(client, sign_in, participant, published):
    form = sent(sign_in(participant))
    client.logout()
    answer = client.post(ASK, form)
    assert answer.status_code == 302
    assert "login" in answer["Location"]
    client.force_login(participant, backend="plenara.accounts.adapter.Backend")
    assert textarea(client.get(ASK), "text") == making.WORDS


def test_it_is_sent_and_its_page_says_what_happens_next(sign_in, participant, published):
    client = sign_in(participant)
    answer = client.post(ASK, sent(client), follow=True)
    made = Correction.objects.get()
    assert answer.redirect_chain == [(f"/en/my/corrections/{made.pk}/", 302)]
    assert "A moderator will read your text within" in body(answer)
    assert made.versions.get().text.sha256 in body(answer)


@pytest.mark.both
def test_a_double_click_sends_it_once(sign_in, participant, published):
    client = sign_in(participant)
    form = sent(client)
    client.post(ASK, form)
    client.post(ASK, form)
    assert Correction.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"statement": ""}, "Choose the statement"),
        ({"statement": "99"}, "Choose the statement"),
        ({"statement": "9" * 30}, "Choose the statement"),
        ({"language": ""}, "Choose the language"),
        ({"language": "tlh"}, "Choose the language"),
        ({"text": "\x00 "}, "Write what should be corrected"),
        ({"text": "word " * 10_000}, "shorten it by 9700 words"),
        ({"statement": "missing", "about": "77"}, "No published contribution has this number"),
        ({"statement": "missing", "about": "x" * 400}, "No published contribution has this number"),
        ({"about": "1"}, "only if something is missing"),
        ({"seal": "forged"}, "open for too long"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(sign_in, participant, published, wrong, sentence):
    client = sign_in(participant)
    form = {**sent(client), **wrong}
    answer = client.post(ASK, form)
    assert answer.status_code == 422
    assert sentence in body(answer)
    assert textarea(answer, "text").strip() == form["text"].replace("\x00", "").strip()
    assert not Correction.objects.exists()
    if "seal" in wrong:
        assert client.post(ASK, {**form, "seal": hidden(answer, "seal")}).status_code == 302


def test_the_form_begins_with_the_statement_that_a_link_names(sign_in, participant, published):
    assert '<option value="1" selected>' in body(sign_in(participant).get(f"{ASK}?statement=1"))


def test_after_the_thirty_days_the_form_says_so(sign_in, participant, published):
    client = sign_in(participant)
    form = sent(client)
    with making.later(days=31):
        client = sign_in(participant)
        assert "30 days" in body(client.get(ASK))
        answer = client.post(ASK, form)
    assert answer.status_code == 403
    assert making.WORDS in body(answer)


def test_without_a_byline_or_with_other_rules_one_is_asked_first(sign_in, participant, published):
    participant.rules_version = "old"
    participant.save()
    assert reverse("accept_rules") in sign_in(participant).get(ASK)["Location"]
    participant.capacity = ""
    participant.save()
    assert reverse("byline") in sign_in(participant).get(ASK)["Location"]


@pytest.mark.both
def test_ones_own_page_lists_requests_with_their_state(sign_in, participant, correction, organizer):
    making.answered(organizer, correction, "partly")
    page = body(sign_in(participant).get("/en/my/"))
    assert "My requests for correction" in page
    assert "Upheld in part" in page
    assert "Upheld in part" in body(sign_in(participant).get("/en/my/corrections/"))


def test_the_askers_page_does_not_show_a_decision_that_may_still_be_undone(sign_in, participant, moderator, asked):
    making.decided(asked, moderator, "REJECTED", reason="C3")
    address = f"/en/my/corrections/{asked.pk}/"
    assert "Your request has been received" in body(sign_in(participant).get(address))
    with making.later(minutes=1):
        assert "Your request was not published" in body(sign_in(participant).get(address))


def test_a_returned_one_is_changed_and_sent_again(sign_in, participant, moderator, asked):
    with making.later(minutes=-2):
        making.decided(asked, moderator, "RETURNED_FOR_REVISION", reason="C3")
    client, address = sign_in(participant), f"/en/my/corrections/{asked.pk}/again/"
    page = client.get(address)
    assert textarea(page, "text") == making.WORDS
    form = {"text": "In other words.", "language": "en", "seal": hidden(page, "seal")}
    assert client.post(address, form).status_code == 302
    assert making.fresh(asked).state == "pending"


def test_nobody_elses_request_is_there(sign_in, author, asked):
    client = sign_in(author)
    for tail in ("", "again/", "withdraw/"):
        assert client.get(f"/en/my/corrections/{asked.pk}/{tail}").status_code == 404


def test_it_is_withdrawn_after_a_question(sign_in, participant, correction):
    client, address = sign_in(participant), f"/en/my/corrections/{correction.pk}/withdraw/"
    assert "You cannot undo a withdrawal." in body(client.get(address))
    client.post(address)
    client.post(address)
    assert making.fresh(correction).state == "withdrawn"


# --- answerers ---


def desk(correction=None):
    return f"{DESK}corrections/{f'{correction.pk}/' if correction else ''}"


def test_it_is_answered_at_the_desk_beside_the_statement(sign_in, organizer, correction):
    client = sign_in(organizer)
    assert f'href="{desk(correction)}"' in body(client.get(desk()))
    page = client.get(desk(correction))
    assert "Documents come too late." in body(page)
    answer = client.post(
        desk(correction), {"verdict": "upheld", "answer": "It does.", "answer_language": "en"}, follow=True
    )
    assert "The summary can be corrected now." in body(answer)
    assert "Correct the summary" in body(answer)


def test_a_refused_answer_keeps_what_was_typed(sign_in, organizer, correction):
    answer = sign_in(organizer).post(desk(correction), {"verdict": "", "answer": "It does.", "answer_language": "en"})
    assert answer.status_code == 422
    assert "Choose an answer" in body(answer)
    assert textarea(answer, "answer") == "It does."


@pytest.mark.both
def test_the_second_of_two_who_answer_sees_the_first_ones_and_their_own_words(
    sign_in, organizer, other_rapporteur, correction
):
    making.answered(other_rapporteur, correction, "refused", reason="It says two.")
    answer = sign_in(organizer).post(
        desk(correction), {"verdict": "upheld", "answer": "I typed this.", "answer_language": "en"}
    )
    assert answer.status_code == 409
    page = body(answer)
    assert "Pavel Orlov has already answered this request: Not upheld" in page
    assert "It says two." in page
    assert "I typed this." in page


def test_who_wrote_it_reads_why_they_cannot_answer(sign_in, rapporteur, organizer, correction):
    page = body(sign_in(rapporteur).get(desk(correction)))
    assert "someone who did not write it must answer the request." in page
    assert 'name="verdict"' not in page


@pytest.mark.both
def test_what_is_late_comes_first_at_the_desk(sign_in, organizer, participant, moderator, published):
    old = making.published(participant, moderator, published, "Older.")
    Correction.objects.filter(pk=old.pk).update(answer_due_at=clock.now() - datetime.timedelta(days=1))
    making.published(participant, moderator, published, "Newer.")
    page = body(sign_in(organizer).get(desk()))
    assert page.index("overdue") < page.index("Waiting for an answer, due by")
