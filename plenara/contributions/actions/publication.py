"""Publishing versions as editions of the record: minting an edition, replacing it by a tombstone, restoring it.

Called inside the transaction of the action that decided it; never by a view.
"""

from django.db.models import Max

from plenara.accounts.models import Person
from plenara.consultations.emails import enqueue_news, enqueue_reply
from plenara.consultations.models import Consultation, Follow, Thread
from plenara.contributions import emails
from plenara.contributions.actions import campaigns, search_index, tallies, translations
from plenara.contributions.models import (
    Contribution,
    Edition,
    EditionSignatory,
    Text,
    Translation,
    Version,
    new_public_id,
)
from plenara.contributions.organizations.actions import mark_edition
from plenara.core import clock, life_cycle
from plenara.core.cache_tags import invalidate
from plenara.core.life_cycle import State
from plenara.core.machines import translation as machine
from plenara.core.refusals import require
from plenara.core.rows import Json


def publish(
    version: Version, *, actor: Person | None, campaign_of: int | None = None, admitted_after_closing: bool = False
) -> Edition:
    """Mint the edition of a version: number and symbol for the first, `/Rev.k` after; update feeds and figures.

    `campaign_of` is the number of the contribution under which lists show a campaign's text once.
    """
    contribution = version.contribution
    require(life_cycle.allows(contribution, "publish"))
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=contribution.consultation_id)
    revision = 0
    if contribution.number is None:
        consultation.last_number += 1
        consultation.save(update_fields=["last_number"])
        contribution.number = consultation.last_number
        contribution.symbol = f"{consultation.symbol}/Q{contribution.thread.number}/{contribution.number}"
        contribution.public_id = contribution.public_id or new_public_id()
    else:
        earlier = contribution.editions.filter(in_force=True).first()
        revision = 1 + (contribution.editions.aggregate(last=Max("revision"))["last"] or 0)
        if earlier:
            tallies.count(earlier, -1)
            contribution.editions.filter(in_force=True).update(in_force=False)
        if campaign_of is None:
            campaigns.pass_on(contribution, folds=False)  # its text differs from the campaign's now
    answered = contribution.in_reply_to
    byline = version.byline
    edition = Edition.objects.create(
        contribution=contribution,
        consultation=consultation,
        thread=contribution.thread,
        version=version,
        number=contribution.number,
        revision=revision,
        symbol=f"{contribution.symbol}/Rev.{revision}" if revision else f"{contribution.symbol}",
        title=version.title,
        text_id=version.text_id,
        byline=byline,
        language=version.language,
        stakeholder_group=byline.stakeholder_group,
        paper_id=version.paper_id,
        in_reply_to=answered.number if answered else None,
        root=root_of(contribution),
        part=version.part,
        channel=contribution.channel,
        campaign_of=campaign_of if campaign_of != contribution.number else None,
        admitted_after_closing=admitted_after_closing,
        is_redacted=version.is_redacted,
        submitted_at=version.submitted_at,
        published_at=(now := clock.now()),
        minted_at=now,
        changed_at=now,
    )
    _copy_signatories(edition, version)
    mark_edition(edition, contribution.author_id)
    _show_translations(edition, consultation)
    life_cycle.set_published(version, actor=actor, consultation=consultation, edition=edition.pk)
    tallies.count(edition, +1)
    search_index.index_contribution(contribution.pk)
    invalidate(consultation.cache_tag, nothing_withdrawn=True)
    if revision == 0 and campaign_of is None:
        _notify_followers(edition, answered)
    return edition


def _notify_followers(edition: Edition, answered: Contribution | None) -> None:
    """Enqueue the e-mails to followers of the consultation or the thread, and to the author of what it answers."""
    key = f"edition-{edition.pk}"
    enqueue_news(key=key, what=Follow.What.CONTRIBUTIONS, consultation=edition.consultation, thread=edition.thread)
    if answered and answered.author_id and answered.author_id != edition.contribution.author_id:
        enqueue_reply(key=key, person_id=answered.author_id)


def _copy_signatories(edition: Edition, version: Version) -> None:
    """Copy a version's co-signatories into the record; those with an address get one e-mail."""
    EditionSignatory.objects.bulk_create(
        EditionSignatory(edition=edition, byline=byline, place=place)
        for place, byline in enumerate(version.also_signed_by, 1)
    )
    for pk in version.signatories.exclude(address="").values_list("pk", flat=True):
        emails.notify_signatory.using(key=f"signed-{pk}").enqueue(signatory_id=pk)


def _show_translations(edition: Edition, consultation: Consultation) -> None:
    """Publish the translations of a new edition, and enqueue the machine's.

    Also after a restoration: an organizer may have allowed machine translations since.
    """
    made = Translation.objects.filter(text=edition.text_id)
    if not consultation.shows_machine_translations:
        made = made.filter(is_machine=False)
    made.update(is_public=True)
    if consultation.shows_machine_translations and machine.is_configured():
        translations.enqueue_all(edition, consultation)


def root_of(contribution: Contribution) -> int:
    """Return the number of the top of a contribution's reply tree: its own where it replies to nothing public."""
    answered = contribution.in_reply_to
    if answered is None or answered.number is None:
        return contribution.number or 0
    top = Edition.objects.filter(contribution=answered).values_list("root", flat=True).first()
    return top if top is not None else answered.number


def take_down(contribution: Contribution, state: str, *, reason: str) -> Contribution:
    """Replace editions by a tombstone, and end the pending version. None of the words stay public."""
    for edition in contribution.editions.filter(in_force=True, status=Edition.Status.PUBLISHED):
        tallies.count(edition, -1)
    EditionSignatory.objects.filter(edition__contribution=contribution).delete()
    now = clock.now()
    gone = contribution.editions.filter(status=Edition.Status.PUBLISHED).update(
        status=state,
        gone_at=now,
        changed_at=now,
        gone_reason=reason,
        text=None,
        byline=None,
        title="",
        paper=None,
        stakeholder_group="",
        language="",
    )
    campaigns.pass_on(contribution, folds=True)
    search_index.index_contribution(contribution.pk)
    life_cycle.take_down(contribution, state, reason=reason)
    if gone:
        invalidate(contribution.consultation.cache_tag)
    return contribution


def restore(contribution: Contribution) -> Contribution:
    """Restore removed editions, from their versions."""
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=contribution.consultation_id)
    for edition in contribution.editions.filter(status=Edition.Status.REMOVED).select_related("version__byline"):
        version = edition.version
        if version is None:
            continue
        edition.status, edition.gone_at, edition.gone_reason = Edition.Status.PUBLISHED, None, ""
        edition.text_id, edition.byline, edition.title = version.text_id, version.byline, version.title
        edition.language, edition.paper_id = version.language, version.paper_id
        edition.stakeholder_group = version.byline.stakeholder_group
        edition.changed_at = clock.now()
        edition.save()
        _copy_signatories(edition, version)
        _show_translations(edition, consultation)
        if edition.in_force:
            tallies.count(edition, +1)
    search_index.index_contribution(contribution.pk)
    life_cycle.set_state(contribution, State.PUBLISHED)
    invalidate(contribution.consultation.cache_tag, nothing_withdrawn=True)
    return contribution


def set_state(version: Version, state: str, *, reason: str = "") -> None:
    """Return or reject a version, or make it pending again. The stub of a rejected one has an id of its own."""
    if state == State.REJECTED:
        version.contribution.public_id = version.contribution.public_id or new_public_id()
    life_cycle.set_version_state(version, state, reason=reason)


def leave_out(version: Version, text: str) -> Version:
    """Replace a pending version by the redacted one, and return that.

    Its author agreed; the co-signatories did not, so their names stay with the text that they read.
    """
    version.state = State.WITHDRAWN
    version.save(update_fields=["state"])
    contribution = version.contribution
    return Version.objects.create(
        contribution=contribution,
        number=contribution.versions.count() + 1,
        title=version.title,
        text=Text.of(text),
        byline=version.byline,
        language=version.language,
        paper_id=version.paper_id,
        submitted_at=version.submitted_at,
        part=version.part,
        is_redacted=True,
    )


def place_of(contribution: Contribution) -> dict[str, int | None]:
    """Return the place of a contribution, for `move_back`."""
    return {
        "thread": contribution.thread_id,
        "in_reply_to": contribution.in_reply_to_id,
        "moved_from": contribution.moved_from,
    }


def move_back(contribution: Contribution, place: Json) -> None:
    """Restore the place that a contribution had before a move that is undone."""
    contribution.thread = Thread.objects.get(pk=place["thread"])
    contribution.in_reply_to_id, contribution.moved_from = place["in_reply_to"], place["moved_from"]
    contribution.save(update_fields=["thread", "in_reply_to", "moved_from"])


def change_thread(contribution: Contribution, thread: Thread) -> None:
    """Move a contribution that was never published to another thread; a reply loses what it replies to."""
    contribution.moved_from = contribution.moved_from or contribution.thread.number
    contribution.thread = thread
    contribution.in_reply_to = None
    contribution.save(update_fields=["moved_from", "thread", "in_reply_to"])
