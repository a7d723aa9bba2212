"""Views of the demo: sign in as anybody of the cast, and read every e-mail. They answer only where `settings.DEMO`."""

from email.utils import parsedate_to_datetime
from pathlib import Path

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import pgettext

import plenara
from plenara.contributions.models import Edition
from plenara.core.languages import NAMES, current, django_code, html_code
from plenara.core.views import Context, OpenView
from plenara.demo import postbox, presenters
from plenara.directory.models import Kind, Listing
from plenara.documents.models import PublishedCitation
from plenara.summaries.kind import SUMMARY
from plenara_sample import SLUGS

#: What begins the demo again: a checkout has a command for it, an installed package only its own.
_IS_CHECKOUT = (Path(plenara.__file__).parent.parent / "bin" / "demo").exists()
RESET = "./bin/demo --reset" if _IS_CHECKOUT else "plenara demo --reset"
#: E-mails on one page of the list.
PAGE = 50
#: What may be done on the page that shows an e-mail's HTML form: nothing but to look at it.
LOCKED = "sandbox; default-src 'none'; style-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"


class DemoView(OpenView):
    """A view of the demo, in the language of `?lang=`, else in the one that the browser prefers."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        wanted = (request.POST if request.method == "POST" else request.GET).get("lang", "")
        with translation.override(django_code(wanted if wanted in NAMES else current())):
            request.LANGUAGE_CODE = django_code(current())
            return super().dispatch(request, *args, **kwargs)

    def page(self, request: HttpRequest, context: Context | None = None, status: int = 200) -> HttpResponse:
        """Return the page, with a language bar of `?lang=` links: these addresses do not begin with a language."""
        parameters = {name: str(value) for name, value in request.GET.items() if name in {"page", "to"}}
        bar = [
            {
                "code": code,
                "name": name,
                "html_lang": html_code(code),
                "url": f"{request.path}?{urlencode({'lang': code, **parameters})}",
                "current": code == current(),
            }
            for code, name in NAMES.items()
        ]
        frame = {"languages": bar, "canonical_url": "", "alternates": [], "lang": current()}
        return super().page(request, {**frame, **(context or {})}, status)


def _address(view: str, *args: str, **query: str) -> str:
    """Return the address of a page of the demo that stays in this language."""
    return f"{reverse(view, args=args)}?{urlencode({'lang': current(), **query})}"


def _crumbs() -> list[tuple[str, str]]:
    return [(pgettext("label", "Demonstration"), _address("demo:demo"))]


class Demo(DemoView):
    """Explains the demo, offers its persons for signing in, and links to pages worth seeing."""

    template_name = "demo/demo.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(
            request,
            {
                "cast": presenters.cast(),
                "base": f"/{current()}/consultations/{SLUGS[0]}/",
                "other": f"/{current()}/consultations/{SLUGS[1]}/",
                "cited": _most_cited(),
                **_sights(),
                "summary_url": SUMMARY.url(SLUGS[0], 1),
                "summary_in_arabic_url": SUMMARY.url(SLUGS[0], 1, "ar"),
                "letters": len(postbox.names()),
                "letters_url": _address("demo:emails"),
                "reset": RESET,
            },
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        found = presenters.person_of(request.POST.get("person", ""))
        if found is None:
            raise Http404
        part, person = found
        begins = part.begins(request.POST["person"])
        request.came_by_link = True  # type: ignore[attr-defined]  # no code, no passkey: nobody is here to be protected
        return perform_login(request, Login(user=person, email=person.email, redirect_url=begins))


def _most_cited() -> int | None:
    """Return the number of the contribution that the most statements cite."""
    found = (
        PublishedCitation.objects.filter(edition__consultation__slug=SLUGS[0], edition__in_force=True)
        .values("edition__number")
        .annotate(count=Count("pk"))
        .order_by("-count", "edition__number")
        .values_list("edition__number", flat=True)
    )
    return found.first()


def _sights() -> dict[str, int | None]:
    """Return the numbers of contributions worth seeing: a campaign's, one that others signed, one with a paper."""
    found = Edition.objects.filter(in_force=True, status=Edition.Status.PUBLISHED).order_by("number")
    led = found.filter(consultation__slug=SLUGS[1], campaign_of__isnull=False).values_list("campaign_of", flat=True)
    numbers = found.filter(consultation__slug=SLUGS[0]).values_list("number", flat=True)
    return {
        "campaign": led.first(),
        "signed": numbers.filter(signatories__isnull=False).first(),
        "paper": numbers.filter(paper__isnull=False).first(),
        "verified": _verified(),
    }


def _verified() -> int | None:
    """Return the number of the organization that was verified last."""
    found = Listing.objects.filter(of=Kind.ORGANIZATION, verifications__ended_at=None, verifications__isnull=False)
    return found.order_by("-verifications__at").values_list("number", flat=True).first()


class Emails(DemoView):
    """Every e-mail that was sent, newest first; with `?to=` those to one address."""

    template_name = "demo/emails.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        to, names = request.GET.get("to", "").strip().lower(), postbox.names()
        if to:
            names = [name for name in names if to in str(postbox.headers(name).message["To"]).lower()]
        number = request.GET.get("page", "1")
        last = max(1, -(-len(names) // PAGE))
        page = min(max(int(number) if number.isdecimal() and len(number) < 9 else 1, 1), last)
        shown = [_listed(postbox.headers(name)) for name in names[(page - 1) * PAGE : page * PAGE]]

        def address(number: int) -> str:
            return _address("demo:emails", page=str(number), **({"to": to} if to else {}))

        pages = {
            "previous": address(page - 1) if page > 1 else "",
            "next": address(page + 1) if page < last else "",
            "links": [
                {"text": str(each), "url": address(each), "current": each == page} for each in range(1, last + 1)
            ],
        }
        return self.page(request, {"letters": shown, "all": len(names), "to": to, "pages": pages, "crumbs": _crumbs()})


def _listed(email: postbox.Email) -> dict[str, object]:
    """Return what pages show of an e-mail: its headers, as text."""
    message = email.message
    language = str(message["Content-Language"] or "")
    date = message["Date"]
    return {
        "name": email.name,
        "url": _address("demo:email", email.name),
        "to": str(message["To"] or ""),
        "subject": str(message["Subject"] or ""),
        "date": parsedate_to_datetime(str(date)) if date else None,
        "language": language,
    }


class OneEmail(DemoView):
    """An e-mail: its headers, its text, and its HTML form as source."""

    template_name = "demo/email.html"

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        email = _email_or_404(name)
        context = {
            **_listed(email),
            # Names may be of any script; what machines wrote is read from left to right.
            "headers": [
                (key, str(value), "auto" if key in {"From", "To", "Subject"} else "ltr")
                for key, value in email.message.items()
            ],
            "paragraphs": [block.split("\n") for block in email.part("plain").strip().split("\n\n")],
            "html": email.part("html"),
            "same_reader_url": _address("demo:emails", to=str(email.message["To"])),
            "crumbs": [*_crumbs(), (pgettext("label", "E-mails"), _address("demo:emails"))],
        }
        return self.page(request, context)


class EmailAsHtml(DemoView):
    """An e-mail's HTML form as a mail program shows it, in a page that may do nothing at all."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        html = _email_or_404(name).part("html")
        if not html:
            raise Http404
        return HttpResponse(html, headers={"Content-Security-Policy": LOCKED})


def _email_or_404(name: str) -> postbox.Email:
    email = postbox.find(name)
    if email is None:
        raise Http404
    return email
