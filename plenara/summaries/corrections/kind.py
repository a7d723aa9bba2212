"""Requests for correction as a kind of moderated item."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.accounts.models import Person
from plenara.moderation.kinds import OF_CORRECTIONS, ModeratedKind, Templates, register
from plenara.moderation.models import Decision, Suggestion
from plenara.summaries.corrections import actions, permissions, presenters
from plenara.summaries.models import Correction, CorrectionVersion

_What = Suggestion.What


class Corrections(ModeratedKind[Correction, CorrectionVersion]):
    """Requests for correction."""

    kind, model, author = "correction", Correction, "person"
    related = ("consultation", "edition__document", "about", "person", "byline")
    hints = frozenset({_What.PERSONAL, _What.LANGUAGE, _What.SIGN_UPS})
    reasons = OF_CORRECTIONS
    templates = Templates(
        entry="summaries/corrections/entry.html",
        beside="summaries/corrections/beside.html",
        row="summaries/corrections/row.html",
        mail="summaries/corrections/mail",
    )
    sentences = {
        "name": pgettext_lazy("option", "Request for correction"),
        "names": pgettext_lazy("option", "Requests for correction"),
        "decide": _("Decide on a request for correction"),
        "check": _("Check a published request for correction"),
        "restore": _("Restore a request for correction"),
        "pending": _("Request for correction waiting for a decision"),
        "gone": _("This request for correction no longer exists. Return to the queue."),
        "undone": _(
            "%(decision)s was undone. The request is back in the queue, and no one will be "
            "notified. The form still contains what you wrote."
        ),
        "overtaken": _("This decision cannot be undone, because the state of the request has changed since then."),
        "upheld": _(
            "The appeal was upheld and the request has been published. We have notified the person who made it."
        ),
        "uphold": _("Uphold the appeal: the decision is changed and the request is published"),
        "yours": _("Your request for correction"),
        "all_about": _("Details of this request:"),
    }

    take_down = staticmethod(actions.take_down)
    restore = staticmethod(actions.restore)
    describe = staticmethod(presenters.describe_version)
    can_come_back = staticmethod(permissions.can_be_sent_again)
    label = staticmethod(presenters.label)
    public_path = staticmethod(presenters.public_path)

    def publish(
        self, version: CorrectionVersion, /, *, actor: Person | None, **_of_contributions: object
    ) -> Correction:
        return actions.publish(version, actor=actor)

    def email_context(self, thing: Correction, version_id: int | None, language: str) -> dict[str, object]:
        """Return its summary and statement."""
        return {"correction": thing, "summary_number": thing.edition.number, "statement": thing.statement}

    def author_path(self, thing: Correction, language: str) -> str:
        return f"/{language}/my/corrections/{thing.pk}/"

    def in_register(self, decisions: Sequence[Decision]) -> dict[int, dict[str, object]]:
        found = Correction.objects.filter(number__isnull=False).select_related("edition__document")
        things = found.in_bulk([each.object_id for each in decisions])
        return {
            each.pk: {
                "symbol": thing.edition.document.symbol or "",
                "label": presenters.label(thing),
                "path": presenters.path(thing),
                "submitted_at": thing.asked_at,
            }
            for each in decisions
            if (thing := things.get(each.object_id))
        }


register(Corrections())
