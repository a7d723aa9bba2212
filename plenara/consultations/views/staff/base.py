"""What the views of one consultation share: finding it, its frame, saving what was sent while signed out."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Person
from plenara.consultations import permissions
from plenara.consultations.models import Consultation
from plenara.consultations.presenters import desk, wording
from plenara.core.languages import html_code, in_language
from plenara.core.refusals import Answer
from plenara.core.views import StaffView

#: The session key for what a signed-out person sent, until they are back, and its largest size.
REMEMBERED = "kept_desk_form"
MOST_REMEMBERED = 200_000
_SALT = "plenara.desk"


class OfConsultation(StaffView):
    """Base of the views of one consultation. A draft is a 404 for a person who has no role in it."""

    consultation: Consultation
    section = "desk_consultation"
    rule: Callable[[Person, Consultation], Answer] = staticmethod(permissions.may_organize)

    def allowed(self, slug: str, **more: object) -> Answer:
        found = Consultation.objects.filter(slug=slug).first()
        if found is None or not permissions.may_see(self.person, found):
            raise Http404
        if found.is_community and self.section not in desk.OF_COMMUNITY:
            raise Http404  # calendar and directory have no questions and no summaries
        self.consultation = found
        return permissions.may_act(self.person) and type(self).rule(self.person, found)

    def frame(self) -> dict[str, object]:
        """Return what each of these pages shows of the consultation."""
        it = self.consultation
        return {
            "consultation": it,
            "state_mark": wording.mark(it),
            "state_word": it.state_label,
            "opening": wording.opening(it),
            "closing": wording.closing(it),
            "time_left": wording.time_left(it),
            "public_url": wording.address(it) if it.is_public else "",
            "sections": desk.sections(self.person, it, self.section),
            "crumbs": crumbs(it, is_inner=self.section != "desk_consultation"),
            "nav_current": "desk",
        }

    # --- what was typed is saved when the person was signed out ---

    def writer(self) -> str:
        """Return a signature of the person who saw the form: only they can have input saved."""
        return signing.dumps(self.person.pk, salt=_SALT)

    def sign_in_first(self, request: HttpRequest) -> HttpResponseBase:
        size = request.headers.get("Content-Length") or "0"
        if request.method == "POST" and size.isdecimal() and int(size) <= MOST_REMEMBERED:
            try:
                writer = signing.loads(request.POST.get("writer", ""), salt=_SALT, max_age=14 * 24 * 3600)
            except signing.BadSignature:
                writer = None
            if writer:
                request.session[REMEMBERED] = {"path": request.path, "writer": writer, "form": request.POST.urlencode()}
                return redirect_to_login(request.path)
        return super().sign_in_first(request)

    def kept(self, request: HttpRequest) -> QueryDict | None:
        """Return what the person sent to this page while signed out; a second call returns nothing."""
        saved = request.session.get(REMEMBERED)
        if not saved or saved["path"] != request.path or saved["writer"] != self.person.pk:
            return None
        del request.session[REMEMBERED]
        messages.warning(
            request,
            _("You were signed out. What you typed is below and has not been saved yet. Check it, then save it."),
        )
        return QueryDict(saved["form"])


def crumbs(consultation: Consultation, *, is_inner: bool) -> list[tuple[str, str, str]]:
    """Return the breadcrumbs from the desk to a consultation's page."""
    title = in_language(consultation.title)
    way = [(pgettext("label", "Desk"), reverse("desk"), "")]
    if is_inner:
        here = reverse("desk_consultation", args=[consultation.slug])
        way.append((title.text, here, html_code(title.language)))
    return way
