"""Summaries: which period a document gives account of, and what of it was set aside.

The working side: `Summary`, `SetAside`, `ReadMark`, `Schedule`, `Pack`; what a machine offers: `Grouping`, `Draft`.
The record: `SummaryEdition`, `LeftOut`, and of `Correction` what is published and answered.
"""

from plenara.summaries.models.correcting import Correction, CorrectionState, CorrectionVersion
from plenara.summaries.models.packs import Pack
from plenara.summaries.models.record import LeftOut, SummaryEdition
from plenara.summaries.models.schedule import Schedule
from plenara.summaries.models.understanding import Draft, Group, Grouping, Member
from plenara.summaries.models.working import ReadMark, SetAside, Summary

__all__ = [
    "Correction",
    "CorrectionState",
    "CorrectionVersion",
    "Draft",
    "Group",
    "Grouping",
    "LeftOut",
    "Member",
    "Pack",
    "ReadMark",
    "Schedule",
    "SetAside",
    "Summary",
    "SummaryEdition",
]
