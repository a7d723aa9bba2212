"""`plenara check` names every setting, says what is wrong or unsafe, and how to fix it."""

import datetime
import os

import pytest

from plenara.core import audit, clock
from plenara.core.models import BackgroundTask
from plenara.operations import health
from plenara.operations.environment import SETTINGS, mailers
from tests import world
from tests.background import enqueue
from tests.installations import free_port

pytestmark = pytest.mark.once


def subjects(found):
    return {(each.subject, each.is_wrong) for each in found}


def test_every_setting_is_named_and_secrets_are_not_shown():
    names = {"PLENARA_DATABASE_URL": "postgresql://u:hush@h/n", "PLENARA_SECRET_KEY": "hush", "PLENARA_DATA": "/srv/p"}
    listed = list(health.listed(names))
    assert [name for name, _value, _meaning in listed] == [setting.name for setting in SETTINGS]
    assert "hush" not in str(listed)
    assert ("PLENARA_DATA", "/srv/p") in [each[:2] for each in listed]


def test_a_misspelt_setting_is_found():
    found = list(health.misspelt({"PLENARA_MAILURL": "x", "PLENARA_SITE_URL": "x", "PLENARA_TEST_CHROMIUM": "x"}))
    assert [each.subject for each in found] == ["PLENARA_MAILURL"]
    assert "PLENARA_MAIL_URL" in found[0].sentence


def test_debug_is_wrong(settings):
    settings.DEBUG = True
    assert subjects(health._debug()) == {("DEBUG", True)}


@pytest.mark.parametrize(
    ("url", "proxies", "expected"),
    [
        ("http://127.0.0.1:8000", 0, {("PLENARA_SITE_URL", False)}),
        ("http://consult.example.org", 1, {("PLENARA_SITE_URL", True)}),
        ("https://consult.example.org", 0, {("PLENARA_TRUSTED_PROXIES", True)}),
        ("https://consult.example.org", 1, set()),
    ],
)
def test_the_site_address_is_looked_at(url, proxies, expected, settings):
    settings.SITE_URL, settings.SITE_IS_HTTPS, settings.TRUSTED_PROXIES = url, url.startswith("https"), proxies
    assert subjects(health._site()) == expected


def test_a_folder_or_key_that_others_can_read_is_wrong(settings, tmp_path):
    settings.DATA = tmp_path
    tmp_path.chmod(0o700)
    (tmp_path / "secret-key").touch(mode=0o600)
    assert subjects([*health._folder(), *health._secret()]) == set()
    tmp_path.chmod(0o755)
    (tmp_path / "secret-key").chmod(0o640)
    found = [*health._folder(), *health._secret()]
    assert subjects(found) == {("PLENARA_DATA", True)}
    assert f"chmod 700 {tmp_path}" in found[0].sentence


def test_a_key_of_few_characters_is_wrong(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setenv("PLENARA_SECRET_KEY", "secret" * 10)
    assert subjects(health._secret()) == {("PLENARA_SECRET_KEY", True)}


def test_catalogues_that_are_not_compiled_are_wrong(settings, tmp_path):
    for code in ("fr", "ru"):
        (tmp_path / code / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / code / "LC_MESSAGES/django.po").touch()
    (tmp_path / "ru/LC_MESSAGES/django.mo").touch()
    settings.LOCALE_PATHS = [tmp_path]
    found = list(health._catalogues())
    assert subjects(found) == {("catalogues", True)}
    assert "fr," in found[0].sentence


def test_a_full_disk_is_wrong(monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 10**18)
    assert subjects(health._disk()) == {("disk", True)}


def test_no_mail_server_is_wrong(settings):
    settings.MAILERS = {}
    assert subjects(health._mail()) == {("PLENARA_MAIL_URL", True)}


def test_a_mail_server_that_does_not_answer_is_wrong(settings):
    settings.MAILERS = mailers("smtp://127.0.0.1:1")
    assert subjects(health._mail()) == {("PLENARA_MAIL_FROM", False), ("PLENARA_MAIL_URL", True)}


@pytest.mark.django_db
def test_an_act_after_now_says_that_the_clock_is_wrong():
    assert subjects(health._clock()) == set()
    with clock.at(clock.now() + datetime.timedelta(hours=3)):
        audit.log("test.done", actor=None, about=world.person())
    assert subjects(health._clock()) == {("clock", True)}


@pytest.mark.django_db
def test_tasks_that_failed_or_wait_are_wrong():
    enqueue("test.late", key="a")
    assert subjects(health._tasks()) == set()
    long_ago = clock.now() - datetime.timedelta(hours=1)
    BackgroundTask.objects.update(due_at=long_ago)
    assert ["10 minutes: 1" in each.sentence for each in health._tasks()] == [True]
    BackgroundTask.objects.update(failed_at=long_ago)
    assert ["failed: 1" in each.sentence for each in health._tasks()] == [True]


@pytest.mark.django_db
def test_no_organizer_is_worth_a_note():
    assert subjects(health._organizer()) == {("organizer", False)}
    world.person(is_organizer=True)
    assert subjects(health._organizer()) == set()


@pytest.fixture
def mail_server():
    """A real SMTP server; what it got."""
    from aiosmtpd.controller import Controller

    class Box:
        def __init__(self):
            self.letters = []

        async def handle_DATA(self, server, session, envelope):
            self.letters.append(envelope)
            return "250 OK"

    box = Box()
    box.port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


def test_the_command_lists_sends_a_test_and_ends_with_one_where_anything_is_wrong(installation, mail_server):
    installation.names = {
        "PLENARA_MAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
        "PLENARA_MAIL_FROM": "a@b.example",
    }
    ran = installation.run("check", "--mail", "me@example.org")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "No errors found." in ran.stdout
    assert [letter.rcpt_tos for letter in mail_server.letters] == [["me@example.org"]]
    installation.data.chmod(0o755)
    ran = installation.run("check")
    assert ran.returncode == 1
    assert "WRONG  PLENARA_DATA can be read by other users and contains e-mail addresses. Run: chmod 700" in ran.stdout
    assert ran.stdout.endswith("Found 1 error.\n")
    assert all(setting.name in ran.stdout for setting in SETTINGS)


def test_the_command_says_what_is_missing_before_the_first_start(new):
    ran = new.run("check")
    assert ran.returncode == 1
    assert "WRONG  database There is no database yet. Run `plenara migrate` first." in ran.stdout
    assert os.path.exists(new.data)


def test_what_pdfs_need_is_named_by_its_package(monkeypatch):
    from plenara.documents.presenters import pdf

    monkeypatch.setattr(pdf, "missing_packages", lambda: ("libpango-1.0-0", "libpangoft2-1.0-0"))
    monkeypatch.setattr(pdf, "fonts_without", lambda: ("fonts-noto-cjk",))
    found = list(health._pdf())
    assert subjects(found) == {("PDF", True), ("PDF", False)}
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0" in found[0].sentence
    assert "fonts-noto-cjk" in found[1].sentence


@pytest.mark.django_db
def test_figures_that_are_not_those_of_the_record_are_reported_with_an_example(edition):
    from plenara.contributions.actions import tallies
    from plenara.contributions.models import DayTally

    assert list(health._tallies()) == []
    DayTally.objects.update(count=5)
    (finding,) = health._tallies()
    assert "such as 5 instead of 1 in internet-governance (question 1, " in finding.sentence
    tallies.rebuild()
    assert list(health._tallies()) == []
