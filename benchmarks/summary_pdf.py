"""How long it takes to print a summary of 60 statements, in each of the six languages, and a part of a pack's annex.

    python -m benchmarks.summary_pdf [--statements 60] [--keep FOLDER]

Run it from the root, with PLENARA_DATA naming an empty folder that may be filled (default: one that is deleted again).
The summary has 60 statements under four questions, every sixth a disagreement, with 150 citations of 90 contributions
in six languages. A PDF is made as the product makes it: in a process of its own, whose start is counted. Printed are
seconds, pages, kilobytes and the peak memory of that process; the bound is five seconds a language.
"""

import argparse
import io
import os
import resource
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

BOUND = 5.0
SENTENCES = {
    "en": (
        "Documents should reach everybody three weeks before a meeting, in the languages of those concerned.",
        "Interpretation is a condition of taking part, and not an extra that is cut when money is short.",
        "Whoever follows from a distance should speak in the same order as those in the room.",
    ),
    "fr": (
        "Les documents devraient parvenir à chacun trois semaines avant la réunion, dans les langues des intéressés.",
        "L’interprétation est une condition de la participation, et non un supplément que l’on supprime.",
        "Les personnes qui suivent à distance devraient prendre la parole dans le même ordre que celles de la salle.",
    ),
    "es": (
        "Los documentos deberían llegar a todos tres semanas antes de la reunión, en los idiomas de los interesados.",
        "La interpretación es una condición para participar, y no un añadido que se suprime cuando falta dinero.",
        "Quienes siguen la sesión a distancia deberían intervenir en el mismo orden que quienes están en la sala.",
    ),
    "ru": (
        "Документы должны поступать ко всем за три недели до заседания на языках заинтересованных сторон.",
        "Устный перевод является условием участия, а не дополнением, от которого отказываются при нехватке средств.",
        "Участники, следящие за заседанием дистанционно, должны выступать в том же порядке, что и находящиеся в зале.",
    ),
    "ar": (
        "ينبغي أن تصل الوثائق إلى الجميع قبل ثلاثة أسابيع من الاجتماع، وبلغات المعنيين بها.",
        "الترجمة الشفوية شرط للمشاركة، وليست إضافة يُستغنى عنها عند نقص الموارد المالية.",
        "ينبغي لمن يتابعون الجلسة عن بُعد أن يتكلموا بالترتيب نفسه الذي يتكلم به الحاضرون في القاعة.",
    ),
    "zh": (
        "文件应当在会议召开三周之前，以有关各方的语文送达所有人。",
        "口译是参与的条件，而不是经费不足时可以取消的附加服务。",
        "远程与会者应当与会场内的与会者按照同样的次序发言。",
    ),
}
NAMES = ("Aminata Diallo", "李明", "سمير حداد", "Ольга Петрова", "Inés Calderón", "Daniel Okafor")


def main() -> None:
    """Fill a database, print each form, and report."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--statements", type=int, default=60)
    asked.add_argument("--keep", type=Path, help="a folder for what was printed, to be looked at")
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plenara.config.settings")
    if "PLENARA_DATA" in os.environ:
        measure(options.statements, options.keep)
        return
    with tempfile.TemporaryDirectory(prefix="plenara-benchmark-") as folder:
        os.environ["PLENARA_DATA"] = folder
        measure(options.statements, options.keep)


def measure(statements: int, keep: Path | None) -> None:
    """Print the table."""
    import django

    django.setup()
    from django.core.management import call_command
    from pypdf import PdfReader

    from plenara.core import clock
    from plenara.core.languages import NAMES as LANGUAGES
    from plenara.documents.actions import printed_files
    from plenara.documents.presenters import pdf, plain_text
    from plenara.summaries.printing.presenters import packs, summaries
    from plenara.summaries.printing.queries import Scope

    call_command("migrate", verbosity=0)
    edition = filled(statements)
    print(
        f"{'':12}{'paper s':>9}{'PDF s':>8}{'CPU s':>7}{'pages':>7}{'kB':>7}{'MB':>6}{'DOCX s':>8}{'kB':>6}{'TXT s':>7}"
    )
    papers = {code: (lambda code=code: summaries.summary_paper(edition, code)) for code in LANGUAGES}
    scope = Scope(edition.consultation, None, clock.now())
    first, last = packs.parts(scope)[0]
    papers["annex, zh"] = lambda: packs.annex_paper(scope, "zh", first, last)
    slowest = 0.0
    for name, make in papers.items():
        paper, gathered = timed(make)
        before = processor()
        made, set_in = timed(lambda paper=paper: pdf.as_pdf(paper))
        worked = processor() - before
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        printed_files.as_docx(paper) if name == "ar" else None  # lazy imports are loaded
        document, worded = timed(lambda paper=paper: printed_files.as_docx(paper))
        _text, converted = timed(lambda paper=paper: plain_text.as_text(paper))
        assert pdf.as_pdf(paper) == made, "the same paper gave other bytes"
        pages = len(PdfReader(io.BytesIO(made)).pages)
        print(
            f"{name:12}{gathered:9.2f}{set_in:8.2f}{worked:7.2f}{pages:7}{len(made) // 1000:7}{peak:6}"
            f"{worded:8.2f}{len(document) // 1000:6}{converted:7.3f}"
        )
        slowest = max(slowest, set_in if name in LANGUAGES else 0)
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{name}.pdf").write_bytes(made)
            (keep / f"{name}.docx").write_bytes(document)
            (keep / f"{name}.txt").write_text(_text)
    print(f"slowest summary: {slowest:.2f} s, of {BOUND:.0f} s")


def timed(act: Any) -> tuple[Any, float]:
    """Return the result of a function, and its seconds."""
    began = time.perf_counter()
    return act(), time.perf_counter() - began


def processor() -> float:
    """Return the processor time of our processes, which a busy machine does not lengthen."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def filled(statements: int) -> Any:
    """Return a published summary in six languages, written straight into the record."""
    from plenara.consultations.models import Consultation, Thread
    from plenara.contributions.models import Byline, Contribution, Edition, Text
    from plenara.core import clock
    from plenara.core.languages import NAMES as LANGUAGES
    from plenara.core.vocabulary import StakeholderGroup
    from plenara.documents.models import (
        Document,
        DocumentEdition,
        PublishedCitation,
        PublishedParagraph,
        PublishedRendition,
        PublishedText,
    )
    from plenara.summaries.models import SummaryEdition

    now, codes, groups = clock.now(), list(LANGUAGES), list(StakeholderGroup.values)
    six = {code: SENTENCES[code][1] for code in codes}
    where = Consultation.objects.create(
        slug="benchmark", symbol="BENCH/2026", title=six, stage="announced", languages=codes, opens_at=now
    )
    threads = [Thread.objects.create(consultation=where, number=n, slug=f"q{n}", question=six) for n in range(1, 5)]
    editions = []
    for number in range(1, 91):
        code = codes[number % 6]
        byline = Byline.objects.create(
            name=NAMES[number % 6], stakeholder_group=groups[number % 6], capacity="organization",
            organization="Réseau Sahel Numérique", country="ML",
        )  # fmt: skip
        thread = threads[number % 4]
        symbol = f"BENCH/2026/Q{thread.number}/{number}"
        contribution = Contribution.objects.create(
            thread=thread, consultation=where, state="published", number=number, symbol=symbol, public_id=f"b{number}"
        )
        editions.append(
            Edition.objects.create(
                contribution=contribution, consultation=where, thread=thread, number=number, root=number, symbol=symbol,
                text=Text.of(" ".join(SENTENCES[code] * 6) + f" {number}"), byline=byline, language=code,
                stakeholder_group=byline.stakeholder_group, published_at=now,
            )
        )  # fmt: skip
    document = Document.objects.create(
        consultation=where, kind="summary", source_language="en", number=1, symbol="BENCH/2026/SUM/1", title=six
    )
    edition = DocumentEdition.objects.create(
        document=document, consultation=where, kind="summary", number=1, symbol="BENCH/2026/SUM/1",
        source_language="en", published_at=now,
    )  # fmt: skip
    renditions = {
        code: PublishedRendition.objects.create(edition=edition, language=code, title=six[code]) for code in codes
    }
    place, held = count(), {}
    for number in range(1, statements + 1):
        is_disagreement = number % 6 == 0
        paragraph = PublishedParagraph.objects.create(
            edition=edition, number=number, kind="disagreement" if is_disagreement else "proposal", origin=number,
            thread=threads[(number - 1) * 4 // statements],
        )  # fmt: skip
        for code in codes:
            gap = "" if code == "zh" else " "
            PublishedText.objects.create(
                rendition=renditions[code], paragraph=paragraph, language=code, text=gap.join(SENTENCES[code]),
                heading=SENTENCES[code][0][:40] if number % 5 == 1 else "", source_digest="x",
                against=gap.join(SENTENCES[code][1:]) if is_disagreement else "",
            )  # fmt: skip
        for nth in range(2 + number % 2):
            cited = editions[next(place) % 90]
            PublishedCitation.objects.create(
                paragraph=paragraph, edition=cited, words=SENTENCES[cited.language][nth], position=nth,
                side="against" if is_disagreement and nth else "",
            )  # fmt: skip
        counts = {"groups": {"government": 7, "civil_society": 2}, "outside": 0}
        held[str(number)] = {"held": counts, "against": counts} if is_disagreement else {"held": counts}
    SummaryEdition.objects.create(
        edition=edition, period_from=now, period_to=now,
        figures={
            "ticks": "1" * 86 + "0" * 4, "groups": {group: [15, 14] for group in groups},
            "languages": dict.fromkeys(codes, 15), "threads": {}, "held": held,
        },
    )  # fmt: skip
    return DocumentEdition.objects.select_related("consultation", "summary").get(pk=edition.pk)


if __name__ == "__main__":
    main()
