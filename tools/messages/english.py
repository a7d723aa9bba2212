"""The English of the messages: its words, the length of its sentences, contexts for short messages."""

import re
from collections.abc import Iterator

from tools.messages.source import Message

#: Words that a message does not use, and what it says instead.
WORDS = {
    r"\bmend(?:ed|s|ing)?\b": "correct, fix",
    r"\breckon\w*": "calculate, count",
    r"\b(?:anew|afresh)\b": "again",
    r"\b(?:thereof|whence|whither|hence|thereby|whereby)\b": "a second sentence",
    r"\bmeanwhile\b": "in the meantime, or nothing",
    r"\bno more\b(?! than)": "no longer",
    r"\bby now\b": "now, already",
    r"\bin turn\b": "nothing",
    r"\boverrul\w*": "dismissed",
    r"\btreat(?:s|ed|ment|ments)?\b": "response, respond to",
    r"\bshall\b": "will, must",
    r"\b(?:might well|would have it|be it|be they)\b": "may, if",
    r"(?i:\b(?:some|any|every)body\b|\bnobody\b)": "someone, anyone, everyone, no one",
    r"\bstands?\b|\bstanding\b": "is, appears",
    r"\btake[ns]? (?:it |them |this )?away\b|\btook away\b": "download, remove, delete",
    r"\bcall(?:ed|s)? back\b": "withdraw",
    r"\bis over\b|\bhas gone\b|\bis away\b": "has ended, was deleted, is unavailable",
    r"(?<![Ee]-)\b(?!mail servers?\b)mails?\b": "e-mail",
    r"\bKept\b|\bKeep this\b": "Saved, Save",
    r"\bheld (?:in|against|by)\b": "appears in, opposing view",
    r"\berrands?\b|\bcrew\b|\bkeepers?\b": "background task, staff, owner",
    r"\b(?:ca|do|does|is|are|has|have|wo|would|could|should)n[’']t\b": "no contraction",
    r"(?<=[.:] )Who (?!is|are|can|may|will|was|were|has|have|does|do|did|could)\w+s\b": "the person who",
}
_WORDS = {re.compile(pattern): advice for pattern, advice in WORDS.items()}
#: A letter is on paper. These have the other meanings of the word.
_LETTERS = re.compile(
    r"(?:Latin|capital|small|lower-case|first|two|these|least %\(\w+\)s) letters?|letters?,? (?:and )?digits"
)
_PAPER = ("contributions/", "exports/", "demo/")
_HEADLESS = re.compile(
    r"Who (?!is|are|can|may|must|will|was|were|has|have|does|do|did|could|should)(\w+s|\w+ed)\b(?!.*\?$)"
)
_VAGUE = re.compile(
    r"(?:It|Its|They|Their)\b(?! is (?:too late|not possible))|(?:This|These|Those) (?:has|have|can|cannot|does|must)\b"
)
MOST_WORDS = 25
#: Texts that a lawyer reads too: their sentences are short, their paragraphs may be longer.
LEGAL = frozenset({"rules", "privacy", "licence", "reasons"})
SHORT = 3
_MARKUP = re.compile(r"<[^>]*>")
_SENTENCE = re.compile(r"(?<=[.?!:;])\s+")
#: A limit on a page is a placeholder, filled from the constant that holds.
_NUMBER = re.compile(r"\b\d+ (?:days?|hours?|minutes?|months?|years?|characters|words)\b")
_PAGES = "accounts/pages/"


def problems(message: Message) -> Iterator[str]:
    """Yield a sentence for each thing wrong with the English of a message."""
    for text in filter(None, (message.msgid, message.plural)):
        yield from _problems_of_words(message, _MARKUP.sub("", text))
    if message.context is None and len(message.files) > 1 and _words(message.msgid) <= SHORT:
        yield "is short and used in several places: give each a context"
    if message.context is None and _VAGUE.match(message.msgid):
        yield "begins with a pronoun: name the thing"


def _problems_of_words(message: Message, text: str) -> Iterator[str]:
    for pattern, advice in _WORDS.items():
        if found := pattern.search(text):
            yield f"says {found[0]!r}: {advice}"
    if re.search(r"\bletters?\b", _LETTERS.sub("", text)) and not any(part in message.files[0] for part in _PAPER):
        yield "says 'letter': an e-mail"
    if found := _HEADLESS.match(text):
        yield f"begins with {found[0]!r}: the person who, the people who"
    if any(_words(sentence) > MOST_WORDS for sentence in _SENTENCE.split(text)):
        yield f"has a sentence of more than {MOST_WORDS} words"
    elif _words(text) > MOST_WORDS and message.context not in LEGAL:
        yield f"has more than {MOST_WORDS} words: make two messages"
    if _PAGES in message.files[0] and (found := _NUMBER.search(text)):
        yield f"says {found[0]!r}: a placeholder, filled from the constant"


def _words(text: str) -> int:
    return sum(bool(re.search(r"\w", word)) for word in _MARKUP.sub("", text).split())
