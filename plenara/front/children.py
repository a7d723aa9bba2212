"""Processes of our own that a command starts: the same Python, the same program, wherever it was started from."""

import contextlib
import os
import sys
import threading
import time
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


def end_with_parent(parent: int) -> None:
    """End this process at once when the one that started it is gone: if that was killed, it cannot tell us."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.2)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()
