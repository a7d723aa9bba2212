"""The command line: find the command, and turn any failure into one sentence and an exit code.

0: done. 1: refused, or it failed. 2: called wrongly. Django is loaded by the commands that need it, when they run.
"""

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from plenara import __version__
from plenara.operations.terminal import Failed, complain

#: In the order of the help; each is a module of `plenara.operations.commands`, `-` read as `_`.
COMMANDS = (
    "demo", "serve", "work", "check", "migrate", "upgrade", "create-organizer", "import", "export", "verify", "backup",
    "restore", "mirror", "index",
)  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--traceback", action="store_true", help="show the Python traceback of a failure")
    whole = argparse.ArgumentParser(
        prog="plenara",
        description="Public consultations in writing, with a permanent record.",
        epilog="Settings are read from the environment; `plenara check` lists them. "
        "Exit codes: 0 done, 1 refused or failed, 2 wrong arguments.",
    )
    whole.add_argument("--version", action="version", version=f"plenara {__version__}")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        command = importlib.import_module(f"plenara.operations.commands.{name.replace('-', '_')}_command")
        sub = commands.add_parser(name, help=command.HELP, description=command.__doc__, parents=[common])
        command.arguments(sub)
        sub.set_defaults(run=command.run, command=name)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _terminated)
    try:
        return options.run(options) or 0
    except Failed as failed:
        sentence = str(failed)
    except KeyboardInterrupt:
        sentence = "Interrupted."
    except BrokenPipeError:
        return 1  # whoever read our output has gone
    except Exception as error:
        if options.traceback:
            raise
        # Object storage that is away says why: nothing is wrong in the code.
        reason = getattr(error, "reason", "")
        sentence = (
            f"{error} ({reason})" if reason else f"{_named(error)} Run the command again with --traceback to see where."
        )
    complain(f"plenara {options.command}: {sentence}")
    return 1


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _named(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:300]}{'' if text.endswith('.') else '.'}"


if __name__ == "__main__":
    sys.exit(main())
