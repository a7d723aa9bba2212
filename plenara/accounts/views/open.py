"""Views for anyone: an invitation's link, an operator's one-time link, the way to an identity provider and back.

Programs that read e-mail follow links, so a GET shows a button, and a POST acts.
"""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.socialaccount.sessions import LoginSession
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt

from plenara.accounts import actions, invitations, limits, session
from plenara.accounts.permissions import is_known, may_accept
from plenara.accounts.queries import person_of_link, verified_addresses
from plenara.accounts.sign_on import exchange, queries
from plenara.core.views import OpenView


class AnInvitation(OpenView):
    """Shows what is offered, and lets the recipient accept it."""

    template_name = "accounts/invitation.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        invitation = invitations.find(token)
        if invitation is None or not invitation.is_pending:
            accepted = bool(invitation and invitation.accepted_at)
            return self.page(request, {"is_over": True, "was_accepted": accepted}, status=410 if invitation else 404)
        person = request.user
        onward = urlencode({"next": request.path})
        context = {
            "sentence": invitations.sentence_of(invitation.purpose),
            "inviter": invitation.invited_by.name if invitation.invited_by else "",
            "until": invitation.expires_at,
            "answer": may_accept(person, invitation, verified_addresses(person)) if is_known(person) else None,
            "sign_in_url": f"{reverse('account_login')}?{onward}",
            "sign_up_url": f"{reverse('account_signup')}?{onward}",
        }
        return self.page(request, context)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        person = request.user
        if not is_known(person):
            return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        return HttpResponseRedirect(actions.accept_invitation(actor=person, token=token) or reverse("my"))


class OneTimeLink(OpenView):
    """Signs in the person to whom an operator gave the link."""

    template_name = "accounts/one_time_link.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        person = person_of_link(token)
        return self.page(request, {"whose": person}, status=200 if person else 410)

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        person = person_of_link(token)
        if person is None or not actions.use_link(person):
            return self.page(request, {"whose": None}, status=410)
        request.came_by_link = True  # type: ignore[attr-defined]
        return perform_login(request, Login(user=person, email=person.email))


class Erased(OpenView):
    """Says that an account was erased, to any visitor: nobody is signed in any more."""

    template_name = "accounts/erased.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request)


class SignOn(OpenView):
    """Leads to an identity provider.

    By a page and not by a redirect: browsers would check every address on the provider's way against the policy for
    our forms, which names this site alone.
    """

    template_name = "accounts/sign_on.html"

    def get(self, request: HttpRequest, provider: str) -> HttpResponse:
        return HttpResponseRedirect(session.with_next(reverse("account_login"), session.next_address(request)))

    def post(self, request: HttpRequest, provider: str) -> HttpResponseBase:
        if queries.provider(provider) is None:
            raise Http404
        if is_known(request.user):
            return HttpResponseRedirect(session.next_address(request) or reverse("my"))
        session.restore_destination(request)
        to = exchange.address_to_leave_for(request, provider, process="login", wanted=session.next_address(request))
        session.limit_unfinished(request)
        return self.page(request, {"to": to, "name": queries.name_of(provider)}) if isinstance(to, str) else to


class OpenIDConnectAnswer(OpenView):
    """Takes what a provider of OpenID Connect answers, in the address to which it redirects."""

    def get(self, request: HttpRequest, provider_id: str) -> HttpResponseBase:
        response = exchange.openid_connect_answer(request, provider_id)
        session.limit_unfinished(request)
        return response


@method_decorator(csrf_exempt, name="dispatch")
class SamlAnswer(OpenView):
    """Takes what a browser brings from a provider of SAML, and then reads it.

    A browser brings it without our cookies (SameSite), so it is stored, and the browser is led to this address again.
    What makes it ours is its signature, and that it answers a request of the same session.
    """

    most = 300_000  # characters

    def post(self, request: HttpRequest, organization_slug: str) -> HttpResponseBase:
        exchange.require_saml(organization_slug)
        limits.spend("sign_on", ip=limits.ip_of(request))
        brought = LoginSession(request, "saml_session", "saml-session")
        brought.store["sent"] = request.POST.get("SAMLResponse", "")[: self.most]
        brought.store.set_expiry(300)
        response = HttpResponseRedirect(request.path)
        brought.save(response)
        return response

    def get(self, request: HttpRequest, organization_slug: str) -> HttpResponseBase:
        exchange.require_saml(organization_slug)
        brought = LoginSession(request, "saml_session", "saml-session")
        sent = brought.store.get("sent", "")
        brought.delete()
        response = exchange.saml_answer(request, organization_slug, sent)
        session.limit_unfinished(request)
        return response


class SamlMetadata(OpenView):
    """What a provider of SAML needs to know of this site."""

    def get(self, request: HttpRequest, organization_slug: str) -> HttpResponse:
        xml = exchange.saml_metadata(request, organization_slug)
        return HttpResponse(xml, content_type="application/samlmetadata+xml")
