"""The state of the installation: as metrics in the text format of Prometheus, version 0.0.4, and in words with what to
do about it.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connections
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara import __version__
from plenara.accounts.models import Person
from plenara.accounts.permissions import may_set_up
from plenara.accounts.queries import installation_row
from plenara.consultations.models import Consultation
from plenara.consultations.permissions import may_moderate
from plenara.core import clock
from plenara.core.languages import in_language
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.templatetags.plenara import datetime_utc, number
from plenara.email import delivery
from plenara.front.metrics import escaped
from plenara.moderation.queries.queue import age_since
from plenara.operations import heartbeat, startup
from plenara.operations.health import BACKUP_EACH, LEAST_FREE, shared_machines
from plenara.search.actions import repair
from plenara.search.queries.index_status import meaning_status
from plenara.site.queries import background_tasks
from plenara.site.queries.background_tasks import is_email

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Family:
    """A metric with its meaning and its samples: labels and value."""

    name: str
    meaning: str
    samples: list[tuple[dict[str, str], float]] = field(default_factory=list)
    kind: str = "gauge"

    def lines(self) -> Iterator[str]:
        """Yield it in Prometheus's format."""
        yield f"# HELP {self.name} {self.meaning}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, value in self.samples:
            pairs = ",".join(f'{name}="{escaped(text)}"' for name, text in labels.items())
            yield f"{self.name}{f'{{{pairs}}}' if pairs else ''} {value:.15g}"


def text() -> str:
    """Return everything, as text. A fixed number of queries."""
    return "".join(f"{line}\n" for family in families() for line in family.lines())


def families() -> list[Family]:
    """Return all metrics, in order. Unknown ones have no sample."""
    queued, queues, now = background_tasks.tasks(), background_tasks.queues(), clock.now()
    seen, sent = heartbeat.worker()

    def age(moment: datetime.datetime | None) -> float:
        return max((now - moment).total_seconds(), 0.0) if moment else 0.0

    def of_kinds(values: Iterable[tuple[str, float]]) -> list[tuple[dict[str, str], float]]:
        return [({"kind": kind}, value) for kind, value in values]

    def known(moment: datetime.datetime | None) -> list[tuple[dict[str, str], float]]:
        return [({}, age(moment))] if moment else []

    emails, exports = background_tasks.emails_of(queued), background_tasks.exports_of(queued)
    oldest = min((each.oldest for each in queues), default=None)
    counted = [({"how": how}, float(sent[how])) for how in sorted(sent)]
    return [
        Family("plenara_info", "Version of the program.", [({"version": __version__}, 1)]),
        Family(
            "plenara_queue_waiting", "Items that are waiting for a moderator.", [({}, sum(q.waiting for q in queues))]
        ),
        Family("plenara_queue_oldest_seconds", "Seconds that the oldest of them has waited.", [({}, age(oldest))]),
        Family(
            "plenara_tasks_queued",
            "Tasks that are not done, by kind.",
            of_kinds((o.kind, o.waiting) for o in queued),
        ),
        Family("plenara_tasks_due", "Tasks that are due, by kind.", of_kinds((o.kind, o.due) for o in queued)),
        Family(
            "plenara_tasks_again",
            "Tasks that failed and will be tried again, by kind.",
            of_kinds((o.kind, o.again) for o in queued),
        ),
        Family(
            "plenara_tasks_failed",
            "Tasks that failed permanently, by kind.",
            of_kinds((o.kind, o.failed) for o in queued),
        ),
        Family(
            "plenara_tasks_oldest_due_seconds",
            "Seconds that the oldest due task has been due, by kind.",
            of_kinds((o.kind, age(o.oldest)) for o in queued),
        ),
        Family("plenara_emails_waiting", "E-mails that have not been sent yet.", [({}, emails.waiting)]),
        Family("plenara_emails_failed", "E-mails that failed permanently.", [({}, emails.failed)]),
        Family(
            "plenara_emails_total",
            "E-mails since the worker of this machine started, by result.",
            counted,
            kind="counter",
        ),
        Family(
            "plenara_exports_oldest_due_seconds",
            "Seconds that files of the record have been due.",
            [({}, age(exports.oldest))],
        ),
        Family("plenara_texts_unread", "Texts that are not indexed by meaning yet.", [({}, background_tasks.unread())]),
        Family("plenara_database_bytes", "Size of the database.", [({}, background_tasks.database_bytes())]),
        Family(
            "plenara_clock_away_seconds",
            "Seconds between this machine's clock and the database's clock.",
            [({}, background_tasks.clock_difference())],
        ),
        Family("plenara_disk_free_bytes", "Free bytes on the disk of the data folder.", [({}, heartbeat.free_bytes())]),
        Family(
            "plenara_worker_seen_seconds", "Seconds since the last heartbeat of this machine's worker.", known(seen)
        ),
        Family(
            "plenara_backup_age_seconds",
            "Seconds since the last backup on this machine.",
            known(heartbeat.last_backup()),
        ),
    ]


#: The largest difference of clocks in seconds.
CLOCK_DIFFERENCE = 5
#: How long files of the record may be due: other tasks or a large record delay them.
EXPORTS_PATIENCE = datetime.timedelta(minutes=15)


@dataclass(frozen=True)
class Trouble:
    """An error. `url` is the page that fixes it, or `command` what the operator runs."""

    sentence: str
    url: str = ""
    label: str = ""
    command: str = ""
    is_urgent: bool = True


@dataclass(frozen=True)
class Fact:
    """A thing that is in order."""

    name: str
    value: str


@dataclass(frozen=True)
class Observation:
    """Shared data of all parts, read once, and the person who reads the page."""

    person: Person
    queued: list[background_tasks.Queued]
    queues: list[background_tasks.Queue]


type Part = Callable[[Observation], Iterator[Trouble | Fact]]


def troubles_and_facts(person: Person) -> tuple[list[Trouble], list[Fact]]:
    """Return the errors, the urgent first, and what is in order."""
    seen = Observation(person, background_tasks.tasks(), background_tasks.queues())
    found = [each for part in PARTS for each in part(seen)]
    troubles = sorted((each for each in found if isinstance(each, Trouble)), key=lambda each: not each.is_urgent)
    return troubles, [each for each in found if isinstance(each, Fact)]


def _database(seen: Observation) -> Iterator[Trouble | Fact]:
    if startup.fitness() is not startup.Fitness.CURRENT:
        yield Trouble(_("The database does not match this version of the software."), command="plenara upgrade")
        return
    size = number(round(background_tasks.database_bytes() / 1_000_000))
    yield Fact(_("Database"), _("%(size)s MB, matches this version of the software") % {"size": size})


def _mail(seen: Observation) -> Iterator[Trouble | Fact]:
    if not delivery.is_possible():
        sentence = _(
            "No mail server is set up. E-mails are stored, and will be sent once the operator sets up a "
            "mail server (PLENARA_MAIL_URL)."
        )
        yield Trouble(sentence, reverse("desk_tasks"), _("E-mails and background tasks"), command="plenara check")
        return
    posted = background_tasks.emails_of(seen.queued)
    if posted.again:
        sentence = ngettext(
            "%(shown)s e-mail could not be sent yet (%(cause)s). We try again automatically. If this continues, the "
            "mail server is unavailable or rejects our e-mails.",
            "%(shown)s e-mails could not be sent yet (%(cause)s). We try again automatically. If this continues, the "
            "mail server is unavailable or rejects our e-mails.",
            posted.again,
        )
        values = {"shown": number(posted.again), "cause": _cause(seen)}
        yield Trouble(sentence % values, reverse("desk_tasks"), _("E-mails and background tasks"), is_urgent=False)
    elif not posted.failed:
        yield Fact(pgettext("as a means of communication", "E-mail"), _("No e-mail has failed"))


def _cause(seen: Observation) -> str:
    kinds = [each.kind for each in seen.queued if each.again and is_email(each.kind)]
    failing = BackgroundTask.objects.filter(task__in=kinds, done_at=None, failed_at=None, attempts__gt=0).exclude(
        last_error=""
    )
    return failing.order_by("-due_at").values_list("last_error", flat=True).first() or "–"


def _tasks(seen: Observation) -> Iterator[Trouble | Fact]:
    all_ = background_tasks.together(seen.queued)
    if all_.failed:
        sentence = ngettext(
            "%(shown)s e-mail or other task has failed after many attempts.",
            "%(shown)s e-mails or other tasks have failed after many attempts.",
            all_.failed,
        )
        shown = sentence % {"shown": number(all_.failed)}
        yield Trouble(shown, reverse("desk_tasks"), _("See the failed tasks, and try again"))
    # E-mails that wait for a mail server are late for a reason that is shown already.
    others = background_tasks.together(
        each for each in seen.queued if delivery.is_possible() or not is_email(each.kind)
    )
    if others.late and worker_lives():
        sentence = ngettext(
            "%(shown)s task has been due for more than 10 minutes. The worker is behind schedule.",
            "%(shown)s tasks have been due for more than 10 minutes. The worker is behind schedule.",
            others.late,
        )
        shown = sentence % {"shown": number(others.late)}
        yield Trouble(
            shown, reverse("desk_tasks"), _("E-mails and background tasks"), command="plenara work", is_urgent=False
        )
    elif others.late:
        sentence = ngettext(
            "%(shown)s task has been due for more than 10 minutes. Ask the operator whether a worker is running.",
            "%(shown)s tasks have been due for more than 10 minutes. Ask the operator whether a worker is running.",
            others.late,
        )
        shown = sentence % {"shown": number(others.late)}
        yield Trouble(shown, reverse("desk_tasks"), _("E-mails and background tasks"), command="plenara serve")
    if not (all_.failed or others.late):
        yield Fact(_("Background tasks"), _("No task has failed, and no task is late"))


def worker_lives() -> bool:
    """Return whether this machine's worker has a recent heartbeat."""
    at, _counted = heartbeat.worker()
    return at is not None and clock.now() - at < datetime.timedelta(seconds=heartbeat.SILENCE)


def _worker(seen: Observation) -> Iterator[Trouble | Fact]:
    at, _counted = heartbeat.worker()
    if at and worker_lives():
        yield Fact(_("Background worker last active"), datetime_utc(at))
    elif at:
        sentence = _(
            "The worker on this server was last active on %(when)s. No e-mails are sent and no files are created."
        )
        yield Trouble(sentence % {"when": datetime_utc(at)}, command="plenara serve")
    else:
        yield Trouble(_("No worker has been active on this server yet."), command="plenara serve")


def _disk(seen: Observation) -> Iterator[Trouble | Fact]:
    free = heartbeat.free_bytes()
    values = {"free": number(free // 1_000_000)}
    if free < LEAST_FREE:
        yield Trouble(
            _("The disk has %(free)s MB free. Free up space: when the disk is full, nothing can be submitted.") % values
        )
    else:
        yield Fact(_("Disk"), _("%(free)s MB free") % values)


def _backup(seen: Observation) -> Iterator[Trouble | Fact]:
    at, now = heartbeat.last_backup(), clock.now()
    if at and now - at < BACKUP_EACH:
        yield Fact(_("Last backup"), datetime_utc(at))
    elif at:
        yield Trouble(_("The last backup was made on %(when)s.") % {"when": datetime_utc(at)}, command="plenara backup")
    else:
        first = AuditEntry.objects.order_by("pk").values_list("at", flat=True).first()
        if first and now - first > BACKUP_EACH:
            yield Trouble(_("No backup has been made on this server yet."), command="plenara backup")


def _clock(seen: Observation) -> Iterator[Trouble | Fact]:
    difference = background_tasks.clock_difference()
    if difference > CLOCK_DIFFERENCE:
        sentence = _(
            "This server’s clock differs by %(seconds)s seconds from the database clock or the time of the "
            "last action. "
            "Synchronize it with a time server."
        )
        yield Trouble(sentence % {"seconds": number(round(difference))})
    else:
        yield Fact(_("Clock"), _("Up to date with the database"))


def _search(seen: Observation) -> Iterator[Trouble | Fact]:
    if repair.is_missing():
        sentence = _(
            "The search finds nothing because its index is empty. The worker will create the index within an hour."
        )
        yield Trouble(sentence, reverse("desk_search"), pgettext("label", "Search index"), command="plenara index")
        return
    meaning = meaning_status()
    far = pgettext("label", "%(done)s of %(total)s") % {"done": number(meaning.done), "total": number(meaning.total)}
    if meaning.is_on and not meaning.has_encoder:
        sentence = _(
            "The language model for the search by meaning is not installed, so readers can search only by words."
        )
        yield Trouble(sentence, reverse("desk_search"), pgettext("label", "Search index"), is_urgent=False)
    elif meaning.is_on and (meaning.waiting > meaning.total // 10 or meaning.is_anew):
        sentence = _("The index for the search by meaning is out of date. Texts indexed: %(far)s.") % {"far": far}
        yield Trouble(sentence, reverse("desk_search"), pgettext("label", "Search index"), is_urgent=False)
    else:
        yield Fact(pgettext("label", "Search index"), far if meaning.is_on else number(meaning.total))


def _replica(seen: Observation) -> Iterator[Trouble | Fact]:
    if "replica" not in connections:
        return
    if any(each.is_wrong for each in shared_machines.replica()):
        sentence = _("Pages are read from a copy of the database. This copy is out of date or does not answer.")
        yield Trouble(sentence, command="plenara check")
    else:
        yield Fact(_("Replica"), _("Up to date with the database"))


def _exports(seen: Observation) -> Iterator[Trouble | Fact]:
    made = background_tasks.exports_of(seen.queued)
    if made.failed or (made.oldest and clock.now() - made.oldest > EXPORTS_PATIENCE):
        sentence = _("Some downloadable files of the record are out of date or withheld.")
        yield Trouble(sentence, reverse("desk_tasks"), _("E-mails and background tasks"), command="plenara check")
    else:
        yield Fact(_("Downloads"), _("All files are up to date"))


def _promise(seen: Observation) -> Iterator[Trouble | Fact]:
    rows = {each.consultation_id: each for each in seen.queues if each.consultation_id is not None}
    late = False
    for consultation in Consultation.objects.filter(pk__in=rows).order_by("pk"):
        wait = age_since(rows[consultation.pk].oldest, consultation)
        if wait.minutes > wait.promised:
            late = True
            sentence = _("%(title)s: a text has waited longer than promised for a decision. %(wait)s")
            # Separate from the sentence: it may be in another language, of the other direction.
            title = f"\u2068{in_language(consultation.title).text}\u2069"
            values = {"title": title, "wait": wait.against_promise}
            page = ("", "")
            if may_moderate(seen.person, consultation):
                page = (reverse("moderation:queue"), pgettext("label", "Open the queue"))
            yield Trouble(sentence % values, *page, is_urgent=False)
    if not late:
        yield Fact(pgettext("label", "Moderation"), _("No text has waited longer than promised"))


def _setup(seen: Observation) -> Iterator[Trouble | Fact]:
    if not installation_row().is_set_up:
        sentence = _("This site does not yet have its own name, contact and data controller.")
        page = (reverse("installation"), _("Set up this site")) if may_set_up(seen.person) else ("", "")
        yield Trouble(sentence, *page, is_urgent=False)
    yield Fact(_("Version"), __version__)


#: In the order of the page.
PARTS: tuple[Part, ...] = (
    _database, _worker, _mail, _tasks, _disk, _backup, _clock, _replica, _search, _exports, _promise, _setup,
)  # fmt: skip
