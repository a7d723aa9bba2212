"""Where bodies and outcomes stand for readers: what an address names, once it is public."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from plenara.consultations.models import Consultation, State
from plenara.core.describing import edition_symbol, lasting_symbol
from plenara.core.languages import current
from plenara.outcomes.kind import OUTCOME
from plenara.outcomes.models import Body, Outcome, OutcomeEdition


def public_bodies() -> QuerySet[Body]:
    """Return the bodies whose pages are shown, of consultations that are announced or further."""
    found = Body.objects.filter(published_at__isnull=False).exclude(consultation__stage=State.DRAFT)
    return found.select_related("consultation")


def body_or_404(slug: str) -> Body:
    """Return a public body, with its consultation. One query."""
    found = public_bodies().filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def public_versions() -> QuerySet[OutcomeEdition]:
    """Return all versions of outcomes that can be read, with what their addresses need."""
    found = OutcomeEdition.objects.filter(outcome__body__in=public_bodies().order_by())
    return found.select_related("edition", "outcome__body__consultation")


@dataclass(frozen=True)
class Place:
    """A version of an outcome where it stands: the one in force, or one for good."""

    version: OutcomeEdition
    versions: list[OutcomeEdition]  # all, the first one first
    is_for_good: bool  # its address names the version

    @property
    def outcome(self) -> Outcome:
        return self.version.outcome

    @property
    def body(self) -> Body:
        return self.outcome.body

    @property
    def consultation(self) -> Consultation:
        return self.body.consultation

    @property
    def in_force(self) -> OutcomeEdition:
        return next(each for each in self.versions if each.edition.in_force)

    @cached_property
    def outcome_url(self) -> str:
        """The outcome's address in the active language: of whatever version is in force."""
        return url_of(self.version)

    @cached_property
    def here(self) -> str:
        """The version's address, as it was asked for."""
        return version_url(self.version) if self.is_for_good else self.outcome_url

    @property
    def for_good(self) -> str:
        """The permalink of this very version."""
        edition = self.version.edition
        return f"{settings.SITE_URL}/s/{edition_symbol(edition.symbol, edition.revision)}"

    @property
    def permanent(self) -> str:
        """The permalink of the version in force."""
        return f"{settings.SITE_URL}/s/{lasting_symbol(self.version.edition.symbol)}"

    def in_other(self, language: str) -> str:
        """Return the same page's address in another language."""
        return f"/{language}/{self.here.split('/', 2)[2]}"


def version_or_404(body: str, outcome: str, revision: int | None = None) -> Place:
    """Return the version that an address names. One query, with all versions."""
    found = public_versions().filter(outcome__body__slug=body, outcome__slug=outcome)
    versions = list(found.order_by("edition__revision"))
    for each in versions:
        if each.edition.in_force if revision is None else each.edition.revision == revision:
            each.edition.consultation = each.outcome.body.consultation  # known already: one query less
            return Place(each, versions, revision is not None)
    raise Http404


def url_of(version: OutcomeEdition, language: str | None = None) -> str:
    """Return an outcome's address in a language (default: the active one). Its edition is there."""
    edition = version.edition
    return OUTCOME.url("", edition.number, language, address=edition.address)


def version_url(version: OutcomeEdition, language: str | None = None) -> str:
    """Return the address of one version for good."""
    return f"{url_of(version, language)}rev/{version.edition.revision}/"


def body_url(body: Body, language: str | None = None) -> str:
    """Return a body's address."""
    return f"/{language or current()}/outcomes/{body.slug}/"
