"""Bringing a bundle in: checked whole, then one transaction; the same bundle again changes nothing."""

import enum
from collections.abc import Callable
from pathlib import Path

from django.db import IntegrityError

from plenara.archive.bundle import (
    CONSULTATION,
    CONTRIBUTIONS,
    DECISIONS,
    MATRIX,
    MEETINGS,
    OUTCOMES,
    PARAGRAPHS,
    SUMMARIES,
)
from plenara.archive.bundle.checking import contributions, decisions, matrix, meetings, outcomes, paragraphs, summaries
from plenara.archive.bundle.checking.bundle import Checked, again, check
from plenara.archive.bundle.checking.seen import Column
from plenara.archive.bundle.exporting.bundle import digests
from plenara.archive.bundle.faults import Faults
from plenara.archive.bundle.importing import decisions as load_decisions
from plenara.archive.bundle.importing import outcomes as load_outcomes
from plenara.archive.bundle.importing import summaries as load_summaries
from plenara.archive.bundle.importing.consultation import make
from plenara.archive.bundle.importing.contributions import Loading
from plenara.archive.bundle.importing.documents import bring_in, kept, make_papers
from plenara.archive.bundle.reading import Source, opened, rounds
from plenara.consultations.actions.life import enqueue_turns
from plenara.consultations.models import LIST_CACHE_TAG, Consultation
from plenara.contributions.models import Contribution
from plenara.core import audit
from plenara.core.cache_tags import invalidate
from plenara.core.in_bulk import room
from plenara.core.transaction import writes
from plenara.events.showing import show_preparing
from plenara.insights.recomputing.facts import Facts
from plenara.moderation import tasks
from plenara.outcomes.bundling import meetings as load_meetings
from plenara.outcomes.models import Body

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
        parts = [(source, checked), *zip(rounds(source), checked.rounds, strict=True)]
        for _where, each in parts:
            each.was_here = _is_here(each)
        parts = [(where, each) for where, each in parts if not each.was_here]
        if not parts:
            with kept():  # takes away what an import left that was killed after its commit
                return checked, Outcome.HERE_ALREADY
        for _where, each in parts:
            _check_symbols(each)
        try:
            with kept() as workshop, room(), writes():
                for where, each in parts:
                    _bring_in(where, each, workshop, progress)
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
    for slug in sorted(checked.bodies):
        if Body.objects.filter(slug=slug).exists():
            raise Refused(f"{checked.slug} has the body {slug}, and another body has this address here.")
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
    facts = Facts()
    rows = again(source, CONTRIBUTIONS, contributions.read, checked, progress)
    # What is kept of each contribution for the coverage of summaries takes memory: not where there are none.
    loading.load(facts.passing(rows, checked.minted.numbers) if SUMMARIES in source.sizes else rows)
    if DECISIONS in source.sizes:
        stands: Column[int] = Column(checked.everything.seen, "s.thread")
        register = again(source, DECISIONS, decisions.read, checked, progress)
        consultation.last_decision = load_decisions.load(consultation, register, loading.ids, stands)
        consultation.save(update_fields=["last_decision"])
    if SUMMARIES in source.sizes:
        told = list(again(source, SUMMARIES, summaries.read, checked, progress))
        load_summaries.load(consultation, told, loading.ids, facts)
        load_decisions.link_requests(consultation)
    if OUTCOMES in source.sizes:
        texts, lines = (
            again(source, name, read, checked, progress) if name in source.sizes else ()
            for name, read in ((PARAGRAPHS, paragraphs.read), (MATRIX, matrix.read))
        )
        found = list(again(source, OUTCOMES, outcomes.read, checked, progress))
        load_outcomes.load(consultation, found, texts, lines, loading.ids)
    if MEETINGS in source.sizes:
        load_meetings.load(consultation, again(source, MEETINGS, meetings.read, checked, progress))
    checked.linked = load_outcomes.link_with(consultation)
    audit.log(
        "consultation.imported",
        actor=None,
        about=consultation,
        consultation=consultation,
        contributions=len(loading.ids),
        digest=checked.digest,
    )
    invalidate(consultation.cache_tag, nothing_goes=True)
    invalidate(LIST_CACHE_TAG, nothing_goes=True)
    show_preparing(consultation)
    enqueue_turns(consultation)
    if consultation.is_open:  # what comes from now on is compared with what came before
        tasks.learn.using(key=f"learn-{consultation.pk}").enqueue(of="contribution", consultation_id=consultation.pk)
    # Last, so that little can happen between a file's coming in and the commit of the row that tells of it.
    bring_in(source, checked, workshop, Faults())
