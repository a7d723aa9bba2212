"""The list of themes for programs: SKOS in Turtle and in JSON-LD, and a table; all of it, or one theme."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import override

from plenara.archive.other_form import LanguageFree, OtherForm
from plenara.archive.public.themes import theme_or_404
from plenara.core.languages import CODES, django_code
from plenara.themes.concepts import Concept, of_list
from plenara.themes.files import table, writing
from plenara.themes.models import CACHE_TAG


class Vocabulary(LanguageFree, OtherForm):
    """The whole list in another form, or with a code one theme of it."""

    ending = ""
    code: str | None = None

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        self.code = kwargs.get("code")
        if self.code is not None:
            theme_or_404(self.code)

    def cache_tags(self) -> list[str]:
        return [CACHE_TAG]

    def describe(self, response: HttpResponseBase) -> None:
        response["Content-Disposition"] = f'inline; filename="{self.code or "themes"}.{self.ending}"'

    def concepts(self) -> list[Concept]:
        return of_list(None if self.code is None else [self.code])

    def scheme(self) -> writing.Scheme:
        titles = {}
        for code in CODES:
            with override(django_code(code)):
                titles[code] = _("Themes")
        return writing.Scheme(settings.SITE_URL, titles)


class Turtle(Vocabulary):
    """SKOS in Turtle."""

    media_type, ending = writing.TURTLE, "ttl"

    def write(self) -> Iterable[str]:
        return writing.turtle(self.scheme(), self.concepts(), whole=self.code is None)


class JsonLd(Vocabulary):
    """SKOS in JSON-LD."""

    media_type, ending = writing.JSONLD, "jsonld"

    def write(self) -> Iterable[str]:
        return writing.json_ld(self.scheme(), self.concepts(), whole=self.code is None)


class Csv(Vocabulary):
    """A table for spreadsheets, which can be changed and brought in again."""

    media_type, ending = table.MEDIA_TYPE, "csv"

    def write(self) -> Iterable[str]:
        return table.write(self.concepts())
