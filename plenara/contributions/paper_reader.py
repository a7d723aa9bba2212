"""The program that reads one paper from its input and prints its words. It imports nothing of Plenara.

python -I paper_reader.py pdf|docx|odt|txt MOST_CHARACTERS < FILE

It loads its libraries, then gives up the right to open anything, to much memory and to much time, and reads the paper
only after that.
"""

import codecs
import io
import resource
import sys
from collections.abc import Callable, Iterator

MEMORY = 768 * 1024 * 1024
PROCESSOR_SECONDS = 40

type Reader = Callable[[io.BytesIO], Iterator[str]]


def pdf() -> Reader:
    """Return a function that yields the words of a PDF, page by page."""

    from pypdf import PdfReader, PdfWriter

    codecs.lookup("utf-16-be")  # lazily loaded modules are loaded now

    warm, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(warm)
    [page.extract_text() for page in PdfReader(warm).pages]

    def read(file: io.BytesIO) -> Iterator[str]:
        for page in PdfReader(file).pages:
            yield page.extract_text()

    return read


def docx() -> Reader:
    """Return a function that yields the paragraphs of a Word document, and the rows of its tables in their places."""
    from docx import Document
    from docx.text.paragraph import Paragraph

    warm = io.BytesIO()  # what a library loads at its first document, it loads now
    Document().save(warm)
    list(Document(warm).iter_inner_content())

    def read(file: io.BytesIO) -> Iterator[str]:
        for part in Document(file).iter_inner_content():
            if isinstance(part, Paragraph):
                yield part.text
            else:
                yield from (" | ".join(cell.text for cell in row.cells) for row in part.rows)

    return read


def odt() -> Reader:
    """Return a function that yields the words of an OpenDocument text."""
    from odfdo import Document

    warm = io.BytesIO()
    Document("text").save(warm)
    Document(warm).get_formatted_text()

    def read(file: io.BytesIO) -> Iterator[str]:
        yield Document(file).get_formatted_text()

    return read


def txt() -> Reader:
    """Return a function that yields a plain text unchanged."""
    codecs.lookup("utf-8-sig")

    def read(file: io.BytesIO) -> Iterator[str]:
        yield file.read().decode("utf-8-sig", errors="replace")

    return read


READERS = {"pdf": pdf, "docx": docx, "odt": odt, "txt": txt}


def confine() -> None:
    """Give up every right that reading a paper does not need."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))  # no file and no connection besides those that are open
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except ValueError:
        pass  # some systems do not limit it; time is still limited


def main(ending: str, most: int) -> None:
    """Print the words of the input, up to so many characters."""
    read = READERS[ending]()
    confine()
    printed = 0
    for piece in read(io.BytesIO(sys.stdin.buffer.read())):
        output = piece[: most - printed]
        sys.stdout.buffer.write(output.encode("utf-8", errors="replace") + b"\n")
        printed += len(output) + 1
        if printed >= most:
            break
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
