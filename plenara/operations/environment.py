"""The environment that configures an installation: every variable, its valid values, and how to fix a wrong one."""

import importlib.util
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from plenara.accounts.sign_on import configuration as sign_on_configuration
from plenara.core.machines import servers
from plenara.front.observation import Receivers


@dataclass(frozen=True)
class Setting:
    """One environment variable."""

    name: str
    meaning: str
    default: str
    secret: bool = False


SETTINGS = (
    Setting("PLENARA_DATA", "folder for the database, documents, the secret key and waiting e-mails", "./var"),
    Setting("PLENARA_DATABASE_URL", "sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME", "", True),
    Setting(
        "PLENARA_SITE_URL", "the address that people use, such as https://consult.example.org", "http://127.0.0.1:8000"
    ),
    Setting("PLENARA_SECRET_KEY", "50 random characters or more; generated in the data folder if unset", "", True),
    Setting("PLENARA_MAIL_URL", "smtp://USER:PASSWORD@HOST:587?tls=1 (smtps:// for port 465)", "", True),
    Setting("PLENARA_MAIL_FROM", "the address that e-mails come from", ""),
    Setting("PLENARA_ALLOWED_HOSTS", "additional host names, separated by commas", ""),
    Setting("PLENARA_TRUSTED_PROXIES", "number of proxies in front that set X-Forwarded-For; 0 for none", "0"),
    Setting(
        "PLENARA_KEEP_UNVERIFIED_DAYS", "days until an account or report with an unverified address is deleted", "7"
    ),
    Setting("PLENARA_KEEP_IP_DAYS", "days until an IP address is deleted", "14"),
    Setting("PLENARA_KEEP_DRAFT_DAYS", "days until an unchanged draft is deleted", "180"),
    Setting("PLENARA_KEEP_REJECTED_DAYS", "days until the text of a rejected contribution is deleted", "365"),
    Setting("PLENARA_MODEL_URL", "a language model, such as openai+https://HOST/v1; none if unset", ""),
    Setting("PLENARA_MODEL_NAME", "the name of the model on that server", ""),
    Setting("PLENARA_MODEL_KEY", "the key for the server of the model", "", True),
    Setting("PLENARA_TRANSLATION_URL", "libretranslate+https://HOST or openai+https://HOST/v1?model=NAME", ""),
    Setting("PLENARA_TRANSLATION_KEY", "the key for the translation server", "", True),
    Setting(
        "PLENARA_SIGN_ON", "a JSON file of identity providers with which people can sign in; none if unset", "", True
    ),
    Setting("PLENARA_MEANING", "on or off: search also by meaning, in every language", "on"),
    Setting("PLENARA_DOCS", "on or off: show the documentation at /about/docs/", "off"),
    Setting("PLENARA_CACHE_MB", "megabytes of pages that the front process caches", "64"),
    Setting(
        "PLENARA_REDIS_URL", "redis://HOST:PORT/0, for installations with several servers; none if unset", "", True
    ),
    Setting("PLENARA_READ_DATABASE_URL", "a replica for public pages, in the form of PLENARA_DATABASE_URL", "", True),
    Setting(
        "PLENARA_STORAGE_URL",
        "s3://KEY:SECRET@HOST/BUCKET for documents and exports; the data folder if unset",
        "",
        True,
    ),
    Setting("PLENARA_SLOW_MS", "milliseconds after which a database query is logged as slow", "500"),
    Setting("PLENARA_LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR", "INFO"),
    Setting("OTEL_EXPORTER_OTLP_ENDPOINT", "http://HOST:4318, which receives traces; none if unset", ""),
    Setting("SENTRY_DSN", "https://KEY@HOST/PROJECT, which receives errors; none if unset", "", True),
)
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}
#: Hosts of an address that only this machine reaches.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_POSTGRESQL = frozenset({"postgresql", "postgres"})


def text(name: str) -> str:
    """Return a setting's text, or its default."""
    return os.environ.get(name) or DEFAULTS[name]


def number(name: str) -> int:
    """Return a setting that is an integer, 0 or more."""
    value = text(name)
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number, such as {DEFAULTS[name]}.")
    return int(value)


def switch(name: str) -> bool:
    """Return whether a setting is on."""
    if (value := text(name)) not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} is {value!r}; it may be on or off.")
    return value == "on"


def data_folder() -> Path:
    """Return the data folder; create it for its owner only, if it does not exist."""
    folder = Path(text("PLENARA_DATA")).expanduser().resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"PLENARA_DATA is {str(folder)!r}, which cannot be created: {error.strerror}."
        ) from error
    return folder


def secret_key(folder: Path) -> str:
    """Return the secret key from the environment, or the one stored in the data folder, made at the first start."""
    if key := text("PLENARA_SECRET_KEY"):
        if len(key) < 50:
            raise ImproperlyConfigured("PLENARA_SECRET_KEY is shorter than 50 characters; make it longer or unset it.")
        return key
    file = folder / "secret-key"
    if not file.exists():
        # Two first starts at once must agree on one key: one of them makes the link, and both read it back.
        fresh = folder / f"secret-key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text().strip()


def database(folder: Path) -> dict[str, object]:
    """Return Django's settings of the database that `PLENARA_DATABASE_URL` names; by default SQLite."""
    url = text("PLENARA_DATABASE_URL") or f"sqlite:///{folder / 'plenara.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme in _POSTGRESQL:
        return _postgresql(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or str(folder / "plenara.sqlite3"),
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                # Deferred transactions that read first and write later fail under load; these wait for the write lock.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: acknowledged writes survive a power cut.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;",
            },
        }
    raise ImproperlyConfigured(
        f"PLENARA_DATABASE_URL begins with {parts.scheme!r}; it must be sqlite:///FILE or postgresql://HOST/NAME."
    )


def _postgresql(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # To notice a server that vanished: the system itself would wait for a quarter of an hour.
        "OPTIONS": {"connect_timeout": "5", "tcp_user_timeout": "15000", **options},
    }


def replica() -> dict[str, dict[str, object]]:
    """Return Django's settings of the replica that `PLENARA_READ_DATABASE_URL` names, by its alias; none if unset."""
    if not (url := text("PLENARA_READ_DATABASE_URL")):
        return {}
    scheme = urlsplit(url).scheme
    if scheme not in _POSTGRESQL or urlsplit(text("PLENARA_DATABASE_URL")).scheme not in _POSTGRESQL:
        raise ImproperlyConfigured(
            f"PLENARA_READ_DATABASE_URL begins with {scheme!r}; it must be postgresql://HOST/NAME, a replica of the "
            "PostgreSQL that PLENARA_DATABASE_URL names."
        )
    it = _postgresql(url)
    # An unavailable replica must not delay a page: the primary makes it.
    timeout = dict(parse_qsl(urlsplit(url).query)).get("connect_timeout", "2")
    options = {**cast(dict[str, str], it["OPTIONS"]), "connect_timeout": timeout}
    return {"replica": {**it, "OPTIONS": options, "TEST": {"MIRROR": "default"}}}


def bucket() -> dict[str, object] | None:
    """Return the options of the bucket that `PLENARA_STORAGE_URL` names; None if it is unset. No key is shown."""
    if not (url := text("PLENARA_STORAGE_URL")):
        return None
    like = "PLENARA_STORAGE_URL must be s3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX][?region=NAME][&secure=0]"
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        raise ImproperlyConfigured(f"{like}; its host or port cannot be read.") from None
    if parts.scheme != "s3" or not parts.hostname:
        raise ImproperlyConfigured(f"{like}; it has another scheme, or no host.")
    if not parts.username or not parts.password:
        raise ImproperlyConfigured(f"{like}; it has no key, or no secret. In them, / @ : are written %2F %40 %3A.")
    name, _slash, prefix = unquote(parts.path[1:]).strip("/").partition("/")
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        raise ImproperlyConfigured(f"{like}; {name!r} is not a valid bucket name.")
    if not re.fullmatch(r"([A-Za-z0-9_-][A-Za-z0-9._-]*(/(?!$)|$))*", prefix):
        raise ImproperlyConfigured(f"{like}; {prefix!r} is not a valid prefix. Use only letters, digits, - _ . and /.")
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(parameters) - {"region", "secure"}):
        raise ImproperlyConfigured(f"{like}; {unknown[0]!r} is not a known parameter.")
    if parameters.get("secure", "1") not in {"0", "1"}:
        raise ImproperlyConfigured(f"{like}; secure is {parameters['secure']!r}; it must be 0 or 1.")
    scheme = "http" if parameters.get("secure") == "0" else "https"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "bucket_name": name,
        "location": prefix,
        "endpoint_url": f"{scheme}://{host}{f':{port}' if port else ''}",
        "region_name": parameters.get("region") or "us-east-1",
    }


def mailers(url: str) -> dict[str, dict[str, object]]:
    """Return Django's settings of the mail server that `PLENARA_MAIL_URL` names; None if it is unset."""
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("PLENARA_MAIL_URL must be smtp://HOST:PORT or smtps://HOST:PORT.")
    options: dict[str, object] = {
        "host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": dict(parse_qsl(parts.query)).get("tls", "0") == "1",
        "use_ssl": parts.scheme == "smtps",
        "timeout": 20,
    }
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


def machine(name: str, key_name: str, *protocols: str) -> servers.Server | None:
    """Return the server that a setting names; None if it is unset. Keys are never shown."""
    if not (url := text(name)):
        return None
    try:
        return servers.read(url, protocols=protocols, model=text("PLENARA_MODEL_NAME"), key=text(key_name))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} {error}.") from None


def sign_on() -> list[sign_on_configuration.IdentityProvider]:
    """Return the identity providers that `PLENARA_SIGN_ON` lists; none if it is unset. Secrets are never shown."""
    if not (setting := text("PLENARA_SIGN_ON")):
        return []
    try:
        return sign_on_configuration.read(setting)
    except ValueError as error:
        raise ImproperlyConfigured(f"PLENARA_SIGN_ON {error}.") from None


def observation() -> Receivers:
    """Return what is sent to OpenTelemetry and Sentry; empty if nothing is. Neither package is imported for it."""
    endpoint, dsn = text("OTEL_EXPORTER_OTLP_ENDPOINT"), text("SENTRY_DSN")
    if endpoint:
        if urlsplit(endpoint).scheme not in {"http", "https"} or not urlsplit(endpoint).hostname:
            raise ImproperlyConfigured("OTEL_EXPORTER_OTLP_ENDPOINT must be http://HOST:4318: traces go over HTTP.")
        _require_extra("OTEL_EXPORTER_OTLP_ENDPOINT", "opentelemetry.exporter.otlp.proto.http", "opentelemetry")
    if dsn:
        parts = urlsplit(dsn)
        if parts.scheme not in {"http", "https"} or not (parts.username and parts.hostname and parts.path.strip("/")):
            raise ImproperlyConfigured("SENTRY_DSN must be https://KEY@HOST/PROJECT.")
        _require_extra("SENTRY_DSN", "sentry_sdk", "sentry")
    return {"traces": bool(endpoint), "sentry_dsn": dsn} if endpoint or dsn else {}


def _require_extra(name: str, module: str, extra: str) -> None:
    try:
        is_there = importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        is_there = False
    if not is_there:
        raise ImproperlyConfigured(
            f"{name} needs packages that are not installed. Run bin/plenara once as the owner of its folder, with this "
            f"setting, or install requirements-{extra}.txt."
        )
