"""How long the files of a dossier of 100 pages take, made as the worker makes them, and in what memory.

    python -m benchmarks.dossier [--contributions 140] [--language en] [--outcome] [--keep FOLDER]

Run it from the root, with PLENARA_DATA naming an empty folder that may be filled (default: one that is deleted again).
The agenda has eight items, which discuss an outcome of 60 paragraphs with 300 citations, each with its response and
reason, and contributions in six languages. Printed are seconds, pages, kilobytes, the peak memory of this process and
of the one that sets pages; the bounds are 60 seconds and 500 MB. Made a second time, the bytes are the same.
"""

import argparse
import io
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.summary_pdf import NAMES, SENTENCES, timed

SECONDS, MEGABYTES = 60.0, 500


def main() -> None:
    """Fill a database, make the files, and print."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--contributions", type=int, default=140)
    asked.add_argument("--paragraphs", type=int, default=60, help="of the outcome that is discussed")
    asked.add_argument("--citations", type=int, default=300, help="in all of them")
    asked.add_argument("--outcome", action="store_true", help="print the outcome instead of the dossier")
    asked.add_argument("--language", default="en", choices=list(SENTENCES))
    asked.add_argument("--keep", type=Path, help="a folder for what was made, to be looked at")
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plenara.config.settings")
    if "PLENARA_DATA" in os.environ:
        measure(options)
        return
    with tempfile.TemporaryDirectory(prefix="plenara-benchmark-") as folder:
        os.environ["PLENARA_DATA"] = folder
        measure(options)


def measure(options: argparse.Namespace) -> None:
    """Print what was measured."""
    import django

    django.setup()
    from django.core.management import call_command
    from pypdf import PdfReader

    from plenara.outcomes.actions import printed_files

    call_command("migrate", verbosity=0)
    it = filled(options)
    if options.outcome:
        print_outcome(options)
        return
    made, seconds = timed(lambda: made_of(it))
    again = made_of(it)
    assert again == made, "the same record gave other bytes"
    pages = len(PdfReader(io.BytesIO(made["pdf"])).pages)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    set_in = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    sizes = ", ".join(f"{ending} {len(content) // 1000} kB" for ending, content in made.items())
    print(f"{pages} pages in {seconds:.1f} s ({60 * seconds / max(pages, 1):.0f} s for 60 pages): {sizes}")
    print(f"memory: {own} MB here, {set_in} MB where pages are set")
    if pages >= 100:
        print(f"bounds for 100 pages: {SECONDS:.0f} s and {MEGABYTES} MB; here {100 * seconds / pages:.1f} s for 100")
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        for ending in printed_files.FORMS:
            (options.keep / f"dossier-{options.language}.{ending}").write_bytes(made[ending])


def print_outcome(options: argparse.Namespace) -> None:
    """Print how long the files of the outcome take."""
    from pypdf import PdfReader

    from plenara.documents.actions import printed_files
    from plenara.documents.models import DocumentEdition
    from plenara.documents.presenters import pdf
    from plenara.outcomes.presenters.paper import PRINTER

    found = DocumentEdition.objects.select_related("consultation", *PRINTER.related).prefetch_related("renditions")
    paper, gathered = timed(lambda: PRINTER.paper(found.get(kind="outcome"), options.language))
    made, set_in = timed(lambda: pdf.as_pdf(paper))
    document, worded = timed(lambda: printed_files.as_docx(paper))
    pages = len(PdfReader(io.BytesIO(made)).pages)
    own, child = (resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        f"{pages} pages: gathered in {gathered:.1f} s, set in {set_in:.1f} s ({child} MB, {len(made) // 1000} kB), "
        f"Word document in {worded:.1f} s ({own} MB here, {len(document) // 1000} kB)"
    )


def made_of(it: Any) -> dict[str, bytes]:
    """Return the files of a dossier, made piece by piece as by tasks."""
    from plenara.outcomes.actions import printed_files

    printed_files.folder_of(it).forget_all()
    shown = printed_files.people_of(it)
    while not printed_files.papers_of(it).make(time.monotonic() + 55, lambda _done, _of: None):
        pass
    printed_files.bind(it, shown)
    folder = printed_files.folder_of(it)
    return {ending: (folder / f"dossier.{ending}").read_bytes() for ending in printed_files.FORMS}


def filled(options: argparse.Namespace) -> Any:
    """Return a dossier with requested files, written straight into the record."""
    from plenara.consultations.models import Consultation, Thread
    from plenara.contributions.models import Byline, Contribution, Edition, Text
    from plenara.core import clock
    from plenara.core.languages import NAMES as LANGUAGES
    from plenara.core.vocabulary import StakeholderGroup
    from plenara.events.models import Event
    from plenara.outcomes.models import AgendaItem, Body, Dossier, DossierFile, ItemMatter

    now, codes, groups = clock.now(), list(LANGUAGES), list(StakeholderGroup.values)
    six = {code: SENTENCES[code][1] for code in codes}
    where = Consultation.objects.create(
        slug="benchmark", symbol="BENCH/2026", title=six, stage="announced", languages=codes, opens_at=now
    )
    threads = [Thread.objects.create(consultation=where, number=n, slug=f"q{n}", question=six) for n in range(1, 5)]
    editions = []
    for number in range(1, options.contributions + 1):
        code, thread = codes[number % 6], threads[number % 4]
        byline = Byline.objects.create(
            name=NAMES[number % 6], stakeholder_group=groups[number % 6], capacity="organization",
            organization="Réseau Sahel Numérique", country=("ML", "CN", "EG", "RU", "PE", "NG")[number % 6],
        )  # fmt: skip
        symbol = f"BENCH/2026/Q{thread.number}/{number}"
        contribution = Contribution.objects.create(
            thread=thread, consultation=where, state="published", number=number, symbol=symbol, public_id=f"b{number}"
        )
        editions.append(
            Edition.objects.create(
                contribution=contribution, consultation=where, thread=thread, number=number, root=number, symbol=symbol,
                text=Text.of("\n\n".join([" ".join(SENTENCES[code] * 2)] * 4) + f" {number}"), byline=byline,
                language=code, stakeholder_group=byline.stakeholder_group, published_at=now,
            )
        )  # fmt: skip
    body = Body.objects.create(consultation=where, slug="bench", name=six, published_at=now)
    outcome = _outcome(body, editions, six, options)
    event = Event.objects.create(number=1, state="published", details={"title": six}, prepares=where, published_at=now)
    dossier = Dossier.objects.create(event=event, body=body, intro=six, published_at=now)
    for number in range(1, 9):
        item = AgendaItem.objects.create(dossier=dossier, number=number, title=six, note=six)
        if number == 1:
            ItemMatter.objects.create(item=item, position=1, outcome=outcome)
            continue
        ItemMatter.objects.create(item=item, position=1, outcome=outcome, mark=number)
        for place, each in enumerate(editions[number - 2 :: 7], 2):
            ItemMatter.objects.create(item=item, position=place, contribution=each.contribution)
    it = DossierFile.objects.create(dossier=dossier, language=options.language)
    return DossierFile.objects.select_related("dossier__event", "dossier__body__consultation").get(pk=it.pk)


def _outcome(body: Any, editions: list[Any], six: dict[str, str], options: argparse.Namespace) -> Any:
    from plenara.documents.models import (
        Document,
        DocumentEdition,
        PublishedCitation,
        PublishedParagraph,
        PublishedReason,
        PublishedRendition,
        PublishedText,
    )
    from plenara.outcomes.models import Outcome, OutcomeEdition, PublishedOutcomeParagraph, PublishedSection

    document = Document.objects.create(
        consultation=body.consultation, kind="outcome", source_language="en", number=1, symbol="BENCH/2026/OUT/1",
        title=six, address="outcomes/bench/report/",
    )  # fmt: skip
    outcome = Outcome.objects.create(document=document, body=body, slug="report")
    outcome.consultations.add(body.consultation)
    edition = DocumentEdition.objects.create(
        document=document, consultation=body.consultation, kind="outcome", number=1, symbol="BENCH/2026/OUT/1",
        source_language="en", address="outcomes/bench/report/", published_at=body.published_at,
    )  # fmt: skip
    version = OutcomeEdition.objects.create(edition=edition, outcome=outcome, stage="draft", draft=1)
    sections = [
        PublishedSection.objects.create(edition=version, number=n, slug=f"s{n}", title=six, origin=n)
        for n in range(1, 5)
    ]
    reason = PublishedReason.objects.create(edition=edition, text=SENTENCES["en"][1], texts=six)
    renditions = {
        code: PublishedRendition.objects.create(edition=edition, language=code, title=six[code]) for code in six
    }
    for number in range(1, options.paragraphs + 1):
        paragraph = PublishedParagraph.objects.create(
            edition=edition, number=number, mark=number, kind="finding", origin=number
        )
        PublishedOutcomeParagraph.objects.create(
            paragraph=paragraph, section=sections[number * 4 // (options.paragraphs + 1)], agreement="agreed"
        )
        for code, rendition in renditions.items():
            gap = "" if code == "zh" else " "
            PublishedText.objects.create(
                rendition=rendition, paragraph=paragraph, language=code, text=gap.join(SENTENCES[code]),
                source_digest="x",
            )  # fmt: skip
        each = options.citations // options.paragraphs
        for nth in range(each):
            cited = editions[(number * each + nth) % len(editions)]
            PublishedCitation.objects.create(
                paragraph=paragraph, edition=cited, words=SENTENCES[cited.language][nth % 3], position=nth,
                response=("taken_up", "taken_up_in_part", "noted", "not_taken_up")[nth % 4], reason=reason,
            )  # fmt: skip
    return outcome


if __name__ == "__main__":
    main()
