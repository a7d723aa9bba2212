"""Write the whole public record of a consultation as files, for any web server.

The files have the same addresses as on the site. Links to forms, filters and search lead to the site. DIR is a new or
empty folder, or the copy of an earlier run; then only what has changed is written. If a run is interrupted, run it
again to complete it.
"""

import argparse
import os
import time
from pathlib import Path

from plenara.operations.terminal import Bar, Failed, complain, plural, say

HELP = "write a consultation as a static copy"


def processes(text: str) -> int:
    """Return the number of processes; one at least."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the consultation and the folder."""
    parser.add_argument("slug", metavar="SLUG", help="the consultation's short name in its web address")
    parser.add_argument("path", metavar="DIR", type=Path, help="a new folder, or the copy of an earlier run")
    parser.add_argument(
        "--processes",
        metavar="N",
        type=processes,
        default=cores(),
        help="how many processes write files (default: one for each core, here %(default)s)",
    )
    parser.add_argument("--again", action="store_true", help="fetch every page again, even if it seems unchanged")


def run(options: argparse.Namespace) -> None:
    """Make the copy, or bring it up to date, and say what was done."""
    from plenara.operations import startup, static_files

    startup.start()
    from plenara.bundles.targets import Unwritable
    from plenara.consultations.models import Consultation
    from plenara.mirror.actions import mirror
    from plenara.mirror.actions.batches import Unmirrored
    from plenara.mirror.actions.processes import Lost
    from plenara.mirror.folder import Unusable

    startup.require_migrated()
    consultation = Consultation.objects.filter(slug=options.slug, is_community=False).first()
    if consultation is None:
        known = ", ".join(Consultation.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise Failed(f"There is no consultation {options.slug!r} here; the consultations here are: {known or 'none'}.")
    if not consultation.is_public:
        raise Failed(f"{options.slug} is a draft. Only public consultations can be copied.")
    static_files.collect()
    began, bar = time.monotonic(), Bar("Copying", 1)
    try:
        outcome = mirror(consultation, options.path, bar.at, again=options.again, processes=options.processes)
    except (Unusable, Unmirrored, Unwritable, Lost) as refused:
        raise Failed(str(refused)) from refused
    except KeyboardInterrupt:
        raise Failed("Interrupted. Run the command again to continue.") from None
    except OSError as error:
        raise Failed(f"{options.path} cannot be written ({error.strerror}).") from error
    finally:
        bar.end()
    for address, status in sorted(outcome.missing.items())[:20]:
        complain(f"{address} is not available yet (HTTP {status}). A later run will add it.")
    whole = f"{plural(outcome.files, 'file', 'files')}, {outcome.size / 1e6:,.1f} MB"
    if outcome.is_unchanged:
        say(f"Nothing has changed. {options.path} has {whole}.")
        return
    counts = outcome.counts
    did = f"{counts.written:,} written, {counts.unchanged:,} unchanged, {counts.removed:,} removed"
    say(f"Copied {options.slug} to {options.path}: {whole}; {did}, in {time.monotonic() - began:.1f} s.")
