"""Proposing that words be left out, and the author's answer."""

import csv
import datetime
import json

import pytest
from django.core import mail

from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Edition
from plenara.core import clock, tasks
from plenara.core.life_cycle import State
from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.moderation.actions import consent, decide, decline, propose_redaction, take_back
from plenara.moderation.models import Code, Decision, Item, Redaction
from plenara.moderation.queries import queue
from tests import world

pytestmark = pytest.mark.django_db
once = pytest.mark.once

TEXT = "Call our secretary Fatou Sow at +41 22 917 00 00, or write. Documents come too late."
WITHOUT = "Call our secretary […] at […], or write. Documents come too late."


@pytest.fixture
def thing(author, thread):
    return world.submitted(author, thread, TEXT)


def propose(moderator, thing, text=WITHOUT, reason="R7", **more):
    version = thing.versions.get(state="pending")
    return propose_redaction(
        actor=moderator, kind="contribution", pk=thing.pk, version_id=version.pk, text=text, reason=reason, **more
    )


def answer(act, author, thing, proposal):
    return act(actor=author, kind="contribution", pk=thing.pk, redaction_id=proposal.pk)


def test_it_awaits_its_authors_answer_and_nothing_is_published_before(moderator, thing):
    propose(moderator, thing)
    assert Item.objects.get().awaits_author
    assert queue.count(moderator) == 0
    assert not Edition.objects.exists()
    assert not Decision.objects.exists()


def test_the_author_is_asked_in_their_language_and_the_email_quotes_none_of_the_words(moderator, thing):
    proposal = propose(moderator, thing, sentence="It is a private number.", sentence_language="en")
    tasks.run_all()
    email = next(each for each in mail.outbox if f"/fr/my/contributions/{thing.pk}/redaction/" in each.body)
    assert "It is a private number." in email.body
    assert "917" not in email.body
    assert "Fatou" not in email.body
    assert proposal.sentence_language == "en"


@once
@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "",
        "[…]",
        TEXT.replace("too late", "very late"),
        TEXT + " Sincerely.",
        "Documents come too late. Call our secretary.",
        TEXT.replace("secretary", "secret"),
        TEXT.replace("Fatou Sow", "<b>[…]</b>"),
        TEXT.replace("Fatou Sow", "Fatou […] Sow"),
    ],
)
def test_a_redaction_only_omits(text, moderator, thing):
    with pytest.raises(InvalidInput) as refused:
        propose(moderator, thing, text)
    assert refused.value.field == "text"
    assert not Redaction.objects.exists()


@once
@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("Call Fatou Sow at +41 22 917, or write.", "Call, or write.", "Call […], or write."),
        ("Call Fatou Sow at +41 22 917, or write.", "Call […] at, or write.", "Call […] at […], or write."),
        ("Call Fatou. It is late.", "It is late.", "[…]. It is late."),
        ("It is late. Call Fatou.", "It is late.", "It is late. […]."),
        ("It is late 🖕.", "It is late.", "It is late […]."),
        ("One.\n\nFatou Sow.\n\nThree.", "One.\n\nThree.", "One.\n\n[…].\n\nThree."),
        ("- One\n- Fatou Sow\n- Three", "- One\n- Three", "- One\n- […]\n- Three"),
        ("请拨打电话 917 找王芳。文件来得太晚。", "请拨打电话。文件来得太晚。", "请拨打电话 […]。文件来得太晚。"),
        ("As [1] says […], call Fatou.", "As [1] says […], call.", "As [1] says […], call […]."),
    ],
)
def test_words_that_were_left_out_without_a_mark_get_one_where_they_were(
    before, after, marked, moderator, author, thread
):
    thing = world.submitted(author, thread, before)
    assert propose(moderator, thing, after).text == marked


@once
def test_of_a_text_that_was_cut_everywhere_each_paragraph_has_a_mark(moderator, author, thread):
    words = " ".join(f"a{at} b" for at in range(10_000))
    thread.consultation.word_limit = None
    thread.consultation.save()
    thing = world.submitted(author, thread, f"First.\n\n{words}")
    text = propose(moderator, thing, f"First.\n\n{words.replace(' b', '')}").text
    assert text.startswith("First.\n\n[…] a0 a1")


@once
@pytest.mark.parametrize("reason", ["", "R99", "E7"])
def test_the_reason_for_leaving_them_out_is_a_code(reason, moderator, thing):
    with pytest.raises(InvalidInput) as refused:
        propose(moderator, thing, reason=reason)
    assert refused.value.field == "reason"


@once
def test_the_author_reads_the_reason_before_they_agree(sign_in, moderator, author, thing):
    propose(moderator, thing)
    tasks.run_all()
    assert "Données personnelles" in mail.outbox[-1].body
    page = sign_in(author).get(f"/en/my/contributions/{thing.pk}/redaction/").content.decode()
    assert "Personal data of others" in page
    assert "readers will see where words were left out" in page


@once
def test_page_lists_history_and_register_say_that_words_were_left_out(client, moderator, author, thing):
    answer(consent, author, thing, propose(moderator, thing))
    base = f"/en/consultations/{thing.consultation.slug}/"
    page = client.get(f"{base}contributions/1/").content.decode()
    assert page.count("Some words were left out") == 1, "below its name"
    assert page.count("You see […] in their place.") == 1, "in its history"
    assert f'href="{base}decisions/"' in page
    assert "Some words were left out" in client.get(f"{base}threads/{thing.thread.number}/").content.decode()
    register = client.get(f"{base}decisions/?code=REDACTED").content.decode()
    assert "<b>Approved with words left out</b>" in register
    assert "Personal data of others" in register
    assert f"{base}contributions/1/" in register
    row = json.loads(client.get(f"{base}decisions/data.json").getvalue())["decisions"][0]
    assert (row["decision"], row["reason"], row["decision_visibility_other"]) == ("REDACTED", "R7", "REDACTED")
    assert client.get(f"/api/v1/consultations/{thing.consultation.slug}/contributions/1").json()["redacted"] is True
    turnaround = client.get(f"{base}decisions/turnaround.csv").getvalue().decode()
    assert "all,,1,1,0,0,0" in turnaround, "it is one of those that were approved"


@once
def test_a_revision_without_words_left_out_says_so_no_more_and_the_earlier_edition_still_does(
    client, moderator, author, thing
):
    answer(consent, author, thing, propose(moderator, thing))
    thing.refresh_from_db()
    revise(actor=author, contribution=thing, text="Documents come too late.", language="en")
    world.decided(thing, moderator)
    assert [each.is_redacted for each in Edition.objects.order_by("revision")] == [True, False]
    base = f"/en/consultations/{thing.consultation.slug}/contributions/1/"
    page, earlier = client.get(base).content.decode(), client.get(f"{base}rev/0/").content.decode()
    assert "Some words were left out" not in page and "You see […] in their place." in page, "in its history"
    assert "Some words were left out" in earlier and "You see […] in their place." in earlier


@once
def test_tables_say_it_too(client, author, moderator, thing):
    answer(consent, author, thing, propose(moderator, thing))
    base = f"/en/consultations/{thing.consultation.slug}/"
    data, table = (client.get(f"{base}data.{kind}").getvalue().decode("utf-8-sig") for kind in ("json", "csv"))
    assert json.loads(data)["contributions"][0]["redacted"] is True
    first = next(csv.DictReader(table.splitlines()))
    assert first["redacted"] == "true"
    assert client.get(f"/api/v1/consultations/{thing.consultation.slug}/contributions/1").json()["redacted"] is True


@once
def test_what_the_pages_promise_agrees_with_that(client, author, moderator, thing):
    answer(consent, author, thing, propose(moderator, thing))
    for address in ("/en/", "/en/about/how/"):
        assert "readers see […] in" in client.get(address).content.decode().lower()


@once
def test_in_chinese_characters_are_left_out_and_none_is_added(moderator, author, thread):
    thing = world.submitted(author, thread, "请拨打电话 917 找王芳。文件来得太晚。")
    with pytest.raises(InvalidInput, match="“早”"):
        propose(moderator, thing, "文件来得太早。")
    assert propose(moderator, thing, "请拨打电话 […]。文件来得太晚。").is_open


@once
def test_a_hundred_thousand_characters_are_checked_at_once(moderator, author, thread):
    words = "a b " * 20_000
    thread.consultation.word_limit = None
    thread.consultation.save()
    thing = world.submitted(author, thread, f"{words}Fatou")
    assert propose(moderator, thing, f"{words}[…]").is_open


def test_with_one_click_it_is_published_so_as_the_moderators_approval(moderator, author, thing):
    proposal = propose(moderator, thing)
    version = answer(consent, author, thing, proposal)
    edition = Edition.objects.get()
    assert (edition.text.content, edition.version, version.is_redacted) == (WITHOUT, version, True)
    assert [each.state for each in thing.versions.all()] == [State.WITHDRAWN, State.PUBLISHED]
    decision = Decision.objects.get()
    assert (decision.code, decision.moderator, decision.version_id) == (Code.REDACTED, moderator, version.pk)
    assert (decision.reason, decision.ground, edition.is_redacted) == ("R7", "ILLEGAL_CONTENT", True)
    assert not Item.objects.exists()
    proposal.refresh_from_db()
    assert (proposal.text, proposal.is_open) == ("", False)


def test_the_email_then_says_that_it_is_published_without_these_words(moderator, author, thing):
    answer(consent, author, thing, propose(moderator, thing))
    author.language = "en"
    author.save()
    tasks.run_all()
    assert any("The passages that you agreed to leave out have been left out." in each.body for each in mail.outbox)


def test_consenting_twice_publishes_once(moderator, author, thing):
    proposal = propose(moderator, thing)
    answer(consent, author, thing, proposal)
    with pytest.raises(AlreadyDone):
        answer(consent, author, thing, proposal)
    assert Edition.objects.count() == Decision.objects.count() == 1


def test_where_the_moderator_may_not_decide_any_more_another_does(moderator, author, thing, other_moderator):
    proposal = propose(moderator, thing)
    moderator.roles.all().delete()
    version = answer(consent, author, thing, proposal)
    assert not Edition.objects.exists()
    item = Item.objects.get()
    assert (item.version_id, item.awaits_author) == (version.pk, False)
    world.decided(thing, other_moderator)
    edition, decision = Edition.objects.get(), Decision.objects.get()
    assert (edition.text.content, edition.is_redacted) == (WITHOUT, True)
    assert (decision.code, decision.reason) == (Code.REDACTED, "R7")


def test_no_brings_it_back_into_the_queue_as_it_was_sent(moderator, author, thing):
    proposal = propose(moderator, thing)
    answer(decline, author, thing, proposal)
    assert queue.count(moderator) == 1
    proposal.refresh_from_db()
    assert (proposal.text, proposal.declined_at is None) == ("", False)
    with pytest.raises(AlreadyDone, match="already"):
        propose(moderator, thing)
    assert world.decided(thing, moderator).editions.get().text.content == TEXT


def test_the_author_can_take_it_back_and_send_other_words(moderator, author, thing):
    answer(take_back, author, thing, propose(moderator, thing))
    thing.refresh_from_db()
    assert (thing.state, Item.objects.exists()) == (State.RETURNED, False)
    revise(actor=author, contribution=thing, text="Documents come too late.", language="en")
    assert Item.objects.get().awaits_author is False
    assert propose(moderator, thing, "Documents come […].").is_open


def test_withdrawing_ends_the_proposal_and_keeps_nothing_of_it(moderator, author, thing):
    proposal = propose(moderator, thing)
    withdraw(actor=author, contribution=thing)
    assert not Redaction.objects.exists()
    with pytest.raises(AlreadyDone):
        answer(consent, author, thing, proposal)


def test_a_decision_in_the_meantime_ends_the_proposal(moderator, other_moderator, author, thing):
    proposal = propose(moderator, thing)
    world.decided(thing, other_moderator, Code.REJECTED, reason="R7")
    assert not Redaction.objects.exists()
    with pytest.raises(AlreadyDone):
        answer(consent, author, thing, proposal)
    assert not Edition.objects.exists()


def test_of_a_revision_the_published_text_stays_until_its_author_agrees(moderator, author, edition):
    thing = edition.contribution
    revise(actor=author, contribution=thing, text=TEXT, language="en")
    proposal = propose(moderator, thing)
    thing.refresh_from_db()
    assert (thing.state, Edition.objects.count()) == (State.PUBLISHED, 1)
    answer(consent, author, thing, proposal)
    assert Edition.objects.get(in_force=True).symbol.endswith("/Rev.1")


def test_only_the_author_answers_and_only_moderators_ask(moderator, author, thing, participant):
    proposal = propose(moderator, thing)
    for act in (consent, decline, take_back):
        for somebody in (moderator, participant):
            with pytest.raises(NotPermitted):
                answer(act, somebody, thing, proposal)
    other = world.submitted(author, thing.thread, "Another one, with a name.")
    with pytest.raises(NotPermitted):
        propose(participant, other, "Another one, with […].")


def test_nobody_is_asked_where_there_is_no_account(moderator, thing):
    thing.author = None
    thing.save()
    with pytest.raises(NotPermitted, match="you cannot ask the author"):
        propose(moderator, thing)


def test_a_page_that_went_stale_asks_nothing(moderator, author, thing):
    version = thing.versions.get()
    answer(take_back, author, thing, propose(moderator, thing))
    with pytest.raises((AlreadyDone, NotPermitted)):
        propose_redaction(
            actor=moderator,
            kind="contribution",
            pk=thing.pk,
            version_id=version.pk,
            text="Documents come too late.",
            reason="R7",
        )


def test_acts_hold_no_words(moderator, author, thing):
    answer(consent, author, thing, propose(moderator, thing, sentence="Private words."))
    acts = AuditEntry.objects.filter(verb__startswith="moderation.redaction")
    assert [act.verb for act in acts] == ["moderation.redaction_proposed", "moderation.redaction_agreed"]
    assert "Private" not in str([act.details for act in AuditEntry.objects.all()])


@once
def test_the_desk_shows_what_would_be_left_out_and_the_email_before_it_asks(sign_in, moderator, thing):
    client = sign_in(moderator)
    url = f"/en/desk/moderation/contribution/{thing.pk}/redact/"
    page = client.get(url)
    assert "Fatou Sow" in page.content.decode()
    sent = {"text": WITHOUT, "reason": "R7", "sentence": "", "sentence_language": "en"}
    sent |= {"version": thing.versions.get().pk}
    shown = client.post(url, sent | {"confirm": ""})
    assert not Redaction.objects.exists()
    assert "[deleted:" in shown.content.decode()
    changed = client.post(url, sent | {"confirm": "", "shown": shown.context["digest"], "sentence": "Other words."})
    assert (changed.status_code, Redaction.objects.exists()) == (200, False)
    assert client.post(url, sent | {"confirm": "", "shown": shown.context["digest"]}).status_code == 302
    assert Redaction.objects.get().text == WITHOUT
    assert client.get(url).status_code == 302
    decide_page = client.get(f"/en/desk/moderation/contribution/{thing.pk}/").content.decode()
    assert "has not answered yet" in decide_page


@once
def test_added_words_are_named_and_what_was_typed_stays(sign_in, moderator, thing):
    sent = {
        "text": WITHOUT + " Thanks.",
        "reason": "R7",
        "sentence": "Mine.",
        "version": thing.versions.get().pk,
        "look": "",
    }
    page = sign_in(moderator).post(f"/en/desk/moderation/contribution/{thing.pk}/redact/", sent)
    assert page.status_code == 422
    assert "“Thanks”" in page.content.decode()
    assert "Mine." in page.content.decode()


@pytest.mark.parametrize(
    ("button", "state"), [("consent", "published"), ("decline", "pending"), ("take_back", "returned")]
)
def test_the_author_answers_with_one_click(button, state, sign_in, moderator, author, thing):
    proposal = propose(moderator, thing, sentence="<script>x</script> private", sentence_language="ar")
    client = sign_in(author)
    url = f"/en/my/contributions/{thing.pk}/redaction/"
    page = client.get(url).content.decode()
    assert "[deleted:" in page
    assert "<script>x" not in page
    assert "(in Arabic, not translated)" in page
    assert client.post(url, {button: "", "redaction": proposal.pk}).status_code == 302
    thing.refresh_from_db()
    assert thing.state == state
    assert client.post(url, {button: "", "redaction": proposal.pk}).status_code == 302  # a double click
    assert client.get(url).status_code == 302


@once
def test_an_answer_that_names_nothing_changes_nothing(sign_in, moderator, author, thing):
    propose(moderator, thing)
    client = sign_in(author)
    for sent in ({}, {"consent": "", "redaction": "x"}, {"consent": "", "redaction": "9" * 40}):
        assert client.post(f"/en/my/contributions/{thing.pk}/redaction/", sent).status_code == 302
    assert Redaction.objects.get().is_open


@once
def test_to_anybody_else_the_question_is_not_there(sign_in, moderator, participant, thing):
    propose(moderator, thing)
    assert sign_in(participant).get(f"/en/my/contributions/{thing.pk}/redaction/").status_code == 404


def test_after_closing_an_author_can_still_agree(moderator, author, thing, consultation):
    proposal = propose(moderator, thing)
    with clock.at(consultation.closes_at + datetime.timedelta(days=30)):
        assert answer(consent, author, thing, proposal).state == State.PUBLISHED


def test_weeks_after_closing_it_cannot_be_taken_back_to_change(moderator, author, thing, consultation):
    proposal = propose(moderator, thing)
    long_after = clock.at(consultation.closes_at + datetime.timedelta(days=30))
    with long_after, pytest.raises(NotPermitted, match="seven days"):
        answer(take_back, author, thing, proposal)
    assert Redaction.objects.get().is_open


def test_deciding_otherwise_is_possible_while_the_author_is_asked(moderator, thing):
    propose(moderator, thing)
    version = thing.versions.get()
    decide(actor=moderator, kind="contribution", pk=thing.pk, version_id=version.pk, code=Code.APPROVED)
    assert Edition.objects.get().text.content == TEXT


@once
def test_on_their_page_the_author_sees_the_question_and_afterwards_what_can_be_done(sign_in, moderator, author, thing):
    proposal = propose(moderator, thing)
    client, address = sign_in(author), f"/en/my/contributions/{thing.pk}/"
    assert "May we leave these words out?" in client.get(address).content.decode()
    answer(take_back, author, thing, proposal)
    page = client.get(address).content.decode()
    assert "May we leave these words out?" not in page
    assert f"{address}revise/" in page


@once
def test_the_title_of_their_page_asks_for_the_answer(sign_in, moderator, author, thing):
    proposal = propose(moderator, thing)
    client, address = sign_in(author), f"/en/my/contributions/{thing.pk}/"
    asked, received = "May we leave some words out of your contribution?", "Your contribution has been received"
    page = client.get(address).content.decode()
    assert f"<h1>{asked}</h1>" in page and f"<title>{asked}" in page and received not in page
    answer(decline, author, thing, proposal)
    page = client.get(address).content.decode()
    assert f"<h1>{received}</h1>" in page and asked not in page


@once
def test_lists_and_page_show_that_it_awaits_the_authors_answer(sign_in, moderator, author, thing):
    propose(moderator, thing)
    client = sign_in(author)
    listed = client.get("/en/my/").content.decode()
    assert "Read what the moderator proposes, and answer" in listed
    page = client.get(f"/en/my/contributions/{thing.pk}/").content.decode()
    assert "Waiting for your answer" in listed
    assert "Waiting for your answer" in page
    assert "Now: waiting for your answer" in page
    assert "Waiting for a moderator" not in listed + page
    assert "You get one e-mail with the decision" not in page
