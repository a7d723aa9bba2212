"""No withheld name, no address and no unpublished word stands in any other form of any page."""

import io
import zipfile

import pytest

from plenara.contributions.actions import revise, save_draft, withdraw
from plenara.contributions.models import Contribution
from plenara.core.languages import CODES
from plenara.moderation.actions import remove
from plenara.moderation.models import Code
from tests import world
from tests.answers import FORMS, HERE, THREAD, body

pytestmark = pytest.mark.django_db
API = "/api/v1/consultations/internet-governance"

#: Loaded into the working side below; none may come out.
SECRETS = [
    "people.example",  # every person's address
    "Zebulon Withheld",
    "Tuvalu",
    "Words that wait",
    "Words that came back",
    "Words that were rejected",
    "Words that were withdrawn",
    "Words that were removed",
    "Words of a draft",
    "Words of a revision that waits",
    "A title that was withdrawn",
    "Society of the withdrawn",
    "The moderator’s own sentence",
    "Ana Prieto",  # who decided
]


@pytest.fixture
def loaded(edition, reply, author, participant, moderator, thread):
    """A thread with everything that must stay inside, among what is public."""
    hidden = world.person("Zebulon Withheld", withholds_name=True, withholds_country=True, country="TV")
    world.published(hidden, moderator, thread, "Words of somebody who is not named.")
    world.submitted(participant, thread, "Words that wait.")
    sentence = {"sentence": "The moderator’s own sentence."}
    returned = world.submitted(participant, thread, "Words that came back.")
    world.decided(returned, moderator, Code.RETURNED, reason="R1", **sentence)
    rejected = world.submitted(participant, thread, "Words that were rejected.")
    world.decided(rejected, moderator, Code.REJECTED, reason="R2", **sentence)
    gone = world.person("Gone Person", capacity="organization", organization="Society of the withdrawn")
    first = world.published(gone, moderator, thread, "Words that were withdrawn.", title="A title that was withdrawn")
    withdraw(actor=gone, contribution=first.contribution)
    second = world.published(participant, moderator, thread, "Words that were removed.")
    remove(actor=moderator, kind="contribution", pk=second.contribution_id, reason="R2", **sentence)
    save_draft(actor=participant, thread=thread, key="k", text="Words of a draft.")
    revise(actor=author, contribution=edition.contribution, text="Words of a revision that waits.", language="en")
    return thread


def contents(answer):
    """Yield what an answer holds, the files of an archive among it, and its headers."""
    content = body(answer)
    yield repr(dict(answer.items()))
    if content[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(content))
        for name in archive.namelist():
            yield archive.read(name).decode()
    else:
        yield content.decode()


def forms_of_each():
    numbers = range(1, 8)
    for path in FORMS:
        for language in CODES if path.startswith("/en/") else ["en"]:
            yield path.replace("/en/", f"/{language}/")
    for number in numbers:
        for ending in ("cite.bib", "cite.ris", "cite.json", "rev/0/cite.json", "rev/1/cite.json", "document.txt"):
            yield f"{HERE}contributions/{number}/{ending}"
    yield from (f"{THREAD}feed.atom?group=civil_society", f"{THREAD}data.json?language=en")
    yield from ("/sitemaps/contributions-1.xml", "/exports/internet-governance/bundle.zip.sha256")
    yield from ("/api/v1/", "/api/v1/consultations", "/api/v1/search?q=words", API)
    yield from (f"{API}/{name}" for name in ("threads", "contributions", "summaries", "decisions", "figures", "themes"))
    for number in numbers:
        yield from (f"{API}/contributions/{number}", f"{API}/contributions/{number}/editions")
        yield from (f"{API}/contributions/{number}/editions/0", f"{API}/contributions?after={number}&order=newest")


def test_nothing_private_is_in_any_form(client, loaded, exported):
    addresses = list(forms_of_each())
    for each in Contribution.objects.all():
        addresses += [f"/c/{each.public_id}", f"/s/{each.symbol}"]
    seen, shown = 0, ""
    for path in addresses:
        answer = client.get(path)
        assert answer.status_code in {200, 302, 404, 410}, path
        for content in contents(answer):
            found = [secret for secret in SECRETS if secret in content]
            assert not found, (path, found)
            seen += 1
            shown += content
    assert seen > 2 * len(addresses)
    assert "Words of somebody who is not named." in shown  # the public words do stand there
    assert "Name withheld" in shown
