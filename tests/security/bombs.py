"""Small files that unpack to gigabytes, made without unpacking any of it: blocks of zeros, one after another."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import pdfs

#: Bytes that one block unpacks to, and of all of them.
BLOCK = 32 << 20
GIGABYTES = 2 << 30


def deflated(letter: bytes = b"\0") -> bytes:
    """Return two megabytes that unpack to two gigabytes of one letter."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(letter * BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * (GIGABYTES // BLOCK) + packer.flush()


def zipped(name: str, more: dict[str, bytes], *, declared: int = GIGABYTES, letter: bytes = b"\0") -> bytes:
    """Return a zip of some files and of one that unpacks to gigabytes; `declared` is the size that its head names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, data in more.items():
            archive.writestr(other, data)
        archive.writestr(name, b"MARK" * 9)
    data = bytearray(out.getvalue())
    packed = deflated(letter)
    with zipfile.ZipFile(out) as archive:
        info = archive.getinfo(name)
    body = info.header_offset + 30 + len(name)
    directory = data.rindex(b"PK\x01\x02", 0, len(data))
    sizes = struct.pack("<II", len(packed), declared)
    data[info.header_offset + 18 : info.header_offset + 26] = sizes
    data[directory + 20 : directory + 28] = sizes
    data[body : body + info.compress_size] = packed
    grown = len(packed) - info.compress_size
    end = data.rindex(b"PK\x05\x06")
    (start,) = struct.unpack_from("<I", data, end + 16)
    struct.pack_into("<I", data, end + 16, start + grown)
    return bytes(data)


def gzipped() -> bytes:
    """Return the same as a gzip file, without its checksum, which nobody should come to."""
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + deflated()


def backup(kind: bytes, name: str) -> bytes:
    """Return a packed tar whose first entry, of some kind, is gigabytes long."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.size = kind, GIGABYTES - 1024
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(entry.tobuf(tarfile.GNU_FORMAT)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + head + deflated()


def pdf() -> bytes:
    """Return a PDF whose one page is drawn by gigabytes."""
    packed = zlib.compress(b"")[:2] + deflated(b" ")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents 4 0 R /Resources << >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream",
    ]  # fmt: skip
    return pdfs.written(objects)


def png(width: int = 1024, height: int = 1024) -> bytes:
    """Return a picture whose rows go on for gigabytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(b"")[:2] + deflated()[: 190 * 1024])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rows + chunk(b"IEND", b"")


@contextmanager
def bounded(megabytes: int) -> Iterator[None]:
    """Fail where the block takes more memory of this process than so many megabytes beyond what it had."""
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not reset.exists():
        yield
        return
    reset.write_text("5")  # what was taken most is counted from here
    before = _peak(status)
    yield
    taken = (_peak(status) - before) // 1024
    assert taken < megabytes, f"{taken} MB"


def _peak(status: Path) -> int:
    line = next(each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1])
