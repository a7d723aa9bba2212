"""Contributions as publishables."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Thread
from plenara.consultations.permissions import takes_contributions, takes_returned
from plenara.contributions import campaigns, states
from plenara.contributions.actions import publication
from plenara.contributions.models import Contribution, Edition, Signatory, State, Version
from plenara.contributions.queries import submissions
from plenara.contributions.queries.record import as_edition, came_at
from plenara.core.languages import in_language
from plenara.core.refusals import Answer
from plenara.moderation.models import APPROVING, Suggestion
from plenara.moderation.publishable import GATHER, MOVE, OF_TEXTS, REDACT, Templates, register


class Contributions:
    """Contributions as publishables."""

    kind = "contribution"
    offers = frozenset({MOVE, REDACT, GATHER})
    hints = frozenset(Suggestion.What.values)
    reasons = OF_TEXTS
    templates = Templates(
        entry="contributions/entry.html",
        beside="moderation/beside_question.html",
        row="moderation/row_question.html",
        mail="moderation/mail",
    )
    says: Mapping[str, Any] = {
        "name": _("Contribution"),
        "names": _("Contributions"),
        "decide": _("Decide on a contribution"),
        "check": _("Check a published contribution"),
        "restore": _("Restore a contribution"),
        "pending": _("Pending contribution"),
        "gone": _("This contribution is not there any more."),
        "undone": _(
            "%(decision)s is undone: the contribution waits again, and nobody is told. The form has what you wrote."
        ),
        "overtaken": _("This cannot be undone: something else has happened to the contribution meanwhile."),
        "upheld": _("The appeal is upheld and the contribution is published. The author is told."),
        "uphold": _("Uphold it: the decision is changed, and the contribution is published"),
        "yours": _("Your contribution"),
        "all_about": _("All about this contribution:"),
    }

    def facts(self, version: Version) -> dict[str, Any]:
        """Return what the queue's row tells of a version (the columns of `models.Item`)."""
        contribution = version.contribution
        known = Contribution.objects.filter(
            author_id=contribution.author_id, consultation_id=contribution.consultation_id, state=State.PUBLISHED
        )
        return {
            "consultation_id": contribution.consultation_id,
            "thread": contribution.thread.number,
            "author_id": contribution.author_id,
            "entered_by_id": contribution.entered_by_id,
            "language": version.language,
            "stakeholder_group": version.byline.stakeholder_group,
            "since": came_at(version),
            "is_revision": version.number > 1,
            "by_newcomer": contribution.author_id is not None and not known.exclude(pk=contribution.pk).exists(),
            "in_bulk": contribution.author is not None
            and submissions.is_quarantined(contribution.author, contribution.consultation),
        }

    def load(self, version_ids: Iterable[int]) -> dict[int, Version]:
        """Return versions by id, with all that the queue shows of them. One query."""
        found = Version.objects.select_related(
            "contribution__thread", "contribution__consultation", "contribution__in_reply_to", "byline", "text"
        )
        return found.in_bulk(list(version_ids))

    def current_versions(self, pks: Iterable[int]) -> dict[int, Version]:
        """Return the latest version of each that was neither withdrawn nor removed, by the thing's id. One query."""
        found = Version.objects.exclude(state__in=[State.WITHDRAWN, State.REMOVED]).select_related(
            "contribution__thread", "contribution__consultation", "byline", "text"
        )
        found = found.exclude(contribution__state__in=[State.WITHDRAWN, State.REMOVED])
        rows = found.filter(contribution_id__in=list(pks)).order_by("number")
        return {version.contribution_id: version for version in rows if version.text.content}

    def find(self, pk: int) -> Contribution | None:
        """Return the contribution with what the desk shows beside it, to read."""
        return (
            Contribution.objects.select_related("thread", "consultation", "author", "in_reply_to").filter(pk=pk).first()
        )

    def by_author(self, author_id: int, consultation_id: int) -> list[int]:
        """Return the ids of what a person sent to a consultation."""
        sent = Contribution.objects.filter(author_id=author_id, consultation_id=consultation_id)
        return list(sent.values_list("pk", flat=True))

    def signed_by(self, person: Person) -> QuerySet[Contribution]:
        """Return what a person signed besides its author, as far as their address is still kept."""
        own = person.emailaddress_set.filter(verified=True)  # type: ignore[attr-defined]
        signed = Signatory.objects.filter(
            confirmed_at__isnull=False, address__in=own.values(address=Lower("email")), version__isnull=False
        )
        return Contribution.objects.filter(pk__in=signed.values("version__contribution"))

    def published(self, consultation_id: int, after: int) -> list[int]:
        """Return the ids of what stands published in a consultation, those above `after`, a thousand at most."""
        found = Contribution.objects.filter(consultation_id=consultation_id, state=State.PUBLISHED, pk__gt=after)
        return list(found.order_by("pk").values_list("pk", flat=True)[:1000])

    def lock(self, pk: int) -> Contribution | None:
        """Return the contribution, held against everybody else until the transaction ends."""
        # Its row alone first: PostgreSQL looks at a row anew that it waited for, together with what it was joined to
        # before, and one whose thread was changed meanwhile would not be found.
        Contribution.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk", flat=True).first()
        return self.find(pk)

    def waiting_version(self, thing: Contribution) -> Version | None:
        """Return the version of it that waits for a decision, if one does."""
        version = thing.versions.filter(state=State.PENDING).select_related("byline", "text", "paper").first()
        if version:
            version.contribution = thing
        return version

    def latest_version(self, thing: Contribution) -> Version | None:
        """Return the version that was submitted last, whatever became of it."""
        return self._of(thing, thing.versions.select_related("byline", "text", "paper").order_by("number").last())

    def version_in_force(self, thing: Contribution) -> Version | None:
        """Return the version whose edition stands, or stood until it was removed; nothing where none was published."""
        stands = thing.versions.select_related("byline", "text", "paper").filter(edition__in_force=True)
        return self._of(thing, stands.first())

    def _of(self, thing: Contribution, version: Version | None) -> Version | None:
        if version:
            version.contribution = thing
        return version

    def earlier(self, version: Version) -> list[Version]:
        """Return the versions before one, the latest first, to be compared. One query."""
        found = version.contribution.versions.filter(number__lt=version.number)
        return list(found.select_related("text").order_by("-number"))

    def shown(self, version: Version) -> Edition:
        """Return a version as a page shows it."""
        return as_edition(version, number=version.contribution.number)

    def approve(
        self,
        version: Version,
        *,
        actor: Person | None,
        admitted_after_closing: bool = False,
        campaign_of: int | None = None,
    ) -> Edition:
        """Publish a version; in lists under another, where it belongs to a campaign that is shown once."""
        return publication.publish(
            version, actor=actor, admitted_after_closing=admitted_after_closing, campaign_of=campaign_of
        )

    def lead_of(self, pks: Any) -> Edition | None:
        """Return the edition under which lists show a campaign, if one of these is published."""
        return campaigns.lead_of(pks)

    def gather(self, lead: Edition, pks: Any) -> int:
        """Let these stand under the lead in lists, as far as they are published."""
        return campaigns.gather(lead, pks)

    def stand_alone(self, thing: Contribution) -> None:
        """Let a thing stand in lists by itself."""
        campaigns.detach(thing)

    def set_aside(self, version: Version, state: str, *, reason: str) -> None:
        """Return or reject a version."""
        publication.set_state(version, state, reason=reason)

    def leave_out(self, version: Version, text: str) -> Version:
        """Return the version that takes the place of a waiting one, with words left out."""
        return publication.leave_out(version, text)

    def move(self, thing: Contribution, thread: Thread) -> None:
        """Let a contribution that was never published belong to another thread."""
        publication.change_thread(thing, thread)

    def remove(self, thing: Contribution, *, reason: str) -> None:
        """Leave a tombstone where it stood."""
        publication.take_down(thing, State.REMOVED, reason=reason)

    def restore(self, thing: Contribution) -> None:
        """Bring back what was removed."""
        publication.restore(thing)

    def before(self, thing: Contribution) -> dict[str, Any]:
        """Return what undoing a decision needs: where the thing stood."""
        return {"thread": thing.thread_id, "in_reply_to": thing.in_reply_to_id, "moved_from": thing.moved_from}

    def wait_again(self, version: Version, before: dict[str, Any]) -> None:
        """Let a version wait as it did before a decision that is undone."""
        thread = Thread.objects.get(pk=before["thread"])
        publication.set_pending(
            version, in_reply_to=before["in_reply_to"], moved_from=before["moved_from"], thread=thread
        )

    def allows(self, thing: Contribution, act: str) -> Answer:
        """Say whether the state of a contribution allows an act."""
        return states.allows(thing.state, act)

    def thing_of(self, version: Version) -> Contribution:
        """Return what a version is one of."""
        return version.contribution

    def of_author(self, person: Person) -> QuerySet[Contribution]:
        """Return everything that a person sent."""
        return Contribution.objects.filter(author=person)

    def can_come_back(self, thing: Contribution) -> Answer:
        """Say whether it can be sent again: a new text also some days after closing, a revision while it is open."""
        where = thing.consultation
        return takes_returned(where) if thing.number is None else takes_contributions(where)

    def word_limit(self, thing: Contribution) -> int | None:
        """Return how many words its text may have."""
        return thing.consultation.word_limit

    def label(self, thing: Contribution) -> str:
        """Return by what it is known: its symbol."""
        return thing.symbol or ""

    def letter_context(self, thing: Contribution, version_id: int | None, language: str) -> dict[str, Any]:
        """Return what its letters tell: its question, and whether a later or a shortened version was decided on."""
        version = Version.objects.filter(pk=version_id).first() if version_id else None
        earlier = thing.editions.filter(version__number__lt=version.number) if version else None
        return {
            "contribution": thing,
            "question": in_language(thing.thread.question, language).text,
            "is_revision": bool(earlier and earlier.exists()),
            "is_redacted": bool(version and version.is_redacted),
        }

    def public_path(self, thing: Contribution, language: str) -> str:
        """Return its permalink, which serves every language."""
        return f"/c/{thing.public_id}"

    def author_path(self, thing: Contribution, language: str) -> str:
        """Return its author's page of it."""
        return f"/{language}/my/contributions/{thing.pk}/"

    def appeal_path(self, thing: Contribution, language: str) -> str:
        """Return where its author appeals."""
        return f"{self.author_path(thing, language)}appeal/"

    def after_url(self, thing: Contribution) -> str:
        """Return where the desk decides on it after publication."""
        return reverse("moderation:after", args=[thing.consultation.slug, thing.number])

    def published_at(self, thing: Contribution) -> Iterator[tuple[datetime.datetime, Edition]]:
        """Yield each of its editions with the moment it was published."""
        for edition in Edition.objects.filter(contribution=thing).order_by("revision"):
            if edition.published_at:
                yield edition.published_at, edition

    def in_register(self, decisions: Sequence[Any], consultation: Consultation) -> dict[int, dict[str, Any]]:
        """Return what the register tells of the things decided on, by decision. One query.

        The very edition that an approval minted; else the contribution that it became.
        """
        keys = {each.object_id for each in decisions if each.object_id}
        editions: dict[int, list[dict[str, Any]]] = {}
        columns = ("contribution_id", "version_id", "number", "revision", "symbol", "submitted_at")
        found = Edition.objects.filter(contribution_id__in=keys).order_by("revision")
        for row in found.values(*columns, "contribution__symbol"):
            editions.setdefault(row["contribution_id"], []).append(row)
        return {each.pk: _in_words(each, editions[each.object_id]) for each in decisions if each.object_id in editions}


def _in_words(decision: Any, editions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    kept = decision.bundle.get("revision")  # of an imported one
    exact = [
        each
        for each in editions
        if (decision.version_id and each["version_id"] == decision.version_id) or each["revision"] == kept
    ]
    if decision.code in APPROVING and exact:
        edition = exact[0]
        symbol, revision = edition["symbol"], edition["revision"]
    else:
        edition = editions[-1]
        symbol, revision = edition["contribution__symbol"] or edition["symbol"], 0
    path = f"contributions/{edition['number']}/" + (f"rev/{revision}/" if revision else "")
    return {
        "symbol": symbol,
        "path": path,
        "contribution": edition["number"],
        "revision": revision,
        "submitted_at": edition["submitted_at"],
    }


register(Contributions())
