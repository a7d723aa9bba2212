"""A consultation with everything that a static copy has to hold, and what must not stand in it."""

import shutil
from types import SimpleNamespace

import pytest
from django.db.models import Model

from plenara.contributions.actions import revise, save_draft, withdraw
from plenara.contributions.models import Edition
from plenara.documents import actions as document_actions
from plenara.mirror import actions
from plenara.mirror.actions import batches, mirror
from plenara.moderation.actions import remove
from tests import databases, world
from tests.answers import give_paper
from tests.outcomes import making as outcomes
from tests.summaries import making

#: Loaded into the working side, or gone from the record: in no file of a copy.
SECRETS = [
    "people.example",
    "Zebulon Withheld",
    "Words that wait",
    "Words that were rejected",
    "Words that were withdrawn",
    "Words that were removed",
    "Words of a draft",
    "Gone Person",
    "The moderator’s own sentence",
    "Ana Prieto",
]


@pytest.fixture(autouse=True)
def own_folder(own_data):
    """Every test has a data folder of its own."""


def build():
    """Return a consultation and its people: replies, a superseded edition, a paper, what is gone, a summary."""
    consultation = world.consultation()
    first, second = consultation.threads.order_by("number")
    author = world.person("Aminata Diallo", capacity="organization", organization="Réseau Sahel Numérique")
    participant = world.person("Daniel Okafor", country="NG")
    moderator = world.grant(world.person("Ana Prieto"), consultation, "moderator")
    rapporteur = world.grant(world.person("Inés Calderón"), consultation, "rapporteur")
    organizer = world.grant(world.person("Wei Zhang", is_organizer=True), consultation, "organizer")
    edition = world.published(author, moderator, first)
    give_paper(edition, b"The whole paper, in many words.")
    text = "D’accord avec *cela*.\n\n- un délai\n- <b>deux</b> langues & plus"
    world.published(participant, moderator, first, text, "fr", in_reply_to=edition.contribution, title="Un délai")
    hidden = world.person("Zebulon Withheld", withholds_name=True)
    world.published(hidden, moderator, first, "Words of somebody who is not named.")
    gone = world.person("Gone Person")
    withdrawn = world.published(gone, moderator, first, "Words that were withdrawn.")
    withdraw(actor=gone, contribution=withdrawn.contribution)
    sentence = {"sentence": "The moderator’s own sentence."}
    removed = world.published(gone, moderator, first, "Words that were removed.")
    remove(actor=moderator, kind="contribution", pk=removed.contribution_id, reason="R2", **sentence)
    rejected = world.submitted(participant, first, "Words that were rejected.")
    world.decided(rejected, moderator, "REJECTED", reason="R2", **sentence)
    revised = world.published(participant, moderator, second, "The first words of all.").contribution
    revise(actor=participant, contribution=revised, text="The later words of all.", language="en")
    world.decided(revised, moderator)
    world.submitted(participant, first, "Words that wait.")
    save_draft(actor=participant, thread=first, key="k", text="Words of a draft.")
    summary = making.summary(rapporteur, consultation)
    making.statement_of(rapporteur, summary, edition)
    later = revised.editions.get(in_force=True)
    making.cited(rapporteur, making.statement(rapporteur, summary.document, "No words last."), later, "later words")
    making.published(rapporteur, organizer, summary)
    _reported(organizer, consultation, edition)
    return SimpleNamespace(
        consultation=consultation, thread=first, author=author, participant=participant, moderator=moderator,
        edition=edition, revised=revised, permalink=f"/c/{edition.contribution.public_id}/", symbol=consultation.symbol,
    )  # fmt: skip


def _reported(organizer, consultation, edition):
    """Publish a working group's report in two versions."""
    body = outcomes.body(organizer, consultation)
    chair = outcomes.member(organizer, body, world.person("Nitin Rao"), "chair")
    writer = outcomes.member(organizer, body, world.person("Clara Nunes"), "rapporteur")
    report = outcomes.outcome(organizer, body)
    outcomes.paragraph(writer, report, cites=edition)
    outcomes.published(writer, chair, report)
    document_actions.reopen(actor=writer, document=outcomes.fresh(report.document))
    outcomes.paragraph(writer, report, "What follows.", kind="frame", section=2)
    outcomes.published(writer, chair, report, "draft")


def two_languages(patch):
    """Let a copy have two languages, where six prove no more and take three times as long."""
    for module in (actions, batches):
        patch.setattr(module, "CODES", ("ar", "en"))


@pytest.fixture
def in_two_languages(monkeypatch):
    two_languages(monkeypatch)


@pytest.fixture(scope="module")
def first_copy(django_db_setup, django_db_blocker, tmp_path_factory):
    """The world, its data and a copy of it in two languages: made once; each test changes copies of all three."""
    data, folder = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("first") / "copy"
    with databases.shared(django_db_blocker, data):
        with pytest.MonkeyPatch.context() as patch:
            two_languages(patch)
            whole = build()
            mirror(whole.consultation, folder)
        yield SimpleNamespace(whole=whole, data=data, folder=folder)


@pytest.fixture
def whole(first_copy, in_two_languages, db, settings, tmp_path):
    """The world of that copy, which is mirrored in two languages."""
    settings.DATA = shutil.copytree(first_copy.data, tmp_path / "own-data")
    settings.DOCUMENTS = settings.DATA / "documents"
    again = {
        name: type(each)._base_manager.get(pk=each.pk) if isinstance(each, Model) else each
        for name, each in vars(first_copy.whole).items()
    }
    return SimpleNamespace(**again)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "copy"


@pytest.fixture
def copied(first_copy, whole, folder):
    """The folder of a copy that was just made."""
    return shutil.copytree(first_copy.folder, folder)


@pytest.fixture(scope="session")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """A copy that is made once for all tests that only read it, with what it was made of; the record is gone since."""
    data, folder = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("made") / "copy"
    answers = {}
    with databases.shared(django_db_blocker, data):
        whole = build()
        mirror(whole.consultation, folder)
        for path in ASKED:
            answers[path] = b"".join(actions.rendering.pieces(actions.rendering.respond(path)))
        whole.cited = list(Edition.objects.filter(status="published").values_list("number", "revision", "in_force"))
    return SimpleNamespace(folder=folder, answers=answers, **vars(whole))


@pytest.fixture
def own_copy(made, tmp_path):
    """The folder of such a copy, to be spoilt."""
    return shutil.copytree(made.folder, tmp_path / "own")


#: What the site itself answers, to compare the files of a copy with.
_HERE = "consultations/internet-governance"
ASKED = (
    [
        f"/{code}/{_HERE}/{path}"
        for code in ("ar", "en", "fr", "zh")
        for path in ("data.json", "threads/1/raw.txt", "threads/2/", "summaries/1/summary.txt")
    ]
    + [
        f"/{code}/{_HERE}/contributions/{number}/{rev}cite.{ending}"
        for code in ("ar", "en")
        for number, rev in (
            (1, ""),
            (1, "rev/0/"),
            (2, ""),
            (3, ""),
            (3, "rev/0/"),
            (6, ""),
            (6, "rev/0/"),
            (6, "rev/1/"),
        )
        for ending in ("bib", "ris", "json")
    ]
    + [
        f"/{code}/outcomes/wgig/report/{path}"
        for code in ("ar", "en")
        for path in (
            "cite.bib",
            "rev/0/cite.ris",
            "paragraphs/1/cite.json",
            "rev/1/paragraphs/2/cite.bib",
            "matrix.csv",
        )
    ]
)
