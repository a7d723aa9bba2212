"""The working group of the demo: its members, the zero draft of its report, comments on it and the next meeting."""

import datetime
from functools import partial
from typing import Any

from plenara.consultations import actions as consultations
from plenara.consultations.models import Consultation, Follow, Pace
from plenara.consultations.permissions import forget_roles
from plenara.contributions import actions as contributions
from plenara.contributions.models import Edition
from plenara.documents import actions as documents
from plenara.documents.actions import renditions
from plenara.documents.actions.renditions import TypedPhrase, save_phrases
from plenara.documents.models import Paragraph, ParagraphText, PublishedParagraph, digest_of
from plenara.documents.queries.drafts import phrases_of
from plenara.moderation.models import Code
from plenara.outcomes import actions as outcomes
from plenara.outcomes.models import Body, Outcome, Stage
from plenara_sample import content
from plenara_sample.community import Community
from plenara_sample.consultation_history import decide_on_contribution
from plenara_sample.summaries import edition_with
from plenara_sample.timeline import Story, after

type Row = dict[str, Any]
#: When the members joined, and when they read the zero draft before its publication.
MEMBERS_DAYS_AGO = 29
#: The moderator of comments.
MODERATOR = "moderator-1"


def report(story: Story, slug: str, community: Community) -> None:
    """Add the working group of a consultation to the timeline, if it has one."""
    details = content(f"{slug}/outcomes")
    if not details:
        return
    making = _Making(story, slug, details, community)
    body, day = details["body"], details["outcome"]["published_days_ago"]
    making.at(body["days_ago"], "10:00", "body", making.begin)
    making.at(MEMBERS_DAYS_AGO, "11:00", "members", making.join)
    making.at(day + 4, "10:00", "zero draft written", making.write)
    making.at(day + 2, "09:30", "zero draft read", making.read)
    making.at(day + 1, "15:00", "zero draft sent to review", making.send)
    making.at(day + 1, "17:20", "zero draft approved", making.approve)
    for place, language in enumerate(code for code in details["outcome"]["title"] if code != making.source):
        making.at(day, f"08:{place * 10:02}", f"zero draft translated: {language}", partial(making.translate, language))
        making.at(day, f"11:{place * 10:02}", f"zero draft reviewed: {language}", partial(making.review, language))
    making.at(day, "14:30", "zero draft published", making.publish)
    making.at(details["opening"]["days_ago"], "09:00", "zero draft opened for comment", making.open)
    for row in details["comments"]:
        sent_at = story.day(slug, row)
        story.timeline.add(sent_at, f"{row['key']} sent", partial(making.say, row))
        story.timeline.add(after(sent_at, hours=3), f"{row['key']} decided", partial(making.let_through, row))
    making.at(details["meeting"]["days_ago"], "16:00", "meeting prepared", making.prepare)
    making.at(details["desk"]["reopened_days_ago"], "10:00", "next draft begun", making.go_on)


class _Making:
    """An outcome in progress, by the product's own actions."""

    def __init__(self, story: Story, slug: str, details: Row, community: Community):
        self.story, self.slug, self.content, self.community = story, slug, details, community
        self.source: str = details["outcome"]["source_language"]

    def at(self, days_ago: int, time: str, what: str, act: Any) -> None:
        """Add an act to the timeline, by the clock of the secretariat."""
        zone = self.story.zones[self.slug]
        self.story.timeline.add(self.story.timeline.day(days_ago, time, zone), what, act)

    @property
    def body(self) -> Body:
        return Body.objects.get(slug=self.content["body"]["slug"])

    @property
    def outcome(self) -> Outcome:
        found = Outcome.objects.select_related("document__consultation", "body__consultation")
        return found.get(body=self.body, slug=self.content["outcome"]["slug"])

    def who(self, key: str) -> Any:
        return self.story.people[key]

    @property
    def author(self) -> Any:
        return self.who(self.content["outcome"]["author"])

    @property
    def chair(self) -> Any:
        return self.who(self.content["outcome"]["chair"])

    def paragraph(self, number: int) -> Paragraph:
        """Return the paragraph at a place of the content."""
        return Paragraph.objects.select_related("document").get(document=self.outcome.document, number=number)

    def begin(self) -> None:
        """Create the body, and publish it."""
        row, organizer = self.content["body"], self.who("organizer")
        made = outcomes.make_body(
            actor=organizer,
            consultation=self.story.consultations[self.slug],
            slug=row["slug"],
            name=row["name"],
            mandate=row["mandate"],
            begins_on=self.story.timeline.now.date() - datetime.timedelta(days=row["days_ago"]),
        )
        outcomes.publish_body(actor=organizer, body=made)

    def join(self) -> None:
        """Let the members join, and begin the report."""
        organizer = self.who("organizer")
        for row in self.content["body"]["members"]:
            person = self.who(row["person"])
            outcomes.add_member(
                actor=organizer,
                body=self.body,
                part=row["part"],
                name=person.name,
                person=person,
                stakeholder_group=person.stakeholder_group,
                organization=person.organization,
                country=person.country,
            )
        details = self.content["outcome"]
        outcomes.make_outcome(
            actor=organizer,
            body=self.body,
            slug=details["slug"],
            title=details["title"][self.source],
            source_language=self.source,
            template="working_group_report",
        )

    def write(self) -> None:
        """Write the paragraphs, with their citations and responses."""
        details, outcome = self.content["outcome"], self.outcome
        sections = {each.slug: each for each in outcome.sections.all()}
        for row in details["paragraphs"]:
            paragraph = outcomes.add_paragraph(
                actor=self.author,
                outcome=outcome,
                section=sections[row["section"]],
                kind=row["kind"],
                text=row["text"][self.source],
            )
            for each in row["refers"]:
                statement = PublishedParagraph.objects.get(
                    edition__consultation=outcome.body.consultation,
                    edition__kind="summary",
                    edition__number=1,
                    edition__in_force=True,
                    number=each["statement"],
                )
                outcomes.refer(actor=self.author, paragraph=paragraph, statement=statement, **self._how(each))
            for each in row["cites"]:
                edition = self._edition(each["contribution"])
                outcomes.respond(actor=self.author, paragraph=paragraph, edition=edition, **self._how(each))

    def _how(self, each: Row) -> Row:
        reason = self.content["outcome"]["reasons"][each["reason"]][self.source]
        return {"response": each["treatment"], "reason": reason}

    def _edition(self, key: str) -> Edition:
        return edition_with(self.story, key)

    def read(self) -> None:
        """Let the members agree and object, and the chair declare paragraphs without objections."""
        for number, row in enumerate(self.content["outcome"]["paragraphs"], 1):
            paragraph = self.paragraph(number)
            was = digest_of_source(paragraph)
            if objection := row.get("objection"):
                outcomes.object_to(
                    actor=self.who(objection["by"]), paragraph=paragraph, reason=objection["reason"], was=was
                )
            elif row["kind"] in {"definition", "frame"}:
                outcomes.declare_agreed(actor=self.chair, paragraph=paragraph, was=was)
            else:
                outcomes.agree(actor=self.who("p-petra"), paragraph=paragraph, was=was)

    def send(self) -> None:
        documents.submit_for_review(actor=self.author, document=self.outcome.document)

    def approve(self) -> None:
        documents.approve(actor=self.chair, document=self.outcome.document)

    def translate(self, language: str) -> None:
        """Save its texts in a language, including reasons, as its translator."""
        details, document, actor = self.content["outcome"], self.outcome.document, self.who(f"translator-{language}")
        sources = {
            text.paragraph_id: text
            for text in ParagraphText.objects.filter(paragraph__document=document, language=self.source)
        }
        typed = {
            paragraph.pk: renditions.Typed(
                heading="",
                text=details["paragraphs"][paragraph.number - 1]["text"][language],
                was=digest_of("", ""),
                source=sources[paragraph.pk].digest,
            )
            for paragraph in Paragraph.objects.filter(document=document)
        }
        renditions.save_rendition(
            actor=actor, document=document, language=language, typed=typed, title=details["title"][language]
        )
        words = {texts[self.source]: texts[language] for texts in details["reasons"].values()}
        missing = [each for each in phrases_of(self.outcome.document, language) if not each.text]
        save_phrases(
            actor=actor,
            document=document,
            language=language,
            typed={each.key: TypedPhrase(words[each.source], each.was) for each in missing},
        )

    def review(self, language: str) -> None:
        rendition = self.outcome.document.renditions.get(language=language)
        renditions.review_rendition(actor=self.author, rendition=rendition)

    def publish(self) -> None:
        """Publish the zero draft; some contributors follow responses."""
        for key in self.content["told"]:
            consultations.follow(actor=self.who(key), what=Follow.What.TREATED, pace=Pace.AT_ONCE)
        outcomes.publish(actor=self.chair, outcome=self.outcome, stage=Stage.ZERO_DRAFT)

    def open(self) -> None:
        """Open the zero draft for comment."""
        row, zone = self.content["opening"], self.story.zones[self.slug]
        opened = outcomes.open_for_comment(
            actor=self.who(row["by"]),
            version=self.outcome.editions.get(edition__in_force=True),
            slug=row["slug"],
            symbol=row["symbol"],
            title=row["title"],
            languages=row["languages"],
            closes_at=self.story.timeline.day(-row["closes_in_days"], "23:59", zone),
        )
        self.child = Consultation.objects.get(pk=opened.consultation_id)
        forget_roles(self.who(MODERATOR))  # the parent's moderators moderate here from now on

    def say(self, row: Row) -> None:
        """Submit a comment on a paragraph, or on what is missing."""
        made = contributions.submit(
            actor=self.who(row["author"]),
            thread=self.child.threads.select_related("consultation").get(number=row["thread"]),
            text=row["text"],
            language=row["language"],
            title=row["title"],
            part=row.get("part"),
            key=f"demo-comment-{row['key']}",
        )
        self.story.contributions[row["key"]] = made.pk

    def let_through(self, row: Row) -> None:
        decide_on_contribution(self.story, MODERATOR, row["key"], code=Code.APPROVED)

    def prepare(self) -> None:
        """Put the zero draft on the agenda of the next meeting."""
        meeting, actor = self.content["meeting"], self.who(self.content["meeting"]["by"])
        event = self.community.entry("event", meeting["event"])
        dossier = outcomes.make_dossier(actor=actor, body=self.body, event=event)
        outcomes.edit_dossier(actor=actor, dossier=dossier, intro=meeting["intro"])
        for row in meeting["items"]:
            item = outcomes.add_item(actor=actor, dossier=dossier, title=row["title"])
            for mark in row["marks"]:
                outcomes.add_matter(actor=actor, item=item, outcome=self.outcome, mark=mark)
            for number in row.get("summaries", []):
                summary = self.body.consultation.documents.get(kind="summary", number=number)
                outcomes.add_matter(actor=actor, item=item, summary=summary)
            for key in row.get("contributions", []):
                outcomes.add_matter(actor=actor, item=item, contribution=self.story.contribution(key))
        outcomes.publish_dossier(actor=actor, dossier=dossier)

    def go_on(self) -> None:
        """Begin the next draft: a member proposes other words, another one asks."""
        desk = self.content["desk"]
        documents.reopen(actor=self.author, document=self.outcome.document)
        proposed, said = desk["proposal"], desk["comment"]
        paragraph = self.paragraph(proposed["paragraph"])
        outcomes.propose(
            actor=self.who(proposed["by"]),
            paragraph=paragraph,
            text=proposed["text"],
            note=proposed["note"],
            was=digest_of_source(paragraph),
            key="demo-proposal",
        )
        documents.comment(
            actor=self.who(said["by"]),
            document=self.outcome.document,
            paragraph=self.paragraph(said["paragraph"]),
            text=said["text"],
            key="demo-paragraph-comment",
        )


def digest_of_source(paragraph: Paragraph) -> str:
    """Return the digest of a paragraph's present text."""
    return documents.source_of(paragraph, paragraph.document).digest
