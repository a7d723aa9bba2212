"""Validation of requests: the six verbs and their arguments (OAI-PMH 2.0, 3.6 and 4)."""

import datetime
import re
from dataclasses import dataclass, field

from django.utils.datastructures import MultiValueDict

PREFIX = "oai_dc"

#: By verb: the required and the optional arguments.
_VERBS: dict[str, tuple[set[str], set[str]]] = {
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), {"resumptionToken"}),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": ({"metadataPrefix"}, {"from", "until", "set", "resumptionToken"}),
    "ListRecords": ({"metadataPrefix"}, {"from", "until", "set", "resumptionToken"}),
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_PREFIX = re.compile(r"[A-Za-z0-9\-_.!~*'()]{1,100}", re.ASCII)
_SET = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*", re.ASCII)
# RFC 3986, appendix A: the characters of an address.
_CHARACTER = r"[A-Za-z0-9\-_.!~*'();/?@&=+$,]|%[0-9A-Fa-f]{2}"
_URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:({_CHARACTER}|:)+|({_CHARACTER})+", re.ASCII)
_MOST = 1000  # the most characters of an argument


class OaiError(Exception):
    """An error of the protocol: one of its eight codes, and a sentence for the harvester's log."""

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class OaiRequest:
    """A request: its verb and arguments. An empty one has neither, and its response echoes nothing."""

    verb: str = ""
    arguments: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.arguments.get(name, "")


@dataclass(frozen=True)
class Period:
    """The period of changes: from the first moment on, before the second."""

    start: datetime.datetime | None = None
    end: datetime.datetime | None = None


def read(parameters: MultiValueDict[str, str]) -> OaiRequest:
    """Return the request. Raises `OaiError` with badVerb, badArgument or cannotDisseminateFormat."""
    given = {name: parameters.getlist(name) for name in parameters}
    verb = given.pop("verb", [])
    if len(verb) != 1 or verb[0] not in _VERBS:
        raise OaiError("badVerb", "The verb is missing or repeated, or is not one of the six verbs of the protocol.")
    needed, possible = _VERBS[verb[0]]
    for name, values in given.items():
        if name not in needed | possible:
            raise OaiError("badArgument", f"{verb[0]} does not take this argument.")
        if len(values) != 1 or not 0 < len(values[0]) <= _MOST:
            raise OaiError("badArgument", f"The argument {name} is empty, repeated or too long.")
    arguments = {name: values[0] for name, values in given.items()}
    if "resumptionToken" in arguments:
        if len(arguments) > 1:
            raise OaiError("badArgument", "A resumptionToken must be the only argument.")
    elif missing := needed - set(arguments):
        raise OaiError("badArgument", f"{verb[0]} needs {' and '.join(sorted(missing))}.")
    else:
        _check(arguments)
    return OaiRequest(verb[0], arguments)


def _check(arguments: dict[str, str]) -> None:
    if (wanted := arguments.get("set")) and not _SET.fullmatch(wanted):
        raise OaiError("badArgument", "The set is not a valid setSpec.")
    if (identifier := arguments.get("identifier")) and not _URI.fullmatch(identifier):
        raise OaiError("badArgument", "The identifier is not a valid URI.")
    period_of(arguments.get("from", ""), arguments.get("until", ""))
    if prefix := arguments.get("metadataPrefix"):
        if not _PREFIX.fullmatch(prefix):
            raise OaiError("badArgument", "The metadataPrefix is not valid.")
        if prefix != PREFIX:
            raise OaiError("cannotDisseminateFormat", f"Only {PREFIX} is available.")


def period_of(start: str, end: str) -> Period:
    """Return the period between two datestamps, both included: days or seconds, but both the same."""
    first, last = _moment("from", start), _moment("until", end)
    if first and last and len(start) != len(end):
        raise OaiError("badArgument", "The arguments from and until have different granularities.")
    if first and last and first > last:
        raise OaiError("badArgument", "The argument from is later than until.")
    if last:
        step = datetime.timedelta(days=1) if _DAY.fullmatch(end) else datetime.timedelta(seconds=1)
        last = None if last > datetime.datetime.max.replace(tzinfo=datetime.UTC) - step else last + step
    return Period(first, last)


def _moment(name: str, written: str) -> datetime.datetime | None:
    if not written:
        return None
    try:
        if _DAY.fullmatch(written) or _MOMENT.fullmatch(written):
            return datetime.datetime.fromisoformat(written).replace(tzinfo=datetime.UTC)
    except ValueError:
        pass
    raise OaiError("badArgument", f"The argument {name} must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")
