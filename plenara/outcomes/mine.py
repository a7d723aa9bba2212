"""What became of a contribution, on its author's page: statements, meetings, paragraphs, final text."""

from plenara.contributions.models import Contribution
from plenara.documents.citations import cited_in
from plenara.moderation.afterwards import Part, tells
from plenara.outcomes.trails import trails_of


@tells
def went(contribution: Contribution) -> Part | None:
    """Return where the words of a published contribution went, or that they went nowhere yet."""
    if contribution.number is None:
        return None
    editions = contribution.editions.values_list("pk", flat=True)
    cited = cited_in(editions)
    # The same statement may cite several editions, and words of one twice.
    places = {place.url: place for found in cited.values() for place in found if not place.treatment}
    trail = trails_of([contribution.pk]).get(contribution.pk)
    return Part("outcomes/mine.html", {"places": list(places.values()), "trail": trail})
