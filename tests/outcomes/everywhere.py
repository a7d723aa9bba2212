"""Every address of outcomes, with permissions: a working group with the same rapporteur as its consultation."""

from typing import Any

from plenara.documents import actions as document_actions
from plenara.documents.models import PublishedParagraph
from plenara.outcomes import actions
from tests import world
from tests.documents.exchange.making import away, kept, translated_xliff
from tests.outcomes import making

ONE = "desk/outcomes/wgig/report/"
PARAGRAPH = f"{ONE}paragraphs/{{outcome_paragraph}}/"

#: Pages of an outcome for people who see it, and who write it.
SEEN = [
    ONE, f"{ONE}?show=bracketed", PARAGRAPH, f"{ONE}proposals/{{proposal}}/", f"{ONE}comments/",
    f"{ONE}comments/new/?statement={{outcome_paragraph}}", f"{ONE}history/",
    f"{ONE}history/?statement={{outcome_paragraph}}",
]  # fmt: skip
WRITTEN = [
    f"{ONE}paragraphs/new/", f"{PARAGRAPH}edit/", f"{PARAGRAPH}place/", f"{PARAGRAPH}delete/", f"{PARAGRAPH}propose/",
    f"{ONE}contributions/", f"{ONE}contributions/{{outcome_edition}}/", f"{ONE}statements/",
    f"{ONE}citations/{{outcome_citation}}/",
]  # fmt: skip
#: Pages that exist only if a summary was published.
OF_STATEMENTS = [f"{ONE}references/{{outcome_reference}}/"]
#: In Arabic, for people who see it; and a file that a writer has uploaded.
TRANSLATED = [
    f"{ONE}renditions/ar/", f"{ONE}renditions/ar/?show=missing", f"{ONE}renditions/ar/reasons/",
    f"{ONE}renditions/ar/files/",
]  # fmt: skip
RETURNED = f"{ONE}renditions/ar/files/{{outcome_returned}}/"
RESOLVED = f"{ONE}comments/{{outcome_comment}}/"


def places(consultation: Any, rapporteur: Any, edition: Any) -> dict[str, Any]:
    """Return the ids that the addresses below name: a report with a paragraph that has comments, positions and
    proposals.
    """
    curator = world.grant(world.person("Keeper of the body"), consultation, "organizer")
    body = making.body(curator, consultation)
    writer = making.member(curator, body, rapporteur, "rapporteur")
    chair = making.member(curator, body, world.person("Chair of the body"), "chair")
    member = making.member(curator, body, world.person("Member of the body"))
    outcome = making.outcome(curator, body)
    paragraph = making.paragraph(writer, outcome, heading="In general", cites=edition)
    making.paragraph(writer, outcome, "What follows is agreed.", kind="frame", section=2)
    statement = PublishedParagraph.objects.filter(edition__consultation=consultation, edition__in_force=True).first()
    reference = None
    if statement is not None:
        reference = actions.refer(
            actor=writer, paragraph=paragraph, statement=statement, response="noted", reason=making.REASON
        )
    was = making.source(paragraph).digest
    actions.agree(actor=chair, paragraph=paragraph, was=was)
    actions.object_to(actor=member, paragraph=paragraph, reason="It says too much.", was=was)
    proposal = making.proposed(member, paragraph, note="It says less.")
    comment = document_actions.comment(
        actor=member, document=outcome.document, paragraph=paragraph, text="Who says this?"
    )
    return {
        "outcome_paragraph": paragraph.pk,
        "outcome_edition": edition.pk,
        "outcome_citation": paragraph.citations.get().pk,
        "outcome_reference": reference.pk if reference else 0,
        "outcome_comment": comment.pk,
        "outcome_returned": kept(writer, outcome.document, translated_xliff(away(outcome.document), {"*": "{}"})).pk,
        "proposal": proposal.pk,
    }


def addresses() -> list[tuple[str, set[str]]]:
    """Return addresses with the people who may open them."""
    sees, writes = {"rapporteur", "organizer", "translator"}, {"rapporteur"}
    return [
        *((f"/en/{page}", sees) for page in (*SEEN, *TRANSLATED)),
        *((f"/en/{page}", writes) for page in (*WRITTEN, *OF_STATEMENTS)),
        (f"/en/{RETURNED}", writes),
        (f"/en/{RESOLVED}", {"rapporteur", "organizer"}),
    ]


def forms() -> list[tuple[str, dict[str, str], set[str]]]:
    """Return forms with the people who may send them."""
    writes = {"rapporteur"}
    return [
        (f"/en/{ONE}move/", {"move": "1:1:0"}, writes),
        (f"/en/{ONE}paragraphs/new/", {"text": "Owned", "kind": "finding"}, writes),
        (f"/en/{PARAGRAPH}edit/", {"text": "Owned", "kind": "finding"}, writes),
        (f"/en/{PARAGRAPH}place/", {"place": "1:"}, writes),
        (f"/en/{PARAGRAPH}delete/", {}, writes),
        (f"/en/{PARAGRAPH}hold/", {"act": "object", "reason": "Owned"}, writes),
        (f"/en/{PARAGRAPH}declare/", {}, set()),
        (f"/en/{PARAGRAPH}propose/", {"text": "Owned"}, writes),
        (f"/en/{ONE}proposals/{{proposal}}/", {"act": "decline", "answer": "Owned"}, writes),
        (f"/en/{ONE}contributions/", {"chosen": "1", "response": "noted", "reason": "Owned"}, writes),
        (f"/en/{ONE}contributions/{{outcome_edition}}/", {"response": "noted", "reason": "Owned"}, writes),
        (f"/en/{ONE}statements/", {"chosen": "1", "response": "noted", "reason": "Owned"}, writes),
        (f"/en/{ONE}citations/{{outcome_citation}}/", {"take_away": ""}, writes),
        (f"/en/{ONE}references/{{outcome_reference}}/", {"take_away": ""}, writes),
        (f"/en/{ONE}comments/new/", {"comment": "Owned"}, {"rapporteur", "organizer", "translator"}),
        (f"/en/{RESOLVED}", {"answer": "Owned"}, {"rapporteur", "organizer"}),
        (f"/en/{ONE}renditions/ar/", {"act": "save"}, {"rapporteur", "translator"}),
        (f"/en/{ONE}renditions/ar/reasons/", {"act": "save"}, {"rapporteur", "translator"}),
        (f"/en/{RETURNED}", {}, writes),
    ]
