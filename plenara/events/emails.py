"""The receipt of a proposal."""

from plenara.core.languages import in_language
from plenara.core.tasks import task
from plenara.email import delivery
from plenara.events.models import EventVersion


@task
def receipt(*, version_id: int) -> None:
    """Send the person who proposed or changed an event a receipt: what arrived, when, and what happens next."""
    version = EventVersion.objects.select_related("event__owner").filter(pk=version_id).first()
    if version is None or version.event.owner is None or not version.details:
        return  # erased in the meantime
    owner = version.event.owner
    delivery.send(
        to=owner,
        template="events/mail/receipt",
        context={
            "title": in_language(version.details["title"], owner.language).text,
            "version": version,
            "is_revision": version.event.number is not None,
            "path": f"/{owner.language}/my/events/{version.event_id}/",
        },
        key=f"event-receipt-{version_id}",
    )
