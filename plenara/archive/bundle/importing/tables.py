"""The tables that contributions come into, with what each row of them gives, in this order after its key."""

import datetime

from plenara.contributions.models import Byline, Contribution, Edition, Text, Version
from plenara.contributions.models.texts import State
from plenara.core.in_bulk import Table


class Tables:
    """Each as rows go into it in bulk."""

    def __init__(self, consultation_id: int, now: datetime.datetime):
        self.contributions = Table(
            Contribution,
            "thread_id",
            "in_reply_to_id",
            "state",
            "channel",
            "occasion",
            "created_at",
            "state_at",
            "public_id",
            "number",
            "symbol",
            "moved_from",
            "reason",
            "bundle_id",
            "place",
            "bundle",
            consultation_id=consultation_id,
        )
        self.texts = Table(Text, "content", "sha256")
        self.bylines = Table(
            Byline,
            "name",
            "withheld",
            "stakeholder_group",
            "capacity",
            "organization",
            "organization_verified",
            "country",
            "is_disowned",
        )
        self.versions = Table(
            Version,
            "contribution_id",
            "number",
            "title",
            "text_id",
            "byline_id",
            "language",
            "paper_id",
            "submitted_at",
            "part",
            "is_redacted",
            state=State.PUBLISHED.value,
        )
        self.editions = Table(
            Edition,
            "contribution_id",
            "thread_id",
            "version_id",
            "number",
            "revision",
            "symbol",
            "title",
            "text_id",
            "byline_id",
            "language",
            "stakeholder_group",
            "paper_id",
            "in_reply_to",
            "root",
            "part",
            "is_redacted",
            "channel",
            "campaign_of",
            "submitted_at",
            "published_at",
            "in_force",
            "status",
            "gone_at",
            "gone_reason",
            consultation_id=consultation_id,
            minted_at=now,
            changed_at=now,
        )
