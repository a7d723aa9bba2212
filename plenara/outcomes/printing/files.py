"""How outcomes are kept as files: `documents.printing.files` keeps them, `outcome_paper` says what they show."""

from plenara.consultations.models import Consultation
from plenara.documents.printing.files import Printer
from plenara.outcomes.behind import shelves_behind
from plenara.outcomes.kind import NAME
from plenara.outcomes.models import Outcome
from plenara.outcomes.printing.showing import RELATED, outcome_paper


def shelves(consultation: Consultation) -> list[str]:
    """Return the shelves of all whose contributions the outcomes of a consultation cite. One query."""
    return shelves_behind(Outcome.objects.filter(body__consultation=consultation).values("pk"), consultation)


PRINTER = Printer(kind=NAME, folder="outcomes.files", paper=outcome_paper, shelves=shelves, related=RELATED)
