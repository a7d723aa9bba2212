"""Child processes of a command: the same Python and program, wherever it was started from."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path


def command(code: str, *arguments: str) -> list[str]:
    """Return the command line that runs a line of Python with our program importable."""
    return [sys.executable, "-P", "-c", code, *arguments]


def environment(names: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of such a process."""
    root = str(Path(__file__).resolve().parent.parent.parent)
    return {**names, "PYTHONPATH": os.pathsep.join(filter(None, [root, names.get("PYTHONPATH", "")]))}


def named(name: str) -> None:
    """Set the name of this process for `ps` and `top`, if the system supports it: at most 15 characters."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name)


def end_with_parent(parent: int) -> None:
    """End this process as soon as its parent ends: a killed parent cannot send a signal."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.2)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()
