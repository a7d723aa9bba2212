"""The method note of a conference pack: who could take part, how statements are made, and what no figure says."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.installation import installation
from plenara.consultations.models import Consultation
from plenara.core.languages import current, django_code, in_language
from plenara.core.templatetags.plenara import date_in_words, datetime_utc, language_name
from plenara.core.vocabulary import licence_name
from plenara.documents.printing.bylines import isolated
from plenara.documents.printing.paper import Block, Heading, Paper, Passage, Point, Points, Words, words
from plenara.summaries import shown
from plenara.summaries.printing.scope import Scope


def method_paper(scope: Scope, language: str) -> Paper:
    """Return the note that says how the other papers of a pack came about."""
    with translation.override(django_code(language)):
        consultation = scope.consultation
        title = in_language(consultation.title)
        return Paper(
            language=language,
            symbol=consultation.symbol,
            eyebrow=_("Method"),
            title=words(title.text, title.language),
            author=installation().name,
            about=title.text,
            dated_at=scope.asked_at,
            head=(
                Passage(
                    Words(
                        _("How this was made, and how to read it. As of %(moment)s.")
                        % {"moment": isolated(datetime_utc(scope.asked_at))}
                    )
                ),
            ),
            blocks=tuple(_blocks(scope)),
        )


def _blocks(scope: Scope) -> Iterator[Block]:
    consultation = scope.consultation
    yield Heading(Words(_("What contributions are, and what they are not")))
    yield _said(_("Whoever wished took part. Contributions are self-selected: they are no sample of anybody."))
    yield _said(
        _(
            "They do not measure opinion. Where a number is given, it counts contributions, not people, and says "
            "nothing of how many share a view."
        )
    )
    yield Heading(Words(_("Who could take part, and when")))
    yield from _who(consultation)
    yield Heading(Words(_("How statements are made")))
    yield _said(
        _(
            "A rapporteur reads the contributions of a period and writes numbered statements. Each statement about "
            "what was said cites the contributions on which it rests, by words that stand in them exactly; an "
            "organizer approves the whole. Whoever approves has not written it, unless it is said there."
        )
    )
    yield _said(
        _(
            "Where contributions disagree, both sides stand in one statement, each with its citations. A contribution "
            "that no statement cites is listed, with the reason where it was set aside."
        )
    )
    yield _said(
        _(
            "A machine may have sorted contributions or proposed sentences. Nothing of it is published before a person "
            "has accepted it, one statement at a time."
        )
    )
    yield _said(
        _(
            "Statements are translated into the other languages and reviewed. Where a statement is not there yet in a "
            "language, the original is shown and this is said. Contributions stand in the language in which they were "
            "written."
        )
    )
    yield Heading(Words(_("Where figures come from")))
    yield _said(
        _(
            "Every figure is computed from the public record: how many contributions there are, by stakeholder group, "
            "language, country and question, and how many of them a statement cites. Stakeholder group, organization "
            "and country are as declared by whoever contributed."
        )
    )
    yield Heading(Words(_("How to check this")))
    yield _said(
        _(
            "Each contribution and each summary has a symbol. The address of this site followed by /s/ and the symbol "
            "leads to it, in the reader’s language, for good. The whole record can be downloaded from there."
        )
    )
    page = f"{settings.SITE_URL}/{current()}/consultations/{consultation.slug}/"
    yield Passage(Words(_("Consultation: %(address)s") % {"address": isolated(page)}), "soft", page)
    licence = isolated(licence_name(consultation.licence))
    yield Passage(Words(_("Licence: %(licence)s") % {"licence": licence}), "soft")


def _said(text: str) -> Passage:
    return Passage(Words(text))


def _who(consultation: Consultation) -> Iterator[Block]:
    if consultation.imported_at:
        yield _said(
            _(
                "This consultation was held elsewhere, and its record was brought here. How it was held is told where "
                "it was."
            )
        )
        if consultation.source:
            yield Passage(Words(consultation.source, "und"), "soft")
    else:
        yield _said(
            _(
                "Anyone, from any country, alone or for an organization. Whoever contributed said to which stakeholder "
                "group they belong and in which capacity they speak; it is shown with every contribution."
            )
        )
        if consultation.is_premoderated:
            yield _said(_("A moderator reads each contribution before it is published."))
        else:
            yield _said(_("Contributions are published at once, and a moderator reads each afterwards."))
    if consultation.opens_at and consultation.closes_at:
        yield _said(
            _("Open from %(opening)s to %(closing)s.")
            % {
                "opening": _day(consultation.opens_at, consultation),
                "closing": _day(consultation.closes_at, consultation),
            }
        )
    for each in consultation.extensions.all():
        sentence = (
            _("No closing date was announced before: it closed on %(new)s.")
            if not each.had_closing
            else _("Closed early: it closed on %(new)s instead of %(old)s.")
            if each.is_early_closing
            else _("Extended: it closes %(new)s instead of %(old)s.")
        )
        yield _said(sentence % {"new": _day(each.closes_at, consultation), "old": _day(each.closed_at, consultation)})
    accepted = shown.names([language_name(code) for code in consultation.languages])
    if accepted:
        yield _said(_("Contributions were accepted in: %(languages)s.") % {"languages": accepted})
    if consultation.word_limit:
        yield _said(
            ngettext(
                "A contribution had %(limit)d word at most.",
                "A contribution had %(limit)d words at most.",
                consultation.word_limit,
            )
            % {"limit": consultation.word_limit}
        )
    yield Heading(Words(_("What was asked")), 3)
    yield Points(
        tuple(
            Point(
                words(
                    _("Question %(number)d: %(question)s") % {"number": each.number, "question": asked.text},
                    asked.language,
                )
            )
            for each in consultation.threads.all()
            if (asked := in_language(each.question))
        )
    )


def _day(moment: datetime.datetime, consultation: Consultation) -> str:
    return date_in_words(moment.astimezone(consultation.zone).date())
