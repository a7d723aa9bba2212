"""What `documents/` and the manifest may hold."""

import re
from collections.abc import Collection

from plenara.bundles.format import DOCUMENTS, FILES, MANIFEST, MEGABYTE, MOST_DOCUMENT
from plenara.bundles.validation.errors import BundleErrors
from plenara.bundles.validation.sources import Damaged, Hashed, Source, lines, stays_inside
from plenara.core.office_files import has_macros

#: Bytes of a line of the manifest: a checksum, and the longest path that a system has.
_MOST_LINE = 5_000
_CHECKSUM = re.compile(r"([0-9a-f]{64})[ \t]+\*?(.+)", re.IGNORECASE)


def digest(source: Source, name: str) -> tuple[str, int]:
    """Return SHA-256 and size of a file. Raises `Damaged`."""
    with source.open(name) as file:
        hashed = Hashed(file)
        while hashed.read():
            pass
    return hashed.digest, hashed.size


def _whole(source: Source, name: str) -> tuple[tuple[str, int], bytes]:
    """Return SHA-256 and size of a file, and its first ten megabytes. Raises `Damaged`."""
    held = bytearray()
    with source.open(name) as file:
        hashed = Hashed(file)
        while piece := hashed.read():
            held += piece[: MOST_DOCUMENT - len(held)]
    return (hashed.digest, hashed.size), bytes(held)


def why_missing(source: Source, name: str) -> str:
    """Say why a file cannot be opened: it is not there, or behind a link."""
    parts = name.split("/") if source.links else ()
    if any("/".join(parts[: count + 1]) in source.links for count in range(len(parts))):
        return "is a link; links in a bundle are not followed"
    return "is missing"


def read(source: Source, named: dict[str, int], errors: BundleErrors, file: str) -> dict[str, tuple[str, int]]:
    """Return SHA-256 and size of each document that a contribution names, by path."""
    found = {}
    for path, line in named.items():
        if path not in source.sizes:
            errors.add(f"names {path!r}, which {why_missing(source, path)}", file, line, "document")
        elif source.sizes[path] > MOST_DOCUMENT:
            errors.add(f"is larger than {MOST_DOCUMENT // MEGABYTE} MB", path)
        else:
            try:
                found[path], data = _whole(source, path)
            except Damaged as damage:
                errors.add(str(damage), path)
            else:
                if has_macros(data):
                    errors.add("contains macros; save it without them", path)
    return found


def check_manifest(
    source: Source, known: dict[str, str], errors: BundleErrors, belonging: Collection[str] = FILES
) -> None:
    """Compare the files with the manifest's checksums. `known` holds the digests that were computed already.

    `belonging` names the files that the manifest must list, besides documents.
    """
    listed: dict[str, int] = {}
    try:
        with source.open(MANIFEST) as file:
            for number, raw in lines(Hashed(file), _MOST_LINE):
                found = _CHECKSUM.fullmatch((raw or b"").decode(errors="replace").rstrip("\r"))
                if found is None:
                    if raw is None or raw.strip():
                        errors.add("must be a checksum, two spaces and a path", MANIFEST, number)
                    continue
                path = found[2].removeprefix("./")
                if not stays_inside(path):
                    errors.add("names a path that leaves the folder", MANIFEST, number)
                elif path not in source.sizes:
                    errors.add(f"names {path}, which {why_missing(source, path)}", MANIFEST, number)
                elif path in listed:
                    errors.add(f"names {path} twice", MANIFEST, number)
                elif _digest(source, path, known) != found[1].lower():
                    errors.add(f"does not match its checksum in {MANIFEST} (line {number})", path)
                listed.setdefault(path, number)
    except Damaged as damage:
        errors.add(str(damage), MANIFEST)
    for path in source.sizes:
        if (path in belonging or path.startswith(DOCUMENTS)) and path not in listed:
            errors.add(f"is not in {MANIFEST}", path)


def _digest(source: Source, path: str, known: dict[str, str]) -> str:
    if path in known:
        return known[path]
    try:
        return digest(source, path)[0]
    except Damaged:
        return ""
