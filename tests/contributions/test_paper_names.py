"""A paper's name is its upload's: whoever sends the same bytes under another name sees and publishes that one."""

import json

import pytest

from plenara.accounts.actions import erase
from plenara.contributions.actions import (
    ask_to_sign,
    attach,
    confirm,
    detach,
    enter,
    papers,
    revise,
    save_draft,
    submit,
)
from plenara.contributions.models import Draft, Edition, Paper
from plenara.contributions.personal_data import export_papers as papers_of
from plenara.contributions.queries.papers import file_of
from plenara.contributions.queries.signatures import draft_digest, signatures_of
from plenara.core import tasks
from tests import world
from tests.contributions.entered import STATEMENT

pytestmark = pytest.mark.django_db

DATA = b"The same words in both files."
HERE = "/en/consultations/internet-governance/contributions/"


@pytest.fixture(autouse=True)
def documents(tmp_path, settings):
    settings.DOCUMENTS = tmp_path


def sent(person, thread, name, data=DATA):
    """Return a contribution that waits, with a paper of this name."""
    key = f"{person.pk} {name}"
    draft = save_draft(actor=person, thread=thread, key=key, text=f"See {name}.", language="en")
    attach(actor=person, draft=draft, data=data, name=name)
    return submit(actor=person, thread=thread, text=f"See {name}.", language="en", key=key)


@pytest.fixture
def two(author, participant, moderator, thread):
    """Two published contributions with one paper, each under a name of its author's."""
    for person, name in ((author, "first.txt"), (participant, "second.txt")):
        world.decided(sent(person, thread, name), moderator)
    return Edition.objects.select_related("paper", "contribution").order_by("number")


def file():
    return file_of(Paper(sha256=Paper.objects.first().sha256))


def test_each_page_and_download_has_its_own_name(two, client):
    for number, (own, others) in enumerate((("first.txt", "second.txt"), ("second.txt", "first.txt")), 1):
        page = client.get(f"{HERE}{number}/").content.decode()
        assert own in page and others not in page
        answer = client.get(f"{HERE}{number}/document.txt")
        assert answer["Content-Disposition"] == f'attachment; filename="{own}"'
        assert b"".join(answer.streaming_content) == DATA
    feed = b"".join(client.get("/en/consultations/internet-governance/feed.atom")).decode()
    assert 'title="first.txt"' in feed and 'title="second.txt"' in feed


def test_whoever_moderates_and_searches_sees_each_under_its_own_name(two, moderator, client, sign_in):
    tasks.run_all()
    found = json.loads(client.get("/en/search/data.json?q=same+words&kind=paper").content)["results"]
    assert {each["title"] for each in found} == {"first.txt", "second.txt"}
    waiting = sent(world.person(), two[0].thread, "third.txt")
    page = sign_in(moderator).get(f"/en/desk/moderation/contribution/{waiting.pk}/").content.decode()
    assert "third.txt" in page and "first.txt" not in page


def test_the_bytes_are_stored_once_and_each_person_is_given_their_name(two, author, participant):
    assert {each.paper.sha256 for each in two} == {two[0].paper.sha256}
    for person, name in ((author, "first.txt"), (participant, "second.txt")):
        ((shown, place),) = papers_of(person)
        assert shown.endswith(f"-{name}") and place == file()


def test_one_that_is_withdrawn_or_erased_leaves_the_other(two, author, participant, client):
    erase(actor=author, choice="tombstones")
    tasks.run_all()
    assert [each.name for each in Paper.objects.all()] == ["second.txt"]
    assert file().read_bytes() == DATA
    assert client.get(f"{HERE}1/document.txt").status_code == 410
    assert client.get(f"{HERE}2/document.txt")["Content-Disposition"] == 'attachment; filename="second.txt"'
    last = file()
    erase(actor=participant, choice="tombstones")
    tasks.run_all()
    assert not Paper.objects.exists() and not last.exists()


def test_one_that_is_taken_off_a_draft_leaves_the_other(author, participant, thread):
    drafts = []
    for person, name in ((author, "first.txt"), (participant, "second.txt")):
        draft = save_draft(actor=person, thread=thread, key=name, text="See it.", language="en")
        drafts.append(attach(actor=person, draft=draft, data=DATA, name=name))
    papers.delete_orphans([detached(author, drafts[0])])
    tasks.run_all()
    assert Draft.objects.get(person=participant).paper.name == "second.txt"
    assert file().read_bytes() == DATA


def detached(person, draft):
    """Take a paper off a draft, and return its key."""
    key = draft.paper_id
    detach(actor=person, draft=draft)
    return key


def test_an_original_that_is_entered_and_a_paper_that_is_sent_have_their_own_names(moderator, author, thread):
    entered = enter(
        actor=moderator,
        consultation=thread.consultation,
        values=STATEMENT,
        key="letter",
        original=("Letter of 3 May.txt", DATA),
    )
    assert sent(author, thread, "ours.txt").versions.get().paper.name == "ours.txt"
    assert entered.original.name == "Letter of 3 May.txt"


def test_the_same_file_under_another_name_is_another_version(author, moderator, thread):
    contribution = world.decided(sent(author, thread, "first.txt"), moderator)
    draft = save_draft(actor=author, thread=thread, key="r", text="See first.txt.", language="en", revises=contribution)
    attach(actor=author, draft=draft, data=DATA, name="better.txt")
    assert (
        revise(actor=author, contribution=contribution, text="See first.txt.", language="en", key="r").paper.name
        == "better.txt"
    )
    assert contribution.editions.get().paper.name == "first.txt"


def test_a_person_who_signs_confirms_the_name_of_the_paper_too(author, thread):
    draft = save_draft(actor=author, thread=thread, key="k", text="See it.", language="en")
    attach(actor=author, draft=draft, data=DATA, name="Our view.txt")
    (asked,) = ask_to_sign(actor=author, draft=draft, addresses=["lena@x.example"], language="en")
    confirm(
        signatory=asked,
        sha256=draft_digest(draft),
        name="Lena Vogt",
        stakeholder_group="civil_society",
        capacity="individual",
        country="NG",
    )
    assert len(signatures_of(draft).confirmed) == 1
    attach(actor=author, draft=draft, data=DATA, name="Lena Vogt agrees.txt")
    assert len(signatures_of(draft).outdated) == 1
