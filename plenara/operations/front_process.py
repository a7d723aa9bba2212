"""Starting the front processes: their socket, the file with their settings, and restarts."""

import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from plenara.core.languages import NAMES, django_code, html_code
from plenara.core.rows import Json
from plenara.front import children
from plenara.operations import environment

#: The most bytes of the path of a socket (sun_path, less the zero at its end).
_LONGEST_PATH = 107
_START = "import sys; from plenara.front.process import main; main(sys.argv[1], *map(int, sys.argv[2:]))"
#: The most fronts; the first one does what further ones cannot.
_MOST = 4


@contextlib.contextmanager
def sockets(listener: socket.socket) -> Iterator[Path]:
    """Listen on the public socket, and yield the path of the one that Django listens on behind it."""
    from django.conf import settings

    folder = Path(settings.DATA) / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    _sweep(folder)
    with contextlib.ExitStack() as stack:
        behind = folder / f"behind-{os.getpid()}.sock"
        if len(os.fsencode(behind)) > _LONGEST_PATH:
            behind = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plenara-"))) / "behind.sock"
        stack.enter_context(listener)
        listener.listen(1024)
        stack.callback(behind.unlink, missing_ok=True)
        yield behind


def number_of_fronts() -> int:
    """Return how many fronts share the port: one on one or two processors, then one for each two."""
    if sys.platform != "linux":
        return 1
    return min(_MOST, (len(os.sched_getaffinity(0)) + 1) // 2)


@contextlib.contextmanager
def fronts(
    listener: socket.socket, behind: Path, *, processes: int, threads: int, number: int, is_passed: bool = False
) -> Iterator[Callable[[], None]]:
    """Keep the fronts running beside the block; yield a function that stops them, the first one last.

    Behind them are `processes` processes of Django with `threads` threads each. A socket that was passed stays open.
    """
    from django.conf import settings

    from plenara.operations.server import restarted_when_dead

    file = Path(settings.DATA) / "run" / f"front-{os.getpid()}.json"
    file.touch(mode=0o600)
    own = {"processes": processes, "threads": threads, "fronts": number, "is_passed": is_passed}
    file.write_text(json.dumps({**_front_settings(behind), **own}))

    def start(which: int, ends: Sequence[socket.socket]) -> subprocess.Popen[bytes]:
        files = [listener.fileno(), *(each.fileno() for each in ends)]
        command = children.command(_START, str(file), str(os.getpid()), str(which), *map(str, files))
        return subprocess.Popen(command, env=children.environment(), start_new_session=True, pass_fds=files)

    with contextlib.ExitStack() as stack:
        stack.callback(file.unlink, missing_ok=True)
        # They are ours, so that a front that dies loses nothing that another one sent it.
        pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _each in range(number - 1)]
        for end in itertools.chain(*pairs):
            stack.enter_context(end)
        first = partial(start, 1, [near for near, _far in pairs])
        stops = [stack.enter_context(restarted_when_dead("front process", first))]
        for which, (_near, far) in enumerate(pairs, start=2):
            further = restarted_when_dead(f"front process {which}", partial(start, which, [far]))
            stops.append(stack.enter_context(further))

        def stop() -> None:
            for each in reversed(stops):
                each()

        yield stop


def _sweep(folder: Path) -> None:
    """Delete the remains of killed servers."""
    for file in folder.iterdir():
        number = file.stem.rpartition("-")[2]
        if number.isdigit() and not Path(f"/proc/{number}").exists():
            file.unlink(missing_ok=True)


def _front_settings(behind: Path) -> Json:
    """Return the settings of the front, which loads neither Django nor its settings."""
    from django.conf import settings

    return {
        "behind": str(behind),
        "cache_bytes": environment.number("PLENARA_CACHE_MB") * 1_000_000,
        "database": _database(),
        "hosts": settings.ALLOWED_HOSTS,
        "logging": {**settings.LOGGING, "loggers": {}},
        "observation": settings.OBSERVATION,
        "redis_url": environment.text("PLENARA_REDIS_URL"),
        "sorry": {language: _sorry(language) for language in NAMES},
        "static_root": str(settings.STATIC_ROOT),
        "trusted_proxies": settings.TRUSTED_PROXIES,
    }


def _database() -> str | dict[str, str | int]:
    """Return the database of the revisions, which is that of the pages: a file, or the parameters of a server."""
    from django.db import connections

    connection = connections["replica" if "replica" in connections.settings else "default"]
    if connection.vendor == "sqlite":
        return str(connection.settings_dict["NAME"])
    parameters = connection.get_connection_params()
    # The front sets its own timeouts: its reading must never hang.
    own = {"connect_timeout", "options", "tcp_user_timeout"}
    return {name: value for name, value in parameters.items() if isinstance(value, str | int) and name not in own}


def _sorry(language: str) -> dict[str, str]:
    """Return the front's own error pages in a language, by kind: see `Relay`.

    For a reader, that the site is unavailable; for a sender of a form, why it was refused, with what was sent in the
    place of the mark, or without it if nothing can be shown again.
    """
    from django.template.loader import render_to_string
    from django.utils import translation

    from plenara.front.relay import NOT_TAKEN
    from plenara.front.resubmission import MARK
    from plenara.operations.resubmission import Field, Sent

    def page(template: str, sent: Sent | None = None, **more: object) -> str:
        context = {"lang": language, "html_lang": html_code(language), "sent": sent or Sent(), **more}
        return render_to_string(template, context)

    unavailable, cut = "core/away.html", "core/not_taken.html"
    marked = Sent(fields=[Field("given-back-here", "")])
    with translation.override(django_code(language)):
        pages = {"read": page(unavailable, is_form=False)}
        for kind in ("form", "unsure"):
            is_unsure = kind == "unsure"
            pages[kind] = page(unavailable, marked, is_form=True, is_unsure=is_unsure, with_files=True)
            pages[f"{kind} empty"] = page(unavailable, is_form=True, is_unsure=is_unsure)
        for status, kind in NOT_TAKEN.items():
            pages[kind], pages[f"{kind} empty"] = page(cut, marked, status=int(status)), page(cut, status=int(status))
    assert all((MARK in text) != (kind == "read" or kind.endswith(" empty")) for kind, text in pages.items())
    return pages
