"""What of a person's contributions goes with their account, and what stays under "A participant"."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from plenara.accounts.erasing import Choice, Erasure, Published, erases, foresees, holds
from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.consultations.models import State as Stage
from plenara.contributions import orphans, searching
from plenara.contributions.models import (
    Byline,
    Contribution,
    Draft,
    Edition,
    EditionSignatory,
    Signatory,
    State,
    Tally,
    Text,
    Translation,
    Version,
)
from plenara.contributions.publishing import take_down

REASON = "ERASED"
#: What a person could withdraw by hand; an account that is erased withdraws it.
_UNDECIDED = frozenset({State.PENDING, State.RETURNED, State.PUBLISHED})


@foresees
def published(person: Person) -> Published:
    """Return how many of a person's contributions stand in the record. One query."""
    counts = Contribution.objects.filter(author=person, state=State.PUBLISHED).aggregate(
        all=Count("pk"), bound=Count("pk", filter=Q(consultation__stage=Stage.ARCHIVED))
    )
    return Published(free=counts["all"] - counts["bound"], bound=counts["bound"])


@holds
def hold(person: Person) -> None:
    """Wait for whoever decides on a contribution of the person, and let nobody begin to."""
    _held(Contribution.objects.filter(author=person))


def _held(rows: QuerySet[Any]) -> None:
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


@erases
def contributions(erasure: Erasure) -> None:
    """Take every contribution out of the working side, and out of the record those that are to go."""
    _hold_all(erasure.person)
    papers: set[int] = set()
    mine = Contribution.objects.filter(author=erasure.person).select_related("consultation", "thread")
    for each in mine.order_by("consultation_id", "pk"):
        erasure.submitted.setdefault(each.kind, []).append(each.pk)
        if _stays(each, erasure.choice):
            papers |= _keep_without_name(each, erasure)
            erasure.cache_tags.add(each.consultation.cache_tag)
        else:
            erasure.gone.setdefault(each.kind, []).append(each.pk)
            papers |= _take_away(each, erasure)
    papers |= _drafts(erasure.person)
    _signatures(erasure)
    orphans.drop(papers)


def _hold_all(person: Person) -> None:
    """Hold everything in the order in which publishing does: no two writers wait for each other."""
    mine = Contribution.objects.filter(author=person)
    _held(mine)
    _held(Consultation.objects.filter(pk__in=mine.values("consultation")))
    _held(Tally.objects.filter(thread__in=mine.filter(state=State.PUBLISHED).values("thread")))


def _stays(contribution: Contribution, choice: str) -> bool:
    is_archived = contribution.consultation.stage == Stage.ARCHIVED
    return contribution.state == State.PUBLISHED and (choice == Choice.PARTICIPANT or is_archived)


def _keep_without_name(contribution: Contribution, erasure: Erasure) -> set[int]:
    """Leave the published texts and blank the rest: versions that wait, or were never published."""
    loose = contribution.versions.filter(edition=None)
    papers = _blank(loose, erasure)
    loose.filter(state=State.PENDING).update(state=State.WITHDRAWN)
    _unname(Byline.objects.filter(pk__in=contribution.versions.values("byline")), erasure)
    _unname(Byline.objects.filter(pk__in=contribution.editions.values("byline")), erasure)
    searching.keep_all_of(contribution.pk)
    return papers


def _take_away(contribution: Contribution, erasure: Erasure) -> set[int]:
    """Leave a tombstone where something was published, and blank every version."""
    if contribution.state in _UNDECIDED:
        take_down(contribution, State.WITHDRAWN, reason=REASON)
    elif contribution.state == State.REMOVED:
        # Its tombstone stays as it is; what is withdrawn is never restored.
        Contribution.objects.filter(pk=contribution.pk).update(state=State.WITHDRAWN, reason=REASON)
    EditionSignatory.objects.filter(edition__contribution=contribution).delete()
    _delete_signatories(Signatory.objects.filter(version__contribution=contribution))
    papers = _blank(contribution.versions.all(), erasure)
    papers.add(contribution.original_id or 0)
    Contribution.objects.filter(pk=contribution.pk).update(original=None, occasion="", consent="")
    _unname(Byline.objects.filter(pk__in=contribution.versions.values("byline")), erasure)
    return papers


def _blank(versions: QuerySet[Any], erasure: Erasure) -> set[int]:
    """Blank texts and titles of versions, take their papers from them, and return those papers."""
    rows = list(versions.values_list("pk", "text_id", "paper_id"))
    texts = [text for _pk, text, _paper in rows]
    # First the texts: who translates one holds it, and finds afterwards that it is erased.
    Text.objects.filter(pk__in=texts, erased_at=None).update(content="", erased_at=erasure.at)
    Translation.objects.filter(text__in=texts).delete()
    Version.objects.filter(pk__in=[pk for pk, _text, _paper in rows]).update(title="", paper=None)
    return {paper for _pk, _text, paper in rows if paper}


def _unname(bylines: QuerySet[Any], erasure: Erasure) -> None:
    """Blank who somebody was. Group, capacity and country stay, since the published figures rest on them."""
    keys = list(bylines.values_list("pk", flat=True))
    Byline.objects.filter(pk__in=keys).update(
        name="", withheld=False, organization="", organization_verified=None, is_disowned=False, erased_at=erasure.at
    )
    # Whoever harvests must hear to drop the name.
    signed = EditionSignatory.objects.filter(byline__in=keys).values("edition")
    Edition.objects.filter(Q(byline__in=keys) | Q(pk__in=signed)).update(changed_at=erasure.at)


def _drafts(person: Person) -> set[int]:
    """Delete what the person was writing, with its links, remarks and signatories; return its papers."""
    mine = Draft.objects.filter(person=person)
    papers = {paper for paper in mine.values_list("paper_id", flat=True) if paper}
    _delete_signatories(Signatory.objects.filter(draft__in=mine))
    mine.delete()
    return papers


def _delete_signatories(signatories: QuerySet[Any]) -> None:
    """Delete who was asked to sign, with what they told for their bylines."""
    bylines = [pk for pk in signatories.values_list("byline_id", flat=True) if pk]
    signatories.delete()
    Byline.objects.filter(pk__in=bylines).delete()


def _signatures(erasure: Erasure) -> None:
    """Take the person's name from what others submitted and they signed, as far as the address is still known."""
    signed = Signatory.objects.filter(address__in=erasure.addresses)
    _delete_signatories(signed.filter(Q(version=None) | Q(version__edition=None)))
    published_ones = signed.filter(version__edition__isnull=False)
    _unname(Byline.objects.filter(pk__in=published_ones.values("byline")), erasure)
    editions = Edition.objects.filter(version__in=published_ones.values("version"))
    erasure.cache_tags |= _cache_tags(editions.values_list("consultation_id", flat=True))
    searching.keep(editions.values_list("pk", flat=True))
    published_ones.update(address="")


def _cache_tags(consultations: Iterable[int]) -> set[str]:
    return {each.cache_tag for each in Consultation.objects.filter(pk__in=set(consultations))}


@erases
def translator(erasure: Erasure) -> None:
    """Blank the name under translations that the person made; the words are of others and stay."""
    mine = Translation.objects.filter(by=erasure.person)
    erasure.cache_tags |= {
        f"consultation:{pk}"
        for pk in Edition.objects.filter(text__in=mine.values("text")).values_list("consultation_id", flat=True)
    }
    mine.update(maker="")
