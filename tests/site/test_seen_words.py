"""The words of a contribution are the same wherever it is shown and whatever is made of it: nobody publishes unseen."""

import csv
import email
import email.policy
import io
import json
import mailbox
import textwrap

import pytest
from lxml import html

from plenara.core.text import clean
from tests import databases, world
from tests.answers import HERE, THREAD, get
from tests.hostile import UNSEEN
from tests.wording import words_in, words_on

pytestmark = pytest.mark.django_db

TEXTS = [f"Seen.\n\n{hostile}" for hostile in UNSEEN]


@pytest.fixture(scope="module")
def corpus(django_db_setup, django_db_blocker):
    """Every text that hides words, published: contribution 1 has the first, and so on; and who decides on them."""
    with databases.shared(django_db_blocker):
        consultation = world.consultation(word_limit=None)
        thread = consultation.threads.get(number=1)
        moderator = world.grant(world.person("Ana Prieto"), consultation, "moderator")
        for text in TEXTS:
            world.published(world.person(), moderator, thread, text)
        yield thread


def entries(page):
    """Return the words of each contribution that a page shows, in their order."""
    words = html.fromstring(page.content.decode()).xpath("//*[contains(@class, 'entry')]//div[@class='words']")
    return [words_on(html.tostring(each, encoding="unicode")) for each in words]


def shown(page):
    """Return the words of the one contribution that a page shows."""
    (words,) = entries(page)
    return words


def kept():
    """Return the words of every text as it is kept, by number."""
    return {number: words_in(clean(text)) for number, text in enumerate(TEXTS, 1)}


@pytest.mark.once
def test_preview_receipt_and_the_moderators_page_show_every_word(corpus, sign_in):
    author, moderator = world.person(), world.grant(world.person(), corpus.consultation, "moderator")
    for number, text in list(enumerate(TEXTS, 1))[::6]:
        client = sign_in(author)
        form = client.get(page := "/en/contribute/internet-governance/1/").context["form"]
        sent = {"text": text, "language": "en", "title": "", "seal": form["seal"].value()}
        previewed = client.post(page, sent | {"preview": ""})
        waiting = world.submitted(world.person(), corpus, text)
        receipt = sign_in(waiting.author).get(f"/en/my/contributions/{waiting.pk}/")
        moderated = sign_in(moderator).get(f"/en/desk/moderation/contribution/{waiting.pk}/")
        assert shown(previewed) == shown(receipt) == shown(moderated) == kept()[number]


def test_the_public_pages_show_every_word(corpus, client):
    threads = [client.get(f"{THREAD}from/{start}/") for start in range(1, len(TEXTS) + 1, 20)]
    assert dict(enumerate((words for page in threads for words in entries(page)), 1)) == kept()
    for number in list(kept())[::10]:
        assert shown(client.get(f"{HERE}contributions/{number}/")) == kept()[number]


def test_the_files_have_the_words_of_the_pages(corpus, client):
    rows = json.loads(get(client, f"{THREAD}data.json"))["contributions"]
    assert {each["number"]: words_in(each["text"]) for each in rows} == kept()
    table = csv.DictReader(io.StringIO(get(client, f"{THREAD}data.csv").decode("utf-8-sig")))
    assert {int(each["number"]): words_in(each["text"]) for each in table} == kept()
    raw = get(client, f"{THREAD}raw.txt").decode().split("-" * 72)[1:]
    texts = [textwrap.dedent(each.partition("\n\n")[2]) for each in raw]
    assert dict(enumerate(map(words_in, texts), 1)) == kept()


def test_the_mailbox_has_the_words_of_the_pages(corpus, client, tmp_path):
    (tmp_path / "mbox").write_bytes(get(client, f"{THREAD}mbox.gz"))
    found = [
        email.message_from_bytes(each.as_bytes(), policy=email.policy.default)
        for each in mailbox.mbox(tmp_path / "mbox")
    ]
    texts = [each.get_content().rpartition("\n-- \n")[0] for each in found]
    assert dict(enumerate(map(words_in, texts), 1)) == kept()


def test_the_api_has_the_words_of_the_pages(corpus, client):
    found = json.loads(get(client, "/api/v1/consultations/internet-governance/contributions?limit=100"))[
        "contributions"
    ]
    assert {each["number"]: words_in(each["text"]) for each in found} == kept()


def test_who_searches_finds_no_word_that_the_page_does_not_show(corpus, client):
    for word in ("deep", "comment", "footnote", "entry19", "quote29", "777"):
        found = json.loads(get(client, f"/en/search/data.json?q={word}&kind=contribution"))["results"]
        assert found
        for each in found:
            assert word in shown(client.get(f"{HERE}contributions/{each['number']}/"))
