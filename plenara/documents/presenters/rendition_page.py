"""What the translator's desk shows of one rendition: statements beside their sources, in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.languages import direction, html_code
from plenara.core.machines import translation
from plenara.core.machines.requests import failure_sentence
from plenara.core.text import digest, number_in
from plenara.documents import nearness, permissions, states
from plenara.documents.actions import renditions, suggestions
from plenara.documents.models import (
    Asking,
    Citation,
    Comment,
    Document,
    Paragraph,
    ParagraphText,
    RenditionState,
    State,
    Suggestion,
    Term,
)
from plenara.documents.models import Rendition as RenditionRow
from plenara.documents.presenters.statements import FIELDS, Pair, is_old, marked, pair, state_mark
from plenara.documents.queries import translations
from plenara.documents.queries.drafts import Finding, number_of, part_of, phrases_of
from plenara.documents.queries.history import changed_runs, former_sources
from plenara.documents.queries.translations import is_missing, length_of
from plenara.documents.validation.contents import rendition_errors
from plenara.documents.validation.renditions import Remark, remarks_of

#: Statements on one page.
PAGE = 40
SHOWS = ("all", "missing", "outdated", "remarks", "machine")


@dataclass(frozen=True)
class Asked:
    """Which statements a page is to show, and from which place among them, counted from 1."""

    show: str = "all"
    begin: int = 1

    @classmethod
    def read(cls, written: str) -> "Asked":
        """Return what a button of the form asks for, `missing:41`."""
        show, _colon, begin = written.partition(":")
        number = number_in(begin) or 1
        return cls(show if show in SHOWS else "all", (number - 1) // PAGE * PAGE + 1 if number < 10**6 else 1)

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        """Return what an address asks for."""
        return cls.read(f"{request.GET.get('show', '')}:{request.GET.get('from', '')}")

    @property
    def query(self) -> str:
        """The query of the address."""
        return urlencode({**({} if self.show == "all" else {"show": self.show}), "from": str(self.begin)})

    @property
    def button(self) -> str:
        """What a button of the form says."""
        return f"{self.show}:{self.begin}"


class RenditionPage:
    """A rendition as it is now, and a page of its statements. What was typed is shown in place of what is kept."""

    def __init__(
        self,
        document: Document,
        row: RenditionRow,
        person: Person,
        asked: Asked,
        *,
        typed: Mapping[str, str] | None = None,
        conflicts: list[renditions.Conflict] | None = None,
    ):
        self.document, self.row, self.person, self.asked, self.typed = document, row, person, asked, typed
        self.language, self.source = row.language, document.source_language
        self.state = RenditionState(row.state)
        self.conflicting = {each.paragraph: each.now for each in conflicts or []}
        self.may_render = permissions.may_render(person, document, self.language)

    # --- what there is, of the whole ---

    @cached_property
    def paragraphs(self) -> dict[int, Paragraph]:
        """Every statement by its id, in order."""
        return {each.pk: each for each in self.document.paragraphs.all()}

    @cached_property
    def texts(self) -> dict[int, tuple[ParagraphText, ParagraphText]]:
        """Every source and its translation; an unsaved one where there is none."""
        found = ParagraphText.objects.filter(
            paragraph__document=self.document, language__in=[self.source, self.language]
        ).select_related("changed_by")
        by_place = {(each.paragraph_id, each.language): each for each in found}
        return {
            key: (
                by_place.get((key, self.source)) or ParagraphText(paragraph_id=key, language=self.source),
                by_place.get((key, self.language)) or ParagraphText(paragraph_id=key, language=self.language),
            )
            for key in self.paragraphs
        }

    @cached_property
    def terms(self) -> list[Term]:
        """The consultation's glossary."""
        return list(Term.objects.filter(consultation=self.document.consultation_id))

    @cached_property
    def remarks(self) -> dict[int, list[Remark]]:
        """What is to be looked at, by statement."""
        near = nearness.of_renditions(self.document, self.language)
        return remarks_of(self.texts, self.source, self.language, self.terms, near)

    @cached_property
    def comments(self) -> dict[int, list[Comment]]:
        """What reviewers say of this language and nobody has settled, by statement."""
        found: dict[int, list[Comment]] = {}
        for each in Comment.objects.filter(
            document=self.document, language=self.language, resolved_at=None
        ).select_related("by"):
            found.setdefault(each.paragraph_id or 0, []).append(each)
        return found

    @cached_property
    def kinds(self) -> dict[str, list[int]]:
        """The statements that each filter shows."""
        return {
            "all": list(self.paragraphs),
            "missing": [key for key, (source, target) in self.texts.items() if is_missing(target, source)],
            "outdated": [key for key, (source, target) in self.texts.items() if is_old(target, source)],
            "remarks": [key for key in self.paragraphs if key in self.remarks or key in self.comments],
            "machine": [key for key, (_source, target) in self.texts.items() if target.machine],
        }

    @cached_property
    def suggested(self) -> dict[int | None, Suggestion]:
        """What a machine suggests, by statement; the title's under None."""
        return suggestions.suggestions_for(self.document, self.language)

    # --- the statements of this page ---

    @cached_property
    def shown(self) -> list[int]:
        """The statements of this page: of a form that comes back, its own, whatever became of them meanwhile."""
        if self.typed and (keys := [key for key in self.paragraphs if f"t{key}" in self.typed]):
            return keys
        begin = self.begin
        return self.kinds[self.show][begin - 1 : begin - 1 + PAGE]

    @cached_property
    def show(self) -> str:
        """Which filter is shown: all of it, once nothing is left of what was asked for."""
        return self.asked.show if self.kinds[self.asked.show] else "all"

    @property
    def begin(self) -> int:
        """The place of the first statement; where there are fewer by now, of the last page."""
        last = (max(len(self.kinds[self.show]), 1) - 1) // PAGE * PAGE + 1
        return min(self.asked.begin, last)

    def lost(self, typed: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return what was typed for statements that somebody deleted meanwhile: heading and text."""
        keys = [name[1:] for name in typed if name[:1] == "t" and number_in(name[1:])]
        return [
            (typed.get(f"h{key}", ""), "\n\n".join(filter(None, (typed[f"t{key}"], typed.get(f"a{key}", "")))))
            for key in keys
            if int(key) not in self.paragraphs and typed[f"t{key}"].strip()
        ]

    def pairs(self) -> list[Pair]:
        """Return the statements of this page beside their sources."""
        old = [self.texts[key][1] for key in self.shown if is_old(*reversed(self.texts[key]))]
        former = former_sources(self.document, old)
        found = [
            pair(
                self.paragraphs[key],
                *self.texts[key],
                typed=self.typed,
                former=former.get(key),
                terms=self.terms,
                languages=(self.source, self.language),
                conflict=self.conflicting.get(key),
            )
            for key in self.shown
        ]
        for each in found:
            each.remarks, each.comments = self.remarks.get(each.pk, []), self.comments.get(each.pk, [])
            each.mark, each.word = state_mark(each, self.state)
            each.number, each.name = number_of(self.document, each.paragraph), part_of(self.document, each.paragraph)
            suggestion = self.suggested.get(each.pk)
            now = {part.letter: part.typed for part in each.parts}
            if suggestion and suggestion.source_digest == each.made_from and suggestion.text != now.get("t"):
                each.suggestion = suggestion
        self._remember(found)
        self._cite(found)
        return found

    def _remember(self, found: list[Pair]) -> None:
        """Put beside what is missing or outdated what was translated before."""
        waiting = [each for each in found if each.is_missing or each.is_outdated] if self.may_render else []
        wanted = {(each.pk, part.letter): part for each in waiting for part in each.parts if part.source}
        if not wanted:
            return
        texts = {key: part.source for key, part in wanted.items()}
        segments = translations.segments(
            self.document, self.language, texts.values(), [each.made_from for each in waiting]
        )
        headings = {key: text for key, text in texts.items() if key[1] == "h"}
        rest = {key: text for key, text in texts.items() if key[1] != "h"}
        matches = translations.memory_matches(headings, segments, headings=True, most=1) | translations.memory_matches(
            rest, segments
        )
        for key, some in matches.items():
            part = wanted[key]
            for match in some:
                if match.segment.target != part.typed:
                    runs = changed_runs(match.segment.source, part.source)
                    part.matches.append((match, marked(runs, "", ()), f"{part.name}:{translations.name_of(match)}"))

    def _cite(self, found: list[Pair]) -> None:
        by_key = {each.pk: each for each in found}
        cited = Citation.objects.filter(paragraph__in=by_key).select_related(
            "edition__byline", "edition__text", "edition__consultation"
        )
        for each in cited:
            by_key[each.paragraph_id].citations.append(each)

    def title_pair(self) -> dict[str, Any] | None:
        """Return the title beside its source; nothing where the source has none."""
        source, now = self.document.title.get(self.source, ""), self.document.title.get(self.language, "")
        if not source:
            return None
        typed = self.typed or {}
        text = typed["title"] if typed.get("title", "") != typed.get("title_was", "") else now
        suggestion = self.suggested.get(None)
        is_current = suggestion is not None and suggestion.source_digest == digest(source) and suggestion.text != text
        return {
            "source": source,
            "shown": marked(changed_runs(source, source), self.source, self.terms),
            "text": text,
            "was": now,
            "made_from": digest(source),
            "is_outdated": bool(now) and self.row.title_digest != digest(source),
            "conflict": self.conflicting.get(0),
            "suggestion": suggestion if is_current else None,
        }

    def context(self) -> dict[str, Any]:
        """Return what the page's template shows."""
        document, language = self.document, self.language
        is_source = language == self.source
        faults = [] if is_source else rendition_errors(document, language)
        phrases = phrases_of(document, language)
        refusals = [key for key, some in self.remarks.items() if any(each.is_refusal for each in some)]
        total = len(self.paragraphs)
        left = set(self.kinds["missing"]) | set(self.kinds["outdated"])
        asking = Asking.objects.filter(document=document, language=language).first()
        allows_review = bool(states.rendition_allows(self.state, "review"))
        is_complete = not faults and total > 0
        is_finished = is_complete and not refusals and allows_review and not is_source
        return {
            "language": language,
            "html_lang_of": html_code(language),
            "dir_of": direction(language),
            "rendition": self.row,
            "state": self.state,
            "pairs": [] if is_source else self.pairs(),
            "title_pair": self.title_pair(),
            "phrases": len(phrases),
            "phrases_left": sum(not each.text for each in phrases),
            "faults": self.faults_by_part(faults),
            "refusals": [number_of(document, self.paragraphs[key]) for key in refusals],
            "total": total,
            "done": total - len(left),
            "length": sum(
                length_of(getattr(self.texts[key][0], name), self.source) for key in left for name in FIELDS.values()
            ),
            "may_render": self.may_render,
            "review": is_complete
            and not refusals
            and allows_review
            and permissions.may_review_rendition(self.person, self.row),
            "reviewers": permissions.reviewer_names(self.row.translator or self.person, document, language)
            if is_finished
            else [],
            "is_finished": is_finished,
            "may_publish": document.state == State.PUBLISHED
            and bool(states.rendition_allows(self.state, "publish"))
            and bool(permissions.may_publish_rendition(self.person, self.row)),
            "may_comment": bool(permissions.may_comment(self.person, document, language)),
            "is_source": is_source,
            "asked": Asked(self.show, self.begin),
            "filters": [(Asked(show), len(self.kinds[show])) for show in SHOWS if self.kinds[show] or show == "all"],
            "pages": self.pages(),
            "rendition_statuses": renditions.rendition_statuses(document),
            "machine": translation.name(),
            "may_ask": bool(self.may_render)
            and translation.is_configured()
            and not suggestions.is_running(asking)
            and any(each.code in {"missing", "outdated", "no_title", "title_outdated"} for each in faults),
            "asking": asking,
            "is_asking": suggestions.is_running(asking),
            "failure": failure_sentence(asking.failure) if asking and asking.failure else "",
            "now": clock.now(),
        }

    def faults_by_part(self, faults: list[Finding]) -> list[tuple[str, str]]:
        """Return what is missing, each with what it is missing in: nothing where it is the whole."""
        by_number = {each.number: part_of(self.document, each) for each in self.paragraphs.values()}
        return [(by_number.get(each.paragraph, ""), each.sentence) for each in faults]

    def pages(self) -> list[tuple[Asked, int]]:
        """Return the further pages of this filter, each with its last place; none where one holds everything."""
        count = len(self.kinds[self.show])
        begins = range(1, count + 1, PAGE)
        return [(Asked(self.show, each), min(each + PAGE - 1, count)) for each in begins] if count > PAGE else []
