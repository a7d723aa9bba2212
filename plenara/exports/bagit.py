"""A record as a BagIt package (RFC 8493, version 1.0), for preservation: the files with their checksums.

Everything in it is read from existing files, so that it is of the same snapshot. The date of the bag is that of the
record's last change: the same record gives the same bytes.
"""

import datetime
import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from plenara.accounts.queries import installation
from plenara.bundles import targets
from plenara.consultations.models import Consultation
from plenara.core.languages import in_language
from plenara.core.templatetags.plenara import iso
from plenara.core.text import clean_line
from plenara.core.vocabulary import licence_url
from plenara.exports import addresses
from plenara.exports.queries.files import BAG, BUNDLE, FILES

PIECE = 65_536
#: Both that the RFC names; a verifier takes the one that they trust.
ALGORITHMS = ("sha256", "sha512")
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@dataclass(frozen=True)
class Payload:
    """One file of the bag's payload: its path, its size, and its source (a name in a zip, if any)."""

    path: str
    size: int
    file: Path
    inside: str = ""


def write(path: Path, consultation: Consultation, made: Path, changed_at: datetime.datetime) -> None:
    """Write the bag of the files in the folder `made`, as a zip with one folder in it."""
    payload = sorted(_payload(made), key=lambda each: each.path)
    out = _Bag(path, f"{consultation.slug}-{BAG.removesuffix('.zip')}")
    try:
        out.tag("bagit.txt", DECLARATION)
        out.tag("bag-info.txt", _info(consultation, payload, changed_at))
        with zipfile.ZipFile(made / BUNDLE) as bundle:
            for each in payload:
                out.put(each, _pieces(each, bundle))
        out.end()
    finally:
        out.close()


def _payload(made: Path) -> Iterator[Payload]:
    for name in FILES:
        if name not in {BUNDLE, BAG}:
            yield Payload(f"data/{name}", (made / name).stat().st_size, made / name)
    with zipfile.ZipFile(made / BUNDLE) as bundle:
        for entry in bundle.infolist():
            yield Payload(f"data/bundle/{entry.filename}", entry.file_size, made / BUNDLE, entry.filename)


def _pieces(each: Payload, bundle: zipfile.ZipFile) -> Iterator[bytes]:
    with bundle.open(each.inside) if each.inside else each.file.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _info(consultation: Consultation, payload: list[Payload], changed_at: datetime.datetime) -> str:
    """Return `bag-info.txt`: a label and a value a line. No value can begin a line of its own."""
    title = in_language(consultation.title).text
    values = {
        "Source-Organization": installation().name,
        "External-Description": title,
        "External-Identifier": consultation.symbol,
        "Internal-Sender-Identifier": addresses.of_symbol(consultation.symbol),
        "Bag-Group-Identifier": settings.SITE_URL,
        "Bagging-Date": f"{changed_at.astimezone(datetime.UTC):%Y-%m-%d}",
        "Record-As-Of": iso(changed_at),
        "Payload-Oxum": f"{sum(each.size for each in payload)}.{len(payload)}",
        "Licence": licence_url(consultation.licence) or consultation.licence,
    }
    return "".join(f"{label}: {clean_line(value)}\n" for label, value in values.items() if value)


class _Bag:
    """The zip that is written, and the checksums of its content."""

    def __init__(self, path: Path, folder: str):
        self._zip = targets.Zip(path)
        self._path, self._folder = path, folder
        self._tags: dict[str, dict[str, str]] = {each: {} for each in ALGORITHMS}
        self._payload: dict[str, dict[str, str]] = {each: {} for each in ALGORITHMS}

    def tag(self, name: str, text: str) -> None:
        """Write a tag file."""
        self._write(name, iter([text.encode()]), len(text.encode()), self._tags)

    def put(self, each: Payload, pieces: Iterator[bytes]) -> None:
        """Write a file of the payload."""
        self._write(each.path, pieces, each.size, self._payload)

    def end(self) -> None:
        """Write the manifests of the payload, then those of the tag files."""
        for each in ALGORITHMS:
            self.tag(f"manifest-{each}.txt", _manifest(self._payload[each]))
        listed = {each: _manifest(self._tags[each]) for each in ALGORITHMS}
        for each, text in listed.items():
            self._zip.put(f"{self._folder}/tagmanifest-{each}.txt", [text.encode()])

    def close(self) -> None:
        """Close the file, finished or not."""
        self._zip.end()

    def _write(self, name: str, pieces: Iterator[bytes], size: int, into: dict[str, dict[str, str]]) -> None:
        sums = {each: hashlib.new(each) for each in ALGORITHMS}

        def passed() -> Iterator[bytes]:
            for piece in pieces:
                for one in sums.values():
                    one.update(piece)
                yield piece

        self._zip.put(f"{self._folder}/{name}", passed(), size=size)
        for each, one in sums.items():
            into[each][name] = one.hexdigest()


def _manifest(digests: dict[str, str]) -> str:
    """Return the lines of a manifest. A name's line ends and percent signs are written as the RFC has it (2.1.3)."""
    lines = sorted(
        (name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"), digest) for name, digest in digests.items()
    )
    return "".join(f"{digest}  {name}\n" for name, digest in lines)
