"""The words that documents are told in: states, kinds, origins, and what names a paragraph's words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.core.languages import NAMES
from plenara.core.text import digest

LANGUAGES = list(NAMES.items())


class State(models.TextChoices):
    """Where a document stands."""

    DRAFT = "draft", pgettext_lazy("document", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("document", "In review")
    APPROVED = "approved", pgettext_lazy("document", "Approved")
    PUBLISHED = "published", pgettext_lazy("document", "Published")


class RenditionState(models.TextChoices):
    """Where a document in one language stands."""

    MISSING = "missing", pgettext_lazy("rendition", "missing")
    DRAFT = "draft", pgettext_lazy("rendition", "draft")
    REVIEWED = "reviewed", pgettext_lazy("rendition", "reviewed")
    PUBLISHED = "published", pgettext_lazy("rendition", "published")
    OUTDATED = "outdated", pgettext_lazy("rendition", "outdated")


class Origin(models.TextChoices):
    """Who made a rendition."""

    HUMAN = "human", _("by a person")
    MACHINE = "machine", _("by a machine")


class Kind(models.TextChoices):
    """What a paragraph does. A frame (period, method, an empty thread) cites nothing and claims nothing about views."""

    FRAME = "frame", pgettext_lazy("paragraph", "Frame")
    AGREEMENT = "agreement", pgettext_lazy("paragraph", "Agreement")
    DISAGREEMENT = "disagreement", pgettext_lazy("paragraph", "Disagreement")
    PROPOSAL = "proposal", pgettext_lazy("paragraph", "Proposal")
    CONCERN = "concern", pgettext_lazy("paragraph", "Concern")
    QUESTION = "question", pgettext_lazy("paragraph", "Question")
    #: Of an outcome: what it defines, what it finds, what it recommends.
    DEFINITION = "definition", pgettext_lazy("paragraph", "Definition")
    FINDING = "finding", pgettext_lazy("paragraph", "Finding")
    RECOMMENDATION = "recommendation", pgettext_lazy("paragraph", "Recommendation")


class Side(models.TextChoices):
    """Which part of a disagreement words are cited for. Every other kind of paragraph has one part."""

    HELD = "", pgettext_lazy("disagreement", "this view")
    AGAINST = "against", pgettext_lazy("disagreement", "opposing view")


class Treatment(models.TextChoices):
    """What a paragraph of an outcome does with what it cites."""

    TAKEN_UP = "taken_up", pgettext_lazy("treatment", "taken up")
    IN_PART = "taken_up_in_part", pgettext_lazy("treatment", "taken up in part")
    NOTED = "noted", pgettext_lazy("treatment", "noted")
    NOT_TAKEN_UP = "not_taken_up", pgettext_lazy("treatment", "not taken up")


def digest_of(heading: str, text: str, against: str = "") -> str:
    """Return what names a paragraph's words in one language: translations keep it of what they translate."""
    return digest(f"{heading}\n{text}\n{against}" if against else f"{heading}\n{text}")
