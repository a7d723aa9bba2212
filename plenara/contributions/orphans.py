"""Papers that nothing refers to any more: their rows go with what last referred to them, their files right after."""

import datetime
import re
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from plenara.accounts.models import Installation
from plenara.contributions import tasks
from plenara.contributions.models import Contribution, Draft, Edition, Paper, Version
from plenara.contributions.papers import hold
from plenara.core import clock
from plenara.core.store import Away, document, documents
from plenara.core.transaction import writes

#: How long a paper may lie there without belonging to anything: its form is still open, or its import under way.
GRACE = datetime.timedelta(days=1)
_DOCUMENT = re.compile(r"[0-9a-f]{64}")


def drop(paper_ids: Iterable[int]) -> int:
    """Delete those of some papers that nothing refers to, and enqueue their files' end; return how many they were."""
    return _drop(Q(pk__in=[each for each in paper_ids if each]))


def _drop(which: Q) -> int:
    referring = (
        Version.objects.filter(paper=OuterRef("pk")),
        Edition.objects.filter(paper=OuterRef("pk")),
        Draft.objects.filter(paper=OuterRef("pk")),
        Contribution.objects.filter(original=OuterRef("pk")),
    )
    orphans = Paper.objects.filter(which, *(~Exists(each) for each in referring))
    found = list(orphans.values_list("pk", "sha256"))
    Paper.objects.filter(pk__in=[pk for pk, _sha256 in found]).delete()
    for pk, sha256 in found:
        tasks.forget_paper.using(key=f"forget-paper-{pk}").enqueue(sha256=sha256)
    return len(found)


def forget_paper(sha256: str) -> None:
    """Delete a file, unless its bytes came again meanwhile."""
    with writes():
        hold(sha256)  # whoever takes the same bytes writes file and row while they hold them
        if not _is_known(sha256):
            document(sha256).forget()


def _is_known(sha256: str) -> bool:
    return Paper.objects.filter(sha256=sha256).exists() or Installation.objects.filter(mark=sha256).exists()


def sweep() -> dict[str, int]:
    """Delete papers that have belonged to nothing for a day, and files that no row tells of; return how many."""
    with writes():
        papers = _drop(Q(uploaded_at__lt=clock.now() - GRACE))
    known = {*Paper.objects.values_list("sha256", flat=True), *Installation.objects.values_list("mark", flat=True)}
    try:
        return {"papers": papers, "files": _sweep_files(known)}
    except Away:
        return {"papers": papers, "files": 0}  # tomorrow is another day


def _sweep_files(known: set[str]) -> int:
    before, files = clock.now() - GRACE, 0
    for folder in range(256):
        for name, entry in (documents() / f"{folder:02x}").listed().items():
            if _DOCUMENT.fullmatch(name) and name not in known and entry.changed_at < before:
                forget_paper(name)
                files += not document(name).exists()
    return files
