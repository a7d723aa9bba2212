"""Views for readers: an outcome, whole where it is short, else its contents and a page for each part of a section."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from plenara.consultations.models import Consultation, State
from plenara.core.languages import current, in_language
from plenara.outcomes.contents import Contents, SectionEntry, contents_of, page_of
from plenara.outcomes.describing import describe_outcome
from plenara.outcomes.models import Agreement, Opening, PublishedSection
from plenara.outcomes.opening import comment_on
from plenara.outcomes.public.base import OutcomeView
from plenara.outcomes.reading import ReadParagraph, read_paragraphs
from plenara.outcomes.shown import signed, six, stage_of, version_lines

type Part = tuple[PublishedSection, list[ReadParagraph]]


class Reading(OutcomeView):
    """What the pages on which an outcome is read share."""

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

    def show(self, request: HttpRequest, parts: list[Part], **more: Any) -> HttpResponse:
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
                standing=[(each.value, each.label, self.contents.standing[each.value]) for each in Agreement],
                is_translated=current() in self.renditions,
                rendition=self.renditions[self.language],
                shown_in=self.language,
                asked=current(),
                renditions=six(place, self.renditions),
                signed=signed(self.version, signatures),
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
    """An outcome: all of it, or of a long one its contents."""

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
        found = page_of(self.contents, section, start)
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

    def _pages(self, entry: SectionEntry, page: int) -> dict[str, Any]:
        """Return the links to the other pages of the section, and across its ends."""
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
