"""Processes of our own that a command starts: the same Python, the same program, wherever it was started from."""

import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path


def command(code: str, *arguments: str) -> list[str]:
    """Return the command line that runs a line of Python with our program at hand."""
    return [sys.executable, "-P", "-c", code, *arguments]


def environment(names: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of such a process."""
    root = str(Path(__file__).resolve().parent.parent.parent)
    return {**names, "PYTHONPATH": os.pathsep.join(filter(None, [root, names.get("PYTHONPATH", "")]))}


def named(name: str) -> None:
    """Give this process the name that `ps` and `top` show, where the system lets it: at most 15 characters."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name)
