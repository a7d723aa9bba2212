"""Writing a contribution, as the page takes it: nothing typed is ever lost."""

import datetime
import html

import pytest
from django.db import transaction

from plenara.contributions import actions
from plenara.contributions.forms import Seal
from plenara.contributions.models import Contribution, Draft
from plenara.core import clock, language_guess
from plenara.moderation import kinds
from tests import world
from tests.hostile import EVERYTHING

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the acts behind them are tested on both

PAGE = "/en/contribute/internet-governance/1/"


def seal_of(page):
    return page.context["form"]["seal"].value()


def post(client, path=PAGE, *, intent="preview", text=world.WORDS, language="en", title="", seal=None):
    sealed = seal if seal is not None else seal_of(client.get(path))
    return client.post(path, {"text": text, "language": language, "title": title, "seal": sealed, intent: ""})


ENGLISH = "We ask that the documents of the meeting be sent to us in good time, and that they are in our language."


def test_before_sending_an_author_sees_the_telephone_number_and_address_that_were_found(participant, thread, sign_in):
    client = sign_in(participant)
    text = f"{world.WORDS} Call me at +33 6 12 34 56 78, or write to fatou@ilima.org."
    page = post(client, text=text)
    said = page.content.decode()
    assert "Telephone number: <mark><bdi>+33 6 12 34 56 78</bdi></mark>" in said
    assert "E-mail address: <mark><bdi>fatou@ilima.org</bdi></mark>" in said
    assert post(client, text=text, intent="send", seal=seal_of(page)).status_code == 302
    assert 'id="noticed"' not in post(client, text="In 2005 and 2006, 1.200.000 people read A/60/687.").content.decode()


def test_a_text_in_another_language_than_declared_is_asked_about_and_can_be_sent(participant, thread, sign_in):
    client = sign_in(participant)
    page = post(client, text=ENGLISH, language="fr")
    assert "seems to be in this language: English. You chose: French." in page.content.decode()
    assert post(client, text=ENGLISH, language="fr", intent="send", seal=seal_of(page)).status_code == 302
    assert 'id="noticed"' not in post(client, text=f"{ENGLISH} Once more.").content.decode()


def test_no_model_is_loaded_while_somebody_waits_for_a_preview(participant, thread, sign_in, monkeypatch):
    def load(_model):
        raise AssertionError("a language model")

    monkeypatch.setattr(language_guess.LazyModel, "get", load)
    page = post(sign_in(participant), text=ENGLISH, language="")
    assert "We detected this language: English." in page.content.decode()


def test_two_screens_lead_from_the_form_to_the_receipt(participant, thread, sign_in):
    client = sign_in(participant)
    preview = post(client)
    assert preview.status_code == 200
    assert "Preview: how your contribution will look" in preview.content.decode()
    sent = post(client, intent="send", seal=seal_of(preview))
    contribution = Contribution.objects.get()
    assert sent.url == f"/en/my/contributions/{contribution.pk}/"
    receipt = client.get(sent.url).content.decode()
    version = contribution.versions.get()
    for part in (str(version.pk), version.text.sha256, "CC BY 4.0", world.WORDS):
        assert part in receipt


def test_only_a_preview_leads_to_the_preview(participant, thread, sign_in):
    """A browser keeps the fragment of the address that a form is sent to, wherever the answer leads."""
    client = sign_in(participant)
    for page in (client.get(f"{PAGE}?part=2"), post(client, f"{PAGE}?part=2")):
        said = page.content.decode()
        assert f'<form method="post" action="{PAGE}?part=2"' in said
        assert said.count('action="#') == said.count('<button name="preview" formaction="#preview">') == 1


def test_a_preview_keeps_a_draft_and_sending_ends_it(participant, thread, sign_in):
    client = sign_in(participant)
    preview = post(client)
    assert Draft.objects.get().text == world.WORDS
    post(client, intent="send", seal=seal_of(preview))
    assert not Draft.objects.exists()


def test_what_is_sent_at_once_leaves_no_draft_and_what_is_refused_does(participant, thread, sign_in):
    client = sign_in(participant)
    assert post(client, intent="send").status_code == 302
    assert not Draft.objects.exists()
    refused = post(client, intent="send")
    assert "You have already submitted this text to this question." in html.unescape(refused.content.decode())
    assert Draft.objects.get().text == world.WORDS


def test_where_we_fail_the_words_are_kept(participant, thread, sign_in, monkeypatch):
    def fail(**_how):
        raise RuntimeError

    monkeypatch.setattr(actions, "submit", fail)
    client = sign_in(participant)
    client.raise_request_exception = False
    assert post(client, intent="send").status_code == 500
    assert Draft.objects.get().text == world.WORDS


def test_other_words_than_those_of_the_preview_are_sent_as_they_are(participant, thread, sign_in):
    client = sign_in(participant)
    preview = post(client)
    post(client, intent="send", text="Other words, changed at the last moment.", seal=seal_of(preview))
    assert Contribution.objects.get().versions.get().text.content == "Other words, changed at the last moment."
    assert not Draft.objects.exists()


def test_the_draft_is_back_in_the_form_the_next_day(participant, thread, sign_in):
    post(sign_in(participant), title="Three weeks", intent="save")
    page = sign_in(participant).get(PAGE)
    assert page.context["form"]["text"].value() == world.WORDS
    assert page.context["form"]["title"].value() == "Three weeks"


def test_the_language_is_guessed_and_the_person_confirms(participant, thread, sign_in):
    text = "Nos membres cultivent et pêchent le long du fleuve, loin de toute réunion."
    page = post(sign_in(participant), text=text, language="")
    assert page.context["form"]["language"].value() == "fr"
    assert "We detected this language: French." in page.content.decode()
    assert page.context["form"].fields["text"].widget.attrs["lang"] == "fr"  # read out and hyphenated as French


@pytest.mark.parametrize("intent", ["preview", "send"])
def test_a_text_that_is_too_long_stays_with_a_message_that_says_by_how_much(intent, participant, thread, sign_in):
    page = post(sign_in(participant), text="word " * 234, intent=intent)
    assert page.status_code == 422
    assert "Your text has 234 words. The limit is 200: shorten it by 34 words." in page.content.decode()
    assert page.context["form"]["text"].value().split() == ["word"] * 234
    assert Draft.objects.get().text.split() == ["word"] * 234


@pytest.mark.both
def test_a_double_click_is_taken_once_and_both_see_the_receipt(participant, thread, sign_in):
    client = sign_in(participant)
    seal = seal_of(client.get(PAGE))
    first, second = (post(client, intent="send", seal=seal) for _click in range(2))
    assert first.url == second.url
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize("forged", ["", "nonsense", "a:b:c"])
def test_a_forged_seal_keeps_the_text_and_sends_nothing(forged, participant, thread, sign_in):
    page = post(sign_in(participant), intent="send", seal=forged)
    assert page.status_code == 422
    assert "open for too long" in page.content.decode()
    assert page.context["form"]["text"].value() == world.WORDS
    assert not Contribution.objects.exists()


def test_another_persons_seal_is_not_taken(participant, author, thread, sign_in):
    theirs = Seal.fresh(author, thread, 0).sealed()
    assert post(sign_in(participant), intent="send", seal=theirs).status_code == 422
    assert not Contribution.objects.exists()


def test_the_seal_of_another_question_is_not_taken(participant, consultation, sign_in):
    other = Seal.fresh(participant, consultation.threads.get(number=2), 0).sealed()
    assert post(sign_in(participant), intent="send", seal=other).status_code == 422


def test_signed_out_while_writing_the_text_is_back_after_sign_in(participant, thread, client, sign_in):
    seal = Seal.fresh(participant, thread, 0).sealed()
    away = post(client, intent="send", seal=seal)
    assert away.status_code == 302 and away.url.startswith("/en/account/login/")
    assert not Contribution.objects.exists()
    page = sign_in(participant).get(PAGE)
    assert page.context["form"]["text"].value() == world.WORDS


def test_what_one_sent_while_signed_out_is_nobody_elses(participant, author, thread, client, sign_in):
    post(client, intent="send", seal=Seal.fresh(participant, thread, 0).sealed())
    page = sign_in(author).get(PAGE)
    assert not page.context["form"]["text"].value()


@pytest.mark.both
@pytest.mark.parametrize(("seal", "text"), [("forged", "Words."), ("", "Words."), (None, "x" * 200_001)])
def test_a_stranger_fills_no_store(seal, text, participant, thread, client):
    post(client, text=text, seal=Seal.fresh(participant, thread, 0).sealed() if seal is None else seal)
    assert not client.session.keys()


def test_a_person_who_has_no_byline_is_asked_for_it_first_and_led_back(thread, sign_in):
    answer = sign_in(world.person(stakeholder_group="")).get(PAGE)
    assert (
        answer.url == f"/en/my/byline/?next={PAGE.replace('/', '%2F')}" or answer.url == f"/en/my/byline/?next={PAGE}"
    )


def test_a_form_opened_before_closing_is_taken_fourteen_minutes_after(participant, thread, sign_in):
    client = sign_in(participant)
    closes_at = thread.consultation.closes_at
    with clock.at(closes_at - datetime.timedelta(minutes=5)):
        seal = seal_of(client.get(PAGE))
    with clock.at(closes_at + datetime.timedelta(minutes=14)):
        assert post(client, intent="send", seal=seal).status_code == 302
    assert Contribution.objects.count() == 1


def test_after_closing_the_form_says_so_and_keeps_the_text(participant, thread, sign_in):
    client = sign_in(participant)
    with clock.at(thread.consultation.closes_at + datetime.timedelta(minutes=1)):
        page = post(client, intent="send")
    assert page.status_code == 403
    assert "closed" in page.content.decode()
    assert page.context["form"]["text"].value() == world.WORDS
    assert Draft.objects.get().text == world.WORDS


def test_a_suspended_person_reads_why_and_loses_nothing(participant, thread, sign_in):
    participant.suspended_at = clock.now()
    participant.save()
    page = post(sign_in(participant), intent="send")
    assert page.status_code == 403
    assert "suspended" in page.content.decode()
    assert world.WORDS in page.content.decode()


def test_a_reply_names_what_it_answers(participant, edition, sign_in):
    path = "/en/contribute/internet-governance/1/reply/1/"
    client = sign_in(participant)
    assert "Reply to contribution 1" in client.get(path).content.decode()
    assert post(client, path, text="I agree.", intent="send").status_code == 302
    assert Contribution.objects.latest("pk").in_reply_to == edition.contribution


@pytest.mark.parametrize(
    "path",
    [
        "/en/contribute/internet-governance/9/",
        "/en/contribute/nowhere/1/",
        "/en/contribute/internet-governance/1/reply/99/",
        "/en/contribute/hidden/1/",
    ],
)
def test_what_is_not_there_is_not_found(path, participant, thread, sign_in):
    world.consultation("hidden", stage="draft")
    assert sign_in(participant).get(path).status_code == 404


def test_the_script_saves_a_draft_and_hears_when(participant, thread, sign_in):
    client = sign_in(participant)
    seal = seal_of(client.get(PAGE))
    answer = client.post(f"{PAGE}draft/", {"text": "Half a thought", "language": "", "title": "", "seal": seal})
    assert answer.json()["saved"] is True
    assert Draft.objects.get().text == "Half a thought"


def test_the_script_may_not_save_with_a_forged_seal(participant, thread, sign_in):
    answer = sign_in(participant).post(f"{PAGE}draft/", {"text": "x", "seal": "forged"})
    assert answer.status_code == 409
    assert not Draft.objects.exists()


def test_a_text_over_the_limit_of_a_form_is_refused_in_a_sentence(participant, thread, sign_in):
    page = post(sign_in(participant), text="x " * 1_200_000)
    assert page.status_code in {400, 413}
    assert "<h1" in page.content.decode()


@pytest.mark.both
def test_any_text_is_taken_or_refused_in_a_sentence_and_shown_harmless(participant, thread, sign_in):
    client = sign_in(participant)
    for hostile in EVERYTHING:
        typed = hostile.encode("utf-8", "replace").decode()
        with transaction.atomic():
            page = post(client, text=typed, title=typed[:150])
            assert page.status_code in {200, 422}, hostile
            html = page.content.decode()
            assert "<script>owned()" not in html and "onerror=owned()>" not in html.replace("&gt;", ""), hostile
            sent = post(client, text=f"{typed}\n\nAnd words.", title=typed[:150], intent="send", seal=seal_of(page))
            assert sent.status_code in {302, 422}, hostile
            transaction.set_rollback(True)  # each is the first that they send


def test_one_person_never_sees_anothers_contribution_or_draft(participant, author, pending, sign_in):
    client = sign_in(participant)
    for path in ("", "revise/", "withdraw/"):
        assert client.get(f"/en/my/contributions/{pending.pk}/{path}").status_code == 404


def test_a_returned_text_is_revised_from_its_page_and_waits_again(pending, author, moderator, sign_in):
    world.decided(pending, moderator, "RETURNED_FOR_REVISION", reason="R3", sentence="About a person.")
    client = sign_in(author)
    with clock.at(clock.now() + datetime.timedelta(minutes=1)):  # nothing is told that can still be undone
        page = client.get(f"/en/my/contributions/{pending.pk}/").content.decode()
    assert "About a person." in page and kinds.reason_label("R3", "en") in page and "R3" not in page
    assert "Revise your text" in page
    path = f"/en/my/contributions/{pending.pk}/revise/"
    assert client.get(path).context["form"]["text"].value() == world.WORDS
    assert post(client, path, text="About a view.", intent="send").status_code == 302
    pending.refresh_from_db()
    assert pending.state == "pending"


@pytest.mark.parametrize(("days", "status"), [(6, 302), (8, 403)])
def test_a_returned_text_may_come_back_for_seven_days_after_closing(days, status, pending, author, moderator, sign_in):
    world.decided(pending, moderator, "RETURNED_FOR_REVISION", reason="R3")
    with clock.at(pending.consultation.closes_at + datetime.timedelta(days=days)):
        path = f"/en/my/contributions/{pending.pk}/revise/"
        assert post(sign_in(author), path, text="About a view.", intent="send").status_code == status


def test_a_person_who_has_not_accepted_the_rules_in_force_is_asked_before_the_form_opens(participant, thread, sign_in):
    from plenara.accounts.queries import installation_row

    it = installation_row()
    it.rules_version = "2"
    it.save()
    client = sign_in(participant)
    asked = client.get(PAGE)
    assert asked.url.startswith("/en/account/rules/?next=")
    assert client.post(asked.url).url == PAGE
    assert client.get(PAGE).status_code == 200


def test_a_form_that_was_open_when_the_rules_changed_loses_nothing(participant, thread, sign_in):
    from plenara.accounts.queries import installation_row

    client = sign_in(participant)
    seal = seal_of(client.get(PAGE))
    it = installation_row()
    it.rules_version = "2"
    it.save()
    assert post(client, intent="send", seal=seal).status_code == 302
    assert Contribution.objects.count() == 1
