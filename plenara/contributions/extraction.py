"""Drawing the words out of a paper, in a process of its own: a hostile file may crash it without harm.

The process has bounded memory, time and output, opens no file for writing, and is killed when its time is over. What
it prints is text from outside, and cleaned as such.
"""

import contextlib
import subprocess
import sys
import threading
from pathlib import Path

from plenara.core.store import Stored
from plenara.core.text import clean

#: Seconds that reading one paper may take.
SECONDS = 60
#: Characters of a paper that are kept for moderators and the search.
MOST_CHARACTERS = 1_000_000
#: The program that the process runs: a file by itself, which imports nothing of ours.
READER = Path(__file__).with_name("paper_reader.py")


class Unreadable(Exception):
    """A paper whose words could not be drawn out: damaged, locked, hostile, or a picture of a text."""


def words_of(paper: Stored, ending: str, *, seconds: float = SECONDS) -> str:
    """Return the words of a paper: of a PDF, DOCX or ODT as their library reads them, of plain text as they stand.

    Raises `Unreadable` for whatever goes wrong in there, `FileNotFoundError` and `Away`.
    """
    command = [sys.executable, "-I", "-B", str(READER), ending, str(MOST_CHARACTERS)]
    with paper.opened() as file:
        try:
            reader = subprocess.Popen(
                command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"LANG": "C.UTF-8"}
            )
        except OSError as error:
            raise Unreadable from error
    # A file that has taken the reader over could print for ever: we read no more than we keep.
    timer = threading.Timer(seconds, reader.kill)
    timer.start()
    try:
        assert reader.stdout
        printed = reader.stdout.read(MOST_CHARACTERS * 4)
    finally:
        timer.cancel()
        if reader.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                reader.wait(timeout=1)
        reader.kill()
        reader.wait()
        if reader.stdout:
            reader.stdout.close()
    if reader.returncode != 0:
        raise Unreadable
    text = clean(printed.decode("utf-8", errors="replace"))[:MOST_CHARACTERS]
    if not any(letter.isalnum() for letter in text):
        raise Unreadable
    return text
