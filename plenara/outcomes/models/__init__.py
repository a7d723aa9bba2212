"""Outcomes: bodies, what they write, the versions of it in the record, and the meetings where it is discussed."""

from plenara.outcomes.models.bodies import Body, Member
from plenara.outcomes.models.meetings import (
    AgendaItem,
    DecisionParagraph,
    Dossier,
    DossierFile,
    ItemMatter,
    MeetingDecision,
    WaitingDossier,
)
from plenara.outcomes.models.record import (
    Agreement,
    Opening,
    OutcomeEdition,
    PublishedObjection,
    PublishedSection,
    PublishedStand,
    SectionThread,
    Stage,
    Trace,
)
from plenara.outcomes.models.working import Outcome, Position, Proposal, Section, Stand

__all__ = [
    "AgendaItem",
    "Agreement",
    "Body",
    "DecisionParagraph",
    "Dossier",
    "DossierFile",
    "ItemMatter",
    "MeetingDecision",
    "Member",
    "Opening",
    "Outcome",
    "OutcomeEdition",
    "Position",
    "Proposal",
    "PublishedObjection",
    "PublishedSection",
    "PublishedStand",
    "Section",
    "SectionThread",
    "Stage",
    "Stand",
    "Trace",
    "WaitingDossier",
]
