"""Checks of what an attacker could use, for `plenara check`. `docs/hardening.md` lists them by name."""

import os
import stat
from pathlib import Path
from typing import cast

from django.conf import settings
from django.db import connection

import plenara
from plenara.accounts.models import Installation
from plenara.accounts.queries import people_with_roles
from plenara.accounts.sign_on import configuration
from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.rows import Json
from plenara.operations import heartbeat
from plenara.operations.environment import LOOPBACK, text
from plenara.operations.health import BACKUP_EACH, Finding, Findings


def code() -> Findings:
    """Warn where the user that runs Plenara may change its code, so that a break-in would last."""
    folder = Path(plenara.__file__).parent
    if os.geteuid() and os.access(folder, os.W_OK):
        yield Finding(
            "code", f"can be changed by the user that runs Plenara. Let root own {folder.parent}.", is_wrong=False
        )


def mail_traffic() -> Findings:
    """Find e-mails, with their sign-in codes, that travel unencrypted."""
    options = cast(Json, settings.MAILERS).get("default", {}).get("OPTIONS", {})
    if options and options["host"] not in LOOPBACK and not (options["use_tls"] or options["use_ssl"]):
        yield Finding(
            "PLENARA_MAIL_URL", "has no TLS: sign-in codes and the password are sent unencrypted. Add ?tls=1 to it."
        )


def sign_on_files() -> Findings:
    """Find files with secrets of sign-on that every user of this machine can read or change."""
    for file in configuration.secret_files(text("PLENARA_SIGN_ON")):
        if file.stat().st_mode & stat.S_IRWXO:
            yield Finding("PLENARA_SIGN_ON", f"has a secret that other users can read. Run: chmod o= {file}")


def database_traffic() -> Findings:
    """Find a PostgreSQL that is reached over a network without TLS."""
    if is_elsewhere(str(connection.settings_dict["HOST"])) and not _is_encrypted():
        yield Finding(
            "PLENARA_DATABASE_URL",
            "names a server that is reached without TLS. Add ?sslmode=verify-full to it, and give the server a "
            "certificate.",
        )


def is_elsewhere(host: str) -> bool:
    """Return whether a database is reached over a network. SQLite has no host; a socket of this machine is a path."""
    return bool(host) and not host.startswith("/") and host not in LOOPBACK


def _is_encrypted() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        return bool(cursor.fetchone()[0])


def second_factor() -> Findings:
    """Warn where people with a role can sign in with a code or a password alone."""
    if Installation.objects.filter(pk=1, requires_second_factor=True).exists():
        return
    if lacking := people_with_roles(lacking=True).count():
        yield Finding(
            "second factor",
            f"is not required, and is missing for people with a role: {lacking}. An organizer can require it in the "
            "settings of the site at the desk.",
            is_wrong=False,
        )


def backup() -> Findings:
    """Warn where `plenara backup` was not run here for days. Another way to back up is not seen."""
    now, last = clock.now(), heartbeat.last_backup()
    since = last or AuditEntry.objects.order_by("pk").values_list("at", flat=True).first()
    if since and now - since > BACKUP_EACH:
        days = (now - since).days
        yield Finding(
            "backup",
            f"{'was last' if last else 'has never been'} made on this machine{f' {days} days ago' if last else ''}. "
            "Run `plenara backup` every night, if nothing else makes backups.",
            is_wrong=False,
        )


def controller() -> Findings:
    """Warn where pages do not say who is responsible for personal data."""
    if not Installation.objects.filter(pk=1, is_set_up=True).exists():
        yield Finding(
            "controller",
            "of personal data is not named. An organizer enters name, contact and controller at the desk.",
            is_wrong=False,
        )
