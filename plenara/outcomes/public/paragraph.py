"""The view for readers to one paragraph of an outcome: what it rests on, its versions, what meetings decided on it."""

from django.http import Http404, HttpRequest, HttpResponse

from plenara.core.languages import current
from plenara.documents.models import PublishedParagraph
from plenara.outcomes.commented import overview
from plenara.outcomes.describing import describe_paragraph
from plenara.outcomes.following import steps_of
from plenara.outcomes.meetings_shown import decisions_on
from plenara.outcomes.models import Opening
from plenara.outcomes.opening import comment_on
from plenara.outcomes.places import Place
from plenara.outcomes.public.base import OutcomeView
from plenara.outcomes.reading import read_paragraphs, renditions_of
from plenara.outcomes.shown import stage_of, title_of

#: Citations that are quoted on a paragraph's own page; all others are in the matrix.
QUOTED = 30
#: Characters of context around the words cited.
CONTEXT = 80


class ParagraphPage(OutcomeView):
    """A paragraph by its number for good: as it is in force, as it last stood, or with `revision` as it was then."""

    template_name = "outcomes/paragraph_page.html"

    def get(
        self, request: HttpRequest, body: str, outcome: str, mark: int, revision: int | None = None
    ) -> HttpResponse:
        self.find(body, outcome, revision)
        found = self.find_paragraph(mark)
        read = read_paragraphs(self.edition, self.renditions, current(), [found.pk], quoted=QUOTED, context=CONTEXT)[0]
        numbers = list(self.edition.paragraphs.order_by("number").values_list("mark", flat=True))
        at = numbers.index(found.mark)
        place = self.place
        here = f"{place.here}paragraphs/{mark}/"
        openings = list(Opening.objects.filter(outcome=place.outcome).select_related("consultation"))
        description = describe_paragraph(place, self.title, read, here)
        response = self.page(
            request,
            self.context(
                description=description,
                each=read,
                section=found.stand.section,
                paragraph_url=here,
                last_stood=self.last_stood,
                later=stage_of(place.in_force) if place.is_for_good and not self.edition.in_force else "",
                steps=steps_of(place, mark),
                decisions=decisions_on(place.outcome, mark),
                before=numbers[at - 1] if at else None,
                after=numbers[at + 1] if at + 1 < len(numbers) else None,
                commented=[
                    (opened.stage, row)
                    for opened in (overview(place.in_force) if openings else [])
                    for part in opened.sections
                    for row in part.rows
                    if row.mark == mark
                ],
                comment_on=comment_on(self.version, openings),
                for_good=f"{place.for_good}#s{mark}",
                permanent=f"{place.permanent}#s{mark}",
            ),
        )
        response["Link"] = description.link_header
        return response

    def find_paragraph(self, mark: int) -> PublishedParagraph:
        """Return the paragraph; one that stands no more in the version in force, as it stood last. Raises `Http404`."""
        place, self.last_stood = self.place, ""
        of = {each.edition_id: each for each in place.versions}
        found = PublishedParagraph.objects.filter(mark=mark).select_related("stand__section")
        if place.is_for_good:
            found = found.filter(edition=self.edition)
        else:
            found = found.filter(edition__in=list(of), edition__revision__lte=self.edition.revision)
        paragraph = found.order_by("-edition__revision").first()
        if paragraph is None:
            raise Http404
        if paragraph.edition_id != self.edition.pk:
            version = of[paragraph.edition_id]
            version.edition.consultation = place.consultation
            self.place = Place(version, place.versions, is_for_good=True)
            self.version, self.edition = version, version.edition
            self.renditions = renditions_of(self.edition)
            self.title = title_of(self.renditions, self.edition.source_language)
            self.last_stood = stage_of(version)
        return paragraph
