"""Import a consultation, or the calendar, directory and themes, from a bundle: a folder or a .zip file.

The whole bundle is checked before anything is written. If it has any error, nothing is imported, and the first errors
are listed with file, line and field. Importing the same bundle again changes nothing.
"""

import argparse
import time
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from plenara.operations.terminal import Bar, Failed, complain, plural, say

if TYPE_CHECKING:
    from plenara.bundles.validation.bundle import Checked

HELP = "import a consultation, or the calendar and directory, from a bundle"

#: Contributions after which the database analyzes its tables again.
MANY = 10_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """The path of the bundle."""
    parser.add_argument("path", metavar="PATH", type=Path, help="a folder or a .zip file")


def run(options: argparse.Namespace) -> int:
    """Import the bundle and print what was imported."""
    from plenara.operations import startup

    startup.start()
    from plenara.bundles.actions.bundle import Outcome, Refused, import_bundle
    from plenara.bundles.format import COMMUNITY_HEAD
    from plenara.bundles.validation.errors import BadBundle, NotABundle
    from plenara.core import database
    from plenara.operations.commands.community_bundle import import_community, is_community

    if not options.path.exists():
        raise Failed(f"{options.path} does not exist.")
    startup.make_or_require()
    if is_community(options.path):
        return import_community(options.path, size_of(options.path, (COMMUNITY_HEAD,)))
    began = time.monotonic()
    try:
        # Every long file is read twice: to check, then to load.
        with Bar("Importing", 2 * size_of(options.path)) as step:
            checked, outcome = import_bundle(options.path, step)
    except (NotABundle, Refused) as refused:
        raise Failed(str(refused)) from refused
    except BadBundle as bad:
        return print_errors(options.path, bad, "Nothing was imported")
    except KeyboardInterrupt:
        raise Failed("Interrupted. Nothing was imported.") from None
    if outcome is not Outcome.HERE_ALREADY and len(checked.everything.seen) >= MANY:
        database.analyze()
    if outcome is Outcome.HERE_ALREADY:
        say(f"{checked.slug} already exists here with the same content. Nothing was changed.")
        say_links(checked)
        return 0
    for name in checked.left_out:
        complain(f"{name} was skipped: nothing in the bundle refers to it, or this version does not support it.")
    counts = [plural(len(checked.everything.seen), "contribution", "contributions")]
    if checked.documents:
        counts.append(plural(len(checked.documents), "document", "documents"))
    if checked.decisions:
        counts.append(plural(checked.decisions, "decision", "decisions"))
    if checked.summaries:
        counts.append(plural(checked.summaries, "summary", "summaries"))
    if checked.meetings:
        counts.append(plural(checked.meetings, "meeting", "meetings"))
    if checked.was_here:
        say(f"{checked.slug} already exists here with the same content.")
    else:
        say(f"Imported {checked.slug}: {', '.join(counts)}, in {time.monotonic() - began:.1f} s.")
    for each in checked.rounds:
        counted = plural(len(each.everything.seen), "contribution", "contributions")
        say(
            f"{each.slug} already exists here."
            if each.was_here
            else f"Imported the comment round {each.slug}: {counted}."
        )
    say_links(checked)
    return 0


def say_links(checked: "Checked") -> None:
    """Print the existing consultations that it was linked with, and what could not be linked."""
    from plenara.bundles.actions.outcomes import pending_links
    from plenara.consultations.models import Consultation

    if checked.linked:
        say(f"{checked.slug} was linked with {', '.join(checked.linked)}.")
    for name, count, is_here in pending_links(Consultation.objects.get(slug=checked.slug)):
        links = plural(count, "link", "links")
        if is_here:
            say(f"{links} to {name} cannot be created: {name} does not contain what is linked.")
        else:
            say(f"{links} to {name} cannot be created yet: import the bundle of {name} first.")


def size_of(path: Path, heads: Collection[str] = ("consultation.json",)) -> int:
    """Return about how many bytes of rows a bundle has, for the progress bar. It holds one of the files `heads`."""
    from plenara.bundles.validation.errors import BundleErrors, NotABundle
    from plenara.bundles.validation.sources import opened

    try:
        with opened(path, BundleErrors(), heads) as source:
            return sum(size for name, size in source.sizes.items() if name.endswith(".jsonl"))
    except NotABundle:
        return 0


def print_errors(path: Path, bad: Exception, consequence: str) -> int:
    """Print the errors of a bundle, a line for each, and return the exit code."""
    lines = bad.lines()  # type: ignore[attr-defined]
    count = bad.errors.count  # type: ignore[attr-defined]
    complain(f"{path} has {plural(count, 'error', 'errors')}. {consequence}.")
    for line in lines:
        complain(f"  {line}")
    return 1
