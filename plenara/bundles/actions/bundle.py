"""Importing a bundle: checked whole, then one transaction; the same bundle again changes nothing. Decisions and
summaries are loaded here.
"""

import enum
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import batched
from pathlib import Path

from django.db import IntegrityError

from plenara.bundles.actions import outcomes as load_outcomes
from plenara.bundles.actions.contributions import BATCH, Loading
from plenara.bundles.actions.papers import bring_in, lock_documents, make_papers
from plenara.bundles.format import (
    CONSULTATION,
    CONTRIBUTIONS,
    DECISIONS,
    MATRIX,
    MEETINGS,
    OUTCOMES,
    PARAGRAPHS,
    SUMMARIES,
)
from plenara.bundles.queries.consultation import digests
from plenara.bundles.validation.bundle import Checked, again, check
from plenara.bundles.validation.consultation import MOVED_ON
from plenara.bundles.validation.errors import BundleErrors
from plenara.bundles.validation.index import Column
from plenara.bundles.validation.sources import Source, opened, rounds
from plenara.consultations.actions.lifecycle import enqueue_turns
from plenara.consultations.actions.threads import mark_themes
from plenara.consultations.models import LIST_CACHE_TAG, Consultation, Extension, Thread
from plenara.contributions.models import Contribution, Edition
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.database import capacity
from plenara.core.rows import Json, read_moment
from plenara.core.transaction import writes
from plenara.events.actions.publication import show_preparing
from plenara.insights.queries.recomputation import Facts, coverage
from plenara.moderation.actions import suggestions
from plenara.moderation.models import Appeal, Code, Decision
from plenara.outcomes.bundle.actions import meetings as load_meetings
from plenara.outcomes.models import Body
from plenara.summaries.actions import bundles
from plenara.summaries.models import Correction
from plenara.themes.actions import learn

#: The most characters that our own reason codes have; a longer one of an old archive is kept beside.
_MOST_REASON = 8
#: What an export writes again as the file had it.
DECISION_EXTRAS = (
    "appeal",
    "moved_to",
    "overruled_at",
    "after_publication",
    "revision",
    "request",
    "noticed",
    "reported",
)


def load_decisions(
    consultation: Consultation, rows: Iterable[Json], ids: Mapping[str, int], threads: Mapping[str, int]
) -> int:
    """Make the entries of the register; return the last number. `ids` and `threads` are by a contribution's id."""
    last = 0
    for some in batched(rows, BATCH):
        made = Decision.objects.bulk_create(_decision(consultation, row, ids, threads) for row in some)
        overruled = {row["overrules"] for row in some if row.get("overrules")}
        before = Decision.objects.filter(consultation=consultation, number__in=overruled)
        keys = dict(before.values_list("number", "pk")) if overruled else {}
        for decision, row in zip(made, some, strict=True):
            if "overrules" in row:
                decision.overrules_id = keys[row["overrules"]]
        Decision.objects.bulk_update([each for each in made if each.overrules_id], ["overrules"])
        appeals = (_appeal(decision, row.get("appeal", {})) for decision, row in zip(made, some, strict=True))
        Appeal.objects.bulk_create(appeal for appeal in appeals if appeal)
        last = max(last, *(row["number"] for row in some))
    return last


def _decision(consultation: Consultation, row: Json, ids: Mapping[str, int], threads: Mapping[str, int]) -> Decision:
    reason, name = row.get("reason", ""), row.get("contribution", "")
    kept = {key: row[key] for key in DECISION_EXTRAS if key in row}
    if len(reason) > _MOST_REASON:
        kept["reason"] = reason
    # An older file says only where it stood; where it stands now is where it was moved to.
    moved_to = row.get("moved_to") or (threads.get(name) if row.get("code") == Code.MOVED else None)
    return Decision(
        consultation=consultation,
        number=row["number"],
        at=read_moment(row.get("at")),
        code=row.get("code", ""),
        kind=row.get("kind", "contribution"),
        ground=row.get("ground", ""),
        reason=reason if len(reason) <= _MOST_REASON else "",
        object_id=ids.get(name),
        thread=row.get("thread"),
        moved_to=moved_to,
        language=row.get("language", ""),
        waited=row.get("waited"),
        role=row.get("role", ""),
        undone_at=read_moment(row.get("undone_at")),
        bundle=kept,
    )


def link_requests(consultation: Consultation) -> None:
    """Let decisions on requests for correction name them, once the summaries have come in. Three queries."""
    found = Decision.objects.filter(consultation=consultation, kind="correction", bundle__request__isnull=False)
    decisions = list(found.only("bundle"))
    if not decisions:
        return
    known = Correction.objects.filter(consultation=consultation, number__isnull=False)
    keys = {(summary, number): pk for summary, number, pk in known.values_list("edition__number", "number", "pk")}
    for each in decisions:
        each.object_id = keys[each.bundle["request"]["summary"], each.bundle["request"]["number"]]
    Decision.objects.bulk_update(decisions, ["object_id"], batch_size=BATCH)


def _appeal(decision: Decision, row: Json) -> Appeal | None:
    """Return the appeal as we keep one; an incomplete or a foreign one is only kept as the file has it."""
    at = read_moment(row.get("at"))
    if at is None or row.get("status") not in Appeal.Status.values:
        return None
    return Appeal(decision=decision, at=at, status=row["status"], decided_at=read_moment(row.get("decided_at")))


def load_summaries(consultation: Consultation, rows: list[Json], ids: Mapping[str, int], facts: Facts) -> None:
    """Make the summaries. `ids` are the contributions' keys by their id in the bundle, `facts` what is kept of them.

    What a summary covered is as its row tells it; where that says nothing, what the contributions give.
    """
    rows = [
        _covered(row, facts) | {"earlier": [_covered(each, facts) for each in row.get("earlier", ())]} for row in rows
    ]
    editions_of = [each for row in rows for each in (row, *row["earlier"])]
    names = {cite["contribution"] for row in editions_of for each in row["statements"] for cite in each["cites"]}
    names |= {each["contribution"] for row in editions_of for each in row.get("set_aside", ())}
    names |= {each["contribution"] for row in rows for each in row.get("corrections", ()) if each.get("contribution")}
    names |= {name for row in editions_of for name in row["coverage"].get("left_out", ())}
    by_key = {ids[name]: name for name in names}
    editions: dict[str, dict[int, Edition]] = defaultdict(dict)
    for edition in Edition.objects.filter(contribution_id__in=list(by_key)):
        editions[by_key[edition.contribution_id]][edition.revision] = edition
    bundles.load(consultation, rows, editions)


def _covered(row: Json, facts: Facts) -> Json:
    return row if "coverage" in row else row | {"coverage": coverage(row, facts)}


type Progress = Callable[[int], None]


class Outcome(enum.Enum):
    """What an import came to."""

    MADE = "made"
    HERE_ALREADY = "here already"


class Refused(Exception):
    """A bundle without error that cannot come in; the text is one sentence."""


def import_bundle(path: Path, progress: Progress = lambda _bytes: None) -> tuple[Checked, Outcome]:
    """Bring in the bundle at `path`. Raises `NotABundle`, `BadBundle` or `Refused`, and then nothing has changed."""
    errors = BundleErrors()
    with opened(path, errors) as source:
        checked = check(source, errors, progress)
        parts = [(source, checked), *zip(rounds(source), checked.rounds, strict=True)]
        for _where, each in parts:
            each.was_here = _is_here(each)
        parts = [(where, each) for where, each in parts if not each.was_here]
        if not parts:
            with lock_documents():  # takes away what an import left that was killed after its commit
                return checked, Outcome.HERE_ALREADY
        for _where, each in parts:
            _check_symbols(each)
        try:
            with lock_documents() as workshop, capacity(), writes():
                for where, each in parts:
                    _bring_in(where, each, workshop, progress)
        except IntegrityError as error:
            raise Refused(
                f"{checked.slug} could not be imported, because another process was writing at the same time. "
                "Run the command again."
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
        f"{checked.slug} already exists on this site, with other content. "
        "An import creates consultations and never changes one."
    )


def _check_symbols(checked: Checked) -> None:
    """Raise `BadBundle` where a symbol of the bundle belongs to something that is here."""
    for slug in sorted(checked.bodies):
        if Body.objects.filter(slug=slug).exists():
            raise Refused(
                f"{checked.slug} has the body {slug}, but another body on this site already has this address."
            )
    errors = BundleErrors()
    symbol = checked.consultation["symbol"]
    if holder := Consultation.objects.filter(symbol=symbol).first():
        message = f"is {symbol!r}, but the consultation {holder.slug} on this site already has this symbol"
        errors.add(message, CONSULTATION, checked.symbol_line, "symbol")
        errors.refuse()
    taken = set(Contribution.objects.filter(symbol__startswith=f"{symbol}/").values_list("symbol", flat=True))
    for name, own in checked.minted.symbols.items() if taken else ():
        if own in taken:
            line = checked.everything.seen[name].line
            message = f"is {own!r}, but a contribution on this site already has this symbol"
            errors.add(message, CONTRIBUTIONS, line, "symbol")
    errors.refuse()


def _bring_in(source: Source, checked: Checked, workshop: Path, progress: Progress) -> None:
    consultation, threads = make_consultation(checked)
    loading = Loading(consultation, threads, make_papers(checked), checked)
    facts = Facts()
    rows = again(source, CONTRIBUTIONS, checked, progress)
    # What is kept of each contribution for the coverage of summaries takes memory: not where there are none.
    loading.load(facts.passing(rows, checked.minted.numbers) if SUMMARIES in source.sizes else rows)
    if DECISIONS in source.sizes:
        thread_column: Column[int] = Column(checked.everything.seen, "s.thread")
        register = again(source, DECISIONS, checked, progress)
        consultation.last_decision = load_decisions(consultation, register, loading.ids, thread_column)
        consultation.save(update_fields=["last_decision"])
    if SUMMARIES in source.sizes:
        rows_of_summaries = list(again(source, SUMMARIES, checked, progress))
        load_summaries(consultation, rows_of_summaries, loading.ids, facts)
        link_requests(consultation)
    if OUTCOMES in source.sizes:
        texts, lines = (again(source, name, checked, progress) for name in (PARAGRAPHS, MATRIX))
        found = list(again(source, OUTCOMES, checked, progress))
        load_outcomes.load(consultation, found, texts, lines, loading.ids)
    if MEETINGS in source.sizes:
        load_meetings.load(consultation, again(source, MEETINGS, checked, progress))
    checked.linked = load_outcomes.link_with(consultation)
    audit.log(
        "consultation.imported",
        actor=None,
        about=consultation,
        consultation=consultation,
        contributions=len(loading.ids),
        digest=checked.digest,
    )
    invalidate(consultation.cache_tag, nothing_withdrawn=True)
    invalidate(LIST_CACHE_TAG, nothing_withdrawn=True)
    show_preparing(consultation)
    enqueue_turns(consultation)
    if consultation.is_open:  # what comes from now on is compared with what came before
        suggestions.learn.using(key=f"learn-{consultation.pk}").enqueue(
            of="contribution", consultation_id=consultation.pk
        )
    # Last, so that little can happen between a file's coming in and the commit of the row that tells of it.
    bring_in(source, checked, workshop, BundleErrors())


def make_consultation(checked: Checked) -> tuple[Consultation, dict[int, Thread]]:
    """Make the consultation and return it with its threads by number."""
    row = checked.consultation
    parent = Consultation.objects.filter(slug=row.get("parent", "")).first()
    kept: Json = {"digest": checked.digest}
    if checked.themes:
        kept["themes"] = checked.themes
    consultation = Consultation.objects.create(
        slug=row["slug"],
        symbol=row["symbol"],
        title=row["title"],
        intro=row.get("intro", {}),
        stage=row["state"],
        opens_at=read_moment(row.get("opens_at")),
        closes_at=read_moment(row.get("closes_at")),
        **{key: read_moment(row.get(key)) for key in MOVED_ON},
        timezone=row["timezone"],
        languages=row["languages"],
        word_limit=row.get("word_limit"),
        licence=row.get("licence", ""),
        source=row.get("source", ""),
        parent=parent,
        parent_slug=row.get("parent", ""),
        last_number=checked.minted.last,
        imported_at=clock.now(),
        bundle=kept,
    )
    threads = Thread.objects.bulk_create(
        Thread(
            consultation=consultation,
            number=each["number"],
            slug=each["slug"],
            question=each["question"],
            guidance=each.get("guidance", {}),
            themes=each.get("themes", []),
            rewordings=each.get("rewordings", []),
        )
        for each in row["threads"]
    )
    Extension.objects.bulk_create(
        Extension(
            consultation=consultation,
            at=read_moment(each["at"]),
            closed_at=read_moment(each["closed_at"]),
            closes_at=read_moment(each["closes_at"]),
            reason=each.get("reason", {}),
        )
        for each in row.get("extensions", ())
    )
    mark_themes(threads)
    learn(themes=checked.themes, vocabulary=row["slug"][:60].rstrip("-"))
    return consultation, {thread.number: thread for thread in threads}
