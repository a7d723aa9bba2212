"""How near in meaning two texts must be, by the sentence encoder's cosine, so that nobody is warned.

The encoder places a text and its translation nearer for some pairs of languages than for others, so the bounds stand by
pair. They are calibrated by `benchmarks/understanding`: see docs/understanding.md.
"""

#: A statement and the nearest of the words it cites. Rapporteurs condense and quote a few words of many, so this is
#: low: of ten statements that rest on their citations, one is warned of.
CITED = 0.18
#: A statement that says what words say, denying it or not.
ALIKE = 0.45
#: A text and its translation.
TRANSLATED = 0.32
_TRANSLATED = {"zh": 0.25}


def is_near_cited(cosine: float) -> bool:
    """Say whether a statement is as near to the nearest words it cites as those that rest on them are."""
    return cosine >= CITED


def is_near_source(cosine: float, language: str, target: str) -> bool:
    """Say whether a translation is as near to its source as faithful ones are."""
    return cosine >= min(_TRANSLATED.get(language, TRANSLATED), _TRANSLATED.get(target, TRANSLATED))
