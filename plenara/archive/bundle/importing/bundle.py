"""Bringing a bundle in: checked whole, then one transaction; the same bundle again changes nothing."""

import enum
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import IntegrityError

from plenara.archive.bundle import CONSULTATION, CONTRIBUTIONS, DECISIONS, SUMMARIES
from plenara.archive.bundle.checking import contributions, decisions, summaries
from plenara.archive.bundle.checking.bundle import Checked, check, rows
from plenara.archive.bundle.checking.fields import Row
from plenara.archive.bundle.exporting.bundle import digests
from plenara.archive.bundle.faults import BadBundle, Faults
from plenara.archive.bundle.importing import decisions as load_decisions
from plenara.archive.bundle.importing import summaries as load_summaries
from plenara.archive.bundle.importing.consultation import make
from plenara.archive.bundle.importing.contributions import Loading
from plenara.archive.bundle.importing.documents import bring_in, kept, make_papers
from plenara.archive.bundle.reading import Source, opened
from plenara.consultations.actions.life import owe_turns
from plenara.consultations.models import LIST_SHELF, Consultation
from plenara.contributions.models import Contribution
from plenara.ledger.actions import bump, owe, record
from plenara.ledger.transaction import writes

type Progress = Callable[[int], None]


class Outcome(enum.Enum):
    """What an import came to."""

    MADE = "made"
    HERE_ALREADY = "here already"


class Refused(Exception):
    """A bundle without fault that cannot come in; the text is one sentence."""


def import_bundle(path: Path, progress: Progress = lambda _bytes: None) -> tuple[Checked, Outcome]:
    """Bring in the bundle at `path`. Raises `NotABundle`, `BadBundle` or `Refused`, and then nothing has changed."""
    faults = Faults()
    with opened(path, faults) as source:
        checked = check(source, faults, progress)
        if _is_here(checked):
            with kept():  # takes away what an import left that was killed after its commit
                return checked, Outcome.HERE_ALREADY
        _check_symbols(checked)
        try:
            with kept() as workshop, writes():
                _bring_in(source, checked, workshop, progress)
        except IntegrityError as error:
            raise Refused(
                f"{checked.slug} could not be imported, since another process wrote at the same moment: run it again."
            ) from error
    return checked, Outcome.MADE


def _is_here(checked: Checked) -> bool:
    """Say whether the same content is here already. Raises `Refused` where other content has its slug."""
    here = Consultation.objects.filter(slug=checked.slug).first()
    if here is None:
        return False
    if here.bundle.get("digest") == checked.digest or (here.is_public and digests(here) == checked.canonical):
        return True
    raise Refused(
        f"{checked.slug} is here already, with other content: an import makes consultations and never changes one."
    )


def _check_symbols(checked: Checked) -> None:
    """Raise `BadBundle` where a symbol of the bundle belongs to something that is here."""
    faults = Faults()
    symbol = checked.consultation["symbol"]
    if holder := Consultation.objects.filter(symbol=symbol).first():
        told = f"is {symbol!r}, which the consultation {holder.slug} has here"
        faults.add(told, CONSULTATION, checked.symbol_line, "symbol")
        faults.refuse()
    taken = set(Contribution.objects.filter(symbol__startswith=f"{symbol}/").values_list("symbol", flat=True))
    for name, own in checked.minted.symbols.items() if taken else ():
        if own in taken:
            line = checked.everything.seen[name].line
            faults.add(f"is {own!r}, which a contribution has here", CONTRIBUTIONS, line, "symbol")
    faults.refuse()


def _bring_in(source: Source, checked: Checked, workshop: Path, progress: Progress) -> None:
    consultation, threads = make(checked)
    loading = Loading(consultation, threads, make_papers(checked), checked)
    loading.load(_again(source, CONTRIBUTIONS, contributions.read, checked, progress))
    if DECISIONS in source.sizes:
        stands = {name: one.thread for name, one in checked.everything.seen.items()}
        register = _again(source, DECISIONS, decisions.read, checked, progress)
        consultation.last_decision = load_decisions.load(consultation, register, loading.ids, stands)
        consultation.save(update_fields=["last_decision"])
    if SUMMARIES in source.sizes:
        told = list(_again(source, SUMMARIES, summaries.read, checked, progress))
        load_summaries.load(consultation, told, loading.ids)
    record(
        "consultation.imported",
        actor=None,
        about=consultation,
        consultation=consultation,
        contributions=len(loading.ids),
        digest=checked.digest,
    )
    bump(consultation.shelf)
    bump(LIST_SHELF)
    owe_turns(consultation)
    if consultation.is_open:  # what comes from now on is compared with what came before
        owe("moderation.learn", key=f"learn-{consultation.pk}", of="contribution", consultation_id=consultation.pk)
    # Last, so that little can happen between a file's coming in and the commit of the row that tells of it.
    bring_in(source, checked, workshop, Faults())


def _again(
    source: Source, name: str, read: Callable[[Row], dict[str, Any]], checked: Checked, progress: Progress
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file a second time. Raises `BadBundle` if they are not what was checked."""
    faults = Faults()
    raw: dict[str, str] = {}
    for row, _line in rows(source, name, faults, raw, progress):
        value = read(row)
        if faults.count:
            break
        yield value
    if faults.count or raw.get(name) != checked.raw[name]:
        changed = Faults()
        changed.add("changed while it was read", name)
        raise BadBundle(changed)
