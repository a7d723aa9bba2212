"""A record with everything that the API tells of: tombstones, revisions, a campaign, summaries, decisions, themes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from plenara.consultations.models import Consultation
from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Edition, Translation
from plenara.moderation.actions import remove, restore
from plenara.moderation.models import Code
from tests import databases, world
from tests.answers import give_paper
from tests.bundles.community.making import community
from tests.outcomes import making as outcomes
from tests.summaries import making
from tests.summaries.corrections import making as correcting
from tests.summaries.corrections.test_put_right import changed, published_again


@dataclass(frozen=True)
class Whole:
    """A record with everything: contributions 1 and 2 stand (1 in two editions), 3 is gone, 4 removed, 5 back."""

    consultation: Any
    elsewhere: Any
    cast: dict[str, Any]


def make_whole() -> Whole:
    """Write that record."""
    consultation = world.consultation()
    elsewhere = world.consultation("digital-cooperation", languages=["ar", "en", "es", "fr", "ru", "zh"])
    thread = consultation.threads.get(number=1)
    cast = {
        "author": world.person(
            "Aminata Diallo", language="fr", capacity="organization", organization="Réseau Sahel Numérique"
        ),
        "participant": world.person("Daniel Okafor", country="NG"),
        "moderator": world.grant(world.person("Ana Prieto"), consultation, "moderator"),
    }
    edition = world.published(cast["author"], cast["moderator"], thread)
    text = "D’accord avec *cela*.\n\n- un délai de trois semaines\n- une langue que nous lisons"
    answers = {"in_reply_to": edition.contribution, "title": "Un délai"}
    world.published(cast["participant"], cast["moderator"], thread, text, "fr", **answers)
    gone = world.published(cast["participant"], cast["moderator"], thread, "Words that were withdrawn.")
    withdraw(actor=cast["participant"], contribution=gone.contribution)
    taken = world.published(cast["participant"], cast["moderator"], thread, "Words that were removed.")
    remove(actor=cast["moderator"], kind="contribution", pk=taken.contribution_id, reason="R7")
    back = world.published(cast["participant"], cast["moderator"], thread, "Words that came back.")
    remove(actor=cast["moderator"], kind="contribution", pk=back.contribution_id, reason="R2")
    restore(actor=cast["moderator"], kind="contribution", pk=back.contribution_id)
    rejected = world.submitted(cast["participant"], thread, "Never read.")
    world.decided(rejected, cast["moderator"], Code.REJECTED, reason="R2")
    world.appealed(cast["participant"], cast["moderator"], thread)
    give_paper(edition)
    hidden = world.person("Zebulon Withheld", withholds_name=True, withholds_country=True, country="TV")
    world.published(hidden, cast["moderator"], consultation.threads.get(number=2), "Nobody knows who says it.")
    _summarized(consultation, edition, cast["author"], cast["moderator"])
    revise(actor=cast["author"], contribution=edition.contribution, text="Four weeks would be better.", language="en")
    world.decided(edition.contribution, cast["moderator"])
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
    return Whole(consultation, elsewhere, cast)


@pytest.fixture(scope="module")
def made_whole(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[Whole]:
    """That record, written once for all tests of a module."""
    data = tmp_path_factory.mktemp("data")
    with databases.shared(django_db_blocker, data):
        yield make_whole()


@pytest.fixture(autouse=True)
def own_data(request, settings, tmp_path_factory) -> None:
    """A data folder of one's own; that of the whole record, in a test that asks for it."""
    if "whole" not in request.fixturenames:
        settings.DATA = tmp_path_factory.mktemp("data")
        settings.DOCUMENTS = settings.DATA / "documents"


@pytest.fixture
def whole(made_whole, db) -> Any:
    """Its consultation. A module whose tests ask for it makes no other record beside it."""
    return Consultation.objects.get(pk=made_whole.consultation.pk)


def _reported(consultation, edition):
    """Publish two versions of an outcome that treats a contribution, with a paragraph in brackets."""
    curator = world.grant(world.person("Keeper Known"), consultation, "organizer")
    body = outcomes.body(curator, consultation)
    chair = outcomes.member(curator, body, world.person("Chair Known"), "chair")
    writer = outcomes.member(curator, body, world.person("Drafter Known"), "rapporteur")
    report = outcomes.outcome(curator, body)
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
