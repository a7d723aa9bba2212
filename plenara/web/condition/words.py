"""The state of the installation in words: what is wrong with what to do about it, and what is fine.

Each part looks at one thing and gives one or the other. Shown is what gauges and signs say; nothing is asked of other
servers, so that the page comes while they are away.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara import __version__
from plenara.accounts.installation import row as installation_row
from plenara.accounts.rules import may_set_up
from plenara.consultations.models import Consultation
from plenara.consultations.rules import may_moderate
from plenara.core import clock
from plenara.core.languages import in_language
from plenara.core.models import Act, BackgroundTask
from plenara.core.templatetags.plenara import datetime_utc, number
from plenara.mail import letters
from plenara.moderation.queue import wait_since
from plenara.search import rebuilding
from plenara.search.standing import of_meaning
from plenara.web import check_machines, starting
from plenara.web.check import LEAST_FREE
from plenara.web.condition import gauges, signs
from plenara.web.task_words import is_letter

#: How old the last backup may be: they are made each night.
BACKUP_EACH = datetime.timedelta(days=2)
#: Seconds that clocks may be apart.
CLOCK_AWAY = 5
#: How long files of the record may be due: other tasks, a large record.
EXPORTS_PATIENCE = datetime.timedelta(minutes=15)


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong. `url` is the page that mends it, or `command` what the operator runs."""

    sentence: str
    url: str = ""
    label: str = ""
    command: str = ""
    is_urgent: bool = True


@dataclass(frozen=True)
class Fact:
    """One thing that is fine."""

    name: str
    value: str


@dataclass(frozen=True)
class Seen:
    """What all parts look at, read once, and who looks."""

    person: Any
    queued: list[gauges.Queued]
    queues: list[gauges.Queue]


type Part = Callable[[Seen], Iterator[Trouble | Fact]]


def told(person: Any) -> tuple[list[Trouble], list[Fact]]:
    """Return what is wrong, the urgent first, and what is fine."""
    seen = Seen(person, gauges.tasks(), gauges.queues())
    found = [each for part in PARTS for each in part(seen)]
    troubles = sorted((each for each in found if isinstance(each, Trouble)), key=lambda each: not each.is_urgent)
    return troubles, [each for each in found if isinstance(each, Fact)]


def _database(seen: Seen) -> Iterator[Trouble | Fact]:
    if starting.fitness() is not starting.Fitness.CURRENT:
        yield Trouble(_("The database is not the one that this version needs."), command="plenara upgrade")
        return
    size = number(round(gauges.database_bytes() / 1_000_000))
    yield Fact(_("Database"), _("%(size)s MB, and of this version") % {"size": size})


def _mail(seen: Seen) -> Iterator[Trouble | Fact]:
    if not letters.is_possible():
        sentence = _(
            "No mail server is set up. Letters are kept, and go out once the operator names one (PLENARA_MAIL_URL)."
        )
        yield Trouble(sentence, reverse("desk_tasks"), _("Mails and errands"), command="plenara check")
        return
    posted = gauges.letters_of(seen.queued)
    if posted.again:
        sentence = ngettext(
            "%(shown)s letter could not be sent yet (%(cause)s). It is tried again by itself; if this lasts, the mail "
            "server is away or refuses us.",
            "%(shown)s letters could not be sent yet (%(cause)s). They are tried again by themselves; if this lasts, "
            "the mail server is away or refuses us.",
            posted.again,
        )
        values = {"shown": number(posted.again), "cause": _cause(seen)}
        yield Trouble(sentence % values, reverse("desk_tasks"), _("Mails and errands"), is_urgent=False)
    elif not posted.failed:
        yield Fact(_("Mail"), _("No letter has failed"))


def _cause(seen: Seen) -> str:
    kinds = [each.kind for each in seen.queued if each.again and is_letter(each.kind)]
    failing = BackgroundTask.objects.filter(task__in=kinds, done_at=None, failed_at=None, attempts__gt=0).exclude(
        last_error=""
    )
    return failing.order_by("-due_at").values_list("last_error", flat=True).first() or "–"


def _tasks(seen: Seen) -> Iterator[Trouble | Fact]:
    all_ = gauges.together(seen.queued)
    if all_.failed:
        sentence = ngettext(
            "%(shown)s letter or other errand was given up.",
            "%(shown)s letters or other errands were given up.",
            all_.failed,
        )
        shown = sentence % {"shown": number(all_.failed)}
        yield Trouble(shown, reverse("desk_tasks"), _("See them, and try again"))
    # Letters that wait for a mail server are late for a reason that is told already.
    others = gauges.together(each for each in seen.queued if letters.is_possible() or not is_letter(each.kind))
    if others.late and worker_lives():
        sentence = ngettext(
            "%(shown)s errand has been due for more than ten minutes: the worker is behind.",
            "%(shown)s errands have been due for more than ten minutes: the worker is behind.",
            others.late,
        )
        shown = sentence % {"shown": number(others.late)}
        yield Trouble(shown, reverse("desk_tasks"), _("Mails and errands"), command="plenara work", is_urgent=False)
    elif others.late:
        sentence = ngettext(
            "%(shown)s errand has been due for a while. Ask the operator whether a worker runs.",
            "%(shown)s errands have been due for a while. Ask the operator whether a worker runs.",
            others.late,
        )
        shown = sentence % {"shown": number(others.late)}
        yield Trouble(shown, reverse("desk_tasks"), _("Mails and errands"), command="plenara serve")
    if not (all_.failed or others.late):
        yield Fact(_("Errands"), _("None was given up, and none is late"))


def worker_lives() -> bool:
    """Say whether the worker of this machine has given a sign of life of late."""
    at, _counted = signs.worker()
    return at is not None and clock.now() - at < datetime.timedelta(seconds=signs.SILENCE)


def _worker(seen: Seen) -> Iterator[Trouble | Fact]:
    at, _counted = signs.worker()
    if at and worker_lives():
        yield Fact(_("Worker"), _("Gave a sign of life %(when)s") % {"when": datetime_utc(at)})
    elif at:
        sentence = _(
            "The worker of this machine last gave a sign of life %(when)s. No letter leaves, and nothing is made."
        )
        yield Trouble(sentence % {"when": datetime_utc(at)}, command="plenara serve")
    else:
        yield Trouble(_("No worker has given a sign of life on this machine yet."), command="plenara serve")


def _disk(seen: Seen) -> Iterator[Trouble | Fact]:
    free = signs.free_bytes()
    values = {"free": number(free // 1_000_000)}
    if free < LEAST_FREE:
        yield Trouble(
            _("The disk has %(free)s MB free. Make room before it is full: then nothing can be submitted.") % values
        )
    else:
        yield Fact(_("Disk"), _("%(free)s MB free") % values)


def _backup(seen: Seen) -> Iterator[Trouble | Fact]:
    at, now = signs.last_backup(), clock.now()
    if at and now - at < BACKUP_EACH:
        yield Fact(_("Backup"), _("Made %(when)s") % {"when": datetime_utc(at)})
    elif at:
        yield Trouble(_("The last backup was made %(when)s.") % {"when": datetime_utc(at)}, command="plenara backup")
    else:
        first = Act.objects.order_by("pk").values_list("at", flat=True).first()
        if first and now - first > BACKUP_EACH:
            yield Trouble(_("No backup has been made on this machine yet."), command="plenara backup")


def _clock(seen: Seen) -> Iterator[Trouble | Fact]:
    away = gauges.clock_away()
    if away > CLOCK_AWAY:
        sentence = _(
            "The clock of this machine is %(seconds)s seconds away from the database’s, or from the time of what was "
            "done last. Let it follow a time server."
        )
        yield Trouble(sentence % {"seconds": number(round(away))})
    else:
        yield Fact(_("Clock"), _("Agrees with the database"))


def _search(seen: Seen) -> Iterator[Trouble | Fact]:
    if rebuilding.is_missing():
        sentence = _("The search finds nothing, since its index is empty. The worker makes it within the hour.")
        yield Trouble(sentence, reverse("desk_search"), _("Search index"), command="plenara index")
        return
    meaning = of_meaning()
    far = _("%(done)s of %(total)s") % {"done": number(meaning.done), "total": number(meaning.total)}
    if meaning.is_on and not meaning.has_encoder:
        sentence = _("The machine that reads texts is not installed here, so that words alone are found.")
        yield Trouble(sentence, reverse("desk_search"), _("Search index"), is_urgent=False)
    elif meaning.is_on and (meaning.waiting > meaning.total // 10 or meaning.is_anew):
        sentence = _("The search by meaning is behind: it has read %(far)s texts.") % {"far": far}
        yield Trouble(sentence, reverse("desk_search"), _("Search index"), is_urgent=False)
    else:
        yield Fact(_("Search index"), far if meaning.is_on else number(meaning.total))


def _replica(seen: Seen) -> Iterator[Trouble | Fact]:
    if "replica" not in connections:
        return
    if any(each.is_wrong for each in check_machines.replica()):
        sentence = _("The replica that pages are read from is behind, or does not answer.")
        yield Trouble(sentence, command="plenara check")
    else:
        yield Fact(_("Replica"), _("Level with the database"))


def _exports(seen: Seen) -> Iterator[Trouble | Fact]:
    made = gauges.exports_of(seen.queued)
    if made.failed or (made.oldest and clock.now() - made.oldest > EXPORTS_PATIENCE):
        sentence = _("Files of the record for download are behind the record, or withheld.")
        yield Trouble(sentence, reverse("desk_tasks"), _("Mails and errands"), command="plenara check")
    else:
        yield Fact(_("Downloads"), _("No file is overdue"))


def _promise(seen: Seen) -> Iterator[Trouble | Fact]:
    rows = {each.consultation_id: each for each in seen.queues if each.consultation_id is not None}
    late = False
    for consultation in Consultation.objects.filter(pk__in=rows).order_by("pk"):
        wait = wait_since(rows[consultation.pk].oldest, consultation)
        if wait.minutes > wait.promised:
            late = True
            sentence = _("%(title)s: a text has waited for a decision for longer than promised. %(wait)s")
            # Kept apart from the sentence: it may be in another language, and run the other way.
            title = f"\u2068{in_language(consultation.title).text}\u2069"
            values = {"title": title, "wait": wait.against_promise}
            page = ("", "")
            if may_moderate(seen.person, consultation):
                page = (reverse("moderation:queue"), _("Open the queue"))
            yield Trouble(sentence % values, *page, is_urgent=False)
    if not late:
        yield Fact(_("Moderation"), _("Nothing waits longer than promised"))


def _setup(seen: Seen) -> Iterator[Trouble | Fact]:
    if not installation_row().is_set_up:
        sentence = _("This site has no name, contact and controller of its own yet.")
        page = (reverse("installation"), _("Set it up")) if may_set_up(seen.person) else ("", "")
        yield Trouble(sentence, *page, is_urgent=False)
    yield Fact(_("Version"), __version__)


#: In the order of the page.
PARTS: tuple[Part, ...] = (
    _database, _worker, _mail, _tasks, _disk, _backup, _clock, _replica, _search, _exports, _promise, _setup,
)  # fmt: skip
