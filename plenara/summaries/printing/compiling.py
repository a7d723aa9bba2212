"""The compilation so far as a paper: every statement of every summary in force, question by question."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.installation import installation
from plenara.consultations.models import Consultation
from plenara.core.languages import current, django_code, in_language
from plenara.core.templatetags.plenara import number
from plenara.documents.models import DocumentEdition, PublishedParagraph
from plenara.documents.printing.bylines import isolated
from plenara.documents.printing.paper import Block, Heading, Notes, Paper, Passage, Words, words
from plenara.summaries.kind import NAME
from plenara.summaries.printing import statements
from plenara.summaries.printing.showing import question_heading


def compilation_paper(consultation: Consultation, language: str) -> Paper:
    """Return the compilation of a consultation as it is shown in a language."""
    with translation.override(django_code(language)):
        title = in_language(consultation.title)
        found = PublishedParagraph.objects.filter(
            edition__consultation=consultation, edition__kind=NAME, edition__in_force=True
        )
        told = statements.told(found.order_by("thread__number", "edition__number", "number"), is_compiled=True)
        blocks: list[Block] = []
        here: object = ()
        # What is said of the whole comes first, wherever a database sorts what is of no question.
        in_order = sorted(told.statements, key=lambda pair: pair[0].thread.number if pair[0].thread else 0)
        for paragraph, statement in in_order:
            if paragraph.thread != here:
                here = paragraph.thread
                blocks.append(question_heading(paragraph.thread, is_first=False))
            blocks.append(statement)
        if told.notes:
            blocks += [Heading(Words(_("Notes: the words cited")), anchor="notes"), Notes(tuple(told.notes))]
        page = f"{settings.SITE_URL}/{current()}/consultations/{consultation.slug}/"
        blocks += [
            Heading(Words(_("Where this stands"))),
            Passage(Words(_("Consultation: %(address)s") % {"address": isolated(page)}), "soft", page),
        ]
        return Paper(
            language=language,
            symbol=consultation.symbol,
            eyebrow=_("Compilation"),
            title=words(title.text, title.language),
            author=installation().name,
            about=title.text,
            dated_at=_latest(consultation),
            head=(
                Passage(
                    Words(
                        ngettext(
                            "%(count)s statement of the summaries published so far, by question.",
                            "%(count)s statements of the summaries published so far, by question.",
                            len(told.statements),
                        )
                        % {"count": number(len(told.statements))}
                    )
                ),
            ),
            blocks=tuple(blocks),
        )


def _latest(consultation: Consultation):  # type: ignore[no-untyped-def]
    found = DocumentEdition.objects.filter(consultation=consultation, kind=NAME, in_force=True)
    latest = found.order_by("-minted_at").values_list("minted_at", flat=True).first()
    return latest or consultation.created_at
