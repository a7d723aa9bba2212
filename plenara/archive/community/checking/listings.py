"""What a row of `organizations.jsonl`, `people.jsonl` and `projects.jsonl` may hold."""

from collections.abc import Callable
from typing import Any

from plenara.archive.bundle.checking.fields import Row, present
from plenara.archive.community import ORGANIZATION, PERSON, PROJECT
from plenara.archive.community.checking import common
from plenara.core.vocabulary import StakeholderGroup, country_names
from plenara.directory.fields import Progress

ROR = r"0[a-hj-km-np-tv-z0-9]{6}\d{2}"
ORCID = r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]"
#: How an organization was seen to be who it says (`directory.Verification`).
METHODS = ("mail", "secretariat")
DOMAIN = r"[A-Za-z0-9.-]+"
#: Days of a listing that are of the question whether it still holds.
KEPT = ("confirmed_at", "doubted_at", "archived_at")


def reader(kind: str) -> Callable[[Row], dict[str, Any]]:
    """Return what reads a row of a kind."""
    return lambda row: _read(row, kind)


def _read(row: Row, kind: str) -> dict[str, Any]:
    found = common.head(row)
    status = found.get("status")
    if status == common.PUBLISHED:
        found |= _kept(row) | DETAILS[kind](row)
        if kind == ORGANIZATION:
            found |= present(verification=_verification(row))
    else:
        row.drop(*EVERYTHING[kind])
        if status == common.MERGED:
            found |= present(merged_into=row.integer("merged_into", least=1, required=True))
        elif status:
            found |= common.stub(row)
    row.finish()
    return found


def _kept(row: Row) -> dict[str, Any]:
    return present(**{name: row.moment(name) for name in KEPT})


def _organization(row: Row) -> dict[str, Any]:
    return present(
        name=row.texts("name", required=True, one_line=True),
        acronym=row.line("acronym", 100),
        group=row.choice("group", StakeholderGroup.values, required=True),
        country=row.country("country", country_names("en")),
        site=common.address(row, "site"),
        ror=row.code("ror", ROR, 9, "an identifier of ROR, such as 05a28rw58"),
        themes=common.themes(row),
        description=row.texts("description"),
    )


def _person(row: Row) -> dict[str, Any]:
    return present(
        name=row.line("name", 300, required=True),
        affiliation=row.integer("affiliation", least=1),
        affiliation_name=row.line("affiliation_name", 500),
        group=row.choice("group", StakeholderGroup.values),
        country=row.country("country", country_names("en")),
        languages=row.languages("languages"),
        themes=common.themes(row),
        orcid=row.code("orcid", ORCID, 19, "an identifier of ORCID, such as 0000-0002-1825-0097"),
        site=common.address(row, "site"),
        about=row.texts("about"),
    )


def _project(row: Row) -> dict[str, Any]:
    return present(
        title=row.texts("title", required=True, one_line=True),
        description=row.texts("description"),
        starts=common.day(row, "starts"),
        ends=common.day(row, "ends"),
        progress=row.choice("progress", Progress.values),
        organizations=row.integers("organizations", least=1),
        countries=common.countries(row),
        themes=common.themes(row),
        link=common.address(row, "link"),
        results=row.texts("results"),
        results_link=common.address(row, "results_link"),
    )


def _verification(row: Row) -> dict[str, Any]:
    inner = row.row("verification")
    if inner is None:
        return {}
    found = present(
        method=inner.choice("method", METHODS, required=True),
        at=inner.moment("at", required=True),
        domain=inner.code("domain", DOMAIN, 253, "a domain"),
    )
    inner.finish()
    return found


DETAILS: dict[str, Callable[[Row], dict[str, Any]]] = {
    ORGANIZATION: _organization,
    PERSON: _person,
    PROJECT: _project,
}
#: The keys of the details of each kind, and of all that a published row may have.
NAMES: dict[str, tuple[str, ...]] = {
    ORGANIZATION: ("name", "acronym", "group", "country", "site", "ror", "themes", "description"),
    PERSON: (
        "name", "affiliation", "affiliation_name", "group", "country", "languages", "themes", "orcid", "site", "about",
    ),
    PROJECT: (
        "title", "description", "starts", "ends", "progress", "organizations", "countries", "themes", "link", "results",
        "results_link",
    ),
}  # fmt: skip
_BESIDES = (*KEPT, "verification", "merged_into", "reason", "gone_at")
EVERYTHING = {kind: (*names, *_BESIDES) for kind, names in NAMES.items()}
