"""Requests for correction in the demo: asked, let through, answered; one put right, with a language left behind."""

from typing import Any

from plenara.documents import actions as documents
from plenara.documents import renditions
from plenara.documents.models import DocumentEdition, ParagraphText
from plenara.moderation.models import Code
from plenara.summaries import actions as summaries
from plenara.summaries.correcting import actions as correcting
from plenara.summaries.kind import NAME
from plenara.summaries.models import Correction, Summary
from plenara.web.demo.consulting import decide_on
from plenara.web.demo.story import Story, content
from plenara.web.demo.summarizing import edition_with

type Told = dict[str, Any]


def ask(story: Story, slug: str) -> None:
    """Add the requests of a consultation to the timeline."""
    for told in content(f"{slug}/corrections"):
        one = _One(story, slug, told)
        name = f"correction {told['key']}"
        story.timeline.add(story.day(slug, told), f"{name} asked", one.ask)
        story.timeline.add(story.day(slug, told["decided"]), f"{name} decided", one.decide)
        if "answer" in told:
            story.timeline.add(story.day(slug, told["answer"]), f"{name} answered", one.answer)
        if "puts_right" in told:
            story.timeline.add(story.day(slug, told["puts_right"]), f"{name} put right", one.put_right)


class _One:
    """A request on its way, by the product's own actions."""

    def __init__(self, story: Story, slug: str, told: Told):
        self.story, self.slug, self.told = story, slug, told
        self.pk = 0

    @property
    def correction(self) -> Correction:
        return Correction.objects.select_related("consultation", "edition__document").get(pk=self.pk)

    def ask(self) -> None:
        edition = DocumentEdition.objects.get(
            consultation=self.story.consultations[self.slug], kind=NAME, number=self.told["summary"], in_force=True
        )
        self.pk = correcting.ask(
            actor=self.story.people[self.told["by"]],
            edition=edition,
            statement=self.told["statement"],
            text=self.told["text"],
            language=self.told["language"],
        ).pk

    def decide(self) -> None:
        version = self.correction.versions.order_by("-pk").first()
        assert version is not None
        decide_on(self.story, self.told["moderator"], "correction", self.pk, version.pk, code=Code.APPROVED)

    def answer(self) -> None:
        told = self.told["answer"]
        correcting.answer(
            actor=self.story.people[told["by"]],
            correction=self.correction,
            verdict=told["verdict"],
            reason=told["text"],
            language=told["language"],
        )

    def put_right(self) -> None:
        """Change the statement and its translations, but for those that are left behind, and publish a correction."""
        told = self.told["puts_right"]
        document = self.correction.edition.document
        summary = Summary.objects.select_related("document__consultation", "consultation").get(document=document)
        rapporteur, approver = self.story.people[told["by"]], self.story.people[told["approver"]]
        paragraph = document.paragraphs.get(number=told["statement"])
        source = documents.source_of(paragraph, document)
        documents.edit_paragraph(
            actor=rapporteur,
            paragraph=paragraph,
            kind=paragraph.kind,
            text=source.text + told["adds"][document.source_language],
            heading=source.heading,
            was=documents.stamp(paragraph, source),
            thread=paragraph.thread,
        )
        for cited in told["cites"]:
            edition = edition_with(self.story, cited["contribution"], cited["words"])
            documents.cite(actor=rapporteur, paragraph=paragraph, edition=edition, words=cited["words"])
        summaries.ask_approval(actor=rapporteur, summary=summary)
        summaries.approve(actor=approver, summary=summary)
        source = documents.source_of(paragraph, document)
        for language, added in told["adds"].items():
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
