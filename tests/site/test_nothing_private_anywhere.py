"""Nothing private reaches the record: a stranger walks every public address in six languages, and finds none of it.

Every private text, name and address below has a word that begins with "Hush"; people's addresses end in people.example.
The walk follows every link that a page, a feed, a list of addresses, an answer of the API or a harvest gives.
"""

import gzip
import io
import re
import zipfile
from collections import Counter, deque
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, get_resolver, resolve
from django.utils import translation

from plenara.contributions import actions as contribution_actions
from plenara.contributions.models import Contribution
from plenara.contributions.organizations import actions as organizations
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.core.views import PublicView
from plenara.directory import actions as directory
from plenara.documents import actions as document_actions
from plenara.documents.presenters import pdf
from plenara.exports import actions
from plenara.mirror.actions import mirror
from plenara.moderation.actions import leave_note, remove, report
from plenara.moderation.models import Code
from plenara.outcomes import actions as outcome_actions
from plenara.outcomes.models import Body
from plenara.search.models import Entry, Vector
from plenara.themes.actions import install_wsis
from tests import databases, world
from tests.answers import give_paper, make_exports
from tests.bundles.community.making import community
from tests.contributions.entered import LETTER, entered
from tests.directory import making as listings
from tests.events import making as meetings
from tests.mirror.conftest import two_languages
from tests.outcomes import comments_everywhere, everywhere, meetings_everywhere, public_everywhere
from tests.outcomes import making as bodies
from tests.summaries import making
from tests.summaries.corrections import making as correcting
from tests.test_views import every_pattern, kind_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PRIVATE = re.compile(r"hush\w*|people\.example|Tuvalu", re.IGNORECASE)
SAID = "Words of somebody who is not named."
#: Pages of one kind that are asked for in English, and whatever has no language; of those with a query; in Arabic.
MOST, MOST_WITH_QUERY, MOST_IN_ARABIC = 10, 3, 1
#: Each kind is asked for in one of these, too.
OTHERS = ("es", "fr", "ru", "zh")
LINK = re.compile(r"""(?:href|src|action)="([^"]+)"|<loc>([^<]+)</loc>|"(https?://[^"\s]+)"|<(https?://[^>\s]+)>""")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, django_db_setup, django_db_blocker):
    """A consultation with everything that must stay inside, among what is public; and its folder of data."""
    data = tmp_path_factory.mktemp("data")
    with databases.shared(django_db_blocker, data), pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "typeset", lambda page, *, identifier: f"%PDF-1.7 {identifier}".encode())
        yield load()


@pytest.fixture(autouse=True)
def own_data(loaded, db):
    """The data folder is that of all tests here."""


def load():
    """Return a consultation with everything that must stay inside, among what is public."""
    consultation = world.consultation()
    thread = consultation.threads.get(number=1)
    people = world.cast(consultation)
    author, participant, moderator = people.author, people.participant, people.moderator
    rapporteur, translator, organizer = people.rapporteur, people.translator, people.organizer
    edition = world.published(author, moderator, thread)
    reply = world.published(
        participant, moderator, thread, "D’accord avec cela.", "fr", in_reply_to=edition.contribution, title="Un délai"
    )
    secret = {"sentence": "Hushsentence of a moderator."}
    hidden = world.person("Hushname Withheld", withholds_name=True, withholds_country=True, country="TV")
    world.published(hidden, moderator, thread, SAID)
    world.submitted(participant, thread, "Hushpending words wait.", title="Hushpendingtitle")
    world.decided(
        world.submitted(participant, thread, "Hushreturned words."), moderator, Code.RETURNED, reason="R1", **secret
    )
    rejected = world.decided(
        world.submitted(participant, thread, "Hushrejected words."), moderator, Code.REJECTED, reason="R2", **secret
    )
    leave_note(actor=moderator, kind="contribution", pk=rejected.pk, text="Hushnote between moderators.")
    gone = world.person("Hushgone Person", capacity="organization", organization="Hushgone Society")
    first = world.published(gone, moderator, thread, "Hushwithdrawn words.", title="Hushwithdrawntitle")
    give_paper(first, b"Hushpaper of one that is withdrawn.", name="hushpaper.txt")
    contribution_actions.withdraw(actor=gone, contribution=first.contribution)
    second = world.published(gone, moderator, thread, "Hushremoved words.")
    remove(actor=moderator, kind="contribution", pk=second.contribution_id, reason="R2", **secret)
    draft = contribution_actions.save_draft(actor=participant, thread=thread, key="k", text="Hushdraft words.")
    contribution_actions.share(actor=participant, draft=draft, days=7)
    contribution_actions.ask_to_sign(actor=participant, draft=draft, addresses=["hushsigner@x.example"], language="en")
    contribution_actions.revise(
        actor=author, contribution=edition.contribution, text="Hushrevision words wait.", language="en"
    )
    report(actor=author, kind="contribution", pk=reply.contribution_id, reason="R4", text="Hushreport of a reader.")
    entered(
        moderator, consultation, "k2", LETTER | {"consent": "Hushconsent by letter.", "text": "Hushletter waits."},
        date=f"{clock.now():%Y-%m-%d}",
    )  # fmt: skip
    world.appealed(author, moderator, thread, "Hushappealed words.")
    published = making.summary(rapporteur, consultation)
    making.statement(rapporteur, published.document, "Nothing was contributed to question 2.", kind="frame")
    statement = making.statement_of(rapporteur, published, edition)
    document_actions.comment(
        actor=rapporteur, document=published.document, paragraph=statement, text="Hushcomment of a rapporteur."
    )
    of_summary = None
    for each in published.document.comments.all():
        document_actions.resolve(actor=rapporteur, comment=each)
    of_summary = making.published(rapporteur, organizer, published)
    making.translated(translator, published.document, "ar")
    correcting.published(author, moderator, of_summary, statement=None)
    correcting.asked(author, of_summary, "Hushcorrection that waits.", statement=2)
    give_paper(edition)
    waiting = making.summary(rapporteur, consultation, title="Hushsummary in the making")
    making.statement_of(rapporteur, waiting, edition, "Hushstatement in the making.")
    draft_place = world.consultation("hushed-draft", title=world.six("Hushconsultation"), stage="draft")
    assert draft_place.stage == "draft"
    community()
    meetings.proposed(participant, meetings.details(title={"en": "Hushproposed meeting"}))
    meetings.decided(
        meetings.proposed(participant, meetings.details(title={"en": "Hushrefused meeting"})), meetings.curator(),
        Code.REJECTED, reason="E5", **secret,
    )  # fmt: skip
    disputed(author, moderator, edition, thread)
    reported(rapporteur, moderator, edition, consultation)
    install_wsis()
    make_exports()
    actions.make_community()
    return consultation


def disputed(author, moderator, edition, thread):
    """Let a byline be disputed for a verified organization, and another; one waits, of one a moderator has decided."""
    curator = listings.curator("Keeper of the directory")
    owner = world.person("Moussa Keita")
    verified = listings.published(owner, curator)
    directory.verify(actor=curator, organization=verified, note="Hushvouched for by a friend.")
    where = {"actor": owner, "organization": verified, "language": "en"}
    organizations.dispute(edition=edition, text="Hushdispute that waits.", **where)
    decided = organizations.dispute(
        edition=world.published(author, moderator, thread, "We speak for it, too."), text="Hushdispute.", **where
    )
    organizations.decide_dispute(
        actor=moderator, dispute=decided, status="upheld", answer="Hushanswer to both sides.", language="en"
    )


def reported(rapporteur, moderator, edition, consultation):
    """Let a body publish reports, open one for comment and meet; and keep to itself what it writes next."""
    everywhere.places(consultation, rapporteur, edition)
    meetings_everywhere.places(rapporteur, edition)
    public_everywhere.places(consultation, edition)
    comments_everywhere.places(moderator)
    body = Body.objects.get(slug="panel")
    writer, member = (bodies.fresh(body.members.get(part=part).person) for part in ("rapporteur", "member"))
    report = body.outcomes.get(slug="short")
    document_actions.reopen(actor=writer, document=report.document)
    kept = report.document.paragraphs.get(mark=1)
    outcome_actions.add_paragraph(
        actor=writer,
        outcome=report,
        section=report.sections.get(number=2),
        kind="frame",
        text="Hushparagraph of a draft.",
    )
    outcome_actions.respond(
        actor=writer, paragraph=kept, edition=edition, response="noted", reason="Hushreason of the next version."
    )
    bodies.proposed(member, kept, text="Hushproposal of a member.", note="Hushnote beside it.")
    document_actions.comment(actor=member, document=report.document, paragraph=kept, text="Hushcomment of a member.")
    curator = world.grant(world.person("Keeper of what is hidden"), consultation, "organizer")
    hidden = bodies.body(curator, consultation, "in-the-making", name={"en": "Hushbody"})
    bodies.member(curator, hidden, world.person("Hushmember"))


def contents(body):
    """Yield what an answer holds, the files of archives in it among them."""
    if body[:2] == b"\x1f\x8b":
        yield from contents(gzip.decompress(body))
    elif body[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(body))
        for name in archive.namelist():
            yield name
            yield from contents(archive.read(name))
    else:
        yield body.decode(errors="replace")


def public_view_of(path):
    """Return the public view that a path leads to, or nothing."""
    language = path.split("/")[1]
    try:
        with translation.override(language if language in CODES else "en"):
            found = resolve(path)
    except Resolver404:
        return None
    view = getattr(found.func, "view_class", None)
    return (found.route, view) if view and issubclass(view, PublicView) else None


def other_of(route):
    """Return the one of the other languages whose turn it is for a kind of page."""
    return OTHERS[sum(route.partition("/")[2].encode()) % len(OTHERS)]


def most(route, language, has_query):
    """Return how many addresses of a kind are asked for in a language."""
    if language in OTHERS:
        return int(other_of(route) == language)
    if language == "ar":
        return MOST_IN_ARABIC
    return MOST_WITH_QUERY if has_query else MOST


#: Pages whose form for other sites only the code to copy names.
EMBEDDABLE = [f"consultations/internet-governance/{part}" for part in ("", "threads/1/", "summaries/1/")] + ["events/"]


def walk(client):
    """Yield (address, answer, text) of all that a stranger finds."""
    starts = ["/", "/sitemap.xml", "/robots.txt", "/api/v1/", "/api/v1/openapi.json", "/health/", "/metrics"]
    starts += [f"/oai?verb={verb}" for verb in ("Identify", "ListSets", "ListMetadataFormats")]
    starts += [f"/oai?verb={verb}&metadataPrefix=oai_dc" for verb in ("ListRecords", "ListIdentifiers")]
    for code in CODES:
        starts += [f"/{code}/", f"/{code}/search/?q=words", f"/{code}/search/?q=&order=newest"]
        starts += [f"/{code}/search/{form}?q=words" for form in ("feed.atom", "data.json", "data.csv")]
        starts += [f"/{code}/consultations/hushed-draft/", f"/{code}/consultations/internet-governance/"]
        starts += [f"/{code}/{page}embed/" for page in EMBEDDABLE]
    for each in Contribution.objects.all():
        starts += [f"/c/{each.public_id}", f"/s/{each.symbol}"]
        starts += [f"/en/consultations/internet-governance/contributions/{each.number or 9}/rev/{k}/" for k in range(3)]
    waiting, seen, often = deque(starts), set(), Counter()
    while waiting:
        address = waiting.popleft()
        path, _mark, query = address.partition("?")
        if address in seen or query.count("&") > 2:
            continue
        seen.add(address)
        if (view := public_view_of(path)) is None:
            continue
        language = path.split("/")[1]
        kind = (view[0], language, bool(query))
        if often[kind] >= most(view[0], language, bool(query)):
            continue
        often[kind] += 1
        if language == "en":
            waiting += [f"/{other}{address.removeprefix('/en')}" for other in ("ar", other_of(view[0]))]
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = "\n".join([repr(dict(answer.items())), *contents(body)])
        yield view, address, answer, text
        for match in LINK.finditer(text.replace("&amp;", "&")):
            link = urljoin(f"{settings.SITE_URL}{address}", next(filter(None, match.groups())))
            parts = urlsplit(link)
            if f"{parts.scheme}://{parts.netloc}" == settings.SITE_URL and len(link) < 500:
                waiting.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)
        if location := answer.get("Location"):
            waiting.append(urlsplit(location).path)


def test_a_stranger_finds_nothing_private_at_any_public_address_in_six_languages(client, loaded):
    views, found, shown = Counter(), [], Counter()
    for view, address, answer, text in walk(client):
        assert answer.status_code < 500 or view[1].__name__ in PRINTED, address  # not printed yet
        views[view[1]] += 1
        asked = re.sub(r"hushed-draft", "", text) if "hushed-draft" in address else text
        found += [(address, each) for each in set(PRIVATE.findall(asked))]
        shown[SAID in text] += 1
        if address.count("/") > 1 and answer.status_code == 200:
            shown[address.split("/")[1]] += 1
    assert found == []
    assert shown[True] > 20  # what is public was there to be found
    assert all(shown[code] > 20 for code in CODES)
    public = {view.view_class for _route, view in every_pattern(get_resolver()) if kind_of(view) is PublicView}
    unseen = {view.__name__ for view in public - set(views)} - NOT_REACHED
    assert unseen == set(), "a public view that nothing leads to, or that this world has nothing for"


PRINTED = {"PrintedSummary", "PrintedOutcome"}
#: Views that no link of this world leads to, each looked at by a test of its own.
NOT_REACHED = {
    "Colours",  # of the installation: it has none of its own here; accounts/test_look.py
    "Docs",  # it is not shown here; journeys/test_docs_site.py
    "Changes",  # of a summary: this one has one edition
    "DossierFiles",  # of a meeting: they are not made here; outcomes/test_dossier.py
    "Members",  # of a body with very many; outcomes/test_public.py
    "Mark",  # of the installation: it has none here
    "Nothing",  # what is shown for nothing
    "OrganizationContributions",  # of an organization whose representatives spoke: directory/test_page_organization.py
    "SignatoriesPage",  # of a campaign: test_campaigns.py
}


def test_nothing_private_is_in_the_search_index_or_among_the_vectors(loaded):
    for entry in Entry.objects.all():
        assert not PRIVATE.search(f"{entry.words} {entry.filters}"), entry
        assert "¤ytv" not in entry.filters
    assert not Vector.objects.exclude(kind__in=["edition", "entry"]).exists()


def test_nothing_private_is_in_the_static_copy(loaded, tmp_path, monkeypatch):
    two_languages(monkeypatch)
    mirror(loaded, tmp_path / "copy")
    files = [each for each in (tmp_path / "copy").rglob("*") if each.is_file()]
    found = [
        (str(file), each) for file in files for text in contents(file.read_bytes()) for each in PRIVATE.findall(text)
    ]
    assert found == []
    assert any(SAID in text for file in files if file.suffix == ".html" for text in contents(file.read_bytes()))
