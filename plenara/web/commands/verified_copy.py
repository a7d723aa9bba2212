"""What `plenara verify` says of a static copy. No database is needed."""

from pathlib import Path

from plenara.web.commands.import_command import tell_faults
from plenara.web.terminal import Bar, Failed, complain, plural, say


def verify_copy(path: Path, bundle: Path | None) -> int:
    """Compare a copy with its checksums and its bundle, and say what was compared; 1 where anything differs."""
    from plenara.archive.bundle.faults import BadBundle, NotABundle
    from plenara.archive.mirroring.folder import Unusable
    from plenara.archive.mirroring.verifying import count, verify

    try:
        with Bar("Comparing", count(path)) as step:
            found = verify(path, bundle, step)
    except (Unusable, NotABundle) as refused:
        raise Failed(str(refused)) from refused
    except BadBundle as bad:
        return tell_faults(bundle or path, bad, "Its pages were not compared with its bundle")
    told = [
        ("static copy", f"{found.mark['slug']} ({found.mark['symbol']}), of {found.mark['site']}"),
        ("made", f"{found.mark['made_at']} by {found.mark['generator']}"),
        ("files", f"{found.files:,} compared with their checksums"),
        ("contributions", f"{found.contributions:,} compared, {plural(found.tombstones, 'tombstone', 'tombstones')}"),
        ("statements", f"{found.statements:,} compared, a language each"),
        ("figures", f"recomputed, and compared in {plural(found.figures, 'language', 'languages')}"),
    ]
    for name, value in told:
        say(f"{name:20} {value}")
    if found.strangers:
        say(f"{'not of the copy':20} {plural(found.strangers, 'file', 'files')}")
    if found.mark["missing"]:
        say(f"{'not to be had yet':20} {plural(len(found.mark['missing']), 'file', 'files')}, when it was made")
    differences = found.differences
    if not differences.count:
        say("No difference found.")
        return 0
    complain(f"{path} has {plural(differences.count, 'difference', 'differences')}.")
    for each in differences.first:
        complain(f"  {each}")
    if differences.count > len(differences.first):
        complain(f"  and {differences.count - len(differences.first)} more")
    return 1
