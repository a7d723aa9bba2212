"""How tests make bundles: a small right one, and what differs from it."""

import copy
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

CONSULTATION: dict[str, Any] = {
    "format": "plenara-bundle/1",
    "slug": "village-water",
    "symbol": "WATER/2026",
    "title": {"en": "Water for the village"},
    "state": "closed",
    "languages": ["en", "fr"],
    "licence": "CC-BY-4.0",
    "threads": [
        {"number": 1, "slug": "wells", "question": {"en": "Where should wells be dug?"}},
        {"number": 2, "slug": "tariffs", "question": {"en": "Who should pay?"}},
    ],
}
AUTHOR = {"name": "Ama Boateng", "stakeholder_group": "civil_society", "capacity": "individual", "country": "GH"}


def consultation(**changes: Any) -> dict[str, Any]:
    """Return a consultation, with changes."""
    return {**copy.deepcopy(CONSULTATION), **changes}


def row(name: str, **changes: Any) -> dict[str, Any]:
    """Return a published contribution, with changes; `None` takes a key away."""
    made = {
        "id": name,
        "thread": 1,
        "status": "published",
        "language": "en",
        "text": f"The words of {name}.",
        "author": dict(AUTHOR),
        **changes,
    }
    return {key: value for key, value in made.items() if value is not None}


def lines(*rows: Any) -> str:
    """Return rows as a `.jsonl` file; a text stands as it is."""
    return "".join((each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)) + "\n" for each in rows)


def write(
    folder: Path, *rows: Any, about: dict[str, Any] | str | None = None, manifest: bool = False, **files: str | bytes
) -> Path:
    """Write a bundle into a new folder. `files` are further ones: `documents__a_txt` is `documents/a.txt`."""
    folder.mkdir(parents=True, exist_ok=True)
    values = consultation() if about is None else about
    contents: dict[str, str | bytes] = {
        "consultation.json": values if isinstance(values, str) else json.dumps(values, indent=1, ensure_ascii=False),
        "contributions.jsonl": lines(*(rows or (row("a1"),))),
    }
    contents |= {name.replace("__", "/").replace("_", "."): content for name, content in files.items()}
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    if manifest:
        sums = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(contents))
        (folder / "manifest-sha256.txt").write_text("".join(sums))
    return folder


def zipped(folder: Path, path: Path, inside: str = "") -> Path:
    """Zip a bundle's folder, its files at the top or in a folder of the zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, f"{inside}{file.relative_to(folder)}")
    return path


def contents(path: Path) -> dict[str, bytes]:
    """Return the files of a bundle, a folder or a zip, by name."""
    if path.is_dir():
        return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
