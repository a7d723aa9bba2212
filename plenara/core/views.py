"""The four kinds of view, and the separators between the parts of a line of a page. Every view is one of these kinds,
and a test checks it by all addresses.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import ResolverMatch
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.datastructures import MultiValueDict
from django.utils.decorators import method_decorator
from django.utils.http import quote_etag
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from plenara.core.forms import ActionForm
from plenara.core.languages import current, html_code
from plenara.core.refusals import ActionRefused, Answer, require

_LINE = re.compile(r'<\w+ (?:[^>]* )?class="(?:[^"]* )?(dots|crumbs)[ "][^>]*>')
_TAG = re.compile(r"<(/?)(\w+)[^>]*?(/?)>")
_VOID = frozenset({"br", "img", "input", "wbr"})
#: A separator ends a line, and never begins one. A stroke is not read aloud.
_SEPARATORS = {"dots": "\u00a0· ", "crumbs": '<span aria-hidden="true">\u00a0/ </span>'}
#: The `Surrogate-Key` of a page that depends on every cache tag.
KEY_OF_ANY = "any"


def with_separators(html: str) -> str:
    """Return a page with a separator between the elements of each line of parts; in its text, not by CSS."""
    places = []
    for line in _LINE.finditer(html):
        end = depth = 0  # `end`: of the part before
        for tag in _TAG.finditer(html, line.end()):
            closes, name, is_whole = tag.groups()
            if closes and not depth:
                break
            if depth == 0 and end:
                places.append((end, tag.start(), _SEPARATORS[line[1]]))
            depth += -1 if closes else 0 if is_whole or name in _VOID else 1
            if depth == 0:
                end = tag.end()
    made, done = [], 0
    for end, start, separator in sorted(places):
        made += [html[done:end], separator]
        done = start
    return "".join([*made, html[done:]])


class Destination(NamedTuple):
    """The subject of a page, for a person who is on the way to it."""

    label: str
    words: dict[str, str]  # by language


type Context = Mapping[str, object]


class BaseView(View):
    """The base of the four kinds of view."""

    template_name: str = ""

    @classmethod
    def destination(cls, found: ResolverMatch) -> Destination | None:
        """Return the subject of the page at an address, if it is public. One query."""
        return None

    def page(self, request: HttpRequest, context: Context | None = None, status: int = 200) -> HttpResponse:
        """Return the view's rendered template."""
        html = render_to_string(self.template_name, {"view": self, **(context or {})}, request)
        return HttpResponse(with_separators(html), status=status)

    def refuse(self, request: HttpRequest, refused: ActionRefused) -> HttpResponse:
        """Return a page with the sentence of a refusal."""
        status = 409 if refused.status == ActionRefused.status else refused.status
        response = render(request, "core/refused.html", {"refused": refused}, status=status)
        if again := getattr(refused, "retry_after", None):
            response["Retry-After"] = str(again)
            patch_cache_control(response, no_store=True)
        return response


class FormPage[F: ActionForm](BaseView):
    """A page with one form, whose input an action takes. Comes before one of the four kinds; not one itself."""

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> F:
        """Return the form with what was sent, or else with what is saved."""
        raise NotImplementedError

    def save(self, form: F) -> HttpResponseBase:
        """Call the action, and lead on. Why it refuses is shown in the form."""
        raise NotImplementedError

    def context(self) -> dict[str, object]:
        """Return what the page shows besides the form."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        return self.show(self.form())

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                return self.save(form)
            except ActionRefused as refused:
                form.put(refused)
        return self.show(form, status=422)

    def show(self, form: F, status: int = 200) -> HttpResponse:
        """Return the page."""
        return self.page(self.request, {"form": form, **self.context()}, status=status)


class PublicView(BaseView):
    """A view for readers: GET only, cacheable, never a cookie."""

    http_method_names = ["get", "head", "options"]
    #: Whether scripts of other sites may read the responses (CORS).
    is_open_to_scripts = False
    #: Seconds that a shared cache may store the page, and serve it stale while it revalidates.
    s_maxage = 60
    stale_while_revalidate = 600
    #: The query parameters of the page, which alone key a cache; None if every parameter counts.
    known_parameters: tuple[str, ...] | None = ()
    #: Whether a streamed response may be cached too, until its cache tags are invalidated.
    caches_streamed = False

    def cache_tags(self) -> list[str] | None:
        """Return the cache tags that the page depends on; None for all of them."""
        return None

    @method_decorator(csrf_exempt)
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        request.is_public_page = True  # type: ignore[attr-defined]
        try:
            response = super().dispatch(request, *args, **kwargs)
        except ActionRefused as refused:
            response = self.refuse(request, refused)
        # A page that declares itself incomplete is not cached.
        if response.status_code == 200 and "no-store" not in response.headers.get("Cache-Control", ""):
            self.make_cacheable(request, response)
        return response

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Set how long a cache may store the page and what makes it stale, and add an ETag.

        `Surrogate-Key` is for a CDN that can purge by key. The front process has headers of its own, which it removes.
        """
        patch_cache_control(
            response, public=True, s_maxage=self.s_maxage, stale_while_revalidate=self.stale_while_revalidate, max_age=0
        )
        if not response.has_header("Content-Language"):
            response["Content-Language"] = html_code(current())
        cache_tags = self.cache_tags()
        if cache_tags != []:
            response["Surrogate-Key"] = KEY_OF_ANY if cache_tags is None else " ".join(cache_tags)
        if "HTTP_X_PLENARA_FRONT" in request.META and (self.caches_streamed or not response.streaming):
            response["X-Plenara-Cache-Tags"] = "*" if cache_tags is None else " ".join(cache_tags)
            response["X-Plenara-Parameters"] = "*" if self.known_parameters is None else " ".join(self.known_parameters)
            request.META.pop("HTTP_ACCEPT_ENCODING", None)  # the front process compresses the page, once for everybody
        if not response.streaming and isinstance(response, HttpResponse) and not response.has_header("ETag"):
            response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])


class OpenView(BaseView):
    """A view for anyone without an account: forms, with a CSRF cookie and nothing stored about the visitor."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except ActionRefused as refused:
            return self.refuse(request, refused)


class MemberView(BaseView):
    """A view for people who are signed in. `self.person` is the person."""

    #: Whether most visitors have no account yet: they are sent to signing up, which also offers signing in.
    is_for_newcomers = False

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.sign_in_first(request)
        self.person = request.user
        try:
            return self.enter(request, *args, **kwargs)
        except ActionRefused as refused:
            return self.refuse(request, refused)
        except IntegrityError:
            # The account was erased in another tab at the same time: nothing was written.
            if request.user.__class__._base_manager.filter(pk=request.user.pk).exists():
                raise
            return self.sign_in_first(request)

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Run the view for the person. Staff views check more first."""
        return super().dispatch(request, *args, **kwargs)

    def sign_in_first(self, request: HttpRequest) -> HttpResponseBase:
        """Redirect to signing in and back again; a view that overrides this can save what a form sent."""
        if request.method != "GET":
            return redirect_to_login(request.path)
        return redirect_to_login(request.get_full_path(), "account_signup" if self.is_for_newcomers else None)


type StaffCheck = Callable[[HttpRequest], HttpResponse | None]


def _no_check(_request: HttpRequest) -> HttpResponse | None:
    return None


#: `config` registers the check of the second factor: it is above and cannot be imported.
_check_staff: StaffCheck = _no_check


def checks_staff(function: StaffCheck) -> StaffCheck:
    """Register what is called once a staff view is permitted. Where it returns a response, the view does not run."""
    global _check_staff
    _check_staff = function
    return function


class StaffView(MemberView):
    """A view for people with a role. `allowed` returns the answer of `permissions.py`."""

    def allowed(self, *args: Any, **kwargs: Any) -> Answer:  # type: ignore[explicit-any] # each view's own arguments
        """Return the permission's answer for `self.person`; each staff view has its own."""
        raise NotImplementedError

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        require(self.allowed(*args, **kwargs))
        if (response := _check_staff(request)) is not None:
            return response
        return super().enter(request, *args, **kwargs)


def gone(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    """Return a tombstone page with status 410."""
    response = render(request, "core/gone.html", context, status=410)
    patch_vary_headers(response, ["Accept-Language"])
    return response


#: Headers that a script of another site may read.
EXPOSED = "Content-Disposition, Content-Language, Content-Range, ETag, Last-Modified, Link, Repr-Digest, Retry-After"


def open_to_all[R: HttpResponseBase](response: R) -> R:
    """Let scripts of other sites read a response: nothing in it depends on the person."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    return response
