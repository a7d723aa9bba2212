"""What a conference pack says of itself, in six languages."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from plenara.core.languages import NAMES, current, django_code, in_language
from plenara.core.templatetags.plenara import datetime_utc
from plenara.documents.printing import files
from plenara.summaries.kind import SUMMARY
from plenara.summaries.printing.scope import Scope


def readme(scope: Scope) -> str:
    """Return the text, language after language in the order of the language bar."""
    texts = []
    for code, name in NAMES.items():
        with translation.override(django_code(code)):
            texts.append("\n".join([name, "=" * max(len(name), 3), "", *_lines(scope), ""]))
    return "\n\n".join(texts)


def _lines(scope: Scope) -> Iterator[str]:
    title = in_language(scope.consultation.title).text
    yield _("Conference pack of the consultation “%(title)s” (%(symbol)s).") % {
        "title": title,
        "symbol": scope.consultation.symbol,
    }
    yield _("As of %(moment)s, from the public record.") % {"moment": datetime_utc(scope.asked_at)}
    yield f"{settings.SITE_URL}/{current()}/consultations/{scope.consultation.slug}/"
    yield ""
    yield _("This language’s folder is %(folder)s. It holds:") % {"folder": f"{current()}/"}
    if scope.edition:
        yield f"  1-summary   {SUMMARY.label(scope.edition.number)} ({scope.edition.symbol})"
    else:
        yield "  1-compilation   " + _("Every statement of every summary published so far, by question")
    yield "  2-method   " + _("How this was made, and how to read it")
    yield "  3-coverage   " + _("What was contributed, what of it is cited, and who is missing")
    yield "  4-annex   " + _("The contributions in the order of their numbers, whole, each in its own language")
    yield ""
    yield _("Contributions are self-selected. They do not measure opinion, and no number in here does.")
    if "pdf" not in files.endings():
        yield _("There are Word documents only: the machine that made this cannot make PDF files.")
