"""The hints of a machine about a pending text: its language, links, another question, many sign-ups. Hints for a
moderator, deciding nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from plenara.accounts import queries
from plenara.accounts.models import Person
from plenara.consultations.models import Thread
from plenara.core import language_guess, personal_details
from plenara.core.languages import in_language
from plenara.core.life_cycle import ModeratedVersion
from plenara.core.rows import Json
from plenara.core.text import plain, word_count
from plenara.moderation.kinds import KINDS
from plenara.moderation.models import CampaignMember, Suggestion
from plenara.search import encoder

#: Letters that a text needs before a guess about its language is useful.
FEWEST_LETTERS = 60
#: Percent of the text that must be in another language.
LEAST_FOREIGN = 70


def look_at_language(text: str, declared: str) -> dict[str, str | int] | None:
    """Return the detected language and the percentage of letters in it, where it is not the declared one."""
    pieces = [(piece, letters) for piece in _pieces(text) if (letters := sum(map(str.isalpha, piece))) >= 20]
    total = sum(letters for _piece, letters in pieces)
    if total < FEWEST_LETTERS or not language_guess.is_known(declared):
        return None
    found: Counter[str] = Counter()
    for piece, letters in pieces:
        found[language_guess.detect(piece, declared)] += letters
    language, letters = found.most_common(1)[0]
    share = letters * 100 // total
    if not language or language == language_guess.base(declared) or share < LEAST_FOREIGN:
        return None
    return {"found": language, "share": share}


def _pieces(text: str) -> list[str]:
    """Return a text in pieces of a few sentences: a quotation in another language must not decide for all."""
    lines, pieces = plain(text).split("\n"), [""]
    for line in lines:
        if len(pieces[-1]) + len(line) > 400:
            pieces.append("")
        pieces[-1] += f"{line}\n"
    return [part for piece in pieces for part in _cut(piece)][:60]


def _cut(piece: str) -> list[str]:
    return [piece[at : at + 1000] for at in range(0, len(piece), 1000)]


_LINK = re.compile(r"(?:https?://|\bwww\.)[^\s<>()\[\]\"']+|\]\(\s*[^)\s]+", re.IGNORECASE)


def look_at_links(text: str) -> dict[str, int] | None:
    """Return the number of links in a text, if there are any."""
    # [words](address) counts once: the address is matched with what comes before it.
    count = len(_LINK.findall(re.sub(r"\]\(\s*(?=https?:|www\.)", "", text)))
    return {"links": count} if count else None


FEWEST_WORDS = 40
#: The other question must be this close at least, and closer than the own one by this much.
CLOSE, CLOSER = 0.35, 0.12


def look_at_question(
    title: str, text: str, language: str, own: int, threads: Sequence[Thread]
) -> dict[str, int] | None:
    """Return the number of the question that a text is closer to, with both figures in hundredths."""
    if len(threads) < 2 or word_count(text) < FEWEST_WORDS:
        return None
    questions = [" ".join(_words(each, language)) for each in threads]
    cosines = encoder.likeness([f"{title}. {plain(text)}" if title else plain(text)], questions)[0]
    figures = {thread.number: float(cosine) for thread, cosine in zip(threads, cosines, strict=True)}
    other = max((number for number in figures if number != own), key=lambda number: figures[number])
    if own not in figures or figures[other] < CLOSE or figures[other] - figures[own] < CLOSER:
        return None
    return {"thread": other, "other": round(figures[other] * 100), "own": max(0, round(figures[own] * 100))}


def _words(thread: Thread, language: str) -> tuple[str, str]:
    code = language.split("-")[0].lower()
    return in_language(thread.question, code).text, plain(in_language(thread.guidance, code).text)


#: Accounts within an hour that are worth a hint.
LEAST_SIGN_UPS = 10


def look_at_sign_ups(author: Person) -> dict[str, int] | None:
    """Return the number of accounts from the same source within the hour with most of them. One query."""
    count = queries.most_sign_ups_within_an_hour(author)
    return {"accounts": count} if count >= LEAST_SIGN_UPS else None


What = Suggestion.What


def scanned(version: ModeratedVersion) -> str:
    """Return the text that is searched for personal data: title and text; positions are counted in it."""
    return f"{version.title}\n{version.text.content}"


def find(kind: str, version: ModeratedVersion) -> dict[str, Json]:
    """Return the hints about a version by itself, by kind; none of those that are switched off."""
    thing = version.thing
    consultation, text = thing.consultation, version.text.content
    threads = list(consultation.threads.all())
    first = thing.author_id is not None and KINDS[kind].facts(version)["by_newcomer"]
    functions: dict[str, Callable[[], Json | None]] = {
        What.LANGUAGE: lambda: look_at_language(text, version.language),
        What.QUESTION: lambda: (
            look_at_question(version.title, text, version.language, thing.thread.number, threads)
            if thing.in_reply_to_id is None and thing.number is None
            else None
        ),
        What.PERSONAL: lambda: personal_details.look(scanned(version), version.byline.country),
        What.LINKS: lambda: look_at_links(text) if first else None,
        What.SIGN_UPS: lambda: look_at_sign_ups(thing.author),
    }
    asked = KINDS[kind].hints - set(consultation.suggestions_off)
    wanted = {what: function for what, function in functions.items() if what in asked}
    return {str(what): found for what, function in wanted.items() if (found := function())}


def noticed(kind: str, pk: int, version_id: int) -> dict[str, object]:
    """Return the columns of the queue's row for the existing suggestions about a version. Two queries."""
    found = dict(
        Suggestion.objects.filter(kind=kind, object_id=pk, version_id=version_id).values_list("what", "details")
    )
    campaign = found.get(What.SAME, {}).get("campaign")
    member = CampaignMember.objects.filter(kind=kind, object_id=pk, campaign_id=campaign or 0, taken_out_at=None)
    return {"is_flagged": bool(found), "campaign_id": campaign if member.exists() else None}
