"""Lists, a page at a time. What a page ends with stands in its token, signed: nothing is kept here in between."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core import signing

from plenara.archive.oai import sets
from plenara.archive.oai.asking import PREFIX, Asked, Wrong, period_of
from plenara.archive.oai.records import Record, of_documents, of_editions
from plenara.archive.oai.sets import Set
from plenara.archive.oai.streams import Key, Stream, documents, editions, streams_of
from plenara.contributions.models import Edition

#: Records of one page.
RECORDS = 100
#: Headers of one page.
IDENTIFIERS = 500
_SALT = "plenara.oai"


@dataclass(frozen=True)
class Page[Item]:
    """A page of a list: how many came before it, and the token of the next. A list of one page has no token at all."""

    items: list[Item]
    before: int
    token: str

    @property
    def is_whole(self) -> bool:
        return not self.before and not self.token


def _resumed(asked: Asked) -> dict[str, Any] | None:
    """Return what the page before left in its token, nothing at a list's beginning. Raises `Wrong`."""
    if not (token := asked.get("resumptionToken")):
        return None
    try:
        left: dict[str, Any] = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise Wrong("badResumptionToken", "The resumptionToken is none of ours.") from error
    if left["verb"] != asked.verb:
        raise Wrong("badResumptionToken", "The resumptionToken is of another verb's list.")
    return left


def _token(asked: Asked, **left: Any) -> str:
    return signing.dumps({"verb": asked.verb, **left}, salt=_SALT, compress=True)


def page_of_sets(asked: Asked) -> Page[Set]:
    """Return a page of the list of sets. At most five queries."""
    left = _resumed(asked) or {"after": 0, "before": 0}
    found, last = sets.listed(left["after"])
    token = _token(asked, after=last, before=left["before"] + len(found)) if last else ""
    return Page(found, left["before"], token)


def page_of_records(asked: Asked, *, told: bool) -> Page[Record]:
    """Return a page of records, or of their headers alone. A fixed number of queries. Raises `Wrong`."""
    left = _resumed(asked) or {"set": asked.get("set"), "from": asked.get("from"), "until": asked.get("until")}
    before, after = left.get("before", 0), _key(left["key"]) if "key" in left else None
    try:
        streams = streams_of(left["set"], period_of(left["from"], left["until"]))
    except Wrong as wrong:  # a set that was there when the list began
        raise Wrong("badResumptionToken", str(wrong)) if after else wrong from None
    size = RECORDS if told else IDENTIFIERS
    found = _keys(streams, left.get("stream", 0), after, size + 1)
    more, found = found[size:], found[:size]
    items = _records(streams, found, told=told, asked=left["set"])
    if not items and after:
        # Since the page before was read, all that followed it has changed and belongs here no more. The protocol has no
        # word for an empty page: what stood last comes once more, as it stands now.
        items = _last_again(streams[left["stream"]], after, told=told, asked=left["set"])
    if not items:
        raise Wrong("noRecordsMatch", "Nothing matches.")
    token = ""
    if more:
        stream, (thread, at, pk) = found[-1]
        here = {name: left[name] for name in ("set", "from", "until")}
        key = [thread, at.isoformat(), pk]
        token = _token(asked, **here, prefix=PREFIX, stream=stream, key=key, before=before + len(items))
    return Page(items, before, token)


def _key(written: list[Any]) -> Key:
    thread, at, pk = written
    return thread, datetime.datetime.fromisoformat(at), pk


def _keys(streams: list[Stream], first: int, after: Key | None, limit: int) -> list[tuple[int, Key]]:
    """Return the keys that follow one, each with its stream: what one has not, the next ones may have."""
    found: list[tuple[int, Key]] = []
    for at, stream in enumerate(streams):
        if at >= first and len(found) < limit:
            found += [(at, key) for key in stream.page(after if at == first else None, limit - len(found))]
    return found


def _records(streams: list[Stream], found: list[tuple[int, Key]], *, told: bool, asked: str) -> list[Record]:
    contributions = [key[2] for at, key in found if streams[at].rows.model is Edition]
    summaries = [key[2] for at, key in found if streams[at].rows.model is not Edition]
    by_key = of_editions(Edition.objects.filter(pk__in=contributions), told=told, asked=asked) if contributions else {}
    others = of_documents(documents().filter(pk__in=summaries), told=told) if summaries else {}
    both = [*(by_key.get(pk) for pk in contributions), *(others.get(pk) for pk in summaries)]
    return [each for each in both if each]


def _last_again(stream: Stream, key: Key, *, told: bool, asked: str) -> list[Record]:
    if stream.rows.model is Edition:
        return list(of_editions(editions().filter(contribution__editions=key[2]), told=told, asked=asked).values())
    return list(of_documents(documents().filter(document__editions=key[2]), told=told).values())
