"""What the folder of a dossier says of itself, in its language."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from plenara.core.languages import current, django_code, in_language
from plenara.core.templatetags.plenara import datetime_utc
from plenara.documents.printing import files
from plenara.outcomes.printing.dossier import AGENDA, CONTRIBUTIONS, INDEX, ITEM, WHOLE
from plenara.outcomes.printing.dossier_scope import Scope


def readme(scope: Scope, language: str) -> str:
    """Return the text."""
    with translation.override(django_code(language)):
        return "\n".join([*_lines(scope), ""])


def _lines(scope: Scope) -> Iterator[str]:
    event = scope.dossier.event
    title = in_language(event.details.get("title")).text
    yield _("Dossier of the meeting “%(title)s”.") % {"title": title}
    yield _("As of %(moment)s, from the public record.") % {"moment": datetime_utc(scope.dated_at)}
    yield f"{settings.SITE_URL}/{current()}/events/{event.number}/dossier/"
    yield ""
    yield f"  {WHOLE}   " + _("All of it in one file, with links from each citation to the words")
    yield f"  {AGENDA}   " + _("The agenda; after the meeting, what was decided and the report")
    for item, _matters in scope.items:
        yield f"  {ITEM}-{item.number:02}   {in_language(item.title).text}"
    yield f"  {CONTRIBUTIONS}   " + _("The contributions, whole, each in its own language")
    yield f"  {INDEX}   " + _("Index by theme, stakeholder group and country")
    yield ""
    yield _("Contributions are self-selected. They do not measure opinion, and no number in here does.")
    if "pdf" not in files.endings():
        yield _("There are no PDF files: the machine that made this cannot make them.")
