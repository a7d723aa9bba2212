"""The standing cast and the things they meet, made through the same actions that the product uses."""

import datetime
import gc
import os
import tempfile
from pathlib import Path

os.environ.setdefault("PLENARA_DATA", tempfile.mkdtemp(prefix="plenara-test-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser of the journeys runs an event loop beside us

import pytest
import time_machine

from plenara.core import clock
from tests import changed, databases, statements, world
from tests.made_once import made_once, memory

#: When every test takes place: a Wednesday, at noon.
NOW = datetime.datetime(2026, 10, 14, 12, tzinfo=datetime.UTC)


#: Whether the present test reads the machine's clock.
IS_REAL = pytest.StashKey[bool]()


def pytest_configure(config):
    """Let the run take place at `NOW`, and record what each test touches, for `bin/test --changed`."""
    # Threads of servers read the clock between two tests, too.
    run = time_machine.travel(NOW)
    run.start()
    config.add_cleanup(run.stop)
    config.pluginmanager.register(changed.Recorder(config), "recorder")
    if statements.FOLDER in os.environ and "PLENARA_DATABASE_URL" not in os.environ:
        config.pluginmanager.register(statements.Recorder())


def pytest_collection_finish():
    """Let the garbage collector pass over what stays: the tests and everything that they import."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Begin each test at `NOW`, unless it starts processes of its own, which read the clock of the machine."""
    is_real = bool(item.get_closest_marker("real_clock")) or "databases" in item.fixturenames
    item.config.stash[IS_REAL] = is_real
    memory.begin(None if is_real else NOW)
    with time_machine.travel(time_machine.escape_hatch.datetime.datetime.now(datetime.UTC) if is_real else NOW):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """Make what several tests share some hours before them: the wider its scope, the earlier."""
    hours = {"session": 4, "package": 3, "module": 2, "class": 1}.get(fixturedef.scope, 0)
    if not hours or request.config.stash.get(IS_REAL, False):
        return (yield)
    with time_machine.travel(NOW - datetime.timedelta(hours=hours)):
        return (yield)


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """A migrated database of this process's own: a copy, in memory or on the PostgreSQL that the run is about."""
    from django.test import TransactionTestCase

    cache = request.config.cache.mkdir("plenara")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: databases.empty_tables())
        if not databases.is_postgresql():
            databases.use_copy_of_file(databases.migrated_file(cache))
            yield
            return
        server = databases.Server(os.environ["PLENARA_DATABASE_URL"])
        name = f"test_{server.name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        server.create(name, server.migrated(cache))
        databases.connect_to(name)
        yield
        databases.connection.close()
        server.drop(name)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory):
    """A folder that all processes of the run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL, leave out what never asks the database, the demo, and what `once` marks: SQLite's run has them.

    Of the others, those that commit are run, and as many as send each statement (`statements.py`).
    """
    from django.conf import settings

    items.sort(key=_turn)
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return
    asks = {"db", "transactional_db", "django_db_setup", "live_server", "databases"}
    kept = [
        item
        for item in items
        if (not item.get_closest_marker("once") or item.get_closest_marker("both"))
        and "built" not in item.fixturenames  # a demo is on SQLite
        and (item.get_closest_marker("django_db") or asks.intersection(item.fixturenames))
    ]
    commits = {"transactional_db", "live_server", "databases"}
    always = {
        item.nodeid
        for item in kept
        if commits.intersection(item.fixturenames)
        or ((marker := item.get_closest_marker("django_db")) and marker.kwargs.get("transaction"))
    }
    if notes := statements.read():
        selected = statements.chosen([item.nodeid for item in kept], always, notes)
        kept = [item for item in kept if item.nodeid in selected]
    stay = set(kept)
    if left := [item for item in items if item not in stay]:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def _turn(item):
    """Return when a test's turn is: the long ones come first, so that no worker sits on them at the end.

    Of several workers the first gets the head of the list, and what others take from it is its end: so the demo, which
    takes a third of a minute to build, is built by one of them alone.
    """
    for turn, fixture in enumerate(("built", "wheel", "browser", "databases")):
        if fixture in item.fixturenames:
            return turn
    return 3


def pytest_terminal_summary(terminalreporter):
    """Name at the end of a long log what failed before it, on the other database (`bin/test`)."""
    kept = os.environ.get("PLENARA_TEST_FAILED")
    if not kept or hasattr(terminalreporter.config, "workerinput"):
        return
    earlier = Path(kept).read_text().splitlines() if Path(kept).exists() else []
    for line in earlier:
        terminalreporter.write_line(f"FAILED BEFORE: {line}", red=True)
    with Path(kept).open("a") as file:
        for report in [each for outcome in ("failed", "error") for each in terminalreporter.stats.get(outcome, [])]:
            why = getattr(getattr(report.longrepr, "reprcrash", None), "message", "") or str(report.longrepr or "")
            file.write(f"{report.nodeid}: {(why.splitlines() or [''])[0][:300]}\n")


@pytest.fixture(autouse=True)
def not_typeset(request, monkeypatch):
    """Whoever runs what is enqueued does not wait seconds for each PDF: only tests marked `typesets` have them set.

    Those wait for as long as it takes, whatever else runs on the machine.
    """
    from plenara.documents.presenters import pdf

    if request.node.get_closest_marker("typesets"):
        monkeypatch.setattr(pdf, "SECONDS", 600)
    else:
        monkeypatch.setattr(pdf, "typeset", lambda page, *, identifier: f"%PDF-1.7 {identifier}".encode())


@pytest.fixture(scope="session")
def objects_server():
    """A real object storage, over HTTP."""
    from tests import objects

    with objects.serving() as it:
        yield it


@pytest.fixture
def shared(objects_server, settings, tmp_path):
    """Files lie in a bucket. Gives what makes this process another machine, with a data folder of its own."""
    from tests import objects

    objects_server.clear()
    settings.STORAGES = objects.storages(objects_server.url)

    def on(machine):
        settings.DATA = tmp_path / machine
        settings.DATA.mkdir(exist_ok=True)
        settings.DOCUMENTS = settings.DATA / "documents"

    on("first")
    return on


@pytest.fixture
def own_data(settings, tmp_path_factory):
    """A data folder of the test's own, without the exports of other tests."""
    settings.DATA = tmp_path_factory.mktemp("data")
    settings.DOCUMENTS = settings.DATA / "documents"


@pytest.fixture
def noon():
    """The moment of the tests, standing still."""
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def outsider(db):
    """Somebody who is not signed in."""
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


@pytest.fixture
@made_once
def consultation(db):
    """An open consultation with two questions, in English and French."""
    return world.consultation()


@pytest.fixture
@made_once
def elsewhere(db):
    """Another open consultation."""
    return world.consultation("digital-cooperation", languages=["ar", "en", "es", "fr", "ru", "zh"])


@pytest.fixture
@made_once
def thread(consultation):
    return consultation.threads.get(number=1)


@pytest.fixture
@made_once
def participant(db):
    """Registered, verified, with a byline; has contributed nothing yet."""
    return world.person("Daniel Okafor", country="NG")


@pytest.fixture
@made_once
def author(db):
    """Who wrote the contributions below; reads French."""
    return world.person("Aminata Diallo", language="fr", capacity="organization", organization="Réseau Sahel Numérique")


@pytest.fixture
@made_once
def moderator(consultation):
    return world.grant(world.person("Ana Prieto"), consultation, "moderator")


@pytest.fixture
@made_once
def other_moderator(consultation):
    """A second moderator of the same consultation."""
    return world.grant(world.person("Jean Moreau", language="fr"), consultation, "moderator")


@pytest.fixture
@made_once
def moderator_elsewhere(elsewhere):
    """A moderator of another consultation."""
    return world.grant(world.person("Kofi Mensah"), elsewhere, "moderator")


@pytest.fixture
@made_once
def rapporteur(consultation):
    return world.grant(world.person("Inés Calderón", language="es"), consultation, "rapporteur")


@pytest.fixture
@made_once
def translator(consultation):
    """A translator into Arabic."""
    return world.grant(world.person("Huda Salem", language="ar"), consultation, "translator", "ar")


@pytest.fixture
@made_once
def organizer(consultation):
    """An organizer of the consultation and of the installation."""
    return world.grant(world.person("Wei Zhang", language="zh", is_organizer=True), consultation, "organizer")


@pytest.fixture
@made_once
def operator(db):
    """Who runs the installation, without a say in any consultation."""
    return world.person("Ivan Petrov", language="ru", is_operator=True)


@pytest.fixture
@made_once
def pending(author, thread):
    """A contribution that waits for a moderator."""
    return world.submitted(author, thread)


@pytest.fixture
@made_once
def edition(author, moderator, thread):
    """A published contribution, as the record has it."""
    return world.published(author, moderator, thread)


@pytest.fixture
def sign_in(client):
    """A function that signs a person in and returns the test client."""

    def enter(person):
        client.force_login(person, backend="plenara.accounts.adapter.Backend")
        return client

    return enter


@pytest.fixture
def machine():
    """A language model and a translation server on this machine, that can misbehave (`tests/machines.py`)."""
    from tests import machines

    with machines.server() as it:
        yield it


@pytest.fixture
def exported():
    """The exports of the record, made as the task makes them. List it after the fixtures that are to be in them."""
    from tests.answers import make_exports

    make_exports()
    return make_exports


@pytest.fixture
def hostile(thread):
    """Every hostile text in the record, by somebody of that name: the text as kept, the name, the edition."""
    from plenara.contributions.models import Byline, Edition, Text
    from plenara.core.text import clean, clean_line
    from tests import world
    from tests.hostile import EVERYTHING

    world.many(thread, len(EVERYTHING), answers=False)
    made = []
    for sent, edition in zip(EVERYTHING, Edition.objects.order_by("number"), strict=True):
        text, name = clean(f"Word.\n\nFrom here on\n>From there\n{sent}"), clean_line(sent)[:110].strip() or "x"
        edition.title, edition.text = name, Text.of(text)
        edition.byline = Byline.objects.create(
            name=name, stakeholder_group="civil_society", capacity="organization", organization=name
        )
        edition.save()
        made.append((text, name, edition))
    return made


@pytest.fixture
@made_once
def reply(edition, participant, moderator, thread):
    """A published reply to the contribution, in French, with a title."""
    from tests import world

    return world.published(
        participant,
        moderator,
        thread,
        "D’accord avec *cela*.\n\n- un délai de trois semaines\n- une langue que nous lisons",
        "fr",
        in_reply_to=edition.contribution,
        title="Un délai",
    )


@pytest.fixture
@made_once
def summary(rapporteur, organizer, translator, edition, thread, participant, moderator):
    """A published summary in English and Arabic."""
    from tests import world
    from tests.oai.harvesting import in_another_language
    from tests.summaries import making

    world.published(participant, moderator, thread.consultation.threads.get(number=2), "No question is left empty.")
    it = making.summary(rapporteur, edition.consultation)
    making.statement_of(rapporteur, it, edition)
    published = making.published(rapporteur, organizer, it)
    in_another_language(translator, published, rapporteur, "ar")
    return published
