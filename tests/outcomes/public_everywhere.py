"""Every public address of outcomes: a panel with a short report in two versions, and with a long one."""

from typing import Any

from plenara.outcomes import actions
from tests import world
from tests.outcomes import making

SHORT, LONG = "outcomes/panel/short/", "outcomes/panel/long/"
LONG_TEXT = "The management of the Internet is a matter for all who use it, and for all who do not yet. " * 14
PUBLIC = [
    "outcomes/", "outcomes/panel/", "outcomes/panel/members/", SHORT, f"{SHORT}rev/0/", f"{SHORT}paragraphs/1/",
    f"{SHORT}paragraphs/2/", f"{SHORT}rev/0/paragraphs/1/", f"{SHORT}changes/1/", f"{SHORT}matrix/",
    f"{SHORT}matrix/?treatment=taken_up&paragraph=1", f"{SHORT}matrix/?group=government", f"{SHORT}coverage/",
    f"{SHORT}answers/", f"{SHORT}unanswered/", LONG, f"{LONG}sections/definition/",
    f"{LONG}sections/definition/from/{{long_page}}/", f"{LONG}sections/roles/",
]  # fmt: skip
FORMS = [
    "outcomes/panel/feed.atom", f"{SHORT}matrix.csv", f"{SHORT}cite.bib", f"{SHORT}rev/0/cite.ris",
    f"{SHORT}paragraphs/1/cite.json", f"{SHORT}rev/0/paragraphs/1/cite.bib",
]  # fmt: skip


def places(consultation: Any, edition: Any) -> dict[str, Any]:
    """Publish both reports, and return the ids in the addresses."""
    curator = world.grant(world.person("Keeper of the panel"), consultation, "organizer")
    body = making.body(curator, consultation, "panel", name=world.six("Panel"))
    chair = making.member(curator, body, world.person("Chair of the panel"), "chair")
    writer = making.member(curator, body, world.person("Writer of the panel"), "rapporteur")
    member = making.member(
        curator, body, world.person("Member of the panel"), stakeholder_group="government", organization="A ministry"
    )
    short = making.outcome(curator, body, "short")
    first = making.paragraph(writer, short, "What it is.", cites=edition)
    taken_out = making.paragraph(writer, short, "What goes.", section=2, cites=edition, response="not_taken_up")
    making.published(writer, chair, short)
    _second_version(writer, chair, member, short, first, taken_out)
    long = making.outcome(curator, body, "long")
    for _k in range(17):
        making.paragraph(writer, long, LONG_TEXT, kind="frame")
    making.paragraph(writer, long, "It is for all.", section=3, cites=edition)
    version = making.published(writer, chair, long)
    return {"long_page": _second_page(version)}


def _second_version(writer: Any, chair: Any, member: Any, short: Any, first: Any, taken_out: Any) -> None:
    from plenara.documents import actions as document_actions

    document_actions.reopen(actor=writer, document=making.fresh(short.document))
    document_actions.edit_paragraph(
        actor=writer, paragraph=first, kind="finding", text="What it is, for all.", was=making.stamp(first)
    )
    document_actions.delete_paragraph(actor=writer, paragraph=taken_out, was=making.stamp(taken_out), citations=1)
    making.paragraph(writer, short, "What comes.", section=3, kind="frame")
    actions.object_to(
        actor=member, paragraph=first, reason="It says too much.", was=making.source(making.fresh(first)).digest
    )
    making.published(writer, chair, short, "draft")


def _second_page(version: Any) -> int:
    from plenara.outcomes.queries.versions import contents_of

    return contents_of(version).sections[0].pages[1][0].mark


def addresses(everybody: set[Any]) -> list[tuple[str, set[Any]]]:
    """Return addresses with the people who may open them."""
    return [(f"/en/{page}", everybody) for page in (*PUBLIC, *FORMS)]
