"""The translator's desk: a summary in one language, beside its source."""

import difflib
import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plenara.common.languages import NAMES, direction, html_code
from plenara.common.refusals import AlreadyDone, NotAllowed, Refused
from plenara.common.text import clean, clean_line, digest
from plenara.documents import checks as document_checks
from plenara.documents import publishing, renditions, states
from plenara.documents import rules as document_rules
from plenara.documents.models import ParagraphText, RenditionState, digest_of
from plenara.documents.models import Rendition as RenditionRow
from plenara.summaries.staff.door import SummaryDoor

#: Statements on one page: a form's fields are counted.
PAGE = 50


class Rendition(SummaryDoor):
    """Statement by statement: the source, and the translation."""

    template_name = "summaries/desk/rendition.html"

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.language = kwargs.pop("language")
        if self.language not in NAMES:
            raise Http404
        return super().enter(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, typed=self.kept(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        act = request.POST.get("act", "save")
        try:
            conflicts = self.save(request) if act in {"save", "review"} else []
            if conflicts:
                self.status = 409
                return self.show(request, typed=request.POST, conflicts=conflicts)
            if act == "review":
                renditions.review_rendition(actor=self.person, rendition=self.row())
                self.say(request, _("It is reviewed."))
            elif act == "publish":
                publishing.publish_rendition(actor=self.person, rendition=self.row())
                self.say(request, _("It is published."))
            else:
                self.say(request, _("Saved."))
        except AlreadyDone:
            pass
        except Refused as refused:
            self.status = 403 if isinstance(refused, NotAllowed) else 422
            return self.show(request, typed=request.POST, refused=refused)
        return redirect(f"{self.address('rendition', self.language)}?from={self.begin(request) + 1}")

    def row(self) -> RenditionRow:
        """Return the rendition's row; of one that nobody has begun, an unsaved one, which no act takes."""
        found = RenditionRow.objects.select_related("document__consultation")
        return found.filter(document=self.document, language=self.language).first() or RenditionRow(
            document=self.document, language=self.language
        )

    def save(self, request: HttpRequest) -> list[renditions.Conflict]:
        """Keep what was typed; return what somebody else changed meanwhile."""
        data = request.POST
        typed = {
            int(name[1:]): renditions.Typed(
                heading=data.get(f"h{name[1:]}", ""),
                text=data[name],
                was=data.get(f"w{name[1:]}", ""),
                source=data.get(f"s{name[1:]}", ""),
                confirmed=f"ok{name[1:]}" in data,
            )
            for name in data
            if re.fullmatch(r"t\d{1,18}", name)
        }
        return renditions.save_rendition(
            actor=self.person,
            document=self.document,
            language=self.language,
            typed=typed,
            title=data.get("title"),
            title_was=data.get("title_was", ""),
            title_confirmed="title_ok" in data,
        )

    @staticmethod
    def begin(request: HttpRequest) -> int:
        """Return how many statements come before this page."""
        asked = request.GET.get("from", "")
        is_number = asked.isascii() and asked.isdigit() and len(asked) < 7
        return (int(asked) - 1) // PAGE * PAGE if is_number and int(asked) else 0

    def show(
        self,
        request: HttpRequest,
        *,
        typed: Any = None,
        conflicts: list[renditions.Conflict] | None = None,
        refused: Refused | None = None,
    ) -> HttpResponse:
        document, language, begin = self.document, self.language, self.begin(request)
        row = self.row()
        conflicting = {each.paragraph: each.now for each in conflicts or []}
        state = RenditionState(row.state)
        may_render = document_rules.may_render(self.person, document, language)
        faults = document_checks.rendition_faults(document, language) if language != document.source_language else []
        total = document.paragraphs.count()
        is_complete = not faults and total > 0
        return self.page(
            request,
            self.context(
                language=language,
                html_lang_of=html_code(language),
                dir_of=direction(language),
                rendition=row,
                state=state,
                pairs=self.pairs(begin, typed, conflicting),
                title_pair=self.title_pair(row, typed, conflicting.get(0)),
                conflicts=conflicts,
                refused=refused,
                faults=faults,
                total=total,
                done=total - len({fault.paragraph for fault in faults if fault.paragraph}),
                may_render=may_render,
                may_review=is_complete
                and bool(states.rendition_allows(state, "review"))
                and document_rules.may_review_rendition(self.person, row),
                may_publish=document.state == "published"
                and bool(states.rendition_allows(state, "publish"))
                and document_rules.may_publish_rendition(self.person, row),
                is_source=language == document.source_language,
                pages=[number + 1 for number in range(0, total, PAGE)] if total > PAGE else [],
                begin=begin + 1,
                standings=renditions.standings(document),
            ),
            status=self.status,
        )

    def title_pair(self, row: RenditionRow, typed: Any, conflict: ParagraphText | None) -> dict[str, Any] | None:
        """Return the title beside its source; nothing where the source has none."""
        source, now = (
            self.document.title.get(self.document.source_language, ""),
            self.document.title.get(self.language, ""),
        )
        if not source:
            return None
        return {
            "source": source,
            "text": typed["title"] if typed and typed.get("title", "") != typed.get("title_was", "") else now,
            "was": now,
            "is_outdated": bool(now) and row.title_digest != digest(source),
            "conflict": conflict,
        }

    def pairs(self, begin: int, typed: Any, conflicting: dict[int, ParagraphText]) -> list[dict[str, Any]]:
        """Return a page of statements beside their sources. Two queries."""
        paragraphs = list(self.document.paragraphs.all()[begin : begin + PAGE])
        wanted = [self.document.source_language, self.language]
        found = ParagraphText.objects.filter(paragraph__in=paragraphs, language__in=wanted).select_related("changed_by")
        texts = {(each.paragraph_id, each.language): each for each in found}
        pairs = []
        for each in paragraphs:
            source = texts.get((each.pk, self.document.source_language)) or ParagraphText()
            mine = texts.get((each.pk, self.language)) or ParagraphText()
            is_outdated = bool(mine.text) and mine.source_digest != source.digest
            heading, text = self.touched(typed, each.pk) or (mine.heading, mine.text)
            # What was typed on an older page is shown beside what somebody else wrote meanwhile.
            is_stale = (heading, text) != (mine.heading, mine.text) and typed.get(f"w{each.pk}") != mine.digest
            pairs.append(
                {
                    "pk": each.pk,
                    "number": each.number,
                    "source": source,
                    "changes": changes(mine.source_text, source.text) if is_outdated and mine.source_text else "",
                    "heading": heading,
                    "text": text,
                    "was": mine.digest,
                    "made_from": source.digest,
                    "is_missing": mine.digest == digest_of("", ""),
                    "is_outdated": is_outdated,
                    "conflict": conflicting.get(each.pk) or (mine if is_stale and mine.pk else None),
                }
            )
        return pairs

    @staticmethod
    def touched(typed: Any, pk: int) -> tuple[str, str] | None:
        """Return what was typed for a statement, where the form changed it; else it is shown as it is now."""
        if not typed or f"t{pk}" not in typed:
            return None
        heading, text = typed.get(f"h{pk}", ""), typed[f"t{pk}"]
        untouched = digest_of(clean_line(heading), clean(text)) == typed.get(f"w{pk}")
        return None if untouched else (heading, text)


def changes(before: str, after: str) -> SafeString:
    """Return the source as it is, with what was taken out struck and what was added marked."""
    # A word and what follows it are one piece: were the spaces pieces of their own, two long texts that share nothing
    # else would match at each of them, and be compared for half a minute.
    old, new = (re.findall(r"\w+\W*|\W+", each) for each in (before, after))
    pieces: list[tuple[str, str]] = []
    for act, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            pieces.append(("", "".join(new[c:d])))
            continue
        if b > a:
            pieces.append(("del", "".join(old[a:b])))
        if d > c:
            pieces.append(("ins", "".join(new[c:d])))
    return format_html_join(
        "", "{}", ((format_html("<{}>{}</{}>", tag, text, tag) if tag else text,) for tag, text in pieces)
    )
