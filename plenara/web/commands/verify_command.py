"""Check a bundle without importing it, reckon its figures again, and compare them with what pages say.

Everything is checked that an import checks before it writes: the manifest's checksums, every row and every reference.
The traceability matrix of outcomes is recomputed from their paragraphs and from the summaries; a line that differs is a
fault. The figures are those of the public pages, from the bundle's rows alone. They are compared with a figures.json (a
page's "Data (JSON)") that is named by --figures or lies beside the bundle, and with --here with this installation's
own pages.

Of a community bundle there are no figures: with --here its rows are compared with those of this installation.

Of a static copy (see `plenara mirror`) every file is compared with its checksum, and every page with the bundle in it.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plenara.web.commands.import_command import size_of, tell_faults
from plenara.web.commands.verified_copy import verify_copy
from plenara.web.terminal import Bar, Failed, complain, plural, say

if TYPE_CHECKING:
    from plenara.archive.bundle.checking.bundle import Checked

HELP = "check a bundle, and reckon its figures again"
#: What lies beside a bundle, and how many differences are named.
BESIDE, NAMED = "figures.json", 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """The path of the bundle, and what to compare it with."""
    parser.add_argument("path", metavar="PATH", type=Path, help="a folder, a .zip file, or a static copy")
    parser.add_argument("--figures", metavar="FILE", type=Path, help="compare with this figures.json")
    parser.add_argument("--here", action="store_true", help="compare with the pages of this installation")
    parser.add_argument("--bundle", metavar="PATH", type=Path, help="compare a static copy with this bundle")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON, and nothing else")


def run(options: argparse.Namespace) -> int:
    """Check the bundle, print what it holds and compare; 1 where it is faulty or a figure differs."""
    from plenara.archive.community import HEAD
    from plenara.archive.mirroring.verifying import is_copy
    from plenara.web.commands.community_bundle import is_community, verify_community

    if is_copy(options.path):
        return verify_copy(options.path, options.bundle)
    if is_community(options.path):
        return verify_community(options.path, size_of(options.path, (HEAD,)), here=options.here)
    from plenara.archive.bundle import MANIFEST
    from plenara.archive.bundle.checking.bundle import check
    from plenara.archive.bundle.faults import BadBundle, Faults, NotABundle
    from plenara.archive.bundle.figures import figures_in
    from plenara.archive.bundle.reading import opened

    faults = Faults()
    try:
        with opened(options.path, faults) as source, Bar("Checking", 2 * size_of(options.path)) as step:
            checked = check(source, faults, step)
            has_manifest = MANIFEST in source.sizes
            figures = figures_in(source, checked, step)
    except NotABundle as refused:
        raise Failed(str(refused)) from refused
    except BadBundle as bad:
        return tell_faults(options.path, bad, "It cannot be imported")
    if options.json:
        say(json.dumps(figures, ensure_ascii=False, sort_keys=True, indent=1))
    else:
        _tell(checked, figures, has_manifest=has_manifest)
    differing = sum(
        _compared(name, said, figures, aloud=not options.json) for name, said in _claims(options, checked.slug)
    )
    if differing:
        return 1
    if not options.json:
        say("No fault found.")
    return 0


def _tell(checked: "Checked", figures: dict[str, Any], *, has_manifest: bool) -> None:
    seen = checked.everything.seen.values()
    statuses = Counter(one.status for one in seen)
    told = [
        ("consultation", f"{checked.slug} ({checked.consultation['symbol']}), {checked.consultation['state']}"),
        ("threads", str(len(checked.consultation["threads"]))),
        ("contributions", str(len(seen))),
        *((f"  {status}", str(count)) for status, count in sorted(statuses.items())),
        ("  of these replies", str(sum(one.parent is not None for one in seen))),
        ("documents", f"{len(checked.documents)} ({sum(size for _sha, size in checked.documents.values()):,} bytes)"),
        *((("comment rounds", ", ".join(each.slug for each in checked.rounds)),) if checked.rounds else ()),
        ("decisions", str(checked.decisions)),
        ("summaries", str(checked.summaries)),
        ("matrix", _matrix(checked)),
        ("meetings", str(checked.meetings)),
        ("themes", str(len(checked.themes))),
        ("manifest", f"right, {plural(len(checked.raw), 'file', 'files')} compared" if has_manifest else "none"),
        ("content", checked.digest),
    ]
    for name, value in [*told, *_in_short(figures)]:
        say(f"{name:20} {value}")
    for name in checked.left_out:
        say(f"{'left out by imports':20} {name}")


def _matrix(checked: "Checked") -> str:
    if not checked.matrix:
        return "none"
    away = f"; {checked.matrix_away} lead through other consultations" if checked.matrix_away else ""
    return f"{plural(checked.matrix - checked.matrix_away, 'line', 'lines')} recomputed{away}"


def _in_short(figures: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the figures of the pages that fit on a line each; `--json` gives all."""
    yield "on its pages", plural(figures["contributions"], "contribution", "contributions")
    for name in ("stakeholder_group", "language", "country", "channel"):
        counts = sorted(figures[f"by_{name}"].items(), key=lambda each: (-each[1], each[0]))
        more = f", and {len(counts) - 8} more" if len(counts) > 8 else ""
        listed = ", ".join(f"{key or 'not known'} {count}" for key, count in counts[:8])
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


def _claims(options: argparse.Namespace, slug: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is at hand to compare with: where it stands, and what it says."""
    beside = options.path.absolute().parent / BESIDE
    if options.figures:
        yield str(options.figures), _read(options.figures)
    elif beside.is_file():
        said = _read(beside)
        if (about := _slug_of(said)) == slug:
            yield str(beside), said
        elif not options.json:
            say(f"{'not compared':20} {beside}, which is about {about or 'no consultation'}")
    if options.here:
        yield "this installation", _here(slug)


def _read(path: Path) -> dict[str, Any]:
    from plenara.insights.recomputing import FORMAT

    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Failed(f"{path} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise Failed(f"{path} is not JSON.") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise Failed(f"{path} is no {FORMAT}: take the JSON of a page of figures.")
    return said


def _slug_of(said: dict[str, Any]) -> str:
    about = said.get("consultation")
    return str(about.get("slug", "")) if isinstance(about, dict) else ""


def _here(slug: str) -> dict[str, Any]:
    from plenara.web import starting

    starting.start()
    starting.require_migrated()
    from plenara.archive.snapshot import snapshot
    from plenara.consultations.models import Consultation
    from plenara.insights.claims import claims

    consultation = Consultation.objects.filter(slug=slug, is_community=False).first()
    if consultation is None or not consultation.is_public:
        raise Failed(f"{slug} is not here: leave out --here, or import it first.")
    with snapshot():
        return claims(consultation)


def _compared(name: str, said: dict[str, Any], figures: dict[str, Any], *, aloud: bool) -> int:
    """Compare, name the first figures that differ, and return how many do. Not `aloud`, nothing goes to the output."""
    from plenara.insights.differing import differences

    found = differences(said, figures)
    if not found:
        (say if aloud else complain)(f"{name} says what the bundle gives.")
        return 0
    complain(f"{name} says other figures than the bundle gives: {len(found)}.")
    for each in found[:NAMED]:
        complain(f"  {each.name}: said {each.said}, recomputed {each.recomputed}")
    if len(found) > NAMED:
        complain(f"  … and {len(found) - NAMED} more")
    return len(found)
