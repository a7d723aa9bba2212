"""Run the web server and the task worker, with production settings, until it is stopped.

Without a mail server, e-mails wait, and the desk shows a warning. A proxy in front must handle TLS.
"""

import argparse

from plenara.operations.server import PROCESSES
from plenara.operations.terminal import say

HELP = "run the web server and the task worker"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the address and the port."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=port, default=8000, help="port to listen on (default: %(default)s)")
    parser.add_argument(
        "--processes",
        type=int,
        default=PROCESSES,
        choices=range(1, 33),
        metavar="N",
        help="processes that run Django (default: %(default)s)",
    )
    parser.add_argument(
        "--fronts",
        type=int,
        choices=range(1, 5),
        metavar="N",
        help="processes that answer cached pages (default: one for each two processors)",
    )
    parser.add_argument(
        "--upgrade", action="store_true", help="first create the database if there is none, and upgrade an older one"
    )


def port(text: str) -> int:
    """Return a port's number."""
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a valid port: enter a number from 1 to 65535")
    return number


def run(options: argparse.Namespace) -> None:
    """Serve."""
    from plenara.operations import startup
    from plenara.operations.server import serve

    startup.start()
    from plenara.operations.actions.upgrade import upgrade
    from plenara.operations.static_files import collect

    if options.upgrade and startup.fitness() is startup.Fitness.EMPTY:
        startup.migrate()
    elif options.upgrade:
        upgrade(report=say)
    with startup.shared_on_machine():
        startup.require_migrated()
        startup.erase_again()
        collect()
        serve(options.host, options.port, processes=options.processes, number_of_fronts=options.fronts)
