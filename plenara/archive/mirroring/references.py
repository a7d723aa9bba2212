"""References to contributions, outcomes, editions and paragraphs, in three forms and six languages: most of a copy.

Each is what its address answers, byte for byte; a test holds the two together. Asked for one by one they would take
longer than all pages.
"""

from collections.abc import Iterator

from django.utils import translation

from plenara.archive import addresses, references
from plenara.archive.formats.citations import FORMS
from plenara.archive.mirroring.outcomes import Outcomes
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core.languages import CODES, django_code
from plenara.outcomes.reading import renditions_of

CHUNK = 200


def of_outcomes(consultation: Consultation) -> Iterator[tuple[str, bytes]]:
    """Yield the same of outcomes, of their versions and of the paragraphs that stand in each."""
    outcomes = Outcomes(consultation)
    for place in outcomes.places():
        renditions = renditions_of(place.version.edition)
        for mark in (None, *outcomes.marks.get(place.version.edition_id, [])):
            for code in CODES:
                page = place.in_other(code) + (f"paragraphs/{mark}/" if mark is not None else "")
                with translation.override(django_code(code)):
                    reference = references.of_outcome(place, mark, renditions)
                    for ending, (_media_type, write) in FORMS.items():
                        yield f"{page}cite.{ending}", write(reference).encode(errors="replace")


def written(consultation: Consultation) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of the references to what stands, some hundred editions in memory at a time."""
    found = Edition.objects.filter(consultation=consultation, status=Edition.Status.PUBLISHED)
    found = found.select_related("byline", "thread").order_by("number", "revision")
    site = addresses.site("")
    for edition in found.iterator(CHUNK):
        for code in CODES:
            contribution = addresses.contribution(consultation.slug, edition.number, code).removeprefix(site)
            pages = [f"{contribution}rev/{edition.revision}/"]
            if edition.in_force:
                pages.append(contribution)
            with translation.override(django_code(code)):
                reference = references.of_edition(edition, consultation)
                for page in pages:
                    for ending, (_media_type, write) in FORMS.items():
                        yield f"{page}cite.{ending}", write(reference).encode(errors="replace")
    yield from of_outcomes(consultation)
