"""Members' actions at the paragraph desk through its forms: proposing, answering, agreeing, objecting, declaring."""

import pytest

from plenara.outcomes import actions
from plenara.outcomes.models import Position, Proposal
from tests.outcomes import making
from tests.summaries.answers import body as page_of
from tests.summaries.answers import hidden, textarea, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the actions behind them are tested on both

DESK = "/en/desk/outcomes/wgig/report/"


@pytest.fixture
def one(paragraph):
    return f"{DESK}paragraphs/{paragraph.pk}/"


def was(answer, act):
    """Return the stamp of the words in the form of an action."""
    return hidden(type("Part", (), {"content": page_of(answer).split(f'/{act}/"')[1].encode()})(), "was")


def test_words_are_proposed_once_and_taken(sign_in, member, drafter, paragraph, one):
    client = sign_in(member)
    opened = client.get(f"{one}propose/")
    assert textarea(opened, "text") == "The management of the Internet is a matter for all."
    form = {name: hidden(opened, name) for name in ("was", "key")} | {
        "text": "It concerns everybody.",
        "note": "Shorter.",
    }
    assert {client.post(f"{one}propose/", form).url for _click in range(2)} == {f"{one}#proposals"}
    proposal = Proposal.objects.get()
    writer, address = sign_in(drafter), f"{DESK}proposals/{proposal.pk}/"
    page = writer.get(one)
    assert "Shorter." in page_of(page) and "concerns everybody" in words(page, "ins")
    opened = writer.get(address)
    answer = writer.post(address, {"act": "accept", "was": hidden(opened, "was"), "answer": ""})
    assert answer.url == f"{one}#proposals"
    assert writer.post(address, {"act": "accept", "was": "", "answer": ""}).status_code == 302  # a double click
    assert making.source(paragraph).text == "It concerns everybody."
    assert "1 earlier proposal" in page_of(client.get(one))


def test_a_proposal_of_earlier_words_is_compared_and_confirmed(sign_in, member, drafter, chair, paragraph):
    proposal = making.proposed(member, paragraph)
    writer, address = sign_in(drafter), f"{DESK}proposals/{proposal.pk}/"
    early = hidden(writer.get(address), "was")
    making.edited(chair, paragraph, "The management of the Internet is a matter for everybody.")
    answer = writer.post(address, {"act": "accept", "was": early, "answer": "Well said.", "confirmed": "on"})
    assert answer.status_code == 409
    assert textarea(answer, "answer") == "Well said."
    assert "checked" not in page_of(answer).split('name="confirmed"')[1][:60]
    form = {"act": "accept", "was": hidden(answer, "was"), "answer": "Well said."}
    answer = writer.post(address, form)
    assert answer.status_code == 422 and 'id="id_confirmed"' in page_of(answer)
    assert making.source(paragraph).text.endswith("everybody.")
    assert writer.post(address, form | {"confirmed": "on"}).status_code == 302
    assert making.source(paragraph).text == proposal.text


def test_who_declines_says_why_and_who_proposed_takes_back(sign_in, member, drafter, paragraph, one):
    proposal = making.proposed(member, paragraph)
    writer, address = sign_in(drafter), f"{DESK}proposals/{proposal.pk}/"
    answer = writer.post(address, {"act": "decline", "answer": " "})
    assert answer.status_code == 422 and 'id="id_answer_error"' in page_of(answer)
    assert "Say why you decline the proposal." in page_of(answer) and "Enter the text." not in page_of(answer)
    client = sign_in(member)
    assert client.post(address, {"act": "decline", "answer": "Me."}).status_code == 403
    assert client.post(address, {"act": "withdraw"}).url == f"{one}#proposals"
    answer = sign_in(drafter).post(address, {"act": "decline", "answer": "It says less."})
    assert answer.status_code == 422 and "already been accepted, declined or withdrawn" in page_of(answer)
    assert making.fresh(proposal).state == "withdrawn"


def test_a_proposal_for_what_changed_is_shown_beside_it_and_kept(sign_in, member, drafter, paragraph, one):
    client = sign_in(member)
    opened = client.get(f"{one}propose/")
    form = {name: hidden(opened, name) for name in ("was", "key")} | {"text": "Mine.", "note": "Why not?"}
    making.edited(drafter, paragraph, "Theirs.")
    answer = client.post(f"{one}propose/", form)
    assert answer.status_code == 409
    assert textarea(answer, "text") == "Mine." and textarea(answer, "note") == "Why not?"
    assert "Theirs" in words(answer, "del") and "Clara Nunes" in page_of(answer)
    assert client.post(f"{one}propose/", form | {"was": hidden(answer, "was")}).status_code == 302
    assert Proposal.objects.get().was_text == "Theirs."


def test_a_proposal_for_what_was_deleted_is_kept_in_its_form(sign_in, member, drafter, paragraph, one):
    client = sign_in(member)
    form = {"was": hidden(client.get(f"{one}propose/"), "was"), "text": "Mine."}
    actions.delete_paragraph(actor=drafter, paragraph=paragraph, was=making.stamp(paragraph), citations=1)
    answer = client.post(f"{one}propose/", form)
    assert answer.status_code == 409 and textarea(answer, "text") == "Mine."


def test_a_member_agrees_objects_and_takes_it_back(sign_in, member, paragraph, one):
    client = sign_in(member)
    page = client.get(one)
    assert "No position on this wording" in page_of(page)
    for _click in range(2):
        assert client.post(f"{one}hold/", {"act": "agree", "was": was(page, "hold")}).url == f"{one}#status"
    assert "You agree with this wording." in page_of(client.get(one))
    answer = client.post(f"{one}hold/", {"act": "object", "reason": "", "was": was(page, "hold")})
    assert answer.status_code == 422 and 'id="id_reason_error"' in page_of(answer)
    client.post(f"{one}hold/", {"act": "object", "reason": "It says too much.", "was": was(page, "hold")})
    page = page_of(client.get(one))
    assert "It says too much." in page and "in brackets" in page
    assert 'value="It says too much."' in page  # changing a reason starts from the present one
    client.post(f"{one}hold/", {"act": "take_back"})
    assert not Position.objects.exists()


def test_an_objection_to_words_that_changed_meanwhile_keeps_its_reason(sign_in, member, drafter, paragraph, one):
    client = sign_in(member)
    shown = was(client.get(one), "hold")
    making.edited(drafter, paragraph, "Other words.")
    answer = client.post(f"{one}hold/", {"act": "object", "reason": "Too long.", "was": shown})
    assert answer.status_code == 409
    assert 'value="Too long."' in page_of(answer) and "Other words." in page_of(answer)
    assert not Position.objects.exists()


def test_who_held_other_words_sees_what_changed(sign_in, member, drafter, paragraph, one):
    actions.agree(actor=member, paragraph=paragraph, was=making.source(paragraph).digest)
    making.edited(drafter, paragraph, "The management of the Internet is a matter for everybody.")
    answer = sign_in(member).get(one)
    assert "no longer counts" in page_of(answer)
    assert words(answer, "ins") == "everybody"
    assert f'id="p{paragraph.pk}"' in page_of(sign_in(member).get(f"{DESK}?show=lapsed"))


def test_the_chair_declares_what_nobody_objects_to(sign_in, chair, member, paragraph, one):
    client = sign_in(chair)
    shown = was(client.get(one), "declare")
    actions.object_to(actor=member, paragraph=paragraph, reason="Too long.", was=making.source(paragraph).digest)
    answer = client.post(f"{one}declare/", {"was": shown})
    assert answer.status_code == 422 and "1 member objects to this paragraph" in page_of(answer)
    actions.take_back_position(actor=member, paragraph=paragraph)
    assert client.post(f"{one}declare/", {"was": shown}).url == f"{one}#status"
    assert "Nitin Rao</bdi> declared this wording agreed" in page_of(client.get(one))
    client.post(f"{one}declare/", {"open_again": ""})
    assert "Declare this wording agreed" in page_of(client.get(one))
    assert sign_in(member).post(f"{one}declare/", {"was": shown}).status_code == 403


def test_what_was_typed_while_signed_out_is_there_again(client, sign_in, member, paragraph, one):
    entered = sign_in(member)
    opened = entered.get(f"{one}propose/")
    form = {name: hidden(opened, name) for name in ("was", "key", "writer")} | {"text": "Mine."}
    entered.logout()
    assert entered.post(f"{one}propose/", form).status_code == 302
    entered.force_login(member)
    assert textarea(entered.get(f"{one}propose/"), "text") == "Mine."
