"""Every address, with paths, zeros and long words in place of each of its parts: none leads out, and none fails.

Over the wire, to a real server: `test_real_framing.py`. Names within archives: `test_reading.py` of the bundle.
"""

import contextlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve

from plenara.contributions.validation.papers import name_with
from plenara.core import store
from tests.everywhere import short_refusals
from tests.security.authorization import ROLES, lines
from tests.security.served import content_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SECRET = b"hushed words of a file that no address leads to"
#: What takes the place of a part of an address, as it stands on the wire.
TRICKS = [
    "..", "%2e%2e", "..%2f..%2f..%2fhushed", "%2e%2e%2f%2e%2e%2fhushed", "..%5c..%5chushed", "..;/hushed",
    "%2fetc%2fpasswd", "..%c0%af..%c0%afhushed", "hushed%00", "%00", "%00.html", "%ff%fe", "%ed%a0%80",
    "%0d%0aX-A:%20b", "%252e%252e%252fhushed", "a" * 3000, "%e4%bd%a0" * 300, "%2f%2fevil.example",
    "%5c%5cevil.example", "//evil.example", "-1", "0", "99999999999999999999999999", "1e3", "1;a=b", "%20",
    "~", "*", "%7b%7b7%7d%7d",
]  # fmt: skip
#: The same in place of a number, which is read as digits or not at all.
NUMBERS = ["..%2f..%2fhushed", "%00", "-1", "0", "99999999999999999999999999", "%d9%a1", "1;a=b", "1e3"]
#: Of so many pages that refuse, one is made in full.
IN_FULL = 8
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


def tricked(address, turn):
    """Yield an address with every third trick in place of each of its parts, beginning at one's turn; and behind it."""
    path, mark, query = address.partition("?")
    parts = [str(each) for each in resolve(path).kwargs.values()]
    segments = path.split("/")
    for at, segment in enumerate(segments):
        for part in parts:
            if segment == part or segment.startswith(f"{part}.") or segment.endswith(f".{part}"):
                for trick in (NUMBERS if part.isdecimal() else TRICKS)[turn % 3 :: 3]:
                    yield "/".join([*segments[:at], segment.replace(part, trick), *segments[at + 1 :]]) + mark + query
    for trick in ("..%2fhushed", "%00", "%2f%2fevil.example", ";x"):
        yield path + trick


def wrong(answer):
    """Say what is wrong with an answer, or nothing."""
    if answer.status_code >= 500 and answer.status_code != 503:
        return str(answer.status_code)
    where = answer.get("Location", "")
    if where and (not re.match(r"/(?![/\\])", where) or "\r" in where or "\n" in where):
        return f"leads to {where[:60]}"
    return "a file" if SECRET in content_of(answer) else ""


def test_no_part_of_an_address_leads_out_of_a_folder_or_to_another_host(house, request):
    for folder in (settings.DATA, settings.DATA.parent, settings.DATA / "exports", Path(settings.DOCUMENTS)):
        folder.mkdir(exist_ok=True)
        (folder / "hushed").write_bytes(SECRET)
    clients, errors, asked, seen = {}, [], 0, set()
    for each in lines():
        role = next((role for role in ROLES if role in (each.reads or ()) and role != "suspended"), None)
        address = each.address.format(**house)
        route = resolve(address.partition("?")[0]).route
        if role is None or route in seen:
            continue
        seen.add(route)
        if role not in clients:
            clients[role] = Client(raise_request_exception=False)
            if role not in {"outsider", "unverified"}:
                person = request.getfixturevalue(role)
                clients[role].force_login(person, backend="plenara.accounts.adapter.Backend")
        for hostile in tricked(address, len(seen)):
            with short_refusals() if asked % IN_FULL else contextlib.nullcontext():
                error = wrong(clients[role].get(hostile))
            asked += 1
            errors += [(hostile[:200], error)] if error else []
    assert errors == []
    assert asked > 1_000


def test_everything_that_is_kept_has_a_plain_name(house):
    """Whatever things are called, nothing of it is part of the name of a file or of an object."""
    kept = [*store.documents().listed(), *store.exports().listed()]
    assert len(kept) > 10
    assert [name for name in kept if not all(map(NAME.fullmatch, name.split("/")))] == []


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "C:\\con.txt", "a\0.exe", "\u202etxt.exe", "a\r\nX: y",
     "..", "", ".htaccess", "a" * 5000, "x.html", "x.svg", '"; filename="evil.exe', "%2e%2e%2f", "~", "con",
     "a/b/c.pdf"],
)  # fmt: skip
def test_a_papers_name_is_a_name_with_the_ending_of_what_it_is(name):
    kept = name_with("pdf", name)
    assert kept.endswith(".pdf") and len(kept) <= 160
    assert not re.search(r"[/\\\x00-\x1f\u202a-\u202e]", kept)
    assert not kept.startswith(".")
