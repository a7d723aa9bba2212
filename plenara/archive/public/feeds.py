"""Feeds of a thread, a consultation and the whole site, in the language of the page that they follow."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from plenara.accounts.installation import installation
from plenara.archive import addresses, feeds, news
from plenara.archive.finding import consultation_or_404, thread_or_404
from plenara.archive.other_form import OtherForm
from plenara.archive.scope import LIST_PARAMETERS, Scope, filtered
from plenara.core import atom
from plenara.core.languages import current, in_language
from plenara.core.text import first_words
from plenara.core.vocabulary import licence_name


class ListFeed(OtherForm):
    """The feed of a consultation or a thread, with the filters of its page; or one of its archive pages."""

    known_parameters = LIST_PARAMETERS

    media_type = atom.MEDIA_TYPE
    scope: Scope
    block: int | None = None

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        slug, number, self.block = kwargs["slug"], kwargs.get("number"), kwargs.get("block")
        if number is None:
            consultation, thread = consultation_or_404(slug), None
        else:
            thread = thread_or_404(slug, number)
            consultation = thread.consultation
        if self.block is not None and not 1 <= self.block <= feeds.full_blocks(consultation):
            raise Http404
        self.scope = filtered(request.GET, consultation, thread)
        self.variant = self.scope.filters

    def cache_tags(self) -> list[str]:
        return [self.scope.consultation.cache_tag]

    def write(self) -> Iterable[str]:
        entries: list[feeds.Told]
        if self.block is not None:
            entries = feeds.of_block(self.scope, self.block)
        else:
            entries = feeds.latest(self.scope)
            if self.scope.thread is None and not self.scope.is_filtered:
                entries = [*news.summaries([self.scope.consultation]), *entries]
        return atom.write(self.top(entries), entries)

    def top(self, entries: list[feeds.Told]) -> atom.Feed:
        consultation, thread = self.scope.consultation, self.scope.thread
        title, subtitle = in_language(consultation.title).text, first_words(in_language(consultation.intro).text, 300)
        if thread:
            question = in_language(thread.question).text
            subtitle = title
            title = _("Question %(number)d: %(question)s") % {"number": thread.number, "question": question}
        return atom.Feed(
            id=feeds.feed_id(self.scope),
            title=title,
            subtitle=subtitle,
            updated=feeds.moment(entries, consultation.created_at),
            url=self.address(self.block),
            home=self.scope.page + self.query(),
            language=current(),
            author=installation().name,
            rights=licence_name(consultation.licence),
            links=tuple(self.neighbours()),
            is_archive=self.block is not None,
        )

    def neighbours(self) -> Iterator[atom.Link]:
        """Yield the links to the other pages of the feed. Two queries at most."""
        kind = "application/atom+xml"
        block = self.block if self.block is not None else feeds.full_blocks(self.scope.consultation) + 1
        if (before := feeds.block_before(self.scope, block)) is not None:
            yield atom.Link(self.address(before), "prev-archive", kind)
        if self.block is not None:
            yield atom.Link(self.address(None), "current", kind)
            if (after := feeds.block_after(self.scope, block)) is not None:
                yield atom.Link(self.address(after), "next-archive", kind)

    def query(self) -> str:
        return f"?{urlencode(self.scope.filters)}" if self.scope.is_filtered else ""

    def address(self, block: int | None) -> str:
        """Return where the feed's current page or one of its archive pages stands."""
        return f"{self.scope.page}{'feed.atom' if block is None else f'feed/{block}.atom'}{self.query()}"


class SiteFeed(OtherForm):
    """Everything new on this site: consultations, summaries, contributions."""

    media_type = atom.MEDIA_TYPE

    def cache_tags(self) -> None:
        return None  # whatever is published anywhere

    def write(self) -> Iterable[str]:
        consultations = news.listed()
        entries: list[feeds.Told] = [
            *news.of_consultations(consultations),
            *news.summaries(consultations, feeds.BLOCK),
            *feeds.of_all(consultations),
        ]
        entries.sort(key=feeds.moment_of, reverse=True)
        entries = entries[: 2 * feeds.BLOCK]
        began = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        name = installation().name
        head = atom.Feed(
            # The day of an id must never change, and the site itself has no day.
            id=atom.tag(settings.SITE_URL, began, f"feed/{current()}"),
            title=name,
            updated=feeds.moment(entries, began),
            url=f"{addresses.home()}feed.atom",
            home=addresses.home(),
            language=current(),
            author=name,
        )
        return atom.write(head, entries)
