"""`decisions.jsonl`: the public register of moderation. Never a moderator's name, never their words to the author."""

from collections.abc import Iterable, Iterator
from itertools import batched

from django.db.models import Prefetch

from plenara.bundles.queries.contributions import CHUNK, name_of, public
from plenara.consultations.models import Consultation
from plenara.contributions.models import Contribution, Edition
from plenara.core.rows import Json, without_absent, written
from plenara.moderation.models import APPROVING, Code, Decision
from plenara.moderation.queries.register import was_after_publication, with_means
from plenara.summaries.models import Correction

CONTRIBUTION, CORRECTION = "contribution", "correction"
#: Of what was never public, or not by this decision, a register names nothing.
_UNNAMED = frozenset({Code.RETURNED, Code.REJECTED})


def rows(consultation: Consultation) -> Iterator[Json]:
    """Yield the entries of the register by number."""
    overruling = Decision.objects.filter(undone_at=None).only("at", "overrules_id").order_by("number")
    found = Decision.objects.filter(consultation=consultation).order_by("number")
    found = with_means(found).prefetch_related(Prefetch("overruled_by", overruling))
    is_here = consultation.imported_at is None
    for some in batched(found.iterator(chunk_size=CHUNK), CHUNK):
        contributions = public(consultation).filter(
            pk__in=[each.object_id for each in some if each.object_id and each.kind == CONTRIBUTION]
        )
        found_here = {contribution.pk: contribution for contribution in contributions}
        revisions, requests = _revisions(some), _requests(some)
        for decision in some:
            about = found_here.get(decision.object_id or 0) if decision.kind == CONTRIBUTION else None
            row = _row(decision, about, is_here=is_here)
            if not decision.undone_at:
                row |= without_absent(
                    revision=revisions.get(decision.pk) if "contribution" in row else None,
                    request=requests.get(decision.pk),
                    **_means(decision, is_here=is_here),
                )
            yield row


def _revisions(some: Iterable[Decision]) -> dict[int, int]:
    """Return which edition each approval published, by decision, where a contribution has several. One query."""
    revisions = {each.pk: each.bundle["revision"] for each in some if "revision" in each.bundle}
    approvals = [each for each in some if each.kind == CONTRIBUTION and each.code in APPROVING and each.version_id]
    editions: dict[int, dict[int | None, int]] = {}
    found = Edition.objects.filter(contribution__in={each.object_id for each in approvals if each.object_id})
    for contribution, version, revision in found.values_list("contribution", "version", "revision"):
        editions.setdefault(contribution, {})[version] = revision
    for each in approvals:
        those = editions.get(each.object_id or 0, {})
        if each.version_id in those and (len(those) > 1 or those[each.version_id]):
            revisions[each.pk] = those[each.version_id]
    return revisions


def _requests(some: Iterable[Decision]) -> dict[int, dict[str, int]]:
    """Return on which request for correction each decision was, by decision. One query."""
    those = [each for each in some if each.kind == CORRECTION and each.object_id and each.code not in _UNNAMED]
    if not those:
        return {}
    found = Correction.objects.filter(pk__in=[each.object_id for each in those]).values_list(
        "pk", "edition__number", "number"
    )
    known = {pk: {"summary": summary, "number": number} for pk, summary, number in found if number}
    return {each.pk: known[each.object_id] for each in those if each.object_id in known}


def _means(decision: Decision, *, is_here: bool) -> Json:
    """Return whether a machine and a reader had noticed what was decided on; nothing where nobody knows."""
    if not (is_here or decision.version_id or decision.moderator_id):
        return {key: decision.bundle.get(key) for key in ("noticed", "reported")}
    is_reported = decision.code == Code.REMOVED and getattr(decision, "reported", False)
    return {"noticed": getattr(decision, "noticed", False), "reported": is_reported or None}


def _row(decision: Decision, contribution: Contribution | None, *, is_here: bool) -> Json:
    known = {"number": decision.number, "at": written(decision.at), "role": decision.role}
    if decision.undone_at:
        # It never took effect: that it was undone is all there is to know.
        return without_absent(**known, undone_at=written(decision.undone_at))
    kept, is_ours = decision.bundle, decision.version_id is not None
    if is_ours and (decision.code == Code.RETURNED or (decision.code == Code.REJECTED and _was_public(contribution))):
        contribution = None  # it may be public by now: nobody is to read what it, or a revision, was kept back for
    return without_absent(
        **known,
        code=decision.code,
        ground=decision.ground,
        reason=kept.get("reason", decision.reason),
        contribution=name_of(contribution) if contribution else None,
        thread=decision.thread,
        # Of an imported one we may have found out ourselves where it was moved to: then its file has no such key.
        moved_to=decision.moved_to if is_ours else kept.get("moved_to"),
        language=decision.language,
        waited=decision.waited,
        appeal=kept.get("appeal") or _appeal(decision),
        overrules=decision.overrules.number if decision.overrules else None,
        overruled_at=kept.get("overruled_at") or _overruled_at(decision),
        kind=decision.kind if decision.kind != CONTRIBUTION else None,
        after_publication=was_after_publication(decision, is_here=is_here) or None,
    )


def _was_public(contribution: Contribution | None) -> bool:
    return contribution is not None and contribution.number is not None


def _appeal(decision: Decision) -> Json | None:
    if not hasattr(decision, "appeal"):
        return None
    appeal = decision.appeal
    return without_absent(at=written(appeal.at), status=appeal.status, decided_at=written(appeal.decided_at))


def _overruled_at(decision: Decision) -> str | None:
    overruling = next(iter(decision.overruled_by.all()), None)
    return written(overruling.at) if overruling else None
