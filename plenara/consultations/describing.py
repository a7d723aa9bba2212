"""What the pages of a consultation say of it to machines: a set of data, whole or in part (`common.describing`)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings

from plenara.accounts.installation import installation
from plenara.consultations.models import Consultation
from plenara.consultations.shown import as_data
from plenara.core.describing import Description, Link, describe, opening_of, publisher, types
from plenara.core.languages import Localized, current, html_code, in_language
from plenara.core.vocabulary import licence_url


def describe_data(
    consultation: Consultation,
    page: str,
    *,
    name: Localized,
    opening: str,
    links: Sequence[Link],
    description: str = "",
    **more: Any,
) -> Description:
    """Describe a page of a consultation as a set of data; `more` is what else its JSON-LD tells. One query."""
    data = {
        "@type": "Dataset",
        "url": page,
        "name": name.text,
        "description": description or as_data(consultation),
        "inLanguage": html_code(name.language),
        "creator": publisher(site := installation().name),
        "isAccessibleForFree": True,
        **more,
    }
    licence = licence_url(consultation.licence)
    return describe(data, links, title=name.text, opening=opening, url=page, site=site, licence=licence)


def describe_part(
    consultation: Consultation, whole: str, page: str, name: str, forms: Iterable[tuple[str, str]]
) -> Description:
    """Describe a part of a consultation's data: `whole` is its page, `forms` are addresses with media types."""
    forms = list(forms)
    return describe_data(
        consultation,
        page,
        name=Localized(name, current()),
        opening=opening_of(in_language(consultation.title).text),
        description=as_data(consultation, name),
        links=[
            (whole, "collection", "text/html"),
            *((address, "alternate", kind) for address, kind in forms),
            *types("Dataset"),
        ],
        **{"@id": page},
        isPartOf={"@type": "Dataset", "@id": f"{settings.SITE_URL}/s/{consultation.symbol}"},
        distribution=[
            {"@type": "DataDownload", "contentUrl": address, "encodingFormat": kind} for address, kind in forms
        ],
    )
