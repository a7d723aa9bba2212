"""A world in which every address of the installation leads to something: that of `tests/everywhere.py`, and more."""

import base64
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings

from plenara.accounts import actions as accounts
from plenara.accounts.models import Person
from plenara.accounts.queries import installation_row, one_time_link, sheet_url
from plenara.consultations.emails import stop_token
from plenara.consultations.models import Consultation
from plenara.contributions.actions import ask_to_sign, save_draft, share
from plenara.contributions.models import Contribution, Draft, OrganizationMark, Paper, Version
from plenara.contributions.queries.signatures import token_of
from plenara.core.models import BackgroundTask
from plenara.core.tasks import run_all
from plenara.directory import emails
from plenara.directory.actions import ask_for_proof
from plenara.directory.models import Listing
from plenara.documents.models import Citation
from plenara.documents.presenters import pdf
from plenara.moderation.actions import decide_campaign, report
from plenara.moderation.kinds import KINDS
from plenara.outcomes.actions.meetings import ask_files
from plenara.outcomes.models import Dossier
from plenara.summaries.printing.actions import ask_pack
from tests import databases as tests_databases
from tests import world
from tests.answers import give_paper
from tests.contributions.entered import entered
from tests.directory import making as listings
from tests.everywhere import make_everywhere
from tests.made_once import MadeOnce
from tests.operations.conftest import databases, migrated  # noqa: F401 - and its data folder
from tests.outcomes.making import fresh
from tests.security.authorization import ROLES
from tests.security.serving import serving  # noqa: F401 - a server, for all of these tests together

#: The smallest picture there is.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture(autouse=True)
def own_data(request, settings, tmp_path_factory):
    """A data folder of one's own; that of the house, in a test that asks for the house."""
    if "house" in request.fixturenames:
        return
    settings.DATA = tmp_path_factory.mktemp("data")
    settings.DOCUMENTS = settings.DATA / "documents"


_house = MadeOnce()


@pytest.fixture(scope="module")
def furnished(tmp_path_factory, django_db_setup, django_db_blocker):
    """The world of `tests/everywhere.py`, and what views of `authorization.txt` lead to besides, in its folder."""
    data = tmp_path_factory.mktemp("house")
    with tests_databases.shared(django_db_blocker, data), pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "typeset", lambda page, *, identifier: f"%PDF-1.7 {identifier}".encode())
        yield _house.get(_make, data)


def _make():
    made = make_everywhere()
    return replace(made, ids=_furnish(made))


@pytest.fixture
def house(furnished, db):
    """The ids that the addresses of `authorization.txt` name. What a test changes is undone behind it."""
    return furnished.ids


@pytest.fixture
def consultation(request):
    """The consultation of the house, where a test asks for the house."""
    if "house" not in request.fixturenames:
        return request.getfixturevalue("consultation")
    request.getfixturevalue("house")
    return Consultation.objects.get(pk=request.getfixturevalue("furnished").consultation.pk)


def _in_the_house(role):
    """Return a fixture: who has a role in the house, where a test asks for the house; else who has it anywhere."""

    @pytest.fixture(name=role)
    def found(request):
        if "house" not in request.fixturenames:
            return request.getfixturevalue(role)
        request.getfixturevalue("house")
        return Person.objects.get(pk=request.getfixturevalue("furnished").cast[role].pk)

    return found


globals().update({f"{role}_in_the_house": _in_the_house(role) for role in ROLES if role != "outsider"})


def _furnish(made):
    """Return the ids of that world, and those of what is put into it here."""
    consultation, edition, place = made.consultation, made.edition, made.ids
    author, moderator, rapporteur, organizer = (
        Person.objects.get(pk=made.cast[role].pk) for role in ("author", "moderator", "rapporteur", "organizer")
    )
    thread = consultation.threads.get(number=1)
    ids = {**_papers(consultation, thread, author, edition), **_links(author, consultation, place)}
    pack = ask_pack(actor=organizer, consultation=consultation, edition=None)
    person = listings.published(world.person("Listed"), listings.curator("Keeper of people"), "person")
    project = listings.published(author, listings.curator("Keeper of projects"), "project")
    passkey = Authenticator.objects.create(user=person.owner, type="webauthn", data={"name": "Phone", "credential": {}})
    words = "Every member of the group should be heard before it reports."
    signed = world.campaign(consultation.threads.get(number=2), 4, words)
    decide_campaign(actor=moderator, campaign=signed, code="APPROVED", until=10**9)
    ids |= _reports(edition, place, person, project)
    _made(place, rapporteur, edition)
    run_all()
    return {
        **place,
        **ids,
        "symbol": edition.symbol,
        "citation": Citation.objects.get(paragraph=place["statement"]).pk,
        "signed": Contribution.objects.get(pk=signed.first_id).number,
        "passkey": passkey.pk,
        "pack": pack.pk,
        "person_number": person.number,
        "project_number": project.number,
    }


def _made(ids, rapporteur, edition):
    """Ask for the files of a meeting, let an organization confirm what was said in its name, cite in a statement."""
    for language in ("en", "ar"):
        ask_files(actor=fresh(rapporteur), dossier=Dossier.objects.get(body__slug="wgig"), language=language)
    organization = Listing.objects.get(pk=ids["organization"])
    OrganizationMark.objects.create(
        edition=edition, organization=organization, verification=organization.verifications.get()
    )
    Citation.objects.create(
        paragraph_id=ids["statement"], edition=edition, words=edition.text.content, position=1, cited_by=rapporteur
    )


def _reports(edition, ids, person, project):
    """Return the tokens by which readers confirm their reports, one of each kind of thing that can be reported."""
    things = {
        "contribution": ("contribution", edition.contribution_id),
        "event": ("event", ids["event"]),
        "organization": ("organization", ids["organization"]),
        "person": ("person", person.pk),
        "project": ("project", project.pk),
    }
    tokens = {}
    for name, (kind, pk) in things.items():
        reason = KINDS[kind].reasons.for_readers[0]
        report(actor=None, kind=kind, pk=pk, reason=reason, text="Look.", address=f"{name}@readers.example")
        tokens[f"report_of_{name}"] = _queued("moderation.ask_reporter")["token"]
    return tokens


def _queued(kind):
    """Return what the last task of a kind is to do."""
    return BackgroundTask.objects.filter(task=kind, done_at=None).latest("pk").arguments


def _kept(content):
    """Return the SHA-256 of a file, put among the documents."""
    sha256 = hashlib.sha256(content).hexdigest()
    file = Path(settings.DOCUMENTS) / sha256[:2] / sha256
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return sha256


def _papers(consultation, thread, author, edition):
    """Return ids of a letter with its original, a draft and a version with a paper, and the installation's mark."""
    give_paper(edition)
    sha256 = _kept(b"A paper of a draft.")
    paper = Paper.objects.create(sha256=sha256, name="draft.txt", size=19, media_type="text/plain")
    draft = save_draft(actor=author, thread=thread, key="with-a-paper", text="See the paper.")
    draft.paper = paper
    draft.save()
    letter = entered(world.grant(world.person("Registry"), consultation, "moderator"), consultation, "with-original")
    letter.original = paper
    letter.save()
    installation = installation_row()
    installation.mark = _kept(PNG)
    installation.save()
    version = Version.objects.filter(contribution=edition.contribution).latest("pk")
    return {
        "paper_draft": draft.pk, "paper_version": version.pk, "original_letter": letter.pk, "mark": installation.mark,
        "colours": sheet_url("#8b0000", "").removeprefix("/look/"),
    }  # fmt: skip


def _links(author, consultation, ids):
    """Return the tokens of every link that is sent or printed."""
    curator = Person.objects.get(name="Keeper of the directory")
    organization = Listing.objects.get(pk=ids["organization"])
    invited = {"kind": "consultation_role", "consultation_id": consultation.pk, "role": "moderator", "language": ""}
    _invitation, token = accounts.invite(
        actor=curator, address="invited@people.example", purpose=invited, language="en"
    )
    tokens = {"invitation": token, "one_time": one_time_link(author).rstrip("/").rsplit("/", 1)[1]}
    ask_for_proof(actor=author, organization=organization, mailbox="info")
    with_paper = Draft.objects.get(key="with-a-paper")
    colleague = share(actor=author, draft=with_paper, days=7)
    signs = ask_to_sign(actor=author, draft=with_paper, addresses=["lena@x.example"], language="en")[0]
    return {
        **tokens,
        "stop": stop_token(author.pk, "daily"),
        "confirms": emails.confirmation_token(author, [organization]),
        "proof": _queued("directory.send_proof")["token"],
        "shared_paper": token_of(colleague),
        "sign_paper": token_of(signs),
    }
