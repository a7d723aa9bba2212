"""When outcomes are printed: `documents.printing.owing`, by two errands of their own."""

from plenara.documents.printing import owing
from plenara.outcomes.printing.files import PRINTER

PRINT, PRINT_CHANGED = "outcomes.print", "outcomes.print_changed"


def owe_prints() -> int:
    """Owe the printing of what has changed; return of how many consultations. The worker asks now and then."""
    return owing.owe_prints(PRINTER, PRINT_CHANGED)
