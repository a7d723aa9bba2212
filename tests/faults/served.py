"""`plenara serve` under faults: which of its processes is which, and starting it again when it was killed itself."""

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from plenara.operations.server import PROCESSES
from tests.installations import Installation, children, free_port, get, is_alive, kill, wait_until

#: Seconds within which everything answers again, whatever was killed: this machine may be busy with much else.
BOUND = 45


class Served:
    """A server that an operator's service manager keeps up."""

    def __init__(self, installation: Installation):
        self.installation, self.port = installation, free_port()
        self._server: subprocess.Popen | None = None
        #: The errors that it logged last, for who looks for the reason of something.
        self.errors: deque[str] = deque(maxlen=50)

    def __enter__(self) -> "Served":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._server is not None
        kill(self._server)
        # The front and the worker have sessions of their own, and end when their parent is gone.
        wait_until(lambda: get(self.port, seconds=2)[0] == 0, 10)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._server = self.installation.start("serve", "--port", str(self.port))
        # A full pipe would hold it up.
        threading.Thread(target=self._server.stdout.read, daemon=True).start()
        threading.Thread(target=self._listen, args=[self._server.stderr], daemon=True).start()
        assert wait_until(self.is_well, 90), "the server does not start"

    def _listen(self, stream: Iterable[str]) -> None:
        self.errors.extend(line for line in stream if '"level": "ERROR"' in line or not line.startswith("{"))

    def is_well(self) -> bool:
        """Say whether it answers, and the database behind it."""
        return get(self.port, seconds=5)[0] == 200

    def pids(self, role: str) -> set[int]:
        """Return the processes of a role: supervisor, front, worker or django."""
        assert self._server is not None
        if role == "supervisor":
            return {self._server.pid}
        return {each for each in children(self._server.pid) if self._role(each) == role}

    @staticmethod
    def _role(pid: int) -> str:
        try:
            return Path(f"/proc/{pid}/comm").read_text().strip().removeprefix("plenara-")
        except OSError:
            return ""

    def kill(self, role: str) -> float:
        """Kill a process; return after how many seconds there was another in its place and everything answered."""
        wanted = PROCESSES if role == "django" else 1
        assert wait_until(lambda: len(self.pids(role)) == wanted, BOUND), f"no {role} to kill"
        victim = min(self.pids(role))
        began = time.monotonic()
        os.kill(victim, signal.SIGKILL)
        if role == "supervisor":
            # Its children end with it; then the service manager starts it again.
            assert self._server is not None
            left = children(victim)
            self._server.wait()
            assert wait_until(lambda: not any(map(is_alive, left)), 30)
            self.start()
        assert wait_until(lambda: len(self.pids(role) - {victim}) == wanted and self.is_well(), BOUND), role
        return time.monotonic() - began
