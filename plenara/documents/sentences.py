"""The sentences of a contribution, each exactly as a reader sees it there: what can be picked to be cited."""

import re

from plenara.core.text import plain

#: A sentence ends with its mark, and closing quotes after it; Chinese needs no space behind, other scripts do.
_SENTENCE = re.compile(
    r"""\S.*?(?: [.!?؟…]+ ["'”’»)\]]* (?=\s|$) | [。！？]+ [”’」』）]* | $ )""",
    re.VERBOSE,
)

#: More than these are not offered one by one; the words can still be selected or copied.
MOST = 200


def sentences(text: str) -> list[str]:
    """Return the sentences of a text in their order, none twice, at most `MOST`."""
    found: dict[str, None] = {}
    for line in plain(text).split("\n"):
        for match in _SENTENCE.finditer(line):
            found.setdefault(match[0].strip())
            if len(found) == MOST:
                return list(found)
    return list(found)
