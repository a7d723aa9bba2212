"""A view for readers: the dossier of a meeting, with its agenda, what each item discusses, report and decisions."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_cache_control

from plenara.core.languages import NAMES, current, in_language
from plenara.core.store import Away
from plenara.core.views import PublicView
from plenara.events import hours
from plenara.events.models import Occurrence
from plenara.outcomes.dossiers_shown import decisions_of, items_of
from plenara.outcomes.models import Dossier, DossierFile
from plenara.outcomes.places import body_url
from plenara.outcomes.printing import making

#: Dates that its head tells.
MOST_DATES = 10


class DossierPage(PublicView):
    """The dossier of an event, once its agenda is shown."""

    template_name = "outcomes/dossier.html"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        found = Dossier.objects.select_related("event", "body__consultation")
        dossier = found.filter(event__number=number, published_at__isnull=False).first()
        if dossier is None:
            raise Http404
        event = dossier.event
        if not event.is_published:
            return HttpResponseRedirect(f"/{current()}/events/{number}/")  # which says what became of it
        dates = Occurrence.objects.filter(event=event, cancelled_at=None).order_by("starts_at", "number")[:MOST_DATES]
        is_reported = dossier.reported_at is not None
        made = DossierFile.objects.filter(dossier=dossier, made_at__isnull=False)
        try:
            offered, is_whole = {each.language: list(making.offered(each)) for each in made}, True
        except Away:
            offered, is_whole = {}, False  # the agenda can be read all the same
        response = self.page(
            request,
            {
                "dossier": dossier,
                "event": event,
                "title": in_language(event.details.get("title")),
                "body": dossier.body,
                "body_url": body_url(dossier.body) if dossier.body.is_public else "",
                "consultation": dossier.body.consultation,
                "dates": [hours.when(each) for each in dates],
                "intro": in_language(dossier.intro),
                "items": items_of(dossier),
                "decisions": decisions_of(dossier) if is_reported else [],
                "report": in_language(dossier.report) if is_reported else None,
                "files": [(code, name, offered[code]) for code, name in NAMES.items() if offered.get(code)],
                "nav_current": "calendar",
            },
        )
        if not is_whole:
            patch_cache_control(response, no_store=True)
        return response
