"""Which paragraph of a draft a comment speaks to: offered, kept, checked, frozen, published and told."""

import csv
import io
import json

import pytest
from django.core import mail

from plenara.contributions.actions import revise, submit, withdraw
from plenara.contributions.actions.publication import change_thread, leave_out
from plenara.contributions.emails import send_receipt
from plenara.contributions.forms import Seal
from plenara.contributions.models import Contribution, Draft
from plenara.contributions.personal_data import export_contributions
from plenara.contributions.queries import submissions
from plenara.core.refusals import InvalidInput
from plenara.moderation.models import Code
from tests import world
from tests.contributions.test_contribute_page import seal_of

pytestmark = pytest.mark.django_db

PAGE = "/en/contribute/a-draft/1/"
WHICH = "Which paragraph are you commenting on?"


@pytest.fixture
def child(consultation, monkeypatch):
    """A draft opened for comment: its first question is about paragraphs 12 and 13, its second about none."""

    def of(thread):
        numbers = (12, 13) if thread.number == 1 else ()
        return [
            submissions.Part(n, f"Paragraph {n}", f"The words of {n}.", "en", f"/draft/paragraphs/{n}/")
            for n in numbers
        ]

    monkeypatch.setattr(submissions, "_parts", [of])
    monkeypatch.setattr(submissions, "_drafts_about", [lambda one: submissions.About("Read the draft", "/draft/")])
    return world.consultation("a-draft", parent=consultation)


@pytest.fixture
def section(child):
    return child.threads.select_related("consultation").get(number=1)


@pytest.fixture
def mod(child, moderator):
    return world.grant(moderator, child, "moderator")


def published(author, mod, section, part=12, text=world.WORDS):
    return world.published(author, mod, section, text, part=part)


def test_the_form_asks_only_where_there_are_paragraphs(participant, section, thread, sign_in):
    client = sign_in(participant)
    page = client.get(PAGE).content.decode()
    assert WHICH in page and "Paragraph 12: \u2068The words of 12.\u2069" in page
    assert WHICH not in client.get("/en/contribute/a-draft/2/").content.decode()
    assert WHICH not in client.get("/en/contribute/internet-governance/1/").content.decode()


@pytest.mark.parametrize(("asked", "chosen"), [("13", "13"), ("99", ""), ("x", ""), ("", "")])
def test_a_person_who_comes_from_a_paragraph_finds_it_chosen(asked, chosen, participant, section, sign_in):
    page = sign_in(participant).get(f"{PAGE}?part={asked}")
    assert page.context["form"]["part"].value() == chosen


def test_the_choice_stays_in_preview_and_draft_and_is_sent(participant, section, sign_in):
    client = sign_in(participant)
    sent = {"text": world.WORDS, "language": "en", "title": "", "part": "12", "seal": seal_of(client.get(PAGE))}
    preview = client.post(PAGE, {**sent, "preview": ""})
    assert preview.context["form"]["part"].value() == "12" and "On paragraph 12" in preview.content.decode()
    assert Draft.objects.get().part == 12
    assert client.get(PAGE).context["form"]["part"].value() == "12"
    draft_page = client.get(f"/en/my/drafts/{Draft.objects.get().pk}/").content.decode()
    assert "On paragraph 12" in draft_page
    client.post(PAGE, {**sent, "send": ""})
    assert Contribution.objects.get().versions.get().part == 12


@pytest.mark.parametrize("part", ["14", "0", "abc", "9" * 18])
def test_a_paragraph_that_is_not_there_is_refused_and_the_text_stays(part, participant, section, sign_in):
    client = sign_in(participant)
    sent = {"text": world.WORDS, "language": "en", "part": part, "seal": seal_of(client.get(PAGE))}
    page = client.post(PAGE, {**sent, "send": ""})
    assert page.status_code == 422 and not Contribution.objects.exists()
    assert (
        page.content.decode().count("Choose one of the paragraphs of this section, or none.") == 2
    )  # above, and there
    assert page.context["form"]["text"].value() == world.WORDS and Draft.objects.get().part is None


def test_the_action_refuses_it_too(participant, section, thread):
    for where, part in ((section, 14), (thread, 12)):
        with pytest.raises(InvalidInput) as refused:
            submit(actor=participant, thread=where, text=world.WORDS, language="en", part=part)
        assert refused.value.field == "part"


def test_a_thread_without_a_draft_asks_the_database_nothing(thread, django_assert_num_queries):
    consultation = thread.consultation
    with django_assert_num_queries(0):
        assert submissions.parts_of(thread) == [] and submissions.draft_about(consultation) is None


def test_a_published_comment_says_which_and_leads_there(author, mod, section, client):
    edition = published(author, mod, section)
    assert edition.part == 12
    link = '<a href="/draft/paragraphs/12/">On paragraph 12</a>'
    for address in ("threads/1/", f"contributions/{edition.number}/"):
        assert link in client.get(f"/en/consultations/a-draft/{address}").content.decode()
    assert '<a href="/draft/">Read the draft</a>' in client.get("/en/consultations/a-draft/threads/1/").content.decode()


def test_a_revision_may_speak_to_another_and_alone_by_that_it_differs(author, mod, section):
    contribution = published(author, mod, section).contribution
    with pytest.raises(InvalidInput):
        revise(actor=author, contribution=contribution, text=world.WORDS, language="en", part=12)
    revise(actor=author, contribution=contribution, text=world.WORDS, language="en", part=13)
    world.decided(contribution, mod)
    assert list(contribution.editions.order_by("revision").values_list("part", flat=True)) == [12, 13]


def test_a_returned_comment_comes_back_with_its_paragraph(author, mod, section, sign_in):
    waiting = world.submitted(author, section, part=12)
    returned = world.decided(waiting, mod, Code.RETURNED, reason="R1")
    page = sign_in(author).get(f"/en/my/contributions/{returned.pk}/revise/")
    assert page.context["form"]["part"].value() == "12"


def test_one_that_was_moved_keeps_what_it_speaks_to(author, mod, child, section, sign_in):
    returned = world.decided(world.submitted(author, section, part=12), mod, Code.RETURNED, reason="R1")
    change_thread(returned, child.threads.get(number=2))
    page = sign_in(author).get(f"/en/my/contributions/{returned.pk}/revise/")
    assert page.context["form"]["part"].value() == "12"
    revise(actor=author, contribution=returned, text="Better words.", language="en", part=12)
    assert returned.versions.latest("number").part == 12


def test_words_left_out_leave_the_paragraph(author, mod, section):
    version = world.submitted(author, section, part=12).versions.get()
    assert leave_out(version, "Fewer words.").part == 12


def test_a_reply_begins_with_the_paragraph_of_what_it_answers(author, participant, mod, section, sign_in):
    edition = published(author, mod, section, part=13)
    page = sign_in(participant).get(f"{PAGE}reply/{edition.number}/")
    assert page.context["form"]["part"].value() == "13"


def test_the_receipt_and_the_queue_say_it(author, mod, section, sign_in):
    version = world.submitted(author, section, part=12).versions.get()
    author.language = "en"
    author.save()
    send_receipt.call(version_id=version.pk)
    assert "Your contribution is about paragraph 12." in mail.outbox[-1].body
    client = sign_in(mod)
    assert "On paragraph 12" in client.get("/en/desk/moderation/").content.decode()


def test_tables_data_and_api_have_it(author, mod, section, client):
    number = published(author, mod, section).number
    here = "/en/consultations/a-draft/threads/1/data"
    data = json.loads(b"".join(client.get(f"{here}.json")))
    assert data["contributions"][0]["paragraph"] == 12
    row = next(csv.DictReader(io.StringIO(b"".join(client.get(f"{here}.csv")).decode("utf-8-sig"))))
    assert row["paragraph"] == "12"
    data = client.get(f"/api/v1/consultations/a-draft/contributions/{number}").json()
    assert data.get("data", data)["paragraph"] == 12


def test_a_tombstone_keeps_its_place(author, mod, section):
    contribution = published(author, mod, section).contribution
    withdraw(actor=author, contribution=contribution)
    edition = contribution.editions.get()
    assert edition.is_gone and edition.part == 12


def test_a_persons_exported_data_has_it(author, mod, section):
    published(author, mod, section)
    assert next(iter(export_contributions(author)))["versions"][0]["paragraph"] == 12


def test_a_text_kept_through_a_signing_in_keeps_it(participant, section, sign_in, client):
    seal = Seal.fresh(participant, section, 0).sealed()
    client.post(f"{PAGE}?part=12", {"text": world.WORDS, "language": "en", "part": "13", "seal": seal, "send": ""})
    again = sign_in(participant).get(PAGE)
    assert (again.context["form"]["text"].value(), again.context["form"]["part"].value()) == (world.WORDS, "13")
