"""Requests for correction as publishables: approved, returned or rejected; removed and restored; appealed."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.core.refusals import Answer
from plenara.moderation.models import Suggestion
from plenara.moderation.publishable import OF_CORRECTIONS, Plain, Templates, register
from plenara.summaries.corrections import actions, permissions, presenters, states
from plenara.summaries.corrections.validation import MOST_WORDS
from plenara.summaries.models import Correction, CorrectionState, CorrectionVersion

_What = Suggestion.What


class Corrections(Plain):
    """Requests for correction. The question that one "answers" is the statement that it is about."""

    kind = "correction"
    hints = frozenset({_What.PERSONAL, _What.LANGUAGE, _What.SIGN_UPS})
    reasons = OF_CORRECTIONS
    templates = Templates(
        entry="summaries/correcting/entry.html",
        beside="summaries/correcting/beside.html",
        row="summaries/correcting/row.html",
        mail="summaries/correcting/mail",
    )
    says: Mapping[str, Any] = {
        "name": _("Request for correction"),
        "names": _("Requests for correction"),
        "decide": _("Decide on a request for correction"),
        "check": _("A published request for correction"),
        "restore": _("Restore a request for correction"),
        "pending": _("Pending request for correction"),
        "gone": _("This request for correction is not there any more."),
        "undone": _(
            "%(decision)s is undone: the request waits again, and nobody is told. The form has what you wrote."
        ),
        "overtaken": _("This cannot be undone: something else has happened to the request meanwhile."),
        "upheld": _("The appeal is upheld and the request is published. Who asked is told."),
        "uphold": _("Uphold it: the decision is changed, and the request is published"),
        "yours": _("Your request for correction"),
        "all_about": _("All about this request:"),
    }

    def facts(self, version: CorrectionVersion) -> dict[str, Any]:
        """Return what the queue's row tells of a version (the columns of `moderation.models.Item`)."""
        it = version.correction
        known = Correction.objects.filter(
            person=it.person, consultation_id=it.consultation_id, state=CorrectionState.PUBLISHED
        )
        return {
            "consultation_id": it.consultation_id,
            "thread": None,
            "author_id": it.person_id,
            "entered_by_id": None,
            "language": version.language,
            "stakeholder_group": version.byline.stakeholder_group,
            "since": version.submitted_at,
            "is_revision": version.number > 1,
            "by_newcomer": it.person_id is not None and not known.exclude(pk=it.pk).exists(),
        }

    def load(self, version_ids: Iterable[int]) -> dict[int, CorrectionVersion]:
        """Return versions by id, with all that the queue shows of them. One query."""
        found = CorrectionVersion.objects.select_related(
            "correction__consultation", "correction__edition", "correction__person", "byline", "text"
        )
        return found.in_bulk(list(version_ids))

    def find(self, pk: int) -> Correction | None:
        """Return a request with what the desk shows beside it, to read."""
        found = Correction.objects.select_related("consultation", "edition__document", "about", "person", "byline")
        return found.filter(pk=pk).first()

    def thing_of(self, version: CorrectionVersion) -> Correction:
        """Return what a version is one of."""
        return version.correction

    def of_author(self, person: Person | int) -> QuerySet[Correction]:
        """Return everything that a person asked for."""
        return Correction.objects.filter(person=person)

    def lock(self, pk: int) -> Correction | None:
        """Return the request, held against everybody else until the transaction ends."""
        Correction.objects.select_for_update().filter(pk=pk).values_list("pk", flat=True).first()
        return self.find(pk)

    def waiting_version(self, thing: Correction) -> CorrectionVersion | None:
        """Return the version of it that waits for a decision, if one does."""
        return self._of(thing, thing.versions.filter(state=CorrectionState.PENDING))

    def latest_version(self, thing: Correction) -> CorrectionVersion | None:
        """Return the version that was sent last, whatever became of it."""
        return self._of(thing, thing.versions.all())

    def version_in_force(self, thing: Correction) -> CorrectionVersion | None:
        """Return the version that is published, or was until it was removed; nothing where none was published."""
        return self._of(thing, thing.versions.filter(state=CorrectionState.PUBLISHED))

    def _of(self, thing: Correction, found: QuerySet[CorrectionVersion]) -> CorrectionVersion | None:
        version = found.select_related("byline", "text").order_by("number").last()
        if version:
            version.correction = thing
        return version

    def shown(self, version: CorrectionVersion) -> presenters.CorrectionDescription:
        """Return a version as a page shows it."""
        return presenters.describe_version(version)

    def approve(self, version: CorrectionVersion, *, actor: Person | None, **more: Any) -> Correction:
        """Publish it."""
        return actions.publish(version, actor=actor)

    def set_aside(self, version: CorrectionVersion, state: str, *, reason: str) -> None:
        """Return or reject it."""
        actions.set_version_state(version, state, reason=reason)

    def remove(self, thing: Correction, *, reason: str) -> None:
        """Leave a notice where it stood."""
        actions.take_down(thing, CorrectionState.REMOVED, reason=reason)

    def restore(self, thing: Correction) -> None:
        """Bring back what was removed."""
        actions.restore(thing)

    def wait_again(self, version: CorrectionVersion, before: dict[str, Any]) -> None:
        """Let a version wait as it did before a decision that is undone."""
        actions.set_version_state(version, CorrectionState.PENDING, reason="")

    def allows(self, thing: Correction, act: str) -> Answer:
        """Say whether the state of a request allows an act."""
        return states.allows(thing.state, act)

    def can_come_back(self, thing: Correction) -> Answer:
        """Say whether a returned text can be sent again."""
        return permissions.can_be_sent_again(thing)

    def word_limit(self, thing: Correction) -> int | None:
        """Return how many words its text may have."""
        return MOST_WORDS

    def label(self, thing: Correction) -> str:
        """Return what it is called."""
        return presenters.label(thing)

    def letter_context(self, thing: Correction, version_id: int | None, language: str) -> dict[str, Any]:
        """Return what its letters tell: of which summary and statement it is."""
        return {"correction": thing, "summary_number": thing.edition.number, "statement": thing.statement}

    def public_path(self, thing: Correction, language: str) -> str:
        """Return where readers find it."""
        return presenters.public_path(thing, language)

    def author_path(self, thing: Correction, language: str) -> str:
        """Return its asker's page of it."""
        return f"/{language}/my/corrections/{thing.pk}/"

    def appeal_path(self, thing: Correction, language: str) -> str:
        """Return where its asker appeals."""
        return f"/{language}/my/appeals/{self.kind}/{thing.pk}/"

    def published_at(self, thing: Correction) -> Iterator[tuple[datetime.datetime, Correction]]:
        """Yield the moment it was published."""
        if thing.published_at:
            yield thing.published_at, thing

    def in_register(self, decisions: Sequence[Any], consultation: Consultation) -> dict[int, dict[str, Any]]:
        """Return what the register tells of the requests decided on, by decision. One query."""
        keys = {each.object_id for each in decisions if each.object_id}
        found = Correction.objects.filter(pk__in=keys, number__isnull=False).select_related("edition__document")
        things = {each.pk: each for each in found}
        return {
            each.pk: {
                "symbol": things[each.object_id].edition.document.symbol or "",
                "label": presenters.label(things[each.object_id]),
                "path": presenters.path(things[each.object_id]),
                "submitted_at": things[each.object_id].asked_at,
            }
            for each in decisions
            if each.object_id in things
        }


register(Corrections())
