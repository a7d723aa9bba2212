"""List every setting with its value, then what is wrong or unsafe and how to fix it."""

import argparse

from plenara.operations.terminal import Failed, plural, say

HELP = "list every setting, and what is wrong or unsafe"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the option to send an e-mail."""
    parser.add_argument("--mail", metavar="ADDRESS", help="send a test e-mail to this address")


def run(options: argparse.Namespace) -> int:
    """List the settings, then the findings; 1 where any is wrong."""
    from plenara.operations import health, startup

    for name, value, meaning in health.listed():
        say(f"{name:28}  {value}\n{'':28}  {meaning}")
    say("")
    found = list(health.misspelt())
    try:
        startup.start()
    except Failed as failed:
        found.append(health.Finding("settings", str(failed)))
    else:
        say(_versions())
        found += health.findings()
        if options.mail:
            found += _send(options.mail)
    for finding in sorted(found, key=lambda each: not each.is_wrong):
        say(f"{'WRONG' if finding.is_wrong else 'note '}  {finding.subject} {finding.sentence}")
    wrong = sum(finding.is_wrong for finding in found)
    say(f"Found {plural(wrong, 'error', 'errors')}." if wrong else "No errors found.")
    return 1 if wrong else 0


def _versions() -> str:
    import platform
    import sqlite3

    import django
    from django.conf import settings

    from plenara import __version__

    engine = str(settings.DATABASES["default"]["ENGINE"]).rsplit(".", 1)[-1]
    database = f"SQLite {sqlite3.sqlite_version}" if engine == "sqlite3" else "PostgreSQL"
    return f"Plenara {__version__}, Django {django.get_version()}, Python {platform.python_version()}, {database}"


def _send(address: str) -> list:
    """Send a test e-mail; return the error, if any."""
    import smtplib

    from django.conf import settings
    from django.core.mail import send_mail

    from plenara.operations.health import Finding

    if not settings.MAILERS:
        return [Finding("--mail", "needs a mail server. Set PLENARA_MAIL_URL.")]
    body = f"This is a test e-mail from {settings.SITE_URL}. Its mail server works.\n"
    try:
        send_mail("Plenara: a test", body, settings.DEFAULT_FROM_EMAIL, [address])
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return [
            Finding(
                "--mail",
                f"failed: the test e-mail could not be sent. {type(error).__name__}, "
                f"{' '.join(str(error).split())[:200]}.",
            )
        ]
    say(f"A test e-mail was sent to {address}.")
    return []
