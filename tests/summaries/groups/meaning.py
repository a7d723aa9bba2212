"""A stand-in for the encoder: texts are near if they share long words. The real one takes a second to load."""

import hashlib
import re

import numpy

CALLS = []

TOPICS = {
    "cost": [
        "Connection costs are far too high in rural villages of the interior",
        "High connection costs keep rural villages offline for many years",
        "Rural villages cannot carry connection costs of that height alone",
        "Connection costs in rural villages should be shared by operators",
    ],
    "language": [
        "Documents must be translated into every official language in good time",
        "Every official language needs translated documents before meetings",
        "Translated documents arrive late in every official language but English",
        "Please have documents translated into every official language early",
    ],
    "privacy": [
        "Personal privacy requires strong encryption without hidden backdoors anywhere",
        "Strong encryption without backdoors protects personal privacy of citizens",
        "Hidden backdoors in encryption destroy personal privacy for everyone",
        "Personal privacy and strong encryption belong together without backdoors",
    ],
}


def vectors(texts):
    """Return a unit vector for each text, from its words of five letters and more."""
    CALLS.append(len(texts))
    rows = numpy.zeros((len(texts), 512))
    for at, text in enumerate(texts):
        for word in re.findall(r"\w{5,}", text.lower()) or ["nothing"]:
            digest = hashlib.sha256(word.encode()).digest()
            for place in range(0, 24, 2):
                rows[at, int.from_bytes(digest[place : place + 2]) % 512] += 1 if digest[31 - place] % 2 else -1
    return rows / numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def texts(how_many=12):
    """Return texts of three topics, one of each in turn, none twice."""
    topics = list(TOPICS.values())
    return [f"{topics[at % 3][at // 3 % 4]} says number{at:04}." for at in range(how_many)]
