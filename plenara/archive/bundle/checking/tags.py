"""Language tags: which are well-formed BCP 47 and name a language that there is."""

import re
from functools import lru_cache

from babel import Locale
from babel.core import get_global

# RFC 5646, section 2.1, without grandfathered and private-use tags and without extensions.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<extended>[a-z]{3}))?(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)",
    re.IGNORECASE,
)
#: Codes that say that there is no language, or which one is not known.
_NO_LANGUAGE = {"und", "mis", "mul", "zxx"}


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    """Return the language subtags that CLDR knows: some 7,200 of the registry's 8,200, every written one among them."""
    listed = (*get_global("likely_subtags"), *get_global("language_aliases"), *Locale("en").languages)
    return frozenset(str(key).split("_")[0] for key in listed) - _NO_LANGUAGE


@lru_cache(maxsize=1)
def _scripts() -> frozenset[str]:
    return frozenset(Locale("en").scripts)


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    return frozenset(Locale("en").territories)


@lru_cache(maxsize=512)
def canonical(tag: str) -> str | None:
    """Return a tag in the case that BCP 47 recommends (`pt-BR`, `zh-Hant`), or nothing where it names no language."""
    found = _TAG.fullmatch(tag)
    if found is None:
        return None
    language, script, region = (
        found["language"].lower(),
        (found["script"] or "").title(),
        (found["region"] or "").upper(),
    )
    if language not in _languages() or (script and script not in _scripts()) or (region and region not in _regions()):
        return None
    variants = found["variants"].lower().strip("-")
    return "-".join(part for part in (language, (found["extended"] or "").lower(), script, region, variants) if part)
