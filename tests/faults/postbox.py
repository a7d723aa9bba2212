"""A mail server of the tests' own: it can stop, come back, refuse some permanently, and delay an e-mail."""

import threading
from collections import Counter
from email import message_from_bytes

from aiosmtpd.controller import Controller

from tests.installations import free_port


class Postbox:
    """The server and what it was given: how often each Message-ID came, by its receiver."""

    def __init__(self) -> None:
        self.port = free_port()
        self.letters: Counter[tuple[str, str]] = Counter()
        self.refuses = lambda address: False
        self.hold: threading.Event | None = None
        self.is_holding = threading.Event()
        self._controller: Controller | None = None

    @property
    def names(self) -> dict[str, str]:
        """What an installation's environment says of it."""
        return {"PLENARA_MAIL_URL": f"smtp://127.0.0.1:{self.port}"}

    def start(self) -> None:
        """Listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Be away."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Refuse an address for good, or take it."""
        if self.refuses(address):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Store an e-mail's number; delay it once on request."""
        hold, self.hold = self.hold, None
        if hold is not None:
            import asyncio

            self.is_holding.set()
            await asyncio.get_running_loop().run_in_executor(None, hold.wait, 60)
        number = message_from_bytes(envelope.content)["Message-ID"]
        for address in envelope.rcpt_tos:
            self.letters[number, address] += 1
        return "250 OK"
