"""Views for readers: an outcome and its sections, one paragraph, the plain text, and the changes of a version."""

from django.http import Http404, HttpRequest, HttpResponse

from plenara.consultations.models import Consultation, State
from plenara.core.languages import Localized, current, in_language, join_sentences
from plenara.core.views import PublicView
from plenara.documents.models import DocumentEdition, PublishedParagraph
from plenara.documents.presenters.editions import language_rows, rendition_read, text_response
from plenara.documents.queries.editions import titles_of
from plenara.outcomes.models import Agreement, Opening, PublishedSection
from plenara.outcomes.presenters.metadata import describe_outcome, describe_paragraph
from plenara.outcomes.presenters.outcomes import signature_sentences, stage_of, title_of, version_lines
from plenara.outcomes.presenters.paper import PRINTER, outcome_paper
from plenara.outcomes.queries.comments import openings_overview
from plenara.outcomes.queries.meetings import decisions_on
from plenara.outcomes.queries.openings import comment_on
from plenara.outcomes.queries.paragraphs import ReadParagraph, read_paragraphs, renditions_of, steps_of
from plenara.outcomes.queries.versions import (
    Contents,
    Place,
    SectionEntry,
    body_url,
    changes_page,
    contents_of,
    section_page,
    version_or_404,
    version_url,
)


class OutcomeView(PublicView):
    """A page of one version of an outcome: the one in force, or the one with `revision`."""

    place: Place

    def find(self, body: str, outcome: str, revision: int | None = None) -> None:
        """Load the version that an address names, and its languages. Two queries."""
        self.place = version_or_404(body, outcome, revision)
        self.version, self.edition = self.place.version, self.place.version.edition
        self.renditions = renditions_of(self.edition)
        self.language = current() if current() in self.renditions else self.edition.source_language
        self.title: Localized = title_of(self.renditions, self.edition.source_language)

    def context(self, **more: object) -> dict[str, object]:
        """Return the context that these pages share, with further values."""
        place = self.place
        return {
            "place": place,
            "body": place.body,
            "body_url": body_url(place.body),
            "consultation": place.consultation,
            "version": self.version,
            "edition": self.edition,
            "title": self.title,
            "stage": stage_of(self.version),
            "here": place.here,
            "outcome_url": place.outcome_url,
            "nav_current": "consultations",
            **more,
        }


class Changes(OutcomeView):
    """The changes of a version, paragraph by paragraph; many changes in pages."""

    template_name = "outcomes/changes.html"

    def get(
        self, request: HttpRequest, body: str, outcome: str, revision: int, start: int | None = None
    ) -> HttpResponse:
        self.find(body, outcome, revision)
        place = self.place
        at = place.versions.index(self.version)
        if not at:
            raise Http404
        earlier = place.versions[at - 1]
        found = changes_page(earlier, self.version, current(), start)
        if found is None:
            raise Http404
        before, after = (titles_of(each.edition, current()) for each in (earlier, self.version))
        language = current() if current() in before and current() in after else self.edition.source_language
        base = f"{place.outcome_url}changes/{revision}/"
        links = [
            {
                "text": f"{some[0]}–{some[-1]}" if len(some) > 1 else f"{some[0]}",
                "url": f"{base}from/{some[0]}/" if k else base,
                "current": k == found.at,
            }
            for k, some in enumerate(found.pages)
            if some
        ]
        return self.page(
            request,
            self.context(
                found=found,
                earlier=earlier,
                earlier_stage=stage_of(earlier),
                earlier_url=version_url(earlier),
                changes_url=links[found.at]["url"] if links else base,
                title_before=before.get(language, ""),
                title_after=after.get(language, ""),
                title_language=language,
                pages={
                    "links": links,
                    "previous": links[found.at - 1]["url"] if found.at else "",
                    "next": links[found.at + 1]["url"] if found.at + 1 < len(links) else "",
                },
            ),
        )


type Part = tuple[PublishedSection, list[ReadParagraph]]


class Reading(OutcomeView):
    """Base class for the pages with an outcome's text."""

    template_name = "outcomes/outcome.html"
    contents: Contents

    def find(self, body: str, outcome: str, revision: int | None = None) -> None:
        super().find(body, outcome, revision)
        self.contents = contents_of(self.version)

    def parts(self, chosen: list[tuple[SectionEntry, list[int]]]) -> list[Part]:
        """Return sections with the paragraphs of these keys, read in the reader's language."""
        keys = [pk for _each, some in chosen for pk in some]
        found = read_paragraphs(self.edition, self.renditions, current(), keys, quoted=self.contents.quoted)
        by_key = {each.pk: each for each in found}
        return [(each.section, [by_key[pk] for pk in some]) for each, some in chosen]

    def show(self, request: HttpRequest, parts: list[Part], **more: object) -> HttpResponse:
        """Return the page with these parts."""
        place, figures = self.place, self.version.figures
        signatures = list(self.edition.signatures.all())
        opening = in_words(parts)
        opened = self._opening()
        description = describe_outcome(place, self.title, self.language, signatures, opening)
        response = self.page(
            request,
            self.context(
                description=description,
                parts=parts,
                contents=self.contents,
                agreement_counts=[
                    (each.value, each.label, self.contents.agreement_counts[each.value]) for each in Agreement
                ],
                is_translated=current() in self.renditions,
                rendition=self.renditions[self.language],
                shown_in=self.language,
                asked=current(),
                renditions=language_rows(place.version.edition, self.renditions, place.in_other),
                signed=join_sentences(*signature_sentences(self.version, signatures)),
                writers=[each.name for each in signatures if each.part == "wrote" and each.name],
                versions=version_lines(place) if len(place.versions) > 1 else [],
                later=stage_of(place.in_force) if place.in_force.pk != self.version.pk else "",
                answered=figures.get("answered", 0),
                to_answer=figures.get("answered", 0) + figures.get("left", 0),
                left=figures.get("left", 0),
                why_left=in_language(self.version.why_left),
                answers=list(
                    Consultation.objects.filter(outcomes=place.outcome)
                    .exclude(stage=State.DRAFT)
                    .order_by("opens_at", "slug")
                ),
                opening=opened,
                opened_as=stage_of(opened.edition) if opened else "",
                comment_on=comment_on(self.version, [opened] if opened else []),
                **more,
            ),
        )
        response["Link"] = description.link_header
        return response

    def _opening(self) -> Opening | None:
        """Return the last version that was opened for comment."""
        found = Opening.objects.filter(outcome=self.place.outcome).exclude(consultation__stage=State.DRAFT)
        return found.select_related("consultation", "edition").order_by("-edition__edition__revision", "-pk").first()


class OutcomePage(Reading):
    """A whole outcome, or the contents of a long one."""

    def get(self, request: HttpRequest, body: str, outcome: str, revision: int | None = None) -> HttpResponse:
        self.find(body, outcome, revision)
        chosen = [(each, [row.pk for row in each.rows]) for each in self.contents.sections]
        return self.show(request, self.parts(chosen) if self.contents.is_whole else [])


class SectionPage(Reading):
    """A section of a long outcome, or a further page of it."""

    def get(
        self,
        request: HttpRequest,
        body: str,
        outcome: str,
        section: str,
        revision: int | None = None,
        start: int | None = None,
    ) -> HttpResponse:
        self.find(body, outcome, revision)
        found = section_page(self.contents, section, start)
        if self.contents.is_whole or found is None:
            raise Http404
        entry, page = found
        return self.show(
            request,
            self.parts([(entry, [row.pk for row in entry.pages[page]])]),
            current_section=entry,
            page_path=entry.path_of(page),
            pages=self._pages(entry, page),
        )

    def _pages(self, entry: SectionEntry, page: int) -> dict[str, object]:
        """Return the links to the other pages of the section, and to the neighbouring sections."""
        flat = [(each, k) for each in self.contents.sections for k in range(len(each.pages))]
        at, base = flat.index((entry, page)), self.place.here
        before = flat[at - 1] if at else None
        after = flat[at + 1] if at + 1 < len(flat) else None
        links = [
            {
                "text": f"{rows[0].mark}–{rows[-1].mark}" if len(rows) > 1 else f"{rows[0].mark}",
                "url": base + entry.path_of(k),
                "current": k == page,
            }
            for k, rows in enumerate(entry.pages)
            if rows
        ]
        return {
            "links": links,
            "previous": base + before[0].path_of(before[1]) if before else "",
            "next": base + after[0].path_of(after[1]) if after else "",
        }


def in_words(parts: list[Part]) -> str:
    """Return the first words of what a page shows."""
    return next((each.text for _section, some in parts for each in some if each.text), "")


#: Citations quoted on a paragraph's own page; the others are in the matrix.
QUOTED = 30
#: Characters of context around the words cited.
CONTEXT = 80


class ParagraphPage(OutcomeView):
    """A paragraph by its permanent number: in force, in its last version, or in the one with `revision`."""

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
                section=found.outcome_paragraph.section,
                paragraph_url=here,
                last_stood=self.last_stood,
                later=stage_of(place.in_force) if place.is_for_good and not self.edition.in_force else "",
                steps=steps_of(place, mark),
                decisions=decisions_on(place.outcome, mark),
                before=numbers[at - 1] if at else None,
                after=numbers[at + 1] if at + 1 < len(numbers) else None,
                commented=[
                    (opened.stage, row)
                    for opened in (openings_overview(place.in_force) if openings else [])
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
        """Return the paragraph; if it is not in the version in force, its last one. Raises `Http404`."""
        place, self.last_stood = self.place, ""
        of = {each.edition_id: each for each in place.versions}
        found = PublishedParagraph.objects.filter(mark=mark).select_related("outcome_paragraph__section")
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


class OutcomeText(PublicView):
    """An outcome as plain text, with each citation, response and reason."""

    def get(self, request: HttpRequest, body: str, outcome: str) -> HttpResponse:
        version = version_or_404(body, outcome).version
        found = DocumentEdition.objects.select_related("consultation", *PRINTER.related).prefetch_related("renditions")
        edition = found.get(pk=version.edition_id)
        return text_response(edition, outcome_paper(edition, current()), rendition_read(edition).language)
