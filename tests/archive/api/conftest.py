"""A record with everything that the API tells of: tombstones, revisions, a campaign, summaries, decisions, themes."""

import pytest

from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Edition, Translation
from plenara.moderation.actions import remove, restore
from plenara.moderation.models import Code
from tests import world
from tests.archive.answers import give_paper
from tests.archive.community.making import community
from tests.outcomes import making as outcomes
from tests.summaries import making
from tests.summaries.correcting import making as correcting
from tests.summaries.correcting.test_put_right import changed, published_again


@pytest.fixture
def whole(edition, reply, author, participant, moderator, consultation, thread, elsewhere):
    """Everything: contributions 1 and 2 stand (1 in two editions), 3 is withdrawn, 4 removed, 5 brought back."""
    gone = world.published(participant, moderator, thread, "Words that were withdrawn.")
    withdraw(actor=participant, contribution=gone.contribution)
    taken = world.published(participant, moderator, thread, "Words that were removed.")
    remove(actor=moderator, kind="contribution", pk=taken.contribution_id, reason="R7")
    back = world.published(participant, moderator, thread, "Words that came back.")
    remove(actor=moderator, kind="contribution", pk=back.contribution_id, reason="R2")
    restore(actor=moderator, kind="contribution", pk=back.contribution_id)
    rejected = world.submitted(participant, thread, "Never read.")
    world.decided(rejected, moderator, Code.REJECTED, reason="R2")
    world.appealed(participant, moderator, thread)
    give_paper(edition)
    hidden = world.person("Zebulon Withheld", withholds_name=True, withholds_country=True, country="TV")
    world.published(hidden, moderator, consultation.threads.get(number=2), "Nobody knows who says it.")
    _summarized(consultation, edition, author, moderator)
    revise(actor=author, contribution=edition.contribution, text="Four weeks would be better.", language="en")
    world.decided(edition.contribution, moderator)
    edition = Edition.objects.get(contribution=edition.contribution, in_force=True)
    Translation.objects.create(text=edition.text, language="fr", content="Quatre semaines.", is_public=True)
    Translation.objects.create(text=edition.text, language="es", content="A translation that waits.")
    consultation.refresh_from_db()
    consultation.bundle = {"themes": [{"code": "C2", "label": {"en": "Infrastructure"}}]}
    consultation.save()
    thread.themes = ["C2", "C3"]
    thread.rewordings = [{"language": "en", "earlier": "What?", "until": "2026-03-01T00:00:00+00:00"}]
    thread.save()
    community()
    _reported(consultation, edition)
    return consultation


def _reported(consultation, edition):
    """Publish two versions of an outcome that treats a contribution, with a paragraph in brackets."""
    keeper = world.grant(world.person("Keeper Known"), consultation, "organizer")
    body = outcomes.body(keeper, consultation)
    chair = outcomes.member(keeper, body, world.person("Chair Known"), "chair")
    writer = outcomes.member(keeper, body, world.person("Drafter Known"), "rapporteur")
    report = outcomes.outcome(keeper, body)
    outcomes.paragraph(writer, report, cites=edition)
    outcomes.published(writer, chair, report)
    outcomes.published(writer, chair, report, "draft")


def _summarized(consultation, edition, author, moderator):
    """Publish a summary, ask for a correction and put it right: two editions."""
    writer = world.grant(world.person("Writer Known"), consultation, "rapporteur")
    approver = world.grant(world.person("Approver Known"), consultation, "organizer")
    summary = making.summary(writer, consultation)
    making.statement_of(writer, summary, edition)
    published = making.published(writer, approver, summary)
    request = correcting.published(author, moderator, published)
    correcting.answered(approver, request)
    changed(writer, request)
    published_again(writer, approver, request, is_correction=True)
