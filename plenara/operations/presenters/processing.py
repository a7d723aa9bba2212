"""The record of processing activities (GDPR, Article 30), as far as the software knows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from plenara.accounts.personal_data.export import Purpose, parts
from plenara.accounts.queries import installation_row
from plenara.core import store
from plenara.core.languages import current, join_sentences_lazy
from plenara.core.machines import is_server
from plenara.core.refusals import Sentence
from plenara.core.rows import Json
from plenara.core.templatetags.plenara import datetime_utc
from plenara.operations import heartbeat
from plenara.operations.health.hardening import is_elsewhere
from plenara.site.presenters.about import page_facts


@dataclass(frozen=True)
class Activity:
    """What is processed for one purpose: of whom, which data, and how long they are stored."""

    purpose: Sentence
    people: Sentence
    stored: Sentence
    data: list[Sentence]


@dataclass(frozen=True)
class Recipient:
    """A server elsewhere that receives personal data, and which."""

    what: str
    server: str
    receives: str


_ACTIVITIES: dict[Purpose, tuple[Sentence, Sentence, Sentence]] = {
    Purpose.ACCOUNTS: (
        gettext_lazy("Accounts, sign-in and news by e-mail"),
        gettext_lazy("Everyone with an account, and people who were invited"),
        gettext_lazy("Until the person erases their account"),
    ),
    Purpose.CONTRIBUTIONS: (
        gettext_lazy("Contributions to consultations, and requests for correction"),
        gettext_lazy("Participants, and people who were asked to sign a text"),
        join_sentences_lazy(
            gettext_lazy("What is published stays in the public record."),
            gettext_lazy(
                "People who erase their account choose whether their texts stay without a name or are deleted."
            ),
            gettext_lazy("Texts published in an archived consultation always stay, without a name."),
        ),
    ),
    Purpose.MODERATION: (
        pgettext_lazy("label", "Moderation"),
        gettext_lazy("Authors, moderators, and readers who report a problem"),
        gettext_lazy(
            "Decisions stay in the public register with their code and reason, without names. What people wrote in "
            "appeals and reports is deleted with their account."
        ),
    ),
    Purpose.COMMUNITY: (
        pgettext_lazy("label", "Calendar and directory"),
        gettext_lazy("People who propose or maintain entries, and people in the directory"),
        join_sentences_lazy(
            gettext_lazy(
                "A person’s own entry is deleted with their account. Entries of organizations and projects stay, "
                "without an owner."
            ),
            gettext_lazy("Published events stay without an owner, unless the person chooses to delete them."),
        ),
    ),
    Purpose.WORK: (
        gettext_lazy("Summaries, outcomes and translations"),
        gettext_lazy("People with a role, and members of bodies"),
        gettext_lazy("Documents that are published stay in the public record. Roles are deleted with the account."),
    ),
    Purpose.LOG: (
        gettext_lazy("Log of actions, so that every change can be explained"),
        gettext_lazy("Everyone with an account"),
        gettext_lazy("Permanently, with numbers instead of names"),
    ),
}


def record() -> dict[str, object]:
    """Return what the page of the record shows."""
    return {
        "it": installation_row(),
        "site": settings.SITE_URL,
        "activities": activities(),
        "recipients": list(recipients()),
        "limits": list(limits()),
        "lists": [
            ("measures", _("Security measures"), list(measures())),
            ("missing", _("What you must add"), list(missing())),
        ],
    }


def activities() -> list[Activity]:
    """Return the purposes with the kinds of data that packages registered for each."""
    return [
        Activity(*_ACTIVITIES[purpose], data=[each.label for each in parts() if each.purpose == purpose])
        for purpose in Purpose
    ]


def recipients() -> Iterator[Recipient]:
    """Yield the servers elsewhere that the settings name."""
    mail = cast(Json, settings.MAILERS).get("default", {}).get("OPTIONS", {})
    if mail:
        yield Recipient(_("Mail server"), mail["host"], _("E-mail addresses, and the e-mails that are sent"))
    for database in connections.all():
        if is_elsewhere(host := str(database.settings_dict["HOST"])):
            yield Recipient(_("Database server"), host, _("All data"))
    if store.is_shared():
        storage = cast(Json, settings.STORAGES)["default"]["OPTIONS"]["endpoint_url"]
        yield Recipient(_("Object storage"), _host_of(storage), _("Files that people send, and files of the record"))
    if is_server(settings.MODEL):
        host = _host_of(settings.MODEL.base)
        yield Recipient(pgettext("label", "Language model"), host, _("Sentences of contributions that are rephrased"))
    if is_server(settings.TRANSLATION):
        host = _host_of(settings.TRANSLATION.base)
        yield Recipient(_("Translation server"), host, _("Texts that are translated"))
    for each in settings.SIGN_ON:
        host = _host_of(each.address) or each.id
        yield Recipient(
            each.name,
            host,
            _(
                "The fact that a person signs in here. This provider sends us the person’s name, e-mail address and "
                "organization."
            ),
        )


def _host_of(address: str) -> str:
    return urlsplit(address).hostname or ""


def limits() -> Iterator[tuple[str, str]]:
    """Yield what is deleted by itself, and after how long."""
    facts = page_facts(current())
    yield _("Accounts and reports whose e-mail address was not verified"), facts["unverified_days"]
    yield _("Sessions of people who are signed in"), facts["session_days"]
    yield _("Codes calculated from network (IP) addresses"), facts["ip_days"]
    yield _("Drafts that no one changed"), facts["draft_days"]
    yield _("Rejected texts, and addresses of people who were asked to sign"), facts["rejected_days"]
    yield _("Codes calculated from e-mail addresses that were used to verify an organization"), facts["proof_days"]


def measures() -> Iterator[str]:
    """Yield the security measures: those that are part of the software, and those that this installation chose."""
    if settings.SITE_IS_HTTPS:
        yield _("All connections are encrypted (HTTPS).")
    else:
        yield _("Connections are not encrypted: the address of this site does not begin with https.")
    if installation_row().requires_second_factor:
        yield _("People with a role must use a passkey or an authenticator app.")
    else:
        yield _("People with a role can sign in without a passkey or an authenticator app.")
    yield _("Passwords are stored as Argon2 hashes. Codes sent by e-mail can be used once, within 15 minutes.")
    yield _("Every action is recorded with its time and the person who did it.")
    yield _("The logs of this software contain no network addresses, e-mail addresses, names or texts.")
    yield _("People can download their data and erase their account without help.")
    if at := heartbeat.last_backup():
        yield _("The last backup was made on %(when)s.") % {"when": datetime_utc(at)}
    else:
        yield _("No backup has been made on this server yet.")


def missing() -> Iterator[str]:
    """Yield what the software does not know."""
    yield _("the data protection officer, if there is one")
    yield _("the legal basis of each purpose")
    yield _("the companies that run this site and the servers above, with their contracts and countries")
    yield _("how long backups and the logs of the web server are stored")
