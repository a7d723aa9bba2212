"""Contributions and their versions (internal); editions, texts and bylines (the record).

A version is submitted and never changed. Publishing mints an edition of it: symbol, number, frozen byline. Public pages
read editions alone. Texts and bylines are rows of their own, which only `erase` may blank, with an audit entry.
"""

from plenara.contributions.models.drafts import Draft, Remark, Share, Sheet, Signatory
from plenara.contributions.models.record import (
    LISTED,
    DayTally,
    Dispute,
    Edition,
    EditionSignatory,
    OrganizationMark,
    Tally,
)
from plenara.contributions.models.submissions import (
    ENTERED,
    Byline,
    Channel,
    Contribution,
    Extraction,
    Paper,
    Text,
    Translation,
    Version,
    new_public_id,
)
