"""Listing contributions as one campaign in the record, inside the transaction of the action that decided it."""

from django.db.models import QuerySet

from plenara.contributions.actions import search_index
from plenara.contributions.models import Contribution, Edition
from plenara.core.cache_tags import invalidate


def gather(lead: Edition, contributions: QuerySet) -> int:
    """List these contributions (ids) under the lead, if they are published in the same place."""
    found = Edition.objects.filter(
        contribution_id__in=contributions,
        consultation_id=lead.consultation_id,
        thread_id=lead.thread_id,
        in_reply_to=lead.in_reply_to,
        in_force=True,
    ).exclude(contribution_id=lead.contribution_id)
    if lead.campaign_of is None and not found.exclude(campaign_of=lead.number).exists():
        return 0  # all are listed there already, as with each but the first of very many
    stood_alone = list(found.filter(campaign_of=None).values_list("pk", flat=True))
    numbers = list(found.filter(campaign_of=None).values_list("number", flat=True))
    moved = found.exclude(campaign_of=lead.number).update(campaign_of=lead.number)
    # Those that were listed under one of them are listed under the lead now.
    under = Edition.objects.filter(consultation_id=lead.consultation_id, campaign_of__in=numbers, in_force=True)
    moved += under.update(campaign_of=lead.number)
    Edition.objects.filter(pk=lead.pk).update(campaign_of=None)
    search_index.index_editions([lead.pk, *stood_alone])
    if moved:
        invalidate(lead.consultation.cache_tag, nothing_withdrawn=True)
    return moved


def detach(contribution: Contribution) -> None:
    """List a contribution by itself; those listed under it follow the next one."""
    pass_on(contribution, folds=False)
    editions = contribution.editions.filter(in_force=True)
    leads = search_index.leads_of(editions.values_list("pk", flat=True))
    moved = editions.filter(campaign_of__isnull=False).update(campaign_of=None)
    if moved:
        search_index.index_editions([*leads, *editions.values_list("pk", flat=True)])
        invalidate(contribution.consultation.cache_tag, nothing_withdrawn=True)


def pass_on(contribution: Contribution, *, folds: bool) -> None:
    """Make the next one lead where a contribution led and does so no longer.

    With `folds` it is listed under the new lead from now on: a withdrawn or removed one leaves its notice on its own
    page, and would return to its place.
    """
    if contribution.number is None:
        return
    under = Edition.objects.filter(
        consultation_id=contribution.consultation_id, campaign_of=contribution.number, in_force=True
    )
    following = under.filter(status=Edition.Status.PUBLISHED).order_by("number").first()
    if following is None:
        return
    under.update(campaign_of=following.number)
    Edition.objects.filter(pk=following.pk).update(campaign_of=None)
    if folds:
        contribution.editions.filter(in_force=True).update(campaign_of=following.number)
    own = contribution.editions.filter(in_force=True).values_list("pk", flat=True)
    search_index.index_editions([following.pk, *own])
    invalidate(contribution.consultation.cache_tag, nothing_withdrawn=True)
