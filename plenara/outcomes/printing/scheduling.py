"""When outcomes are printed: `documents.printing.enqueuing`, by two tasks of their own."""

from plenara.documents.printing import scheduling
from plenara.outcomes import tasks
from plenara.outcomes.printing.files import PRINTER


def enqueue_prints() -> int:
    """Enqueue the printing of what has changed; return of how many consultations. The worker asks now and then."""
    return scheduling.enqueue_prints(PRINTER, tasks.print_changed)
