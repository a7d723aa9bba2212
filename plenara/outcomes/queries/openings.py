"""Versions opened for comment: the subjects of their threads, and the initial child consultation.

The threads are the version's sections, and "What is missing?"; a comment may name the paragraph that it is about.
"""

from collections.abc import Iterable

from django.db.models import F, Q
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override, pgettext

from plenara.consultations.actions.announcement import Question
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.queries.submissions import About, Part, register_parts
from plenara.core.languages import NAMES, current, django_code
from plenara.documents.models import PublishedRendition, PublishedText
from plenara.outcomes.kind import OUTCOME, in_six
from plenara.outcomes.models import Opening, OutcomeEdition, PublishedSection, Section, SectionThread
from plenara.outcomes.presenters.outcomes import stage_of
from plenara.outcomes.queries.versions import version_url

_MISSING = (
    gettext_noop("What is missing?"),
    gettext_noop("What should the final text say that no section of the draft says?"),
)
_INTRO = gettext_noop(
    "Each question is a section of a draft. Comment on a paragraph or on the whole section. The writers answer each "
    "comment with a reason."
)


def parts_of(thread: Thread) -> list[Part]:
    """Return the paragraphs of the section that a thread is about. One query."""
    section = SectionThread.objects.filter(thread=thread, section__isnull=False).values("section")
    rows = PublishedText.objects.filter(paragraph__outcome_paragraph__section__in=section, rendition__in_force=True)
    rows = rows.select_related("paragraph__edition").order_by("paragraph__number")
    by_paragraph: dict[int, PublishedText] = {}
    shown = Q(language=current()) | Q(language=F("paragraph__edition__source_language"))
    for each in rows.filter(shown):
        if each.language == current() or each.paragraph_id not in by_paragraph:
            by_paragraph[each.paragraph_id] = each
    return [_part(each) for each in by_paragraph.values()]


def _part(text: PublishedText) -> Part:
    it = text.paragraph
    address = OUTCOME.url("", it.edition.number, address=it.edition.address)
    return Part(
        number=it.public_number,
        label=pgettext("label", "Paragraph %(number)d") % {"number": it.public_number},
        text=text.text,
        language=text.language,
        url=f"{address}rev/{it.edition.revision}/paragraphs/{it.public_number}/",
    )


def about(consultation: Consultation) -> About | None:
    """Return the version that a consultation was opened for. One query."""
    opening = Opening.objects.filter(consultation=consultation).select_related("edition__edition").first()
    if opening is None:
        return None
    version = opening.edition
    names = {"outcome": OUTCOME.label(version.edition.number), "version": stage_of(version)}
    return About(_("Read the draft: %(outcome)s, %(version)s") % names, version_url(version))


register_parts(parts_of, about)


def comment_on(version: OutcomeEdition, openings: Iterable[Opening]) -> str:
    """Return the prefix of the address to comment on a version, while it is open; a section's number follows."""
    found = next((each for each in openings if each.edition_id == version.pk and each.consultation.is_open), None)
    return f"/{current()}/contribute/{found.consultation.slug}/" if found else ""


def questions_of(version: OutcomeEdition) -> list[tuple[PublishedSection | None, Question]]:
    """Return the questions that a version is opened with: one for each section, and "What is missing?"."""
    sections = list(version.sections.all())
    guidance = dict(Section.objects.filter(pk__in=[each.origin for each in sections]).values_list("pk", "guidance"))
    found: list[tuple[PublishedSection | None, Question]] = [
        (each, Question(each.slug, each.title, guidance.get(each.origin, {}))) for each in sections
    ]
    return [*found, (None, Question("what-is-missing", in_six(_MISSING[0]), in_six(_MISSING[1])))]


def unnamed_sections(version: OutcomeEdition, languages: list[str]) -> list[tuple[int, str]]:
    """Return (number, language) of the sections that have no heading in a language in which people may comment."""
    return [(each.number, code) for each in version.sections.all() for code in languages if not each.title.get(code)]


def intro() -> dict[str, str]:
    """Return the introduction of the child consultation, in six languages."""
    return in_six(_INTRO)


def suggested(version: OutcomeEdition) -> dict:
    """Return the initial values of the form: a free address and symbol, and the title in six languages."""
    outcome, home = version.outcome, version.outcome.body.consultation
    titles = dict(
        PublishedRendition.objects.filter(edition=version.edition_id, in_force=True).values_list("language", "title")
    )
    own = titles.get(version.edition.source_language) or outcome.slug
    title = {}
    for code in NAMES:
        with override(django_code(code)):
            names = {"title": titles.get(code) or own, "version": stage_of(version)}
            title[code] = (_("%(title)s: comments (%(version)s)") % names)[:200]
    return {
        "slug": _free_slug(f"{outcome.body.slug}-{outcome.slug}", version),
        "symbol": _free_symbol(home),
        "title": title,
        "languages": list(home.languages),
        "moderation": home.moderation,
        "word_limit": home.word_limit,
    }


def _free_slug(stem: str, version: OutcomeEdition) -> str:
    ending = slugify(f"{version.stage} {version.draft or ''}".replace("_", " "))
    wanted = f"{stem[:60]}-{ending}"
    taken = set(Consultation.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(each for n in range(1, len(taken) + 2) if (each := wanted if n == 1 else f"{wanted}-{n}") not in taken)


def _free_symbol(home: Consultation) -> str:
    """Return the next of WGIG/2004-C1, -C2, …: no symbol is the beginning of another."""
    stem = f"{home.symbol}-C"
    taken = set(Consultation.objects.filter(symbol__startswith=stem).values_list("symbol", flat=True))
    return next(each for n in range(1, len(taken) + 2) if (each := f"{stem}{n}") not in taken)
