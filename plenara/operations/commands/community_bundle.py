"""`import`, `export` and `verify` of a community bundle: calendar, directory and themes."""

import time
from collections.abc import Mapping
from pathlib import Path

from plenara.operations.terminal import Bar, Failed, complain, plural, say

#: Nouns of the kinds of entries, singular and plural.
_COUNTED = {
    "organization": ("organization", "organizations"),
    "person": ("person", "people"),
    "project": ("project", "projects"),
    "event": ("event", "events"),
}


def is_community(path: Path) -> bool:
    """Return whether a path holds a community bundle, by the names of its files."""
    from plenara.bundles.format import COMMUNITY_HEAD, CONSULTATION
    from plenara.bundles.validation.errors import BundleErrors, NotABundle
    from plenara.bundles.validation.sources import opened

    try:
        with opened(path, BundleErrors(), (CONSULTATION, COMMUNITY_HEAD)) as source:
            return COMMUNITY_HEAD in {*source.sizes, *source.links} and CONSULTATION not in source.sizes
    except NotABundle:
        return False


def export_community(path: Path) -> None:
    """Write the community's bundle."""
    from plenara.bundles.queries.community_bundle import count
    from plenara.bundles.queries.community_bundle import export_community as bundle_export_community
    from plenara.bundles.targets import Unwritable, written

    began = time.monotonic()
    try:
        with Bar("Exporting", count()) as step, written(path) as target:
            bundle_export_community(target, step)
    except Unwritable as unwritable:
        raise Failed(str(unwritable)) from unwritable
    except KeyboardInterrupt:
        raise Failed("Interrupted. Nothing was written.") from None
    files = plural(len(target.digests), "file", "files")
    say(f"Exported the calendar and directory to {path}: {files} and a manifest, in {time.monotonic() - began:.1f} s.")


def import_community(path: Path, size: int) -> int:
    """Import a community bundle of about so many bytes, and print what was imported."""
    from plenara.bundles.actions import community
    from plenara.bundles.actions.bundle import Refused
    from plenara.bundles.validation.errors import BadBundle, NotABundle
    from plenara.operations.commands.import_command import print_errors

    began = time.monotonic()
    try:
        with Bar("Importing", 2 * size) as step:
            _checked, outcome = community.import_community(path, step)
    except (NotABundle, Refused) as refused:
        raise Failed(str(refused)) from refused
    except BadBundle as bad:
        return print_errors(path, bad, "Nothing was imported")
    except KeyboardInterrupt:
        raise Failed("Interrupted. Nothing was imported.") from None
    for code in outcome.kept:
        complain(f"The theme {code} is different here. It was left unchanged.")
    if outcome.is_nothing:
        say("The calendar and directory already have the same content. Nothing was changed.")
        return 0
    imported = _in_words(outcome.made)
    if outcome.themes:
        imported.append(plural(outcome.themes, "theme", "themes"))
    say(f"Imported the calendar and directory: {', '.join(imported)}, in {time.monotonic() - began:.1f} s.")
    return 0


def verify_community(path: Path, size: int, *, here: bool) -> int:
    """Check a community bundle and print its content; 1 for errors or, with `here`, any difference from here."""
    from plenara.bundles.format import COMMUNITY_HEAD, MANIFEST
    from plenara.bundles.validation.community import check
    from plenara.bundles.validation.errors import BadBundle, BundleErrors, NotABundle
    from plenara.bundles.validation.sources import opened
    from plenara.operations.commands.import_command import print_errors

    errors = BundleErrors()
    try:
        with opened(path, errors, (COMMUNITY_HEAD,)) as source, Bar("Checking", size) as step:
            checked = check(source, errors, step)
            has_manifest = MANIFEST in source.sizes
    except NotABundle as refused:
        raise Failed(str(refused)) from refused
    except BadBundle as bad:
        return print_errors(path, bad, "It cannot be imported")
    say(f"{'community':20} {checked.head['format']}")
    for kind, (_one, many) in _COUNTED.items():
        say(f"{many:20} {len(checked.lines[kind])}")
        for status, count in sorted(checked.statuses[kind].items()):
            say(f"{f'  {status}':20} {count}")
    say(f"{'themes':20} {len(checked.themes)}")
    say(f"{'manifest':20} {f'correct, {len(checked.raw)} files compared' if has_manifest else 'none'}")
    say(f"{'content':20} {checked.digest}")
    if here and (differing := _differing(checked.canonical)):
        complain(f"This installation differs from the bundle in {', '.join(differing)}.")
        return 1
    if here:
        say("This installation matches the bundle.")
    say("No errors found.")
    return 0


def _in_words(made: Mapping[str, int]) -> list[str]:
    return [plural(count, *_COUNTED[kind]) for kind, count in made.items() if count]


def _differing(digests: Mapping[str, str]) -> list[str]:
    """Return the files of an export of this installation that are not those of a bundle."""
    from plenara.operations import startup

    startup.start()
    startup.require_migrated()
    from plenara.bundles.queries.community_bundle import export_community as bundle_export_community
    from plenara.bundles.targets import Nowhere, Summing

    target = Summing(Nowhere())
    bundle_export_community(target)
    return sorted(name for name in {*digests, *target.digests} if digests.get(name) != target.digests.get(name))
