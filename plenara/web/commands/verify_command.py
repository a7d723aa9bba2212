"""Check a bundle without importing it, and print its figures.

Everything is checked that an import checks before it writes: the manifest's checksums, every row and every reference.
"""

import argparse
from collections import Counter
from pathlib import Path

from plenara.web.commands.import_command import size_of, tell_faults
from plenara.web.terminal import Bar, Failed, plural, say

HELP = "check a bundle and print its figures"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The path of the bundle."""
    parser.add_argument("path", metavar="PATH", type=Path, help="a folder or a .zip file")


def run(options: argparse.Namespace) -> int:
    """Check the bundle and print what it holds. No database is needed."""
    from plenara.archive.bundle import MANIFEST
    from plenara.archive.bundle.checking.bundle import check
    from plenara.archive.bundle.faults import BadBundle, Faults, NotABundle
    from plenara.archive.bundle.reading import opened

    faults = Faults()
    try:
        with opened(options.path, faults) as source, Bar("Checking", size_of(options.path)) as step:
            checked = check(source, faults, step)
            has_manifest = MANIFEST in source.sizes
    except NotABundle as refused:
        raise Failed(str(refused)) from refused
    except BadBundle as bad:
        return tell_faults(options.path, bad, "It cannot be imported")
    seen = checked.everything.seen.values()
    statuses = Counter(one.status for one in seen)
    figures = [
        ("consultation", f"{checked.slug} ({checked.consultation['symbol']}), {checked.consultation['state']}"),
        ("threads", str(len(checked.consultation["threads"]))),
        ("contributions", str(len(seen))),
        *((f"  {status}", str(count)) for status, count in sorted(statuses.items())),
        ("  of these replies", str(sum(one.parent is not None for one in seen))),
        ("documents", f"{len(checked.documents)} ({sum(size for _sha, size in checked.documents.values()):,} bytes)"),
        ("decisions", str(checked.decisions)),
        ("summaries", str(checked.summaries)),
        ("themes", str(len(checked.themes))),
        ("manifest", f"right, {plural(len(checked.raw), 'file', 'files')} compared" if has_manifest else "none"),
        ("content", checked.digest),
    ]
    for name, value in figures:
        say(f"{name:20} {value}")
    for name in checked.left_out:
        say(f"{'left out by imports':20} {name}")
    say("No fault found.")
    return 0
