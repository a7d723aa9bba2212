"""Run a demo on this computer: two consultations with invented people. Sign in as any role; e-mails appear on a page.

The demo is stored in the folder `demo` of the data folder, and sends nothing to anyone. Changes stay until you use
--reset, which deletes only that folder.
"""

import argparse
import gc
import os
from pathlib import Path

from plenara.front import children
from plenara.operations.commands.serve_command import port
from plenara.operations.terminal import Bar, Failed, complain, say

HELP = "run a demo on this computer"
SETTINGS = "plenara.config.demo_settings"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the port, and the option to begin again."""
    parser.add_argument("--port", type=port, default=8000, help="port to listen on (default: %(default)s)")
    parser.add_argument("--reset", action="store_true", help="delete all changes in the demo and start again")


def run(options: argparse.Namespace) -> None:
    """Build the demo where there is none, then serve it."""
    from django.core.exceptions import ImproperlyConfigured

    from plenara.operations import demo_folder, environment
    from plenara.operations.server import bound

    try:
        demo_folder.require_harmless(os.environ)
        base = environment.data_folder()
    except ImproperlyConfigured as error:
        raise Failed(str(error)) from error
    bound("127.0.0.1", options.port).close()
    folder = base / demo_folder.NAME
    if folder.exists() and not demo_folder.is_marked(folder):
        raise Failed(f"{folder} was not created by the demo. Move or rename it.")
    with demo_folder.turn(base):
        if options.reset and folder.exists() and not demo_folder.delete(folder):
            raise Failed("The demo is running. Stop it first.")
        if not folder.exists():
            _build(base, options.port)
    _serve(base, options.port)


def _build(base: Path, number: int) -> None:
    """Build the demo's data in a child process, since its settings name the folder that it is built in."""
    import subprocess

    from plenara.operations import demo_folder

    complain("Creating the demo data (only the first time) ...")
    with demo_folder.workshop(base) as workshop:
        command = children.command("from plenara.operations.commands.demo_command import build; build()")
        environment = children.environment(demo_folder.environment_of(workshop, number))
        if subprocess.run(command, env=environment, check=False).returncode:
            raise Failed("The demo could not be created. See the reason above.")


def build() -> None:
    """Fill the folder that the environment names with the demo's data."""
    from plenara.operations import startup

    startup.start(SETTINGS)
    from plenara_sample import installation

    children.end_with_parent(os.getppid())
    gc.disable()  # this process ends in a few seconds; garbage collection would take a tenth of them
    startup.create_tables()
    bar = Bar("Creating the demo", 1)
    try:
        installation.build(bar.at)
    finally:
        bar.end()
    _fold_journal()


def _fold_journal() -> None:
    """Bring everything into the one database file, so that the folder can be renamed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _serve(base: Path, number: int) -> None:
    from plenara.operations import demo_folder, startup
    from plenara.operations.server import serve

    os.environ.update(demo_folder.environment_of(base, number))
    startup.start(SETTINGS)
    from plenara.operations.static_files import collect

    startup.migrate()
    collect()
    address = f"http://127.0.0.1:{number}"

    def print_addresses() -> None:
        say(f"The demo is at {address}/")
        say(f"Sign in as any role: {address}/demo/   E-mails: {address}/demo/mail/   Press Ctrl-C to stop the demo.")

    with demo_folder.in_use(base / demo_folder.NAME):
        serve("127.0.0.1", number, when_up=print_addresses)
