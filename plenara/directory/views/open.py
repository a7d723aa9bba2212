"""Views that an e-mail's link opens, without an account: verifying an organization, confirming entries.

Opening one (as scanners of e-mail do) changes nothing: only the button does.
"""

from django.http import HttpRequest, HttpResponse

from plenara.accounts.models import Person
from plenara.core.refusals import ActionRefused
from plenara.core.views import OpenView
from plenara.directory import actions, emails, permissions
from plenara.directory.models import Listing
from plenara.directory.presenters import wording
from plenara.directory.queries import lookup, verification


class Verify(OpenView):
    """The link that reached an organization's domain."""

    template_name = "directory/verify.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        proof = verification.find_proof(token)
        if proof is None or not proof.organization.is_published:
            return self.page(request, {"is_unknown": True}, status=404)
        return self.page(request, self.context(proof.organization) | {"domain": proof.domain})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            verified = actions.prove(token=token)
        except ActionRefused as refused:
            return self.page(request, {"refused": refused}, status=409)
        return self.page(request, self.context(verified.organization) | {"domain": verified.domain, "is_done": True})

    def context(self, organization: Listing) -> dict[str, object]:
        return {
            "title": wording.title(organization),
            "public_url": lookup.path_of(organization.of, organization.number or 0),
        }


class StillHold(OpenView):
    """The link of the yearly e-mail: one button confirms all its entries."""

    template_name = "directory/still_hold.html"

    def found(self, token: str) -> tuple[Person | None, list[Listing]]:
        person_id, pks = emails.read_confirmation_token(token) or (0, [])
        person = Person.objects.filter(pk=person_id, is_active=True).first()
        listings = Listing.objects.filter(pk__in=pks, owner=person).order_by("of", "pk") if person else []
        return person, [each for each in listings if permissions.may_confirm(person, each)]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        _person, listings = self.found(token)
        titles = [wording.title(each) for each in listings]
        return self.page(request, {"titles": titles}, status=200 if titles else 404)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        person, listings = self.found(token)
        if person is None or not listings:
            return self.page(request, {"titles": []}, status=404)
        actions.confirm_all(actor=person, pks=[each.pk for each in listings])
        return self.page(request, {"titles": [wording.title(each) for each in listings], "is_done": True})
