"""A draft with a title, a disagreement with both sides and a heading, and a glossary of two terms."""

import pytest

from plenara.documents import actions
from plenara.documents.actions import glossary
from plenara.documents.actions.glossary import Words
from tests import world
from tests.documents import making
from tests.made_once import made_once


@pytest.fixture
@made_once
def two_sides(rapporteur, document, statement, edition, author, moderator, thread):
    """The document: statement 1 cites; statement 2 has a heading, two sides and figures."""
    second = making.statement(
        rapporteur,
        document,
        "Seven of 12 contributions want documents 21 days before a meeting.\n\nOthers want them in WGIG/2004/Q1/3.",
        kind="disagreement",
        heading="When documents come",
        against="Some hold that 21 days are too long.",
    )
    making.cited(rapporteur, second, edition)
    words = "Seven of 12 want 21 days"
    making.cited(rapporteur, second, world.published(author, moderator, thread, f"{words}, we are told."), words)
    actions.cite(
        actor=rapporteur, paragraph=second, edition=edition, words="in a language that we read", side="against"
    )
    return document


@pytest.fixture
@made_once
def terms(rapporteur, consultation):
    return [
        glossary.add_term(
            actor=rapporteur,
            consultation=consultation,
            words={"en": Words("document"), "ar": Words("وثيقة", ("مستند",)), "zh": Words("文件")},
            note="A paper of the meeting.",
        ),
        glossary.add_term(actor=rapporteur, consultation=consultation, words={"en": Words("hub"), "fr": Words("pôle")}),
    ]
