"""Files bound into one zip: the same files give the same bytes, whatever the hour."""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plenara.core.store import Stored

#: The earliest moment that a zip can tell; no file in it has another.
EPOCH = (1980, 1, 1, 0, 0, 0)


@contextmanager
def new_zip(folder: Stored, name: str) -> Iterator[zipfile.ZipFile]:
    """Give a zip to fill on this machine's disk; at the block's end it is whole, and put into the folder."""
    beside = folder.workshop()
    for left in beside.glob("part.*"):
        shutil.rmtree(left, ignore_errors=True)  # by a kill
    with tempfile.TemporaryDirectory(prefix="part.", dir=beside) as workshop:
        path = Path(workshop) / name
        with path.open("xb") as file:
            with zipfile.ZipFile(file, "w") as target:
                yield target
            file.flush()
            os.fsync(file.fileno())
        (folder / name).take(path)


def add(target: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file to a zip. PDF and DOCX are compressed already."""
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".txt") else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    target.writestr(info, content)
