"""The view for readers to what a version changed of the one before it."""

from django.http import Http404, HttpRequest, HttpResponse

from plenara.core.languages import current
from plenara.documents.edition_changes import titles_of
from plenara.outcomes.places import version_url
from plenara.outcomes.public.base import OutcomeView
from plenara.outcomes.shown import stage_of
from plenara.outcomes.version_changes import page_of


class Changes(OutcomeView):
    """What a version changed, paragraph by paragraph; very much of it in pages."""

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
        found = page_of(earlier, self.version, current(), start)
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
