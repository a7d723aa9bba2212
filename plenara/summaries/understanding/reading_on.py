"""Reading a period's texts into vectors, a piece at a time: whoever is killed between loses a few texts' work."""

import time
from collections.abc import Callable
from functools import partial

from plenara.contributions.models import Edition
from plenara.core.transaction import writes
from plenara.search import actions as search_actions
from plenara.search.niced import niced
from plenara.summaries.models import Grouping, Member
from plenara.summaries.understanding.embedding import embedded, encoder_name
from plenara.summaries.understanding.names import KIND
from plenara.summaries.understanding.period import PeriodText, contents, texts_of, unread

#: Seconds that a piece takes before it lets the worker's other tasks have their turn.
PIECE_SECONDS = 15.0
#: Texts that are kept together, and seconds after which what is read so far is kept: on a busy machine a text can take
#: long, since the reading gives way, and a task has less than two minutes.
AT_ONCE, AT_ONCE_SECONDS = 20, 4.0


def read_on(grouping: Grouping, *, goes_on: Callable[[], bool]) -> bool:
    """Read texts for some seconds, and at least a few; return whether all of the period's are read.

    Stops where it goes on no more, being paused. Texts whose words went meanwhile are left.
    """
    texts = texts_of(grouping.summary)
    left = unread(texts)
    until = time.monotonic() + PIECE_SECONDS
    done = len(texts) - len(left)
    _progress(grouping, done, len(texts))
    while left:
        some = left[:AT_ONCE]
        also = _put_by_hand(grouping, [each.contribution_id for each in some])
        words = dict(contents(each.edition_id for each in some))
        rows = niced(partial(_read, some, words, also))
        left = left[len(rows) :]
        with writes():
            # Words that were erased while they were read leave nothing behind.
            standing = Edition.objects.filter(
                pk__in=rows, in_force=True, status=Edition.Status.PUBLISHED, text__erased_at=None
            )
            kept = {pk: rows[pk] for pk in standing.values_list("pk", flat=True) if rows[pk]}
            search_actions.keep(KIND, kept, encoder=encoder_name())
            done += len(rows)
            _progress(grouping, done, len(texts))
        if not goes_on():
            return False
        if time.monotonic() > until:
            break
    return not left


def _read(
    texts: list[PeriodText], words: dict[int, str], also: dict[int, set[str]]
) -> dict[int, dict[int, search_actions.Row]]:
    """Return the vectors of as many of these texts as some seconds suffice for, the first at least."""
    until, rows = time.monotonic() + AT_ONCE_SECONDS, dict[int, dict[int, search_actions.Row]]()
    for each in texts:
        text = words.get(each.edition_id)  # of words that went meanwhile there is nothing to read
        rows[each.edition_id] = embedded(text, also.get(each.contribution_id, ())) if text is not None else {}
        if time.monotonic() > until:
            break
    return rows


def _progress(grouping: Grouping, done: int, wanted: int) -> None:
    Grouping.objects.filter(pk=grouping.pk, run=grouping.run).update(done=done, wanted=wanted)


def _put_by_hand(grouping: Grouping, contribution_ids: list[int]) -> dict[int, set[str]]:
    """Return, by contribution, the words that stand in groups that a person made."""
    put: dict[int, set[str]] = {}
    rows = Member.objects.filter(
        group__grouping=grouping, group__by_person=True, edition__contribution__in=contribution_ids
    )
    for contribution, words in rows.values_list("edition__contribution_id", "words"):
        put.setdefault(contribution, set()).add(words)
    return put
