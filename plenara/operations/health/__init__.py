"""Errors and risks of an installation, and how to fix them. Each check yields findings and changes nothing."""

import datetime
import difflib
import os
import shutil
import smtplib
import socket
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plenara.accounts.sign_on.configuration import SAML
from plenara.operations.environment import DEFAULTS, LOOPBACK, SETTINGS, switch, text

if TYPE_CHECKING:
    from plenara.accounts.sign_on.configuration import IdentityProvider

#: Bytes that must be free for the database, documents and a backup in progress.
LEAST_FREE = 500_000_000
#: The oldest age of the last backup: they are made each night.
BACKUP_EACH = datetime.timedelta(days=2)


@dataclass(frozen=True)
class Finding:
    """An error, or a warning if `is_wrong` is false."""

    subject: str
    sentence: str
    is_wrong: bool = True


type Findings = Iterator[Finding]


def listed(names: Mapping[str, str] = os.environ) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and meaning of every setting; the value of a secret is not shown."""
    for setting in SETTINGS:
        given = names.get(setting.name, "")
        if setting.secret:
            value = "(set, not shown)" if given else "(not set)"
        else:
            value = given or (f"{setting.default} (default)" if setting.default else "(not set)")
        yield setting.name, value, setting.meaning


def misspelt(names: Mapping[str, str] = os.environ) -> Findings:
    """Find variables of our prefix that are no setting."""
    for name in sorted(names):
        if name.startswith("PLENARA_") and name not in DEFAULTS and not name.startswith("PLENARA_TEST_"):
            near = difflib.get_close_matches(name, DEFAULTS, 1)
            yield Finding(name, f"is not a setting. {f'Did you mean {near[0]}?' if near else 'Unset it.'}")


def findings() -> Findings:
    """Yield the findings, worst first. Django is loaded."""
    of_settings, of_database = checks()
    for check in of_settings:
        yield from check()
    from plenara.operations import startup
    from plenara.operations.terminal import Failed

    try:
        state = startup.fitness()
        if state is not startup.Fitness.CURRENT:
            startup.require_migrated()
    except Failed as failed:
        yield Finding("database", str(failed))
        return
    for check in of_database:
        yield from check()


type Check = Callable[[], Findings]


def checks() -> tuple[tuple[Check, ...], tuple[Check, ...]]:
    """Return the checks that need no database, and those that need one. `docs/hardening.md` lists them by name."""
    from plenara.operations.health import hardening, shared_machines

    return (
        (
            _debug, _site, _secret, _folder, _disk, _catalogues, _docs, _mail, hardening.mail_traffic, _machines,
            _sign_on, hardening.sign_on_files, _observation, _pdf, _user, hardening.code, shared_machines.storage,
        ),
        (
            shared_machines.replica, hardening.database_traffic, _database, _clock, _tasks, _documents, _index,
            _meaning, _tallies, _exports, _erasures, hardening.backup, _organizer, hardening.second_factor,
            hardening.controller,
        ),
    )  # fmt: skip


def of_record() -> Findings:
    """Yield the errors of the database and of its content, none of which an upgrade may cause."""
    for check in (_database, _documents, _tallies):
        yield from check()


def _debug() -> Findings:
    from django.conf import settings

    if settings.DEBUG:
        yield Finding("DEBUG", "is on and shows internal data to everyone. Use `plenara.config.settings` unchanged.")


def _site() -> Findings:
    from django.conf import settings

    host = urlsplit(settings.SITE_URL).hostname
    if host in LOOPBACK:
        yield Finding(
            "PLENARA_SITE_URL",
            "works only on this computer, and so do the links in e-mails. Set it to the address that people use.",
            is_wrong=False,
        )
    elif not settings.SITE_IS_HTTPS:
        yield Finding(
            "PLENARA_SITE_URL",
            "is http: passwords and texts are sent unencrypted. Put a proxy with TLS in front, and set an https "
            "address.",
        )
    elif not settings.TRUSTED_PROXIES:
        yield Finding(
            "PLENARA_TRUSTED_PROXIES",
            "is 0, but the site uses https, so every page redirects to itself. Make the proxy set X-Forwarded-Proto "
            "and X-Forwarded-For, and set this to 1.",
        )


def _secret() -> Findings:
    from django.conf import settings

    given = os.environ.get("PLENARA_SECRET_KEY")
    if given and len(set(given)) < 12:
        yield Finding("PLENARA_SECRET_KEY", "repeats a few characters. Use 50 random characters, or unset it.")
    file = Path(settings.DATA) / "secret-key"
    if not given and len(settings.SECRET_KEY) < 50:
        yield Finding(
            "PLENARA_DATA",
            f"has a secret key of fewer than 50 characters. Save a copy, which a restore may need. Write 50 random "
            f"characters to {file}, and restart.",
        )
    if file.exists() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("PLENARA_DATA", f"has a secret key that other users can read. Run: chmod 600 {file}")


def _folder() -> Findings:
    from django.conf import settings

    folder = Path(settings.DATA)
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding(
            "PLENARA_DATA", f"can be read by other users and contains e-mail addresses. Run: chmod 700 {folder}"
        )
    if folder.stat().st_uid != os.geteuid():
        yield Finding("PLENARA_DATA", f"belongs to another user. Run chown on {folder} for the user that runs Plenara.")


def _disk() -> Findings:
    from django.conf import settings

    free = shutil.disk_usage(settings.DATA).free
    if free < LEAST_FREE:
        yield Finding("disk", f"has {free // 1_000_000} MB free for the data folder. Free up at least 500 MB.")


def _catalogues() -> Findings:
    from django.conf import settings

    files = [file for folder in settings.LOCALE_PATHS for file in Path(folder).glob("*/LC_MESSAGES/*.po")]
    if missing := sorted(file.parent.parent.name for file in files if not file.with_suffix(".mo").exists()):
        yield Finding(
            "catalogues",
            f"are not compiled for {', '.join(missing)}, so pages appear in English. "
            "Start Plenara once with ./bin/plenara, which compiles them.",
        )


def _docs() -> Findings:
    from django.conf import settings

    if switch("PLENARA_DOCS") and not settings.DOCS:
        yield Finding(
            "PLENARA_DOCS",
            "is on, but this checkout has no documentation to show. Make it with `bin/docs`, or use a release's wheel.",
        )


def _mail() -> Findings:
    from django.conf import settings
    from django.core.mail import mailers

    if not settings.MAILERS:
        yield Finding(
            "PLENARA_MAIL_URL",
            "is not set: no one can sign up, and e-mails wait. Set it to smtp://USER:PASSWORD@HOST:587?tls=1",
        )
        return
    if not os.environ.get("PLENARA_MAIL_FROM"):
        yield Finding(
            "PLENARA_MAIL_FROM",
            f"is not set, so e-mails come from {settings.DEFAULT_FROM_EMAIL}. Set it to an address that someone reads.",
            is_wrong=False,
        )
    try:
        server = mailers.default
        server.open()
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            "PLENARA_MAIL_URL", f"names a server that refuses the connection ({_reason(error)}). E-mails wait."
        )


def _machines() -> Findings:
    """Check the configured servers. Failures are warnings: they are optional."""
    from django.conf import settings

    from plenara.core.machines import Failed, chat, is_server, requests, translation

    named = (
        ("PLENARA_MODEL_URL", settings.MODEL, chat.answers),
        ("PLENARA_TRANSLATION_URL", settings.TRANSLATION, translation.answers),
    )
    for name, server, answers in named:
        if not is_server(server):
            continue
        if server.base.startswith("http://") and urlsplit(server.base).hostname not in LOOPBACK:
            yield Finding(name, "is http: texts and the key are sent unencrypted. Use https://.", is_wrong=False)
        try:
            answers(server)
        except Failed as failed:
            status = f" (HTTP {failed.status})" if failed.status else ""
            yield Finding(name, f"gives an error{status}: {requests.failure_sentence(failed.code)}")
        else:
            yield Finding(name, f"answers: {server.name}.", is_wrong=False)


def _sign_on() -> Findings:
    """List the identity providers, and whether their metadata answers."""
    from django.conf import settings

    for provider in settings.SIGN_ON:
        subject = f"sign-on {provider.id!r}"
        if problem := _problem_of_metadata(provider):
            yield Finding(subject, f"does not work: {problem}. People can sign in the other ways.")
        else:
            yield Finding(subject, f"answers: {provider.names.get('en') or provider.name}.", is_wrong=False)


def _problem_of_metadata(provider: "IdentityProvider") -> str:
    if provider.protocol == SAML:
        return _problem_of_saml(provider)
    import httpx

    url = f"{provider.address}/.well-known/openid-configuration"
    try:
        # trust_env: as when somebody signs in, no proxy of the environment is asked.
        response = httpx.get(url, timeout=10, trust_env=False)
        response.raise_for_status()
        metadata = response.json()
    except httpx.HTTPStatusError as error:
        return f"{url} answers with HTTP {error.response.status_code}"
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return f"{url} gives no metadata ({type(error).__name__})"
    if not isinstance(metadata, dict) or not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= set(metadata):
        return f"{url} has no metadata of OpenID Connect"
    if metadata.get("issuer", "").rstrip("/") != provider.address:
        return f"the issuer at {url} is {metadata.get('issuer')!r} and not the server_url"
    return ""


def _problem_of_saml(provider: "IdentityProvider") -> str:
    from allauth.socialaccount.providers.saml.utils import fetch_metadata_url_config

    from plenara.accounts.sign_on.saml import Away, reading_metadata

    try:
        with reading_metadata():
            idp = {"metadata_url": provider.address, "entity_id": provider.entity_id or None}
            found = fetch_metadata_url_config({**idp, "metadata_request_timeout": 10})["idp"]
    except Away as error:
        return f"{provider.address} gives no metadata ({error})"
    if not found.get("singleSignOnService") or not (found.get("x509cert") or found.get("x509certMulti")):
        return f"{provider.address} names no address for HTTP-Redirect, or no certificate for signatures"
    return ""


def _observation() -> Findings:
    """Check whether the receivers of traces and errors answer. Readers never notice one that does not."""
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "SENTRY_DSN"):
        parts = urlsplit(text(name))
        if not parts.hostname:
            continue
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            socket.create_connection((parts.hostname, port), 5).close()
        except OSError as error:
            yield Finding(name, f"names a server that refuses the connection ({_reason(error)}).", is_wrong=False)


def _reason(error: Exception) -> str:
    """Return an error's type and code. Its text may hold an address or a password."""
    code = getattr(error, "smtp_code", None) or getattr(error, "strerror", None)
    return f"{type(error).__name__}, {code}" if code else type(error).__name__


def _pdf() -> Findings:
    from plenara.documents.presenters.pdf import fonts_without, missing_packages

    if packages := missing_packages():
        yield Finding(
            "PDF",
            "cannot be created, so summaries are available only as Word documents and plain text. "
            f"Run apt-get install {' '.join(packages)}, and restart Plenara.",
        )
    if packages := fonts_without():
        yield Finding(
            "PDF", f"lacks the characters of some languages. Run: apt-get install {' '.join(packages)}", is_wrong=False
        )


def _user() -> Findings:
    if os.geteuid() == 0:
        yield Finding("user", "is root. Run Plenara as a separate user that owns the data folder.", is_wrong=False)


def _database() -> Findings:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
            if mode != "wal":
                yield Finding(
                    "database", f"uses the journal mode {mode} instead of WAL. Move the data folder to a local disk."
                )
        else:
            cursor.execute("SHOW server_encoding")
            encoding = cursor.fetchone()[0]
            if encoding != "UTF8":
                yield Finding("database", f"stores texts as {encoding}. Create it again with ENCODING 'UTF8'.")


def _clock() -> Findings:
    from django.db import connection
    from django.db.models import Max

    from plenara.core import clock
    from plenara.core.models import AuditEntry

    now = clock.now()
    last = AuditEntry.objects.aggregate(last=Max("at"))["last"]
    if last and last > now + datetime.timedelta(minutes=1):
        yield Finding("clock", f"shows {now:%Y-%m-%d %H:%M} UTC, but the last action has a later time. Set the clock.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            lag = abs((cursor.fetchone()[0] - clock.now()).total_seconds())
        if lag > 5:
            yield Finding(
                "clock", f"differs by {lag:.0f} s from the database clock. Synchronize both with a time server."
            )


def _tasks() -> Findings:
    from plenara.site.queries import background_tasks

    queued = background_tasks.together(background_tasks.tasks())
    if queued.failed:
        yield Finding("tasks", f"have failed: {queued.failed}. The desk lists them and can try them again.")
    if queued.late:
        yield Finding(
            "tasks", f"have waited for more than 10 minutes: {queued.late}. Run `plenara serve` or `plenara work`."
        )


def _documents() -> Findings:
    from plenara.contributions.models import Paper
    from plenara.core.store import Away
    from plenara.operations.actions.backup import documents

    try:
        there = {sha256 for sha256, _size in documents()}
    except Away:
        return  # reported above
    known = Paper.objects.values_list("sha256", flat=True).distinct()
    missing = [each for each in known.iterator() if each not in there]
    if missing:
        yield Finding("documents", f"are missing: {len(missing)}, such as {missing[0]}. Restore them from a backup.")


def _exports() -> Findings:
    from plenara.core.store import Away
    from plenara.exports import actions as community
    from plenara.exports.integrity import errors

    try:
        for error in (*errors(), *community.community_errors()):
            yield Finding("files of the record", error)
    except Away:
        return  # reported above


def _index() -> Findings:
    from plenara.search.actions import repair

    for sentence in repair.errors():
        yield Finding("search index", f"{sentence} Run `plenara index` to correct it.")


def _tallies() -> Findings:
    from plenara.contributions.actions import tallies

    if wrong := list(tallies.differences()):
        first = wrong[0]
        yield Finding(
            "figures",
            f"on pages do not match the record: {len(wrong)}, such as {first.stored:,} instead of "
            f"{first.counted:,} in {first.consultation.slug} ({first.of}). Run `plenara index` to correct them.",
        )


def _meaning() -> Findings:
    """Yield the state of the search by meaning, and what it lacks."""
    from plenara.search.actions import index
    from plenara.search.queries import index_status

    it = index_status.meaning_status()
    if it.is_on and not it.has_encoder:
        yield Finding(
            "search by meaning", "lacks its encoder. Install the requirements of Plenara, or set PLENARA_MEANING=off."
        )
    unread, orphaned = index.count_lost()
    if unread:
        yield Finding("search by meaning", f"misses {unread:,} texts. Run `plenara index` to correct it.")
    if orphaned:
        yield Finding(
            "search by meaning", f"has {orphaned:,} vectors of deleted texts. Run `plenara index` to remove them."
        )
    if not it.is_on:
        yield Finding(
            "search by meaning", "is off (PLENARA_MEANING): readers can search only by words.", is_wrong=False
        )
    elif it.paused_at:
        yield Finding(
            "search by meaning",
            f"has been paused since {it.paused_at:%Y-%m-%d %H:%M} UTC. See the desk.",
            is_wrong=False,
        )
    elif it.waiting or it.is_anew:
        yield Finding("search by meaning", f"has indexed {it.done:,} of {it.total:,} texts.", is_wrong=False)
    if it.used:
        how = "pgvector" if it.is_pgvector else f"{it.used.cells:,} cells"
        yield Finding("search by meaning", f"uses {how} for {it.total:,} texts.", is_wrong=False)


def _erasures() -> Findings:
    from plenara.accounts.personal_data import erasure

    file = erasure.erasures_path()
    try:
        found, listed_ones = erasure.compare_erasures(), len(erasure.read_erasures(file))
    except (ValueError, OSError):
        yield Finding("erasures", f"cannot be read: {file} lists the erased accounts. Restore this file from a copy.")
        return
    if found.here:
        yield Finding(
            "erasures",
            f"must be carried out again: {len(found.here)} of {file}. Start `plenara serve`, which does this.",
        )
    if found.doubtful:
        yield Finding(
            "erasures",
            f"cannot be verified: {found.doubtful} of {file}, written with another secret key. "
            "Set PLENARA_SECRET_KEY to that key once.",
        )
    if missing := erasure.missing_erasures():
        yield Finding("erasures", f"are not recorded yet: {missing}. Run `plenara serve` or `plenara work`.")
    if file.exists() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("erasures", f"can be read by other users. Run: chmod 600 {file}")
    if listed_ones:
        yield Finding(
            "erasures",
            f"are recorded in {file}: {listed_ones}. Store a copy of this file away from the backups, which still "
            "contain those accounts.",
            is_wrong=False,
        )


def _organizer() -> Findings:
    from plenara.accounts.models import Person

    if not Person.objects.filter(is_organizer=True, is_active=True).exists():
        yield Finding("organizer", "does not exist yet. Run `plenara create-organizer EMAIL`.", is_wrong=False)
