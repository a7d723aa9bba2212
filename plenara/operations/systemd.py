"""What a service manager passes to `plenara serve`: a socket that it listens on, and where to say that we answer.

While `plenara serve` is restarted, connections wait in that socket, so that no request is lost.
"""

import contextlib
import os
import socket
from collections.abc import Callable

from plenara.operations.terminal import Failed

#: The number of the first file that is passed (sd_listen_fds(3)).
_FIRST = 3


def passed_socket() -> socket.socket | None:
    """Return the socket that was passed to this process, or None. Raises `Failed` if it is not one for TCP."""
    names = {name: os.environ.pop(name, "") for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")}
    if names["LISTEN_PID"] != str(os.getpid()):
        return None  # for another process, which started us
    with contextlib.suppress(OSError):  # not a socket
        passed = socket.socket(fileno=_FIRST)
        is_tcp = passed.type == socket.SOCK_STREAM and passed.family in {socket.AF_INET, socket.AF_INET6}
        if is_tcp and names["LISTEN_FDS"] == "1":
            passed.set_inheritable(False)
            return passed
    raise Failed("The service manager must pass exactly one socket, for TCP: see ListenStream= in its unit.")


def notifier(state: str) -> Callable[[], None] | None:
    """Return a function that sends a state, such as READY=1, to the service manager; None if it waits for none."""
    address = os.environ.get("NOTIFY_SOCKET", "")

    def notify() -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as messages:
            messages.sendto(state.encode(), address.replace("@", "\0", 1))  # sd_notify(3)

    return notify if address else None
