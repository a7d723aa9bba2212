"""Check a bundle without importing it, recalculate its figures, and compare them with the published figures."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from plenara.core.rows import Json
from plenara.operations.commands.import_command import print_errors, size_of
from plenara.operations.terminal import Bar, Failed, complain, plural, say

if TYPE_CHECKING:
    from plenara.bundles.validation.bundle import Checked


def verify_copy(path: Path, bundle: Path | None) -> int:
    """Compare a copy with its checksums and its bundle, and print what was compared; 1 if anything differs."""
    from plenara.bundles.validation.errors import BadBundle, NotABundle
    from plenara.mirror.folder import Unusable
    from plenara.mirror.validation import count, verify

    try:
        with Bar("Comparing", count(path)) as step:
            found = verify(path, bundle, step)
    except (Unusable, NotABundle) as refused:
        raise Failed(str(refused)) from refused
    except BadBundle as bad:
        return print_errors(bundle or path, bad, "The pages were not compared with the bundle")
    lines = [
        ("static copy", f"{found.mark['slug']} ({found.mark['symbol']}), of {found.mark['site']}"),
        ("made", f"{found.mark['made_at']} by {found.mark['generator']}"),
        ("files", f"{found.files:,} compared with their checksums"),
        ("contributions", f"{found.contributions:,} compared, {plural(found.tombstones, 'tombstone', 'tombstones')}"),
        ("statements", f"{found.statements:,} compared, each in one language"),
        ("figures", f"recalculated, and compared in {plural(found.figures, 'language', 'languages')}"),
    ]
    for name, value in lines:
        say(f"{name:20} {value}")
    if found.strangers:
        say(f"{'not in the copy':20} {plural(found.strangers, 'file', 'files')}")
    if found.mark["missing"]:
        say(f"{'not available':20} {plural(len(found.mark['missing']), 'file', 'files')} when the copy was created")
    differences = found.differences
    if not differences.count:
        say("No differences found.")
        return 0
    complain(f"{path} has {plural(differences.count, 'difference', 'differences')}.")
    for each in differences.first:
        complain(f"  {each}")
    if differences.count > len(differences.first):
        complain(f"  and {differences.count - len(differences.first)} more")
    return 1


HELP = "check a bundle and recalculate its figures"
#: Files beside a bundle, and the most differences that are printed.
BESIDE, NAMED = "figures.json", 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """The path of the bundle, and what to compare it with."""
    parser.add_argument("path", metavar="PATH", type=Path, help="a folder, a .zip file, or a static copy")
    parser.add_argument("--figures", metavar="FILE", type=Path, help="compare with this figures.json")
    parser.add_argument("--here", action="store_true", help="compare with the pages of this installation")
    parser.add_argument("--bundle", metavar="PATH", type=Path, help="compare a static copy with this bundle")
    parser.add_argument("--json", action="store_true", help="print only the figures, as JSON")


def run(options: argparse.Namespace) -> int:
    """Check the bundle, print its content and compare; 1 if it has errors or a figure differs."""
    from plenara.bundles.format import COMMUNITY_HEAD
    from plenara.mirror.validation import is_copy
    from plenara.operations.commands.community_bundle import is_community, verify_community

    if is_copy(options.path):
        return verify_copy(options.path, options.bundle)
    if is_community(options.path):
        return verify_community(options.path, size_of(options.path, (COMMUNITY_HEAD,)), here=options.here)
    from plenara.bundles.format import MANIFEST
    from plenara.bundles.validation.bundle import check, figures_in
    from plenara.bundles.validation.errors import BadBundle, BundleErrors, NotABundle
    from plenara.bundles.validation.sources import opened

    errors = BundleErrors()
    try:
        with opened(options.path, errors) as source, Bar("Checking", 2 * size_of(options.path)) as step:
            checked = check(source, errors, step)
            has_manifest = MANIFEST in source.sizes
            figures = figures_in(source, checked, step)
    except NotABundle as refused:
        raise Failed(str(refused)) from refused
    except BadBundle as bad:
        return print_errors(options.path, bad, "It cannot be imported")
    if options.json:
        say(json.dumps(figures, ensure_ascii=False, sort_keys=True, indent=1))
    else:
        _print_figures(checked, figures, has_manifest=has_manifest)
    differing = sum(
        _compared(name, claims, figures, aloud=not options.json) for name, claims in _claims(options, checked.slug)
    )
    if differing:
        return 1
    if not options.json:
        say("No errors found.")
    return 0


def _print_figures(checked: "Checked", figures: Json, *, has_manifest: bool) -> None:
    seen = checked.everything.seen.values()
    statuses = Counter(one.status for one in seen)
    lines = [
        ("consultation", f"{checked.slug} ({checked.consultation['symbol']}), {checked.consultation['state']}"),
        ("threads", str(len(checked.consultation["threads"]))),
        ("contributions", str(len(seen))),
        *((f"  {status}", str(count)) for status, count in sorted(statuses.items())),
        ("  of which replies", str(sum(one.parent is not None for one in seen))),
        ("documents", f"{len(checked.documents)} ({sum(size for _sha, size in checked.documents.values()):,} bytes)"),
        *((("comment rounds", ", ".join(each.slug for each in checked.rounds)),) if checked.rounds else ()),
        ("decisions", str(checked.decisions)),
        ("summaries", str(checked.summaries)),
        ("matrix", _matrix(checked)),
        ("meetings", str(checked.meetings)),
        ("themes", str(len(checked.themes))),
        ("manifest", f"correct, {plural(len(checked.raw), 'file', 'files')} compared" if has_manifest else "none"),
        ("content", checked.digest),
    ]
    for name, value in [*lines, *_in_short(figures)]:
        say(f"{name:20} {value}")
    for name in checked.left_out:
        say(f"{'skipped by imports':20} {name}")


def _matrix(checked: "Checked") -> str:
    if not checked.matrix:
        return "none"
    elsewhere = f"; {checked.matrix_away} lead through other consultations" if checked.matrix_away else ""
    return f"{plural(checked.matrix - checked.matrix_away, 'line', 'lines')} recalculated{elsewhere}"


def _in_short(figures: Json) -> Iterator[tuple[str, str]]:
    """Yield the figures of the pages that fit on a line each; `--json` gives all."""
    yield "on its pages", plural(figures["contributions"], "contribution", "contributions")
    for name in ("stakeholder_group", "language", "country", "channel"):
        counts = sorted(figures[f"by_{name}"].items(), key=lambda each: (-each[1], each[0]))
        more = f", and {len(counts) - 8} more" if len(counts) > 8 else ""
        listed = ", ".join(f"{key or 'unknown'} {count}" for key, count in counts[:8])
        yield f"  {name.replace('_', ' ')}", (listed or "none") + more
    days = figures["by_day"]
    if days:
        yield "  days", f"{len(days)}, from {min(days)} to {max(days)}"
    if figures["undated"]:
        yield "  undated", str(figures["undated"])
    for number, each in figures["summaries"].items():
        yield f"  summary {number}", f"cites {each['cited']} of {each['contributions']}"
    turn = figures["turnaround"]["all"]
    if "median_minutes" in turn:
        yield "  decided within", f"{turn['median_minutes']} minutes (half), {turn['ninetieth_minutes']} (nine of ten)"


def _claims(options: argparse.Namespace, slug: str) -> Iterator[tuple[str, Json]]:
    """Yield the figures to compare with: their source, and their values."""
    beside = options.path.absolute().parent / BESIDE
    if options.figures:
        yield str(options.figures), _read(options.figures)
    elif beside.is_file():
        claims = _read(beside)
        if (about := _slug_of(claims)) == slug:
            yield str(beside), claims
        elif not options.json:
            say(f"{'not compared':20} {beside}, which is for {about or 'no consultation'}")
    if options.here:
        yield "this installation", _consultation_here(slug)


def _read(path: Path) -> Json:
    from plenara.insights.queries.recomputation import FORMAT

    try:
        claims = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Failed(f"{path} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise Failed(f"{path} is not JSON.") from error
    if not isinstance(claims, dict) or claims.get("format") != FORMAT:
        raise Failed(f"{path} is not a {FORMAT} file. Download the JSON from a page of figures.")
    return claims


def _slug_of(claims: Json) -> str:
    about = claims.get("consultation")
    return str(about.get("slug", "")) if isinstance(about, dict) else ""


def _consultation_here(slug: str) -> Json:
    from plenara.operations import startup

    startup.start()
    startup.require_migrated()
    from plenara.consultations.models import Consultation
    from plenara.core.snapshots import snapshot
    from plenara.insights.queries.figures import page_figures

    consultation = Consultation.objects.filter(slug=slug, is_community=False).first()
    if consultation is None or not consultation.is_public:
        raise Failed(f"{slug} is not on this installation. Leave out --here, or import it first.")
    with snapshot():
        return page_figures(consultation)


def _compared(name: str, claims: Json, figures: Json, *, aloud: bool) -> int:
    """Compare, print the first figures that differ, and return how many do. Without `aloud`, print nothing."""
    from plenara.insights.queries.recomputation import differences

    found = differences(claims, figures)
    if not found:
        (say if aloud else complain)(f"The figures of {name} match the bundle.")
        return 0
    complain(f"{name} has {plural(len(found), 'figure', 'figures')} that do not match the bundle.")
    for each in found[:NAMED]:
        complain(f"  {each.name}: published {each.claimed}, recalculated {each.recomputed}")
    if len(found) > NAMED:
        complain(f"  … and {len(found) - NAMED} more")
    return len(found)
