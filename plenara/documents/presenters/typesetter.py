"""The program that reads one page of HTML from its input and writes it as a tagged PDF. It knows nothing of Plenara.

    python -I typesetter.py IDENTIFIER < HTML > PDF

It loads what it needs, then limits its memory and time. It never fetches anything that the HTML names, neither from
the network nor from the disk.
"""

import gc
import os
import resource
import sys
import warnings

MEMORY = 3 * 1024 * 1024 * 1024
PROCESSOR_SECONDS = 110


def confine() -> None:
    """Drop all rights that typesetting does not need. Files may be opened for reading, because of the fonts."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except ValueError:
        pass  # some systems do not limit memory; time is limited everywhere


def set_languages() -> None:
    """Mark each element with its own language in the PDF, so that it is read aloud correctly.

    WeasyPrint marks only the whole document. If its internals have changed, the PDF stays as WeasyPrint makes it.
    """
    import pydyf
    from weasyprint.pdf import tags

    build = getattr(tags, "_build_box_tree", None)
    if build is None:
        return

    def with_language(box, *more):  # type: ignore[no-untyped-def]
        for element in build(box, *more):
            own = getattr(box, "element", None)
            language = own.get("lang") if own is not None and hasattr(own, "get") else None
            if language:
                element.setdefault("Lang", pydyf.String(language))
            yield element

    tags._build_box_tree = with_language


def main(identifier: str) -> None:
    """Write the page on the input as a PDF."""
    gc.disable()  # this process ends in some seconds; garbage collection would take a tenth of them
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import weasyprint
        from weasyprint.urls import URLFetcher

    class Nothing(URLFetcher):  # type: ignore[misc]
        """Refuses every address."""

        def fetch(self, url, headers=None):  # type: ignore[no-untyped-def]
            raise ValueError("nothing is fetched")

    set_languages()
    confine()
    page = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    document = weasyprint.HTML(string=page, url_fetcher=Nothing())
    # The same paper gives the same bytes, so the identifier is not random.
    made = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode()[:32])
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
    os._exit(0)  # the C libraries may crash while they free what the end of the process frees


if __name__ == "__main__":
    main(sys.argv[1])
