"""How outcomes are kept as files: `documents.printing.files` keeps them, `outcome_paper` says what they show."""

from plenara.consultations.models import Consultation
from plenara.documents.printing.files import Printer
from plenara.outcomes.behind import cache_tags_behind
from plenara.outcomes.kind import NAME
from plenara.outcomes.models import Outcome
from plenara.outcomes.printing.showing import RELATED, outcome_paper


def cache_tags(consultation: Consultation) -> list[str]:
    """Return the cache tags of all whose contributions the outcomes of a consultation cite. One query."""
    return cache_tags_behind(Outcome.objects.filter(body__consultation=consultation).values("pk"), consultation)


PRINTER = Printer(kind=NAME, folder="outcomes.files", paper=outcome_paper, cache_tags=cache_tags, related=RELATED)
