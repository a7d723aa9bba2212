"""The consultation and its threads, from `consultation.json`."""

from plenara.bundles.validation.bundle import Checked
from plenara.bundles.validation.consultation import MOVED_ON
from plenara.consultations.actions.threads import mark_themes
from plenara.consultations.models import Consultation, Extension, Thread
from plenara.core import clock
from plenara.core.rows import Json, read_moment
from plenara.themes.actions import learn


def make(checked: Checked) -> tuple[Consultation, dict[int, Thread]]:
    """Make the consultation and return it with its threads by number."""
    row = checked.consultation
    parent = Consultation.objects.filter(slug=row.get("parent", "")).first()
    kept: Json = {"digest": checked.digest}
    if checked.themes:
        kept["themes"] = checked.themes
    consultation = Consultation.objects.create(
        slug=row["slug"],
        symbol=row["symbol"],
        title=row["title"],
        intro=row.get("intro", {}),
        stage=row["state"],
        opens_at=read_moment(row.get("opens_at")),
        closes_at=read_moment(row.get("closes_at")),
        **{key: read_moment(row.get(key)) for key in MOVED_ON},
        timezone=row["timezone"],
        languages=row["languages"],
        word_limit=row.get("word_limit"),
        licence=row.get("licence", ""),
        source=row.get("source", ""),
        parent=parent,
        parent_slug=row.get("parent", ""),
        last_number=checked.minted.last,
        imported_at=clock.now(),
        bundle=kept,
    )
    threads = Thread.objects.bulk_create(
        Thread(
            consultation=consultation,
            number=each["number"],
            slug=each["slug"],
            question=each["question"],
            guidance=each.get("guidance", {}),
            themes=each.get("themes", []),
            rewordings=each.get("rewordings", []),
        )
        for each in row["threads"]
    )
    Extension.objects.bulk_create(
        Extension(
            consultation=consultation,
            at=read_moment(each["at"]),
            closed_at=read_moment(each["closed_at"]),
            closes_at=read_moment(each["closes_at"]),
            reason=each.get("reason", {}),
        )
        for each in row.get("extensions", ())
    )
    mark_themes(threads)
    learn(themes=checked.themes, vocabulary=row["slug"][:60].rstrip("-"))
    return consultation, {thread.number: thread for thread in threads}
