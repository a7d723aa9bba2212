"""Contributions and their editions as the API tells them: rows as every other form has them, and what a page adds."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet

from plenara.archive import addresses, symbols, told
from plenara.archive.api import at
from plenara.archive.api.consultations import present
from plenara.archive.api.parameters import Parameters
from plenara.archive.formats import tables
from plenara.archive.scope import Scope, with_words
from plenara.consultations.models import Consultation
from plenara.contributions.models import Channel, Edition, Translation
from plenara.contributions.organizations.reading import tell
from plenara.core.templatetags.plenara import iso
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.citations import cited_in
from plenara.outcomes.kind import NAME as OUTCOME


def matching(parameters: Parameters) -> dict[str, Any]:
    """Return the filters that an address asks for, as a query takes them."""
    asked = {
        "thread__number": parameters.number("thread", least=1, most=32_767),
        "stakeholder_group": parameters.choice("group", StakeholderGroup.values),
        "language": parameters.language("language"),
        "channel": parameters.choice("channel", Channel.values),
        "byline__country": parameters.country("country"),
        "published_at__gte": parameters.moment("since"),
        "published_at__lte": parameters.moment("until", is_end=True),
    }
    return {name: value for name, value in asked.items() if value is not None}


def read(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Return editions with all that a row tells. Two queries."""
    return with_words(editions).annotate(
        question=F("thread__number"),
        occasion=F("contribution__occasion"),
        moved_from=F("contribution__moved_from"),
        keywords=F("contribution__bundle__keywords"),
        themes=F("contribution__bundle__themes"),
    )


def row(edition: Edition, consultation: Consultation) -> dict[str, Any]:
    """Return a contribution as its edition in force has it, or what is left of it. No query."""
    found = tables.row(edition, Scope(consultation), {edition.thread_id: edition.question})  # type: ignore[attr-defined]
    if told.is_told(edition):
        names = ("occasion", "moved_from", "keywords", "themes")
        found |= present({name: getattr(edition, name) for name in names})
        if edition.admitted_after_closing:
            found["admitted_after_closing"] = True
    return found | {"self": at.contribution(consultation.slug, edition.number)}


def edition_row(edition: Edition, consultation: Consultation) -> dict[str, Any]:
    """Return one edition, which has an address of its own for good. No query."""
    return row(edition, consultation) | {
        "in_force": edition.in_force,
        "address": symbols.for_good(edition),
        "self": at.edition(consultation.slug, edition.number, edition.revision),
    }


def more(edition: Edition, consultation: Consultation, editions: Sequence[Edition]) -> dict[str, Any]:
    """Return what a single answer adds: editions, what an organization says, translations, where its words went.

    Three queries at most.
    """
    tell([edition])
    slug = consultation.slug
    return present(
        {
            "editions": [
                present(
                    {
                        "revision": each.revision,
                        "symbol": each.symbol,
                        "published_at": iso(each.published_at),
                        "in_force": each.in_force,
                        "address": symbols.for_good(each),
                        "self": at.edition(slug, each.number, each.revision),
                    }
                )
                for each in editions
            ],
            "organization_says": _organization_says(edition),
            "translations": _translations(edition),
            **_cited(edition, editions, consultation),
            "links": {"editions": f"{at.contribution(slug, edition.number)}/editions"},
        }
    )


def _organization_says(edition: Edition) -> dict[str, Any]:
    """Return that an organization stands behind the byline, or disputes it."""
    standing = edition.speaks_for
    if standing is None:
        return {}
    verified = {"organization": standing.number, "method": standing.method, "at": iso(standing.verified_at)}
    return present(
        {
            "verified": verified if standing.number else None,
            "disputed": "upheld" if standing.is_upheld else "pending" if standing.is_disputed else "",
        }
    )


def _translations(edition: Edition) -> list[dict[str, Any]]:
    """Return what readers are offered beside the original, labelled with what made it."""
    found = Translation.objects.filter(text=edition.text, is_public=True).order_by("language")
    return [
        present(
            {
                "language": each.language,
                "title": each.title,
                "text": each.content,
                "origin": "machine" if each.is_machine else "human",
                "made_by": each.maker,
                "at": iso(each.at),
            }
        )
        for each in found
    ]


def _cited(edition: Edition, editions: Sequence[Edition], consultation: Consultation) -> dict[str, Any]:
    """Return the statements of summaries that cite it, and the paragraphs of outcomes that treat it."""
    revisions = {each.pk: each.revision for each in editions}
    found: dict[str, list[dict[str, Any]]] = {"cited_in": [], "treated_in": []}
    for pk, places in cited_in(revisions, "en").items():
        for place in places:
            known = {"symbol": place.symbol, "revision": revisions[pk], "words": place.words}
            if place.kind == OUTCOME:
                _outcomes, body, outcome, _end = place.address.split("/")
                address = f"{addresses.of_symbol(place.symbol)}#s{place.number}"
                known |= {"paragraph": place.number, "treatment": place.treatment, "address": address}
                found["treated_in"].append(present(known | {"self": at.outcome(body, outcome)}))
            else:
                known |= {"statement": place.number, "address": addresses.of_symbol(place.symbol)}
                found["cited_in"].append(present(known | {"self": at.summary(consultation.slug, place.document)}))
    return found
