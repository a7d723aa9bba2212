"""Export the public content of a consultation, and nothing else, as a bundle.

If SLUG is `community`, the calendar, the directory and the list of themes are exported.

PATH must be an empty folder or must not exist yet. If PATH ends in .zip, a zip file is written. The same record always
gives the same bytes.
"""

import argparse
import time
from pathlib import Path

from plenara.operations.terminal import Bar, Failed, plural, say

HELP = "export a consultation as a bundle"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the consultation and the path."""
    parser.add_argument("slug", metavar="SLUG", help="the consultation's short name in its web address, or `community`")
    parser.add_argument("path", metavar="PATH", type=Path, help="a new folder, or a new .zip file")
    parser.add_argument("--with-rounds", action="store_true", help="include its rounds of comments")


def run(options: argparse.Namespace) -> None:
    """Export the consultation."""
    from plenara.operations import startup

    startup.start()
    from plenara.bundles.format import COMMUNITY_SLUG as COMMUNITY
    from plenara.bundles.queries.consultation import count, export, export_with_rounds, rounds_of
    from plenara.bundles.targets import Unwritable, written
    from plenara.consultations.models import Consultation
    from plenara.operations.commands.community_bundle import export_community

    startup.make_or_require()
    if options.slug == COMMUNITY:
        export_community(options.path)
        return
    consultation = Consultation.objects.filter(slug=options.slug, is_community=False).first()
    if consultation is None:
        there = Consultation.objects.filter(is_community=False).order_by("slug")
        known = ", ".join(there.values_list("slug", flat=True)[:20])
        raise Failed(f"There is no consultation {options.slug!r} here; the consultations here are: {known or 'none'}.")
    if not consultation.is_public:
        raise Failed(f"{options.slug} is a draft. Only public consultations can be exported.")
    began = time.monotonic()
    rounds = rounds_of(consultation) if options.with_rounds else []
    rows = sum(count(each) for each in (consultation, *rounds))
    try:
        with Bar("Exporting", rows) as step, written(options.path) as target:
            if options.with_rounds:
                rounds = export_with_rounds(consultation, target, step)
            else:
                export(consultation, target, step)
    except Unwritable as unwritable:
        raise Failed(str(unwritable)) from unwritable
    except KeyboardInterrupt:
        raise Failed("Interrupted. Nothing was written.") from None
    files = plural(len(target.digests), "file", "files")
    if rounds:
        files += f" and {plural(len(rounds), 'comment round', 'comment rounds')}"
    say(f"Exported {options.slug} to {options.path}: {files} and a manifest, in {time.monotonic() - began:.1f} s.")
