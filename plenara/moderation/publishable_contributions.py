"""Contributions as a kind of moderated item."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.consultations.permissions import takes_contributions, takes_returned
from plenara.contributions.actions import publication
from plenara.contributions.models import Contribution, Edition, Version
from plenara.contributions.queries.record import as_edition, came_at
from plenara.contributions.queries.submissions import is_quarantined
from plenara.core.languages import in_language
from plenara.core.refusals import Answer
from plenara.moderation.models import APPROVING, Decision, Suggestion
from plenara.moderation.publishable import Publishable, Templates, register


class Contributions(Publishable[Contribution, Version]):
    """Contributions. Only they are moved, redacted and grouped as campaigns."""

    kind = "contribution"
    model = Contribution
    related = ("thread", "consultation", "author", "in_reply_to")
    version_related = ("byline", "text", "paper")
    hints = frozenset(Suggestion.What.values)
    templates = Templates(
        entry="contributions/entry.html",
        beside="moderation/beside_question.html",
        row="moderation/row_question.html",
        mail="moderation/mail",
    )
    sentences = {
        "name": pgettext_lazy("option", "Contribution"),
        "names": pgettext_lazy("option", "Contributions"),
        "decide": _("Decide on a contribution"),
        "check": _("Check a published contribution"),
        "restore": _("Restore a contribution"),
        "pending": _("Contribution waiting for a decision"),
        "gone": _("This contribution no longer exists."),
        "undone": _(
            "%(decision)s was undone. The contribution is back in the queue, and no one will be "
            "notified. What you wrote is still in the form."
        ),
        "overtaken": _("This decision cannot be undone, because the state of the contribution has changed."),
        "upheld": _("The appeal was upheld and the contribution is published. The author will be notified."),
        "uphold": _("Uphold the appeal: the decision is changed and the contribution is published"),
        "yours": pgettext_lazy("option", "Your contribution"),
        "all_about": _("Details of this contribution:"),
    }
    publish = staticmethod(publication.publish)
    set_state = staticmethod(publication.set_state)
    take_down = staticmethod(publication.take_down)
    restore = staticmethod(publication.restore)

    def facts(self, version: Version) -> dict[str, object]:
        """Return the same for a contribution, and whether its author's account was created in bulk."""
        author = version.contribution.author
        in_bulk = author is not None and is_quarantined(author, version.contribution.consultation)
        return {**super().facts(version), "since": came_at(version), "in_bulk": in_bulk}

    def describe(self, version: Version) -> Edition:
        return as_edition(version, number=version.contribution.number)

    def can_come_back(self, thing: Contribution) -> Answer:
        """A new text can be sent again for some days after closing, a revision while its consultation is open."""
        return takes_returned(thing.consultation) if thing.number is None else takes_contributions(thing.consultation)

    def label(self, thing: Contribution) -> str:
        return thing.symbol or ""

    def email_context(self, thing: Contribution, version_id: int | None, language: str) -> dict[str, object]:
        """Return its question, and whether a later or a shortened version was decided on."""
        version = Version.objects.filter(pk=version_id).first() if version_id else None
        earlier = thing.editions.filter(version__number__lt=version.number) if version else None
        return {
            "contribution": thing,
            "question": in_language(thing.thread.question, language).text,
            "is_revision": bool(earlier and earlier.exists()),
            "is_redacted": bool(version and version.is_redacted),
            "is_open": bool(takes_contributions(thing.consultation)),
        }

    def public_path(self, thing: Contribution, language: str) -> str:
        """Return its permalink, which serves every language."""
        return f"/c/{thing.public_id}"

    def author_path(self, thing: Contribution, language: str) -> str:
        return f"/{language}/my/contributions/{thing.pk}/"

    def in_register(self, decisions: Sequence[Decision]) -> dict[int, dict[str, object]]:
        """Return the edition that an approval minted; else the contribution."""
        editions: dict[int, list[Edition]] = {}
        keys = {each.object_id for each in decisions if each.object_id}
        found = Edition.objects.filter(contribution_id__in=keys).select_related("contribution").order_by("revision")
        columns = ("version_id", "number", "revision", "symbol", "submitted_at", "contribution__symbol")
        for edition in found.only("contribution_id", *columns):
            editions.setdefault(edition.contribution_id, []).append(edition)
        return {
            each.pk: _register_entry(each, editions[each.object_id]) for each in decisions if each.object_id in editions
        }


def _register_entry(decision: Decision, editions: Sequence[Edition]) -> dict[str, object]:
    imported = decision.bundle.get("revision")
    exact = [
        each
        for each in editions
        if (decision.version_id and each.version_id == decision.version_id) or each.revision == imported
    ]
    is_exact = decision.code in APPROVING and bool(exact)
    edition = exact[0] if is_exact else editions[-1]
    revision = edition.revision if is_exact else 0
    return {
        "symbol": edition.symbol if is_exact else edition.contribution.symbol or edition.symbol,
        "path": f"contributions/{edition.number}/" + (f"rev/{revision}/" if revision else ""),
        "contribution": edition.number,
        "revision": revision,
        "submitted_at": edition.submitted_at,
    }


register(Contributions())
