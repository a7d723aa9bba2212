"""Every version of a document: who changed what, and when; and the source of a translation when it was translated."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from rapidfuzz import fuzz

from plenara.accounts.models import Person
from plenara.core.differences import ADDED, REMOVED, SAME, Run, runs
from plenara.documents.actions import stamp_of
from plenara.documents.models import Change, Document, Kind, ParagraphText, PublishedText, digest_of

#: Texts less similar than this, in per cent, are shown as replaced, without marked changes.
LEAST_ALIKE = 40


@dataclass(frozen=True)
class Former:
    """An earlier source. `heading` and `against` are None if unknown."""

    heading: str | None
    text: str
    against: str | None


def former_sources(document: Document, outdated: Iterable[ParagraphText]) -> dict[int, Former]:
    """Return the earlier sources of outdated translations, by paragraph. Two queries at most.

    They are looked up in the history, then in the record. If neither has one, only the text stored with the translation
    is known, without its heading and opposing view.
    """
    by_paragraph = {each.paragraph_id: each for each in outdated}
    if not by_paragraph:
        return {}
    wanted = {each.source_digest for each in by_paragraph.values()}
    words = ("heading", "text", "against")
    changes = Change.objects.filter(
        document=document, paragraph__in=by_paragraph, language=document.source_language
    ).values_list("paragraph", *words)
    published = PublishedText.objects.filter(
        rendition__edition__document=document, language=document.source_language, source_digest__in=wanted
    ).values_list("paragraph__origin", *words)
    found = {
        (key, digest_of(*parts)): Former(*parts) for rows in (published, changes) for key, *parts in rows.order_by()
    }
    return {
        key: former
        for key, each in by_paragraph.items()
        if (former := found.get((key, each.source_digest)) or _former_text(each))
    }


def _former_text(translation: ParagraphText) -> Former | None:
    return Former(None, translation.source_text, None) if translation.source_text else None


def changed_runs(before: str, after: str) -> list[Run]:
    """Return the changes from one text to another; if they have little in common, both as a whole."""
    if before == after:
        return [Run(SAME, after)]
    # Comparing unrelated texts takes longest and shows least, and a page may have forty of them.
    if not before or not after or fuzz.ratio(before, after) < LEAST_ALIKE:
        return [run for run in (Run(REMOVED, before), Run(ADDED, after)) if run.text]
    return runs(before, after)


What = Change.What
#: The number of versions searched for the one that a form was opened on.
MOST_LOOKED_AT = 50
#: The changes that store words.
WORDED = (What.ADDED, What.EDITED, What.ACCEPTED, What.TRANSLATED, What.DELETED)


@dataclass(frozen=True)
class Version:
    """One change, and the version before it."""

    change: Change
    before: Change | None  # None: these are the first stored words

    @property
    def is_title(self) -> bool:
        return self.change.paragraph == 0

    @property
    def kind_was(self) -> str:
        """The kind that it had before, if it changed."""
        return self._was("kind") and str(dict(Kind.choices).get(self._was("kind"), self._was("kind")))

    @property
    def kind_now(self) -> str:
        return str(dict(Kind.choices).get(self.change.kind, self.change.kind))

    @property
    def has_moved_question(self) -> bool:
        """Return whether its question changed."""
        return bool(self.before and self.is_edit and self.before.thread_id != self.change.thread_id)

    @property
    def is_edit(self) -> bool:
        return self.change.what in {What.EDITED, What.TRANSLATED}

    @property
    def parts(self) -> list[tuple[str, str, str]]:
        """Its words before and after, part by part: heading, text, opposing view."""
        if self.change.what not in WORDED:
            return []
        found = []
        for name in ("heading", "text", "against"):
            before, after = getattr(self.before, name, "") or "", getattr(self.change, name)
            if self.is_edit and before == after:
                continue
            if before or after:
                found.append((name, before if self.is_edit and self.before else after, after))
        return found

    def _was(self, name: str) -> str:
        before = getattr(self.before, name, "") if self.before and self.is_edit else ""
        return before if before != getattr(self.change, name) else ""


def changes_of(document: Document, paragraph: int | None = None) -> QuerySet[Change]:
    """Return the changes of a document, or of one of its paragraphs by its id, newest first."""
    found = Change.objects.filter(document=document).select_related("by", "edition", "thread").order_by("-pk")
    return found if paragraph is None else found.filter(paragraph=paragraph)


def versions(found: QuerySet[Change]) -> list[Version]:
    """Return some changes, each with the version before it. Two queries."""
    earlier = Change.objects.filter(
        document=OuterRef("document"),
        paragraph=OuterRef("paragraph"),
        language=OuterRef("language"),
        what__in=WORDED,
        pk__lt=OuterRef("pk"),
    ).order_by("-pk")
    changes = list(found.annotate(earlier=Subquery(earlier.values("pk")[:1])))
    before = Change.objects.select_related("thread").in_bulk({each.earlier for each in changes if each.earlier})  # type: ignore[attr-defined]
    return [Version(each, before.get(each.earlier)) for each in changes]  # type: ignore[attr-defined]


def version_of(document: Document, paragraph: int, stamped: str) -> Change | None:
    """Return the version that a form was opened on, by its stamp; None if it is not among the last ones."""
    found = Change.objects.filter(
        document=document, paragraph=paragraph, language=document.source_language, what__in=WORDED
    )
    kept = found.order_by("-pk")[:MOST_LOOKED_AT]
    return next((each for each in kept if stamp_of(each.kind, each.thread_id, each) == stamped), None)


def version_with(document: Document, paragraph: int, digest: str) -> Change | None:
    """Return the version of a paragraph whose words have this digest, if it is among the last ones."""
    found = Change.objects.filter(
        document=document, paragraph=paragraph, language=document.source_language, what__in=WORDED
    )
    kept = found.order_by("-pk")[:MOST_LOOKED_AT]
    return next((each for each in kept if digest_of(each.heading, each.text, each.against) == digest), None)


def by_others(document: Document, since: int, person: Person) -> QuerySet[Change]:
    """Return other people's changes after a given change, newest first."""
    return changes_of(document).filter(pk__gt=since).exclude(by=person)


def last_change(document: Document) -> int:
    """Return the id of a document's last change; 0 if there is none."""
    return Change.objects.filter(document=document).order_by("-pk").values_list("pk", flat=True).first() or 0
