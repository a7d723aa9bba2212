"""One rendition at the translator's desk: statements beside their sources, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.http import urlencode

from plenara.core import clock
from plenara.core.languages import direction, html_code
from plenara.core.machines import translation
from plenara.core.machines.requests import failure_sentence
from plenara.core.refusals import Answer
from plenara.core.text import digest, number_in
from plenara.documents import states
from plenara.documents.actions import renditions, suggestions
from plenara.documents.presenters.statements import FIELDS, Pair, marked, pair, state_mark
from plenara.documents.queries.drafts import number_of, part_of
from plenara.documents.queries.history import changed_runs
from plenara.documents.queries.rendition_drafts import RenditionDraft
from plenara.documents.queries.translations import length_of, name_of

#: Statements on one page.
PAGE = 40
SHOWS = ("all", "missing", "outdated", "remarks", "machine")


@dataclass(frozen=True)
class PageQuery:
    """The filter of a page, and the place of its first statement, counted from 1."""

    show: str = "all"
    begin: int = 1

    @classmethod
    def read(cls, written: str) -> "PageQuery":
        """Parse the value of a button, such as `missing:41`."""
        show, _colon, begin = written.partition(":")
        number = number_in(begin) or 1
        return cls(show if show in SHOWS else "all", (number - 1) // PAGE * PAGE + 1 if number < 10**6 else 1)

    @classmethod
    def of(cls, request: HttpRequest) -> "PageQuery":
        """Parse the query of an address."""
        return cls.read(f"{request.GET.get('show', '')}:{request.GET.get('from', '')}")

    @property
    def query(self) -> str:
        """The query of the address."""
        return urlencode({**({} if self.show == "all" else {"show": self.show}), "from": str(self.begin)})

    @property
    def button(self) -> str:
        """The value of a button."""
        return f"{self.show}:{self.begin}"


class RenditionPage:
    """A page of a rendition's statements. Typed words are shown in place of saved ones."""

    def __init__(
        self,
        draft: RenditionDraft,
        asked: PageQuery,
        *,
        may_render: Answer,
        typed: Mapping[str, str] | None = None,
        conflicts: list[renditions.Conflict] | None = None,
    ):
        self.draft, self.asked, self.may_render, self.typed = draft, asked, may_render, typed
        self.document = draft.document
        self.conflicting = {each.paragraph: each.now for each in conflicts or []}

    @property
    def shown(self) -> list[int]:
        """The statements of this page; after an error, those of the form that was sent."""
        if self.typed and (keys := [key for key in self.draft.paragraphs if f"t{key}" in self.typed]):
            return keys
        return self.draft.kinds[self.show][self.begin - 1 : self.begin - 1 + PAGE]

    @property
    def show(self) -> str:
        """The filter: all statements, when the requested one has none left."""
        return self.asked.show if self.draft.kinds[self.asked.show] else "all"

    @property
    def begin(self) -> int:
        """The place of the first statement; on the last page, if there are fewer now."""
        last = (max(len(self.draft.kinds[self.show]), 1) - 1) // PAGE * PAGE + 1
        return min(self.asked.begin, last)

    def pairs(self) -> list[Pair]:
        """Return the statements of this page beside their sources."""
        draft, shown = self.draft, self.shown
        former, citations = draft.former(shown), draft.citations(shown)
        found = []
        for key in shown:
            each = pair(
                draft.paragraphs[key],
                *draft.texts[key],
                typed=self.typed,
                former=former.get(key),
                terms=draft.terms,
                languages=(draft.source, draft.language),
                conflict=self.conflicting.get(key),
            )
            each.remarks, each.comments = draft.remarks.get(key, []), draft.comments.get(key, [])
            each.citations = citations.get(key, [])
            each.mark, each.word = state_mark(each, draft.state)
            each.number, each.name = number_of(self.document, each.paragraph), part_of(self.document, each.paragraph)
            suggestion = draft.suggested.get(key)
            now = {part.letter: part.typed for part in each.parts}
            if suggestion and suggestion.source_digest == each.made_from and suggestion.text != now.get("t"):
                each.suggestion = suggestion
            found.append(each)
        self._remember(found)
        return found

    def _remember(self, found: list[Pair]) -> None:
        """Add matches of earlier translations to missing and outdated statements."""
        waiting = [each for each in found if each.is_missing or each.is_outdated] if self.may_render else []
        wanted = {(each.pk, part.letter): part for each in waiting for part in each.parts if part.source}
        if not wanted:
            return
        for key, some in self.draft.matches({key: part.source for key, part in wanted.items()}).items():
            part = wanted[key]
            for match in some:
                if match.segment.target != part.typed:
                    runs = changed_runs(match.segment.source, part.source)
                    part.matches.append((match, marked(runs, "", ()), f"{part.name}:{name_of(match)}"))

    def title_pair(self) -> dict[str, object] | None:
        """Return the title beside its source; None if the source has no title."""
        draft = self.draft
        source, now = self.document.title.get(draft.source, ""), self.document.title.get(draft.language, "")
        if not source:
            return None
        typed = self.typed or {}
        text = typed["title"] if typed.get("title", "") != typed.get("title_was", "") else now
        suggestion = draft.suggested.get(None)
        is_current = suggestion is not None and suggestion.source_digest == digest(source) and suggestion.text != text
        return {
            "source": source,
            "shown": marked(changed_runs(source, source), draft.source, draft.terms),
            "text": text,
            "was": now,
            "made_from": digest(source),
            "is_outdated": draft.title_is_outdated,
            "conflict": self.conflicting.get(0),
            "suggestion": suggestion if is_current else None,
        }

    @property
    def refusals(self) -> list[int]:
        """The statements with a remark that prevents the review of the rendition."""
        return [key for key, some in self.draft.remarks.items() if any(each.is_refusal for each in some)]

    @property
    def is_finished(self) -> bool:
        """Whether it can be reviewed."""
        draft = self.draft
        is_complete = not draft.errors and bool(draft.paragraphs) and not draft.is_source
        return is_complete and not self.refusals and bool(states.rendition_allows(draft.state, "review"))

    def context(self) -> dict[str, object]:
        """Return what the page's template shows, besides what the person may do."""
        draft, language = self.draft, self.draft.language
        total, left = len(draft.paragraphs), set(draft.kinds["missing"]) | set(draft.kinds["outdated"])
        source_texts = [getattr(draft.texts[key][0], name) for key in left for name in FIELDS.values()]
        asking = draft.asking
        return {
            "language": language,
            "html_lang_of": html_code(language),
            "dir_of": direction(language),
            "rendition": draft.row,
            "state": draft.state,
            "pairs": [] if draft.is_source else self.pairs(),
            "title_pair": self.title_pair(),
            "phrases": len(draft.phrases),
            "phrases_left": sum(not each.text for each in draft.phrases),
            "errors": self.errors_by_part(),
            "refusals": [number_of(self.document, draft.paragraphs[key]) for key in self.refusals],
            "total": total,
            "done": total - len(left),
            "length": sum(length_of(each, draft.source) for each in source_texts),
            "may_render": self.may_render,
            "is_finished": self.is_finished,
            "is_source": draft.is_source,
            "asked": PageQuery(self.show, self.begin),
            "filters": [
                (PageQuery(show), len(draft.kinds[show])) for show in SHOWS if draft.kinds[show] or show == "all"
            ],
            "pages": self.pages(),
            "machine": translation.name(),
            "may_ask": bool(self.may_render)
            and translation.is_configured()
            and not suggestions.is_running(asking)
            and any(each.code in {"missing", "outdated", "no_title", "title_outdated"} for each in draft.errors),
            "asking": asking,
            "is_asking": suggestions.is_running(asking),
            "failure": failure_sentence(asking.failure) if asking and asking.failure else "",
            "now": clock.now(),
        }

    def errors_by_part(self) -> list[tuple[str, str]]:
        """Return the errors, each with its part; None if it is the whole."""
        by_number = {each.number: part_of(self.document, each) for each in self.draft.paragraphs.values()}
        return [(by_number.get(each.paragraph, ""), each.sentence) for each in self.draft.errors]

    def pages(self) -> list[tuple[PageQuery, int]]:
        """Return the pages of this filter, each with its last place; none if there is only one."""
        count = len(self.draft.kinds[self.show])
        begins = range(1, count + 1, PAGE)
        return [(PageQuery(self.show, each), min(each + PAGE - 1, count)) for each in begins] if count > PAGE else []
