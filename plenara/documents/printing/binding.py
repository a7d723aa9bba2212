"""Files bound into one zip: the same files give the same bytes, whatever the hour."""

import zipfile

#: The earliest moment that a zip can tell; no file in it has another.
EPOCH = (1980, 1, 1, 0, 0, 0)


def add(target: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file to a zip. PDF and DOCX are compressed already."""
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".txt") else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    target.writestr(info, content)
