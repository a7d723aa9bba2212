"""Where two sets of figures differ: each by its name, what was said and what was reckoned again."""

from collections.abc import Iterator
from typing import Any, NamedTuple

#: What an object in a list counts; its other keys say of what.
_COUNTS = ("contributions", "decisions")
#: How deep figures are nested at most, and how much of a name or a value is told: what is compared comes from anywhere.
_DEEP, _MOST = 8, 100


class Difference(NamedTuple):
    """A figure that is not what was said."""

    name: str
    said: str
    recomputed: str


def differences(said: Any, recomputed: Any) -> list[Difference]:
    """Return every figure that differs, in the order of the names. What is nought need not be said."""
    claimed, found = _by_name(said), _by_name(recomputed)
    return [
        _differing(name, claimed.get(name, "nothing"), found.get(name, "nothing"))
        for name in sorted(claimed.keys() | found.keys())
        if claimed.get(name) != found.get(name)
    ]


def _by_name(figures: Any) -> dict[str, str]:
    """Return every figure by its name; of one that is told twice, both."""
    named: dict[str, str] = {}
    for name, told in _flat(figures, ""):
        named[name] = f"{named[name]} and {told}" if name in named else told
    return named


def _flat(value: Any, name: str, deep: int = 0) -> Iterator[tuple[str, str]]:
    """Yield each figure with its name: `by_country.ML`, `cells[language en, question 1].contributions`."""
    if deep > _DEEP:
        yield name, "something else"
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _flat(each, f"{name}.{_text(key)}" if name else _text(key), deep + 1)
    elif isinstance(value, list):
        for at, each in enumerate(value):
            counts = {key: each[key] for key in _COUNTS if key in each} if isinstance(each, dict) else {}
            of = ", ".join(_of(each)) if counts else str(at)
            yield from _flat(counts or each, f"{name}[{of}]", deep + 1)
    elif value not in (None, 0, ""):
        yield name, _text(value)


def _of(told: dict[str, Any]) -> Iterator[str]:
    keys = sorted(key for key in told if key not in _COUNTS and told[key] not in ("", 0, None))
    return (f"{_text(key)} {_text(told[key])}" for key in keys[:_DEEP])


def _text(value: Any) -> str:
    """Return a key or a value as text."""
    return "something else" if isinstance(value, dict | list) else str(value) or "(not known)"


def _differing(name: str, said: str, recomputed: str) -> Difference:
    """Return a difference as it is told: on a line, of two long texts the part that differs first."""
    at = next((at for at, (one, other) in enumerate(zip(said, recomputed, strict=False)) if one != other), 0)
    begin = max(at - _MOST // 2, 0) if max(len(said), len(recomputed)) > _MOST else 0
    return Difference(_cut(name, 0), _cut(said, begin), _cut(recomputed, begin))


def _cut(text: str, begin: int) -> str:
    part = "".join(each if each.isprintable() else "?" for each in text[begin : begin + _MOST])
    return f"{'…' * (begin > 0)}{part}{'…' * (len(text) > begin + _MOST)}"
