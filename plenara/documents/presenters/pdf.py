"""A paper as a PDF: tagged, with its language, set by WeasyPrint in a process of its own.

WeasyPrint takes a second to load and needs Pango, which may be missing, so it is not imported here. A text that
crashes it, or takes for ever, affects only that process, whose memory is freed.
"""

import ctypes
import logging
import shutil
import signal
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import pgettext

from plenara.core.languages import django_code
from plenara.documents.presenters.paper import Paper

log = logging.getLogger("plenara.printing")

MEDIA_TYPE = "application/pdf"
#: Seconds that typesetting one paper may take. Measured: a second for each 25 pages, and one for the start.
SECONDS = 90
#: The program that the process runs: a file of its own, which imports nothing of ours.
TYPESETTER = Path(__file__).with_name("typesetter.py")
#: The libraries that WeasyPrint needs, and their Debian packages.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "libfontconfig1",
}


#: The font families of the pages, and their Debian packages.
FONTS = {"Noto Naskh Arabic": "fonts-noto-core", "Noto Serif CJK SC": "fonts-noto-cjk"}


class Unset(Exception):
    """A paper could not be typeset: WeasyPrint is missing, crashed, or took too long."""


@lru_cache(maxsize=1)
def missing_packages() -> tuple[str, ...]:
    """Return the missing Debian packages without which no PDF can be made."""
    return tuple(package for library, package in LIBRARIES.items() if not _is_there(library))


def fonts_without() -> tuple[str, ...]:
    """Return the Debian packages of missing fonts, as far as fontconfig's own program knows."""
    program = shutil.which("fc-list")
    if program is None:
        return ()
    result = subprocess.run([program, ":", "family"], stdout=subprocess.PIPE, check=False)
    families = result.stdout.decode(errors="replace")
    return tuple(package for family, package in FONTS.items() if family not in families)


def is_possible() -> bool:
    """Return whether this machine can make PDFs."""
    return not missing_packages()


def _is_there(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def as_pdf(paper: Paper) -> bytes:
    """Return a paper as a PDF. The same paper gives the same bytes. Raises `Unset`."""
    return typeset(as_html(paper), identifier=paper.digest())


def as_html(paper: Paper) -> str:
    """Return a paper as the HTML page to typeset."""
    blocks = [
        {"template": f"documents/print/blocks/{type(it).__name__.lower()}.html", "block": it} for it in paper.blocks
    ]
    with translation.override(django_code(paper.language)):
        title = paper.title.text if paper.title.text == paper.eyebrow else f"{paper.eyebrow}: {paper.title.text}"
        return render_to_string(
            "documents/print/paper.html",
            {
                "paper": paper,
                "title": title,
                "blocks": blocks,
                "also": pgettext("label", "Also signed by"),
                "whole": pgettext("what a note quotes, further on in the same paper", "in full below"),
            },
        )


def typeset(page: str, *, identifier: str) -> bytes:
    """Return a page of HTML as a PDF. Raises `Unset`; the log has the reason and nothing of the page.

    A crash in a C library is tried once more: once in some thousands of papers, Pango crashed on a page that it
    typeset correctly every other time.
    """
    result = _run_typesetter(page, identifier)
    if result.returncode == -signal.SIGSEGV:
        _log_failure(result)
        result = _run_typesetter(page, identifier)
    if result.returncode != 0 or not result.stdout.startswith(b"%PDF-"):
        _log_failure(result)
        raise Unset
    return result.stdout


def _run_typesetter(page: str, identifier: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", "-B", "-X", "faulthandler", str(TYPESETTER), identifier]
    try:
        return subprocess.run(
            command,
            input=page.encode("utf-8", errors="replace"),
            capture_output=True,
            env={"LANG": "C.UTF-8"},
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("not set", extra={"error": type(error).__name__})
        raise Unset from error


def _log_failure(result: subprocess.CompletedProcess[bytes]) -> None:
    log.warning("not set", extra={"exit": result.returncode, "error": _last_error(result.stderr)})


def _last_error(output: bytes) -> str:
    """Return the name of the exception that ended a program, or the line of code that crashed.

    Nothing else: the message of an exception may quote the page.
    """
    lines = output.decode(errors="replace").splitlines()
    if lines and lines[0].startswith("Fatal Python error"):
        return next((line.strip() for line in lines if line.startswith("  File ")), "")[:200]
    return lines[-1].partition(":")[0][:80] if output.startswith(b"Traceback") else ""
