"""A consultation with a summary and a report of a working group at any size, written straight into the tables.

Everything random comes from one seed: two runs measure the same. The report is as its group writes it, in English:
`benchmarks.outcomes` leads it through review and publishes it.
"""

import datetime
import random

PARAGRAPHS, CITATIONS, REFERENCES, STATEMENTS, BENEATH, CONTRIBUTIONS = 300, 4_000, 1_000, 400, 4, 10_000
THREADS, OF_ONE_AUTHOR, OF_ONE_REASON = 4, 2, 10
BODY, REPORT, SLUG = "working-group", "report", "internet-governance"
CHAIR, WRITER, TRANSLATOR = "chair@people.example", "writer@people.example", "translator@people.example"
_LETTERS = "abcdefghijklmnoprstuvw"
_COUNTRIES = ["ML", "NG", "FJ", "BR", "IN", "CH", "CN", "EG", "FR", "MX", "RU", "KE", "ID", "CA", "PE"]


def _six(text: str) -> dict[str, str]:
    from plenara.core.languages import CODES

    return {code: f"{text} ({code})" for code in CODES}


class Maker:
    """Fills a database at a scale: 1.0 is 300 paragraphs, 5,000 citations and 10,000 contributions."""

    def __init__(self, scale: float):
        self.chance = random.Random(7)
        full = {
            "paragraphs": PARAGRAPHS, "citations": CITATIONS, "references": REFERENCES, "statements": STATEMENTS,
            "contributions": CONTRIBUTIONS,
        }  # fmt: skip
        self.sizes = {name: max(4, round(number * scale)) for name, number in full.items()}

    def words(self, count: int) -> str:
        """Return words that do not compress."""
        chance = self.chance
        made = ("".join(chance.choices(_LETTERS, k=chance.randint(2, 9))) for _ in range(count))
        return " ".join(made).capitalize() + "."

    def fill(self) -> None:
        """Write everything before the report's publication."""
        self.consultation()
        self.contributions()
        self.summary()
        self.report()

    def consultation(self) -> None:
        """Create the consultation with its questions and roles."""
        from plenara.accounts.models import Person
        from plenara.consultations.models import Consultation, Role, State, Thread
        from plenara.core import clock

        now = clock.now()
        where = Consultation.objects.create(
            slug=SLUG, symbol="WGIG/2004", title=_six("Governing the Internet"), intro=_six("Four questions."),
            stage=State.ANNOUNCED, opens_at=now - datetime.timedelta(days=90),
            closes_at=now + datetime.timedelta(days=10), timezone="Europe/Zurich", languages=["en", "fr"],
        )  # fmt: skip
        for number in range(1, THREADS + 1):
            Thread.objects.create(
                consultation=where, number=number, slug=f"q{number}", question=_six(f"Question {number}?"),
                guidance=_six("Say why."),
            )  # fmt: skip
        for address, role in ((CHAIR, "organizer"), (WRITER, "rapporteur"), (TRANSLATOR, "translator")):
            person = Person.objects.create_user(
                address, name=role.title(), language="en", stakeholder_group="civil_society", capacity="individual",
                country="ML", rules_version="1",
            )  # fmt: skip
            Role.objects.create(person=person, consultation=where, name=role, language="ar" if "tr" in role else "")
        self.where, self.threads = where, list(where.threads.order_by("number"))

    def contributions(self) -> None:
        """Publish the contributions at once, two of each author."""
        from plenara.accounts.models import Person
        from plenara.contributions.models import Byline, Channel, Contribution, Edition, Tally, Text, Version
        from plenara.core import clock
        from plenara.core.text import digest
        from plenara.core.vocabulary import StakeholderGroup

        count, groups, now = self.sizes["contributions"], StakeholderGroup.values, clock.now()
        people = Person.objects.bulk_create(
            [
                Person(
                    email=f"person{k}@people.example", password="!", name=f"Person {k}", language="en",
                    stakeholder_group=groups[k % 6], capacity="individual", country=_COUNTRIES[k % 15],
                    rules_version="1",
                )
                for k in range(1, count // OF_ONE_AUTHOR + 1)
            ],
            batch_size=1000,
        )  # fmt: skip
        bylines = Byline.objects.bulk_create(
            [
                Byline(name=p.name, stakeholder_group=p.stakeholder_group, capacity="individual", country=p.country)
                for p in people
            ],
            batch_size=1000,
        )
        said = [self.words(60) for _ in range(count)]
        texts = Text.objects.bulk_create([Text(content=each, sha256=digest(each)) for each in said], batch_size=1000)
        whose = [k % len(people) for k in range(count)]
        contributions = Contribution.objects.bulk_create(
            [
                Contribution(
                    thread=self.threads[k % THREADS], consultation=self.where, author=people[whose[k]],
                    state="published", number=k + 1, symbol=f"WGIG/2004/Q{k % THREADS + 1}/{k + 1}",
                    public_id=f"many{k + 1}",
                )
                for k in range(count)
            ],
            batch_size=1000,
        )  # fmt: skip
        versions = Version.objects.bulk_create(
            [
                Version(
                    contribution=each, number=1, text=texts[k], byline=bylines[whose[k]], language=["en", "fr"][k % 2],
                    submitted_at=now, state="published",
                )
                for k, each in enumerate(contributions)
            ],
            batch_size=1000,
        )  # fmt: skip
        self.editions = Edition.objects.bulk_create(
            [
                Edition(
                    contribution=each, consultation=self.where, thread=each.thread, number=each.number,
                    symbol=each.symbol, text=texts[k], byline=bylines[whose[k]], language=["en", "fr"][k % 2],
                    stakeholder_group=bylines[whose[k]].stakeholder_group, published_at=now, submitted_at=now,
                    root=each.number, version=versions[k],
                )
                for k, each in enumerate(contributions)
            ],
            batch_size=1000,
        )  # fmt: skip
        for k, thread in enumerate(self.threads):
            cells: dict[tuple[str, str, str], int] = {}
            for each in self.editions[k::THREADS]:
                key = (each.stakeholder_group, each.language, each.byline.country)
                cells[key] = cells.get(key, 0) + 1
            Tally.objects.bulk_create(
                Tally(
                    thread=thread, stakeholder_group=group, language=language, country=country, channel=Channel.WEB,
                    count=number,
                )
                for (group, language, country), number in cells.items()
            )  # fmt: skip
        self.where.last_number = count
        self.where.save()

    def summary(self) -> None:
        """Publish a summary whose statements each cite several contributions."""
        from plenara.documents.models import (
            Document,
            DocumentEdition,
            PublishedCitation,
            PublishedParagraph,
            PublishedRendition,
            PublishedText,
            digest_of,
        )
        from plenara.summaries.models import Summary, SummaryEdition

        document = Document.objects.create(
            kind="summary", consultation=self.where, source_language="en", state="published", number=1,
            symbol="WGIG/2004/SUM/1", title={"en": "What was said"},
        )  # fmt: skip
        period = {"period_from": self.where.opens_at, "period_to": self.editions[-1].published_at}
        Summary.objects.create(document=document, consultation=self.where, **period)
        edition = DocumentEdition.objects.create(
            document=document, consultation=self.where, kind="summary", number=1, symbol=document.symbol,
            source_language="en", published_at=self.editions[-1].published_at,
        )  # fmt: skip
        SummaryEdition.objects.create(edition=edition, **period)
        rendition = PublishedRendition.objects.create(edition=edition, language="en", title="What was said")
        count = self.sizes["statements"]
        self.statements = PublishedParagraph.objects.bulk_create(
            PublishedParagraph(
                edition=edition, number=k + 1, kind="concern", origin=k + 1, thread=self.threads[k % THREADS]
            )
            for k in range(count)
        )
        said = [self.words(25) for _ in self.statements]
        PublishedText.objects.bulk_create(
            PublishedText(
                rendition=rendition, paragraph=each, language="en", text=text, source_digest=digest_of("", text)
            )
            for each, text in zip(self.statements, said, strict=True)
        )
        # From the end, so that many are reached only through a statement.
        PublishedCitation.objects.bulk_create(
            [
                PublishedCitation(
                    paragraph=self.statements[k % count], edition=self.editions[-1 - k % len(self.editions)],
                    words=self._sentence(-1 - k % len(self.editions)), position=k // count + 1,
                )
                for k in range(count * BENEATH)
            ],
            batch_size=1000,
        )  # fmt: skip

    def report(self) -> None:
        """Write the report: its paragraphs, with citations, responses and reasons."""
        from plenara.accounts.models import Person
        from plenara.core.text import digest
        from plenara.documents.models import Citation, Paragraph, ParagraphText, Reason, Reference, Response
        from plenara.outcomes import actions
        from plenara.outcomes.models import OutcomeParagraph

        chair, writer = Person.objects.get(email=CHAIR), Person.objects.get(email=WRITER)
        body = actions.make_body(
            actor=chair, consultation=self.where, slug=BODY, name=_six("Working group"), mandate=_six("To report.")
        )
        for person, part in ((chair, "chair"), (writer, "rapporteur")):
            actions.add_member(actor=chair, body=body, person=person, part=part, name=person.name, country="ML")
        outcome = actions.make_outcome(
            actor=chair, body=body, slug=REPORT, title="Report of the working group", source_language="en",
            template="working_group_report",
        )  # fmt: skip
        document, sections, count = outcome.document, list(outcome.sections.all()), self.sizes["paragraphs"]
        document.writers.add(writer)
        made = Paragraph.objects.bulk_create(
            Paragraph(document=document, number=k + 1, kind="finding") for k in range(count)
        )
        ParagraphText.objects.bulk_create(
            ParagraphText(paragraph=each, language="en", text=self.words(50), changed_by=writer) for each in made
        )
        OutcomeParagraph.objects.bulk_create(
            OutcomeParagraph(paragraph=each, section=sections[k * len(sections) // count])
            for k, each in enumerate(made)
        )
        why = [self.words(12) for _ in range(max(1, self.sizes["citations"] // OF_ONE_REASON))]
        reasons = Reason.objects.bulk_create(
            Reason(document=document, text=each, digest=digest(each), made_by=writer) for each in why
        )
        ways = Response.values
        Citation.objects.bulk_create(
            [
                Citation(
                    paragraph=made[k % count], edition=self.editions[k % len(self.editions)], words="",
                    position=k // count + 1, cited_by=writer, response=ways[k % len(ways)],
                    reason=reasons[k % len(reasons)],
                )
                for k in range(self.sizes["citations"])
            ],
            batch_size=1000,
        )  # fmt: skip
        Reference.objects.bulk_create(
            [
                Reference(
                    paragraph=made[k % count], statement=self.statements[(k + k // count) % len(self.statements)],
                    position=k // count + 1, cited_by=writer, response=ways[k % len(ways)],
                    reason=reasons[k % len(reasons)],
                )
                for k in range(self.sizes["references"])
            ],
            batch_size=1000,
            ignore_conflicts=True,
        )  # fmt: skip

    def _sentence(self, place: int) -> str:
        return str(self.editions[place].text.content)
