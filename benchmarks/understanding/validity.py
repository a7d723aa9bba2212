"""Are the words and figures of every published statement right, and do the publication checks refuse wrong ones?

    python -m benchmarks.understanding.validity

Run it from the root. It builds a consultation in a database of its own, by the product's own acts: contributions of six
stakeholder groups in six languages, and summaries whose statements cite sentences of them and have figures. Each is
published; then every citation, quotation and figure of the record is checked again, from the record only.

After that one thing after another is made wrong in a summary that could be published: the checks must refuse each. For
comparison, a baseline only checks that a statement cites anything.
"""

import datetime
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.understanding.drafts import set_up

SEED = 20_261_125
SUMMARIES, STATEMENTS = 4, 15
GROUPS = ("government", "intergovernmental", "private_sector", "civil_society", "technical_academic", "other")
SAID = {
    "en": "Documents should reach us {n} days before a meeting. Travel costs {n}00 francs for each delegate.",
    "fr": "Les documents devraient nous parvenir {n} jours avant une réunion. Le voyage coûte {n}00 francs à chacun.",
    "es": "Los documentos deberían llegarnos {n} días antes de una reunión. El viaje cuesta {n}00 francos a cada uno.",
    "ru": "Документы должны поступать к нам за {n} дней до заседания. Поездка стоит {n}00 франков каждому.",
    "ar": "ينبغي أن تصلنا الوثائق قبل {n} يوما من الاجتماع. وتكلف الرحلة {n}00 فرنك لكل مندوب.",
    "zh": "文件应在会议前{n}天送达。每位代表的旅费为{n}00法郎。",
}


@dataclass
class World:
    """The actors, and the objects."""

    consultation: Any
    rapporteur: Any
    organizer: Any
    moderator: Any
    editions: list[Any]


def build(rng: random.Random) -> World:
    """Return a consultation with contributions, made by the product's own actions."""
    from plenara.accounts.models import Person
    from plenara.consultations.models import Consultation, Role, State, Thread
    from plenara.contributions.actions import submit
    from plenara.core import clock
    from plenara.moderation.actions import decide
    from plenara.moderation.models import Code

    now = clock.now()
    where = Consultation.objects.create(
        slug=f"validity-{now.timestamp():.0f}", symbol="VALID/2026", title={"en": "Meetings"}, stage=State.ANNOUNCED,
        opens_at=now - datetime.timedelta(days=20), closes_at=now + datetime.timedelta(days=20), timezone="UTC",
        languages=list(SAID), word_limit=200,
    )  # fmt: skip
    threads = [
        Thread.objects.create(consultation=where, number=n, slug=f"q{n}", question={"en": f"Question {n}?"})
        for n in (1, 2)
    ]

    def person(name: str, **more: Any) -> Any:
        return Person.objects.create_user(
            f"{name}-{now.timestamp()}@people.example", name=name, capacity="individual", country="CH",
            rules_version="1", **{"language": "en", "stakeholder_group": "other", **more},
        )  # fmt: skip

    def role(name: str) -> Any:
        made = person(name)
        Role.objects.create(person=made, consultation=where, name=name)
        return Person.objects.get(pk=made.pk)

    moderator, editions = role("moderator"), []
    for at in range(60):
        language = list(SAID)[at % 6]
        author = person(f"author{at}", stakeholder_group=GROUPS[at // 10], language=language)
        text = SAID[language].format(n=rng.randint(13, 40))
        thing = submit(actor=author, thread=threads[0], text=text, language=language)
        version = thing.versions.get(state="pending")
        decide(actor=moderator, kind="contribution", pk=thing.pk, version_id=version.pk, code=Code.APPROVED)
        editions.append(thing.editions.select_related("text").get(in_force=True))
    return World(where, role("rapporteur"), role("organizer"), moderator, editions)


def written(world: World, rng: random.Random) -> Any:
    """Return a draft summary, with a frame and statements of every kind of figure."""
    from plenara.core import clock
    from plenara.documents.actions import add_paragraph, cite
    from plenara.documents.validation.words import sentences
    from plenara.summaries.actions.summaries import create

    it = create(
        actor=world.rapporteur, consultation=world.consultation, source_language="en", title="What was said",
        period_from=world.consultation.opens_at, period_to=clock.now() + datetime.timedelta(days=1),
    )  # fmt: skip
    add_paragraph(
        actor=world.rapporteur, document=it.document, kind="frame",
        text="60 contributions in six languages came from six stakeholder groups, 10 of the 60 from governments. "
        "Nothing was contributed to question 2.",
    )  # fmt: skip
    thread = world.consultation.threads.get(number=1)
    for number in range(STATEMENTS):
        cited = rng.sample(world.editions, rng.randint(1, 6))
        governments = sum(each.stakeholder_group == "government" for each in cited)
        text = [
            f"{len(cited)} contributions ask for it.",
            f"{len(cited)} of the 60 contributions ask for it.",
            f"{governments} of the 10 contributions from governments ask for it.",
            f"{round(100 * len(cited) / 60)} per cent of the contributions ask for it.",
            "Documents are asked for earlier.",
        ][number % 5]
        words = [rng.choice(sentences(each.text.content)) for each in cited]
        made = add_paragraph(actor=world.rapporteur, document=it.document, kind="proposal", text=text, thread=thread)
        for edition, some in zip(cited, words, strict=True):
            cite(actor=world.rapporteur, paragraph=made, edition=edition, words=some)
    return it


def valid(edition: Any) -> list[bool]:
    """Return whether all citations, quotations and figures of each published statement, except frames, are right."""
    from plenara.core.text import contains_words
    from plenara.documents.models import PublishedText

    held = edition.summary.figures["held"]
    whole = edition.summary.figures["groups"]
    found = []
    for each in edition.paragraphs.exclude(kind="frame").prefetch_related("citations__edition__text"):
        cited = list(each.citations.all())
        text = PublishedText.objects.get(paragraph=each, language=edition.source_language).text
        counts = held[str(each.number)]["held"]["groups"]
        part = sum(counts.values())
        # By the record's own figures, without the code of the publication checks.
        may_say = {
            f"{part} contributions ask for it.",
            f"{part} of the {sum(pair[0] for pair in whole.values())} contributions ask for it.",
            f"{counts.get('government', 0)} of the {whole['government'][0]} contributions from governments ask for it.",
            f"{round(100 * part / sum(pair[0] for pair in whole.values()))} per cent of the contributions ask for it.",
            "Documents are asked for earlier.",
        }
        found.append(
            bool(cited)
            and all(
                it.edition.status == "published" and contains_words(it.edition.text.content, it.words) for it in cited
            )
            and text in may_say
        )
    return found


def seeded(world: World) -> dict[str, Callable[[Any], Any]]:
    """Return functions that make a summary wrong, by name: each changes its document, bypassing the actions."""
    from plenara.contributions.models import Edition
    from plenara.documents.models import Citation, Kind, Paragraph, ParagraphText

    def first(document: Any) -> Any:
        return document.paragraphs.exclude(kind=Kind.FRAME).first()

    def says(text: str) -> Callable[[Any], Any]:
        return lambda it: ParagraphText.objects.filter(paragraph=first(it)).update(text=text)

    def frame_says(text: str) -> Callable[[Any], Any]:
        return lambda it: ParagraphText.objects.filter(paragraph__document=it, paragraph__kind=Kind.FRAME).update(
            text=text
        )

    def gone(document: Any) -> None:
        edition = Citation.objects.filter(paragraph=first(document)).first().edition_id
        Edition.objects.filter(pk=edition).update(status="withdrawn")

    return {
        "a statement without citation": lambda it: Citation.objects.filter(paragraph=first(it)).delete(),
        "a citation of what was withdrawn": gone,
        "a quotation that is not in the source": lambda it: Citation.objects.filter(paragraph=first(it)).update(
            words="What nobody wrote."
        ),
        "a count": says("57 contributions ask for it."),
        "a pair": says("9 of the 10 contributions from governments ask for it."),
        "a percentage": says("97 per cent of the contributions ask for it."),
        "a date": says("It was asked for on 5 April 1999."),
        "a number from nowhere": says("It costs 4711 francs."),
        "a figure of a frame": frame_says("61 contributions came. Nothing was contributed to question 2."),
        "an empty question": frame_says("60 contributions came."),
        "no heading": lambda it: it.paragraphs.update(thread=None),
        "a disagreement with one side": lambda it: Paragraph.objects.filter(pk=first(it).pk).update(
            kind=Kind.DISAGREEMENT
        ),
        "a machine's words": lambda it: Paragraph.objects.filter(pk=first(it).pk).update(machine="extract"),
        "nothing written": lambda it: it.paragraphs.all().delete(),
    }


def run() -> int:
    """Publish, check, make wrong, and print; return 1 if anything published is not right."""
    from django.db import transaction

    from plenara.core.refusals import InvalidInput
    from plenara.documents.actions import approve, submit_for_review
    from plenara.documents.models import Kind
    from plenara.documents.validation import publication
    from plenara.summaries.actions.summaries import publish

    rng = random.Random(SEED)
    world, held = build(rng), []
    for _number in range(SUMMARIES):
        it = written(world, rng)
        submit_for_review(actor=world.rapporteur, document=it.document)
        approve(actor=world.organizer, document=it.document)
        held += valid(publish(actor=world.rapporteur, summary=it))
    print(f"Statements published whose every citation, quotation and figure holds: {sum(held)} of {len(held)}\n")
    it, results = written(world, rng), []
    assert publication.errors_of(it.document) == [], publication.errors_of(it.document)
    for name, wrong in seeded(world).items():
        with transaction.atomic():
            wrong(it.document)
            cites = all(each.citations.exists() for each in it.document.paragraphs.exclude(kind=Kind.FRAME))
            submit_for_review(actor=world.rapporteur, document=it.document)
            try:
                with transaction.atomic():
                    approve(actor=world.organizer, document=it.document)
            except InvalidInput:
                results.append((name, True, not cites))
            else:
                results.append((name, False, not cites))
            transaction.set_rollback(True)
        it.document.refresh_from_db()
    print("| made wrong | refused | refused by asking only for a citation |\n|---|---|---|")
    for name, ours, theirs in results:
        print(f"| {name} | {'yes' if ours else 'NO'} | {'yes' if theirs else 'no'} |")
    print(f"\n{sum(ours for _name, ours, _theirs in results)} of {len(results)} refused.")
    return 0 if all(held) and all(ours for _name, ours, _theirs in results) else 1


def main() -> int:
    """Run."""
    set_up()
    return run()


if __name__ == "__main__":
    sys.exit(main())
