"""How near in meaning two texts must be, by the sentence encoder's cosine, so that nobody is warned.

The encoder places a text and its translation nearer for some pairs of languages than for others, so the bounds stand by
pair. They are calibrated by `benchmarks/understanding`: see docs/understanding.md.
"""

#: A statement and the words it cites: rapporteurs condense, so this is low.
CITED = 0.30
CITED_ACROSS = 0.25
#: A text and its translation.
TRANSLATED = 0.45
_TRANSLATED = {"zh": 0.40}


def is_near_cited(cosine: float, language: str, other: str) -> bool:
    """Say whether a statement is as near to words it cites as those that rest on them are."""
    return cosine >= (CITED if language == other else CITED_ACROSS)


def is_near_source(cosine: float, language: str, target: str) -> bool:
    """Say whether a translation is as near to its source as faithful ones are."""
    return cosine >= min(_TRANSLATED.get(language, TRANSLATED), _TRANSLATED.get(target, TRANSLATED))
