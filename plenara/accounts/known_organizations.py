"""Organizations that somebody may mean by a name that they typed. The directory, which lies above, knows them."""

from collections.abc import Callable


def _none(_name: str, _country: str) -> list[str]:
    return []


_find: Callable[[str, str], list[str]] = _none


def found_by(function: Callable[[str, str], list[str]]) -> None:
    """Let `function` name the organizations whose names are nearly a name, in a country."""
    global _find
    _find = function


def nearly(name: str, country: str) -> list[str]:
    """Return the names of known organizations that are nearly this one; none where one has this very name."""
    return _find(name, country)
