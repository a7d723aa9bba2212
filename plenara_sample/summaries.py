"""The summaries of the demo: written with their citations, approved, translated, published; and requests for
correction: asked, published, answered.
"""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

from plenara.contributions.models import Edition
from plenara.core.text import contains_words
from plenara.documents import actions as documents
from plenara.documents.actions import renditions
from plenara.documents.models import Document, DocumentEdition, Paragraph, ParagraphText, digest_of
from plenara.moderation.models import Code
from plenara.summaries import periods
from plenara.summaries.actions import summaries
from plenara.summaries.corrections import actions as correcting
from plenara.summaries.kind import NAME
from plenara.summaries.models import Correction, Summary
from plenara_sample import content
from plenara_sample.consultation_history import decide_on
from plenara_sample.timeline import Story

type Row = dict[str, Any]


def summarize(story: Story, slug: str, zone: datetime.tzinfo) -> None:
    """Add the summaries of a consultation to the timeline."""
    for row in content(f"{slug}/summaries"):
        if row["state"] == "published":
            _to_the_record(story, slug, row, zone)
        else:
            _in_the_making(story, slug, row, zone)


def _to_the_record(story: Story, slug: str, row: Row, zone: datetime.tzinfo) -> None:
    """Two days: written, approved the same evening, translated and reviewed overnight, published."""
    rapporteur, name = row["author"], f"summary {row['number']}"
    day, made = row["published_days_ago"], _Making(story, slug, row)

    def add(days_ago: int, time: str, what: str, act: Any) -> None:
        story.timeline.add(story.timeline.day(days_ago, time, zone), f"{name} {what}", act)

    add(day + 1, "10:00", "written", made.write)
    add(day + 1, "15:30", "sent to review", partial(made.do, documents.submit_for_review, rapporteur))
    add(day + 1, "17:00", "approved", partial(made.do, documents.approve, row["approver"]))
    for place, language in enumerate(code for code in row["title"] if code != row["source_language"]):
        add(day, f"08:{place * 10:02}", f"translated: {language}", partial(made.translate, language))
        add(day, f"11:{place * 10:02}", f"reviewed: {language}", partial(made.review, language))
    add(day, "14:00", "published", made.publish)


def _in_the_making(story: Story, slug: str, row: Row, zone: datetime.tzinfo) -> None:
    """A draft of yesterday, with its translations so far."""
    made, name = _Making(story, slug, row), f"summary {row['number']}"
    story.timeline.add(story.timeline.day(1, "17:10", zone), f"{name} written", made.write)
    for language in row["title"]:
        if language != row["source_language"]:
            at = story.timeline.day(1, "18:40", zone)
            story.timeline.add(at, f"{name} {language}", partial(made.translate, language))


def edition_with(story: Story, key: str, words: str = "") -> Edition:
    """Return the edition in force of a contribution, or the last earlier one that has the words."""
    editions = Edition.objects.filter(contribution=story.contributions[key]).select_related("text")
    for edition in editions.order_by("-revision"):
        if edition.text and contains_words(edition.text.content, words):
            return edition
    raise ValueError(f"{key} does not say: {words}")


class _Making:
    """A summary in progress, by the product's own actions."""

    def __init__(self, story: Story, slug: str, row: Row):
        self.story, self.slug, self.row = story, slug, row
        self.pk = 0

    @property
    def summary(self) -> Summary:
        return Summary.objects.select_related("document__consultation", "consultation").get(pk=self.pk)

    @property
    def document(self) -> Document:
        return self.summary.document

    def do(self, act: Callable[..., Any], by: str) -> None:
        """Do something to the summary as it is now."""
        act(actor=self.story.people[by], document=self.document)

    def publish(self) -> None:
        summaries.publish(actor=self.story.people[self.row["author"]], summary=self.summary)

    def write(self) -> None:
        """Create it, write its statements, cite, and set aside."""
        row, actor = self.row, self.story.people[self.row["author"]]
        consultation, language = self.story.consultations[self.slug], row["source_language"]
        today = self.story.timeline.now.astimezone(consultation.zone).date()
        first, last = (today - datetime.timedelta(days=days) for days in row["period_days_ago"])
        # In the content the last day of a period is the first day of the next.
        begins = first if row["number"] == 1 else first + datetime.timedelta(days=1)
        self.pk = summaries.create(
            actor=actor,
            consultation=consultation,
            source_language=language,
            period_from=periods.begins(begins, consultation),
            period_to=periods.ends(last, consultation),
            title=row["title"][language],
        ).pk
        document = self.document
        threads = {each.number: each for each in consultation.threads.all()}
        for statement in row["statements"]:
            paragraph = documents.add_paragraph(
                actor=actor,
                document=document,
                kind=statement["kind"],
                text=statement["text"][language],
                heading=statement.get("heading", {}).get(language, ""),
                thread=threads.get(statement.get("thread")),
                against=statement.get("against", {}).get(language, ""),
            )
            for cited in statement["cites"]:
                edition = self._edition(cited["contribution"], cited["words"])
                documents.cite(
                    actor=actor,
                    paragraph=paragraph,
                    edition=edition,
                    words=cited["words"],
                    side=cited.get("side", ""),
                )
        for out in row["set_aside"]:
            edition = self._edition(out["contribution"])
            summaries.set_aside(actor=actor, summary=self.summary, edition=edition, reason=out["reason"])

    def _edition(self, key: str, words: str = "") -> Edition:
        return edition_with(self.story, key, words)

    def translate(self, language: str) -> None:
        """Save its texts in a language, as its translator."""
        document, source_language = self.document, self.row["source_language"]
        sources = {
            text.paragraph_id: text
            for text in ParagraphText.objects.filter(paragraph__document=document, language=source_language)
        }
        statements = {statement["number"]: statement for statement in self.row["statements"]}
        typed = {
            paragraph.pk: renditions.Typed(
                heading=statements[paragraph.number].get("heading", {}).get(language, ""),
                text=statements[paragraph.number]["text"][language],
                was=digest_of("", ""),
                source=sources[paragraph.pk].digest,
                against=statements[paragraph.number].get("against", {}).get(language, ""),
            )
            for paragraph in Paragraph.objects.filter(document=document)
            if language in statements[paragraph.number]["text"]
        }
        renditions.save_rendition(
            actor=self.story.people[f"translator-{language}"],
            document=document,
            language=language,
            typed=typed,
            title=self.row["title"][language],
        )

    def review(self, language: str) -> None:
        """Mark a rendition as reviewed, as the rapporteur."""
        rendition = self.document.renditions.get(language=language)
        renditions.review_rendition(actor=self.story.people[self.row["author"]], rendition=rendition)


def ask_for_corrections(story: Story, slug: str) -> None:
    """Add the requests of a consultation to the timeline."""
    for row in content(f"{slug}/corrections"):
        one = _Request(story, slug, row)
        name = f"correction {row['key']}"
        story.timeline.add(story.day(slug, row), f"{name} asked", one.ask)
        story.timeline.add(story.day(slug, row["decided"]), f"{name} decided", one.decide)
        if "answer" in row:
            story.timeline.add(story.day(slug, row["answer"]), f"{name} answered", one.answer)
        if "puts_right" in row:
            story.timeline.add(story.day(slug, row["puts_right"]), f"{name} put right", one.put_right)


class _Request:
    """A request in progress, by the product's own actions."""

    def __init__(self, story: Story, slug: str, row: Row):
        self.story, self.slug, self.row = story, slug, row
        self.pk = 0

    @property
    def correction(self) -> Correction:
        return Correction.objects.select_related("consultation", "edition__document").get(pk=self.pk)

    def ask(self) -> None:
        edition = DocumentEdition.objects.get(
            consultation=self.story.consultations[self.slug], kind=NAME, number=self.row["summary"], in_force=True
        )
        self.pk = correcting.ask(
            actor=self.story.people[self.row["by"]],
            edition=edition,
            statement=self.row["statement"],
            text=self.row["text"],
            language=self.row["language"],
        ).pk

    def decide(self) -> None:
        version = self.correction.versions.order_by("-pk").first()
        assert version is not None
        decide_on(self.story, self.row["moderator"], "correction", self.pk, version.pk, code=Code.APPROVED)

    def answer(self) -> None:
        answer = self.row["answer"]
        correcting.answer(
            actor=self.story.people[answer["by"]],
            correction=self.correction,
            verdict=answer["verdict"],
            reason=answer["text"],
            language=answer["language"],
        )

    def put_right(self) -> None:
        """Change the statement and its translations, except outdated ones, and publish a correction."""
        correction = self.row["puts_right"]
        document = self.correction.edition.document
        summary = Summary.objects.select_related("document__consultation", "consultation").get(document=document)
        rapporteur, approver = self.story.people[correction["by"]], self.story.people[correction["approver"]]
        paragraph = document.paragraphs.get(number=correction["statement"])
        source = documents.source_of(paragraph, document)
        documents.edit_paragraph(
            actor=rapporteur,
            paragraph=paragraph,
            kind=paragraph.kind,
            text=source.text + correction["adds"][document.source_language],
            heading=source.heading,
            was=documents.stamp(paragraph, source),
            thread=paragraph.thread,
        )
        for cited in correction["cites"]:
            edition = edition_with(self.story, cited["contribution"], cited["words"])
            documents.cite(actor=rapporteur, paragraph=paragraph, edition=edition, words=cited["words"])
        documents.submit_for_review(actor=rapporteur, document=summary.document)
        documents.approve(actor=approver, document=summary.document)
        source = documents.source_of(paragraph, document)
        for language, added in correction["adds"].items():
            if language != document.source_language:
                self._translate(paragraph.pk, language, added, source, rapporteur)
        summaries.publish(actor=rapporteur, summary=summary, is_correction=True)

    def _translate(self, paragraph: int, language: str, added: str, source: ParagraphText, reviewer: Any) -> None:
        document = self.correction.edition.document
        present = ParagraphText.objects.get(paragraph_id=paragraph, language=language)
        typed = renditions.Typed(
            heading=present.heading,
            text=present.text + (added.strip() if language == "zh" else added),
            was=present.digest,
            source=source.digest,
        )
        renditions.save_rendition(
            actor=self.story.people[f"translator-{language}"],
            document=document,
            language=language,
            typed={paragraph: typed},
        )
        rendition = document.renditions.get(language=language)
        renditions.review_rendition(actor=reviewer, rendition=rendition)
