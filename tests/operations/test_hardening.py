"""What an attacker could use is found by `plenara check`, and `docs/hardening.md` lists each of its checks."""

import datetime
import json
import re
from types import SimpleNamespace

import pytest
from django.db import connection

from plenara.accounts.models import Installation
from plenara.core import audit, clock
from plenara.operations import health, heartbeat
from plenara.operations.environment import mailers
from plenara.operations.health import hardening
from tests import world
from tests.accounts.test_sign_on_settings import GOOD
from tools.messages.source import ROOT

DATABASE = pytest.mark.django_db


def subjects(found):
    return {(each.subject, each.is_wrong) for each in found}


def names_of_checks():
    return {"misspelt"} | {each.__name__.lstrip("_") for group in health.checks() for each in group}


@pytest.mark.once
def test_the_list_marks_as_checked_what_the_command_checks_and_leaves_none_out():
    page = (ROOT / "docs" / "hardening.md").read_text("utf-8")
    _intro, checked, by_hand = (re.findall(r"^- .*$", part, re.MULTILINE) for part in page.split("\n## "))
    marked = [re.findall(r"`(\w+)`", line[line.rindex("(") :]) for line in checked]
    assert all(marked)
    assert sorted(name for names in marked for name in names) == sorted(names_of_checks())
    assert by_hand and all(": " in line for line in by_hand)


@pytest.mark.once
@pytest.mark.parametrize(
    ("url", "is_wrong"),
    [
        ("smtp://mail.example.org:587", True),
        ("smtp://mail.example.org:587?tls=1", False),
        ("smtps://mail.example.org", False),
        ("smtp://127.0.0.1:25", False),
        ("", False),
    ],
)
def test_e_mails_without_tls_are_wrong_except_on_this_machine(url, is_wrong, settings):
    settings.MAILERS = mailers(url)
    assert subjects(hardening.mail_traffic()) == ({("PLENARA_MAIL_URL", True)} if is_wrong else set())


@pytest.mark.once
def test_a_stored_key_that_is_too_short_is_wrong(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("PLENARA_SECRET_KEY", raising=False)
    settings.DATA, settings.SECRET_KEY = tmp_path, "short"
    (found,) = health._secret()
    assert "fewer than 50 characters" in found.sentence


@pytest.mark.once
def test_a_secret_of_sign_on_that_others_can_read_is_wrong(tmp_path, monkeypatch):
    secret, providers, public = (tmp_path / name for name in ("secret", "providers.json", "public.json"))
    secret.write_text("hush")
    entry = {**GOOD, "client_secret_file": str(secret)}
    del entry["client_secret"]
    public.write_text(json.dumps([entry]))
    providers.write_text(json.dumps([GOOD]))
    for file in (secret, providers):
        file.chmod(0o640)
    public.chmod(0o644)  # it holds no secret, only the name of the file that does
    for setting in ("", str(public), str(providers), json.dumps([GOOD])):
        monkeypatch.setenv("PLENARA_SIGN_ON", setting)
        assert not list(hardening.sign_on_files()), setting
    secret.chmod(0o644)
    providers.chmod(0o604)
    for setting, file in ((str(public), secret), (json.dumps([entry]), secret), (str(providers), providers)):
        monkeypatch.setenv("PLENARA_SIGN_ON", setting)
        (found,) = hardening.sign_on_files()
        assert found.is_wrong and found.sentence.endswith(f"chmod o= {file}")


@pytest.mark.once
def test_code_that_its_own_user_can_change_is_worth_a_note(monkeypatch):
    monkeypatch.setattr(hardening.os, "geteuid", lambda: 1000)
    for may_write in (True, False):
        monkeypatch.setattr(hardening.os, "access", lambda _path, _mode, answer=may_write: answer)
        assert subjects(hardening.code()) == ({("code", False)} if may_write else set())


@pytest.mark.once
@pytest.mark.parametrize(
    ("host", "is_encrypted", "is_wrong"),
    [
        ("db.example.org", False, True),
        ("db.example.org", True, False),
        ("127.0.0.1", False, False),
        ("/run/postgresql", False, False),
        ("", False, False),
    ],
)
def test_a_database_elsewhere_without_tls_is_wrong(host, is_encrypted, is_wrong, monkeypatch):
    monkeypatch.setattr(hardening, "connection", SimpleNamespace(settings_dict={"HOST": host}))
    monkeypatch.setattr(hardening, "_is_encrypted", lambda: is_encrypted)
    assert subjects(hardening.database_traffic()) == ({("PLENARA_DATABASE_URL", True)} if is_wrong else set())


@DATABASE
def test_the_database_itself_is_asked_whether_the_connection_has_tls(monkeypatch):
    if connection.vendor != "postgresql":
        assert not list(hardening.database_traffic())
        return
    with connection.cursor() as cursor:
        assert hardening._is_encrypted() == cursor.connection.pgconn.ssl_in_use


@DATABASE
def test_people_with_a_role_without_a_second_factor_are_counted_until_one_is_required(organizer, moderator):
    (found,) = hardening.second_factor()
    assert not found.is_wrong and "with a role: 2." in found.sentence
    Installation.objects.update_or_create(pk=1, defaults={"requires_second_factor": True})
    assert not list(hardening.second_factor())


@DATABASE
def test_no_backup_for_days_is_worth_a_note(settings, tmp_path):
    settings.DATA = tmp_path
    assert not list(hardening.backup())  # of an installation in which nothing was done
    with clock.at(clock.now() - datetime.timedelta(days=5)):
        audit.log("test.done", actor=None, about=world.person())
    assert [each.sentence.partition(".")[0] for each in hardening.backup()] == ["has never been made on this machine"]
    with clock.at(clock.now() - datetime.timedelta(days=3)):
        heartbeat.backup_made()
    (found,) = hardening.backup()
    assert not found.is_wrong and "was last made on this machine 3 days ago" in found.sentence
    heartbeat.backup_made()
    assert not list(hardening.backup())


@DATABASE
def test_a_site_that_names_no_controller_is_worth_a_note():
    assert subjects(hardening.controller()) == {("controller", False)}
    assert not Installation.objects.exists()  # a check writes nothing
    Installation.objects.create(pk=1, is_set_up=True)
    assert not list(hardening.controller())
