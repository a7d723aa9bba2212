"""No input makes the software open a connection: it asks nobody but the servers that an operator names."""

import ast
import contextlib
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import plenara
from plenara.core.refusals import InvalidInput
from plenara.documents.presenters import pdf
from plenara.events.validation import calendar_files as calendars
from plenara.themes.validation import files as themes

pytestmark = pytest.mark.once

ROOT = Path(plenara.__file__).parent
#: What can open a connection to an address.
NETWORK = {"aiohttp", "ftplib", "http.client", "httpx", "requests", "smtplib", "socket", "urllib.request", "urllib3"}
#: Who may: what asks the machines that an operator names, what knows the mail server's errors, what listens and serves.
ALLOWED = ("core/machines/requests.py", "email/delivery.py", "front/", "operations/")


def imported(file: Path) -> set[str]:
    """Return the names of the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def test_only_what_asks_the_named_machines_can_open_a_connection():
    files = {file.relative_to(ROOT).as_posix(): file for file in ROOT.rglob("*.py")}
    assert len(files) > 500
    opens = {name for name, file in files.items() if imported(file) & NETWORK}
    assert "core/machines/requests.py" in opens
    assert {name for name in opens if not name.startswith(ALLOWED)} == set()


@pytest.fixture
def cut_off(monkeypatch):
    """Fail whoever opens a connection or asks for the address of a name."""

    def refuse(*_arguments, **_named):
        raise AssertionError("something was asked for over the network")

    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


#: Addresses that an attacker would like to have asked: this machine, its network, a cloud's secrets, a file.
WANTED = [
    "http://127.0.0.1:8000/desk/", "http://[::1]/", "http://0x7f000001/", "http://localhost./", "http://10.0.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://metadata.google.internal/", "file:///etc/passwd",
    "ftp://127.0.0.1/", "gopher://127.0.0.1:6379/_FLUSHALL", "//127.0.0.1/x", "jar:http://127.0.0.1!/",
]  # fmt: skip


@pytest.mark.parametrize("address", WANTED)
def test_a_calendar_that_names_an_address_makes_nobody_ask_it(address, cut_off, noon):
    file = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nTZURL:{address}\r\n"
        "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\n"
        f"SUMMARY:A meeting\r\nURL:{address}\r\nATTACH:{address}\r\nSOURCE:{address}\r\nIMAGE;VALUE=URI:{address}\r\n"
        f'DESCRIPTION;ALTREP="{address}":Words\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    )
    try:
        rows = calendars.read_file(file.encode(), "en")
    except InvalidInput:
        return
    assert len(rows) == 1


@pytest.mark.parametrize("address", WANTED)
@pytest.mark.parametrize("name", ["list.ttl", "list.jsonld"])
def test_a_list_of_themes_that_names_an_address_makes_nobody_ask_it(address, name, cut_off, db):
    turtle = f"@base <{address}> . @prefix s: <http://www.w3.org/2004/02/skos/core#> . <> a s:Concept ; s:seeAlso <x> ."
    json_ld = json.dumps({"@context": [address, {"@import": address}], "@id": address, "@type": "Concept"})
    with contextlib.suppress(InvalidInput):
        themes.read((turtle if name.endswith("ttl") else json_ld).encode(), name=name)


def test_setting_a_pdf_asks_nobody_and_reads_no_file():
    """The typesetter is a program of its own: that nothing is asked for is seen by who would be asked."""
    pdf_program = pdf.TYPESETTER
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        here = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        names = [here, "file:///etc/passwd", *WANTED[2:6]]
        page = "".join(
            f'<link rel=stylesheet href="{each}"><link rel=attachment href="{each}"><img src="{each}">'
            f'<object data="{each}"></object><style>@import "{each}"; p {{ background: url("{each}") }}'
            f'@font-face {{ font-family: x; src: url("{each}") }} p {{ font-family: x }}</style><p>Words</p>'
            for each in names
        )
        html = f"<!doctype html><html lang=en><head><title>x</title></head><body>{page}</body></html>"
        ran = subprocess.run(
            [sys.executable, "-I", pdf_program, "x"], input=html.encode(), capture_output=True, timeout=600, check=False
        )
        with pytest.raises(TimeoutError):
            listener.accept()
    assert ran.returncode != 0 or (ran.stdout.startswith(b"%PDF") and b"root:x:0" not in ran.stdout)
