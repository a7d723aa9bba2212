"""The plan of a draft: the period's ideas that are not cited yet, as statements, and its frames."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from plenara.contributions.models import Edition
from plenara.core.machines import translation
from plenara.core.rows import Json
from plenara.documents.models import Citation, Document
from plenara.documents.validation.words import sentences
from plenara.summaries.drafts.ideas import Idea, choose, from_groups, from_words
from plenara.summaries.drafts.sentences import Sentence, sentences_of
from plenara.summaries.drafts.statements import Quote, Statement, contributions_of, frames, statement_of, why_left_out
from plenara.summaries.groups.queries import followers_of, groups_of
from plenara.summaries.models import Summary
from plenara.summaries.queries.coverage import editions_of

#: Frames are at most a third of the requested statements: participants' words come first.
FRAMES = 3


#: The most omitted ideas for which a draft gives the reason.
MOST_LEFT_OUT = 20


@dataclass(frozen=True)
class LeftOut:
    """A contribution whose view is not in a draft, and the reason. It has nobody's words."""

    number: int
    reason: str

    def as_row(self) -> Json:
        """Return it as a draft stores it, beside the refused statements."""
        return {"text": "", "reason": self.reason, "number": self.number}


@dataclass(frozen=True)
class Plan:
    """The statements of a draft in their order, and whether they come from the groups."""

    frames: list[Statement]
    statements: list[Statement]
    from_groups: bool
    left_out: list[LeftOut] = field(default_factory=list)


def plan(summary: Summary, most: int, *, takes_several: bool = False, is_rephrased: bool = False) -> Plan:
    """Return the plan of a draft with at most `most` statements. The same period gives the same plan.

    At most one sentence of a contribution is taken, unless `takes_several`. Without a model, a statement must be in the
    language of the summary and not in the first person; the others are listed in `left_out`.

    A fixed number of queries. For a worker: reading the sentences of 5,000 contributions takes some seconds.
    """
    framed = frames_of(summary)
    ideas, by_groups = ideas_of(summary, most)
    cited = set(Citation.objects.filter(paragraph__document=summary.document).values_list("edition_id", "words"))
    new = [idea for idea in ideas if not any(each.key in cited for each in idea.sentences)]
    language = summary.document.source_language
    left_out: list[LeftOut] = []
    if not is_rephrased:
        new, left_out = sound_ideas(new, language)
    # At least one frame, on the period, unless there is place for only one statement and there are ideas.
    room = min(len(framed), max(most // FRAMES, most - len(new), 1 if most > 1 else 0))
    if takes_several:
        chosen = choose(new, most - room)
    else:
        earlier = Citation.objects.filter(paragraph__document=summary.document)
        chosen = choose_once(new, most - room, language, earlier.values_list("edition__number", flat=True))
    statements = [statement_of(idea, language) for idea in chosen]
    if not is_rephrased:
        # After citing each contribution once, an idea may have only sentences that cannot be its words.
        statements, more = sound_statements(statements, language)
        left_out += more
    heard = contributions_of([quote for each in statements for quote in each.quotes])
    silent = {each.number: each for each in reversed(left_out) if each.number not in heard}
    return Plan(framed[:room], statements, by_groups, [silent[number] for number in sorted(silent)][:MOST_LEFT_OUT])


def choose_once(ideas: Sequence[Idea], most: int, language: str, cited: Iterable[int] = ()) -> list[Idea]:
    """Return the ideas of a draft that cites each contribution once; those in `cited` are already."""

    def cites(idea: Idea) -> set[int]:
        return contributions_of(statement_of(idea, language).quotes)

    return choose(ideas, most, cites=cites, cited=cited)


def sound_ideas(ideas: Sequence[Idea], language: str) -> tuple[list[Idea], list[LeftOut]]:
    """Return the ideas whose sentences can be statements, and why the others are left out."""
    translates, stored_ideas, left_out = translation.is_configured(), [], []
    for idea in sorted(ideas, key=lambda each: each.rank):
        if why := why_left_out(statement_of(idea, language), language, translates=translates):
            left_out.append(LeftOut(idea.sentences[0].number, why))
        else:
            stored_ideas.append(idea)
    return stored_ideas, left_out


def sound_statements(statements: Sequence[Statement], language: str) -> tuple[list[Statement], list[LeftOut]]:
    """Return the statements that can be in a summary, and why the others are left out."""
    translates = translation.is_configured()
    why = [(each, why_left_out(each, language, translates=translates)) for each in statements]
    return [each for each, code in why if not code], [
        LeftOut(each.quotes[0].sentence.number, code) for each, code in why if code
    ]


def frames_of(summary: Summary) -> list[Statement]:
    """Return the frames that a summary lacks, with the present figures of its period."""
    period = editions_of(summary.consultation, summary.period_from, summary.period_to)
    return frames(summary, period.values_list("stakeholder_group", "language", "thread__number"))


def ideas_of(summary: Summary, most: int) -> tuple[list[Idea], bool]:
    """Return the ideas of a period, and whether they come from the groups. Questions without groups use words."""
    aside = set(summary.set_aside.values_list("edition__contribution_id", flat=True))
    groups = groups_of(summary)
    if not groups:
        return from_words(sentences_of(summary), most), False
    campaigns = {number: len(others) for number, others in followers_of(summary).items()}
    found = from_groups(groups, aside, most, campaigns)
    # Contributions newer than the groups may be a question's first.
    grouped = {each.thread for idea in found for each in idea.sentences}
    missing = set(_answered(summary)) - grouped
    return [*found, *(from_words(sentences_of(summary, missing), most) if missing else [])], True


def _answered(summary: Summary) -> list[int]:
    period = editions_of(summary.consultation, summary.period_from, summary.period_to)
    return list(period.order_by().values_list("thread__number", flat=True).distinct())


# --- while a model rephrases it part by part, a plan is stored by ids and places, without anybody's words ---


def as_rows(statements: Sequence[Statement]) -> list[Json]:
    """Return statements as a draft stores them in the meantime."""
    return [
        {"thread": each.thread, "quotes": [[quote.sentence.edition, quote.sentence.place] for quote in each.quotes]}
        for each in statements
    ]


def from_rows(document: Document, rows: Sequence[Json]) -> list[Statement]:
    """Return stored statements with those of their sentences that are still in editions in force. One query."""
    by_id = _editions(document, {edition for row in rows for edition, _place in row["quotes"]})
    found = []
    for row in rows:
        quoted = [each for edition, place in row["quotes"] if (each := _sentence_of(by_id.get(edition), place))]
        if quoted:
            idea = Idea(row["thread"], tuple(quoted), len(quoted), 0)
            found.append(statement_of(idea, document.source_language))
    return found


def still_in_force(document: Document, statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements whose quotes are all still in editions in force. One query."""
    by_id = _editions(document, {quote.sentence.edition for each in statements for quote in each.quotes})
    return [
        each
        for each in statements
        if all(_is_in_force(by_id.get(quote.sentence.edition), quote) for quote in each.quotes)
    ]


def _editions(document: Document, ids: set[int]) -> dict[int, Edition]:
    editions = Edition.objects.filter(
        pk__in=ids, consultation=document.consultation_id, in_force=True, status=Edition.Status.PUBLISHED
    )
    return editions.select_related("text", "thread").in_bulk()


def _sentence_of(edition: Edition | None, place: int) -> Sentence | None:
    if edition is None or edition.text is None:
        return None
    all_of_it = sentences(edition.text.content)
    if not 1 <= place <= len(all_of_it):
        return None
    return Sentence(
        edition.pk, edition.contribution_id, edition.number, place, all_of_it[place - 1], edition.language,
        edition.stakeholder_group, edition.thread.number, edition.campaign_of or edition.number,
    )  # fmt: skip


def _is_in_force(edition: Edition | None, quote: Quote) -> bool:
    sentence = _sentence_of(edition, quote.sentence.place)
    return sentence is not None and quote.sentence.words in sentence.words
