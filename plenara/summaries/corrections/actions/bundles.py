"""Requests for correction of an imported summary."""

import datetime
from collections.abc import Callable, Iterable, Mapping

from plenara.contributions.models import Byline, Edition, Text
from plenara.core.life_cycle import State
from plenara.documents.models import DocumentEdition
from plenara.summaries.corrections.actions import search_index
from plenara.summaries.corrections.queries.bundle_rows import Row
from plenara.summaries.models import Correction, CorrectionVersion


def load(
    editions: Mapping[int, DocumentEdition],
    in_force: DocumentEdition,
    found: Iterable[Row],
    moment: Callable[[str], datetime.datetime],
    edition_of: Callable[[Row], Edition],
) -> None:
    """Create the requests of a summary's row, which was checked before; in the transaction of the import.

    `editions` are the summary's by revision.
    """
    for row in found:
        # A deleted one has only number, dates and reason, whatever another archive's row has.
        is_published = row["status"] == State.PUBLISHED
        author = row.get("author") if is_published else None
        byline = None
        if author:
            byline = Byline.objects.create(
                name=author.get("name", ""),
                withheld=author.get("withheld", False),
                stakeholder_group=author["stakeholder_group"],
                capacity=author.get("capacity", ""),
                organization=author.get("organization", ""),
                country=author.get("country", ""),
            )
        asked_at = moment(row["asked_at"])
        made = Correction.objects.create(
            consultation=in_force.consultation,
            edition=editions[row.get("revision", in_force.revision)],
            statement=row.get("statement"),
            about=edition_of({"contribution": row["contribution"]})
            if is_published and row.get("contribution")
            else None,
            byline=byline,
            name=byline.name[:120] if byline else "",
            stakeholder_group=byline.stakeholder_group if byline else "",
            language=row.get("language", "") if is_published else "",
            text=row.get("text", "") if is_published else "",
            state=row["status"],
            state_at=asked_at,
            reason=row.get("reason", ""),
            number=row["number"],
            asked_at=asked_at,
            published_at=moment(row["published_at"]) if row.get("published_at") else None,
            # Nobody here answers an archive's requests, so an unanswered one gets no due day.
            verdict=row.get("verdict", ""),
            answer=row.get("answer", ""),
            answer_language=row.get("answer_language", ""),
            answered_at=moment(row["answered_at"]) if row.get("answered_at") else None,
            self_answered=row.get("answered_by_writer", False),
            corrected_by=editions[row.get("put_right_in", in_force.revision)] if row.get("put_right") else None,
        )
        if byline:
            # A removed request is restored from its version.
            CorrectionVersion.objects.create(
                correction=made,
                number=1,
                text=Text.of(made.text),
                byline=byline,
                language=made.language,
                submitted_at=asked_at,
                state=State.PUBLISHED,
            )
            search_index.index([made.pk])
