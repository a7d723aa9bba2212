"""Whom an inviter names: pasted lines, each with an address and perhaps a name.

A line is an address, `Name <address>`, or the cells of a spreadsheet in any order, with commas, semicolons or tabs.
"""

import csv
import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from plenara.accounts import checks
from plenara.core.refusals import No
from plenara.core.text import clean_line

#: People that can be invited at once.
MOST = 50
#: Lines whose errors are named; whoever pasted the wrong text needs no longer list.
MOST_NAMED = 10
#: Headings of a spreadsheet's column of addresses, in the six languages.
_HEADINGS = frozenset(
    (
        "e-mail", "email", "mail", "e-mail address", "email address", "address", "correo", "correo electrónico",
        "courriel", "adresse électronique", "adresse e-mail", "e-mail адрес", "адрес", "адрес электронной почты",
        "электронная почта", "البريد الإلكتروني", "عنوان البريد الإلكتروني", "邮箱",
        "电子邮件", "电子邮件地址", "电子邮箱",
    )
)  # fmt: skip
_ANGLED = re.compile(r"^(?P<name>[^<>]*)<(?:mailto:)?(?P<address>[^<>]*)>$")
_SEPARATORS = str.maketrans({"，": ",", "、": ",", "،": ",", "؛": ";", "；": ";", "\t": ";"})


class Invitee(NamedTuple):
    """Somebody to invite."""

    address: str
    name: str = ""


def read(text: str, field: str) -> tuple[list[Invitee], list[No]]:
    """Return everybody named, each once, and what is wrong, line by line."""
    found: dict[str, Invitee] = {}
    wrong: list[No] = []
    lines = text.translate(_SEPARATORS).splitlines()
    for number, line in enumerate(lines, 1):
        for part in re.sub(r">\s*[;,]", ">\n", line).split("\n"):
            one = _read_part(part)
            if one is None or (number == 1 and _is_heading(part)):
                continue
            answer = _fits(one)
            if isinstance(answer, No):
                sentence = answer.sentence
                if len(lines) > 1:
                    sentence = _("Line %(number)d: %(sentence)s") % {"number": number, "sentence": sentence}
                wrong.append(No(sentence, "line", field))
            else:
                found.setdefault(one.address, one)
    if not found and not wrong:
        wrong.append(No(_("Write an e-mail address such as name@example.org."), "address", field))
    if len(found) > MOST:
        sentence = _("These are %(count)d people. Invite %(most)d at most at once.")
        wrong.insert(0, No(sentence % {"count": len(found), "most": MOST}, "too_many", field))
    return list(found.values()), wrong[:MOST_NAMED]


def _read_part(part: str) -> Invitee | None:
    part = clean_line(part).strip(" ,;")
    if not part:
        return None
    if angled := _ANGLED.match(part):
        return Invitee(angled["address"].strip().lower(), angled["name"].strip(" \"'"))
    cells = _cells(part)
    addresses = [cell for cell in cells if "@" in cell]
    if len(addresses) != 1:
        return Invitee(part.lower() if len(cells) == 1 else part)
    address = addresses[0].removeprefix("mailto:").strip("<>").lower()
    return Invitee(address, " ".join(cell for cell in cells if cell != addresses[0]))


def _cells(part: str) -> list[str]:
    separator = ";" if ";" in part else ","
    cells = next(csv.reader([part], delimiter=separator, skipinitialspace=True), [])
    return [cell for each in cells if (cell := each.strip())]


def _is_heading(part: str) -> bool:
    return "@" not in part and any(cell.casefold() in _HEADINGS for cell in _cells(part))


def _fits(one: Invitee) -> bool | No:
    answer = checks.an_address(one.address)
    if answer and one.name:
        answer = checks.a_name(one.name)
    return answer
