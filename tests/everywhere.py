"""A world in which every address of the installation leads to something, written once for all tests of a module."""

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.template import engines

from plenara.accounts.models import Person
from plenara.contributions.actions import ask_to_sign, save_draft, save_sheet, share
from plenara.contributions.models import Edition
from plenara.contributions.queries.signatures import token_of
from plenara.core import clock
from plenara.core.views import BaseView
from plenara.documents.actions import comment
from plenara.documents.models import Paragraph, ParagraphText
from plenara.moderation.models import Item
from plenara.summaries.actions.summaries import create
from tests import world
from tests.contributions.entered import STATEMENT, entered
from tests.directory import everywhere as directory
from tests.directory import making as listings
from tests.documents.exchange.making import waiting
from tests.events import everywhere as events
from tests.outcomes import bodies_everywhere as bodies
from tests.outcomes import comments_everywhere as comments
from tests.outcomes import everywhere as outcomes
from tests.outcomes import meetings_everywhere as meetings
from tests.outcomes import public_everywhere as public_outcomes
from tests.summaries import making
from tests.summaries.corrections import making as correcting
from tests.themes import everywhere as themes

#: A page that is not made in full.
HEADING = "<!doctype html><title>A page</title><h1>A page</h1>"
PASSWORD = "a long enough password"


@dataclass(frozen=True)
class Everywhere:
    """That world: its consultation and edition, who is in it by role, and the ids that addresses name."""

    consultation: Any
    edition: Edition
    cast: dict[str, Person]
    ids: dict[str, Any]


def make_everywhere() -> Everywhere:
    """Write that world into the database."""
    consultation, elsewhere = _consultations()
    cast = _cast(consultation, elsewhere)
    edition = world.published(cast["author"], cast["moderator"], consultation.threads.get(number=1))
    ids = _place(
        consultation, edition, **{role: cast[role] for role in ("author", "moderator", "rapporteur", "translator")}
    )
    cast["body_chair"] = Person.objects.get(name="Chair of the body")
    cast["body_member"] = Person.objects.get(name="Member of the body")
    return Everywhere(consultation, edition, cast, ids)


def _consultations() -> tuple[Any, Any]:
    elsewhere = world.consultation("digital-cooperation", languages=["ar", "en", "es", "fr", "ru", "zh"])
    return world.consultation(), elsewhere


def _cast(here: Any, elsewhere: Any) -> dict[str, Person]:
    """Return who asks, by role: those of the tests' standing cast, and some who have no right that counts."""
    return {
        **vars(world.cast(here)),
        "suspended": world.suspended(here),
        "moderator_elsewhere": world.grant(world.person("Kofi Mensah"), elsewhere, "moderator"),
        "organizer_elsewhere": world.grant(world.person("Sofia Rossi"), elsewhere, "organizer"),
        "operator": world.person("Ivan Petrov", language="ru", is_operator=True),
        "community_moderator": listings.curator("Moderator of the community"),
        "unverified": _unverified(here),
    }


def _unverified(here: Any) -> Person:
    """Return who registered and was granted a role; but the address was never verified."""
    someone = world.grant(world.person("Unverified"), here, "moderator")
    someone.emailaddress_set.update(verified=False)
    someone.set_password(PASSWORD)
    someone.save()
    return someone


def _place(
    consultation: Any, edition: Edition, *, author: Person, moderator: Person, rapporteur: Person, translator: Person
) -> dict[str, Any]:
    """Return the ids that addresses name: a waiting contribution, a draft, a summary with a statement."""
    thread = consultation.threads.get(number=1)
    pending = world.submitted(author, thread, "It waits.")
    draft = save_draft(actor=author, thread=thread, key="a-draft", text="Half a thought")
    summary = create(
        actor=rapporteur,
        consultation=consultation,
        period_from=consultation.opens_at,
        period_to=consultation.closes_at,
        source_language="en",
    )
    paragraph = Paragraph.objects.create(document=summary.document, number=1, kind="frame")
    ParagraphText.objects.create(paragraph=paragraph, language="en", text="A statement.")
    remark = comment(actor=rapporteur, document=summary.document, paragraph=paragraph, text="Who says so?")
    secretary = world.grant(world.person("Secretary"), consultation, "moderator")
    today = f"{clock.now():%Y-%m-%d}"
    letter = entered(secretary, consultation, date=today)
    sheet = save_sheet(
        actor=secretary,
        consultation=consultation,
        name="a.csv",
        sha256="0" * 64,
        rows=[(2, STATEMENT | {"date": today})],
    )
    world.decided(letter, moderator, "RETURNED_FOR_REVISION", reason="R1")
    return {
        "letter": letter.pk,
        "campaign": world.campaign(consultation.threads.get(number=2)).pk,
        "sheet": sheet.pk,
        "pending": pending.pk,
        "item": Item.objects.get(kind="contribution", object_id=pending.pk, why=Item.Why.PENDING).pk,
        "appeal": (made := world.appealed(author, moderator, thread)).pk,
        "appealed": made.decision.object_id,
        "asked": world.asked(author, moderator, thread).object_id,
        "rejection": made.decision_id,
        "draft": draft.pk,
        "shared": token_of(share(actor=author, draft=draft, days=7)),
        "sign": token_of(ask_to_sign(actor=author, draft=draft, addresses=["lena@x.example"], language="en")[0]),
        "text": edition.text_id,
        "summary": summary.pk,
        "statement": paragraph.pk,
        "comment": remark.pk,
        "group": making.group_of(summary, [edition]).pk,
        **waiting(rapporteur, translator, summary.document),
        "person": author.pk,
        **_requests_in(consultation, author, moderator, edition),
        **directory.places(author, edition),
        **events.places(author),
        **themes.places(),
        **outcomes.places(consultation, rapporteur, edition),
        **public_outcomes.places(consultation, edition),
        **comments.places(moderator),
        **bodies.places(),
        **meetings.places(rapporteur, edition),
    }


def _requests_in(consultation: Any, author: Person, moderator: Person, edition: Edition) -> dict[str, Any]:
    """Return the ids of a request for correction that is published, and of one that waits; nobody below wrote it."""
    writer = world.grant(world.person("Writer"), consultation, "rapporteur")
    approver = world.grant(world.person("Approver"), consultation, "organizer")
    world.published(author, moderator, consultation.threads.get(number=2), "No question is empty.")
    summary = making.summary(writer, consultation)
    making.statement_of(writer, summary, edition)
    published = making.published(writer, approver, summary)
    request = correcting.published(author, moderator, published)
    waiting_one = correcting.asked(author, published, "And this.", statement=None)
    back = correcting.decided(
        correcting.asked(author, published, "That."), moderator, "RETURNED_FOR_REVISION", reason="C1"
    )
    rejected = correcting.asked(author, published, "No.")
    correcting.decided(rejected, moderator, "REJECTED", reason="C1")
    return {"request": request.pk, "waits": waiting_one.pk, "came_back": back.pk, "refused": rejected.pk}


@contextlib.contextmanager
def short_refusals() -> Iterator[None]:
    """Let a page of refusal be its heading alone, for tests that ask thousands of times who gets in."""
    cached = engines["django"].engine.template_loaders[0].get_template_cache
    pages = {name: _short_page() for name in ("core/refused.html", "403.html", "404.html")}
    whole = {name: cached[name] for name in pages if name in cached}
    cached.update(pages)
    try:
        yield
    finally:
        for name in pages:
            del cached[name]
        cached.update(whole)


@contextlib.contextmanager
def short_pages() -> Iterator[None]:
    """Let every page of our views be its heading alone, for tests that ask thousands of times who gets in."""
    with short_refusals(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseView, "page", lambda *_view, status=200, **_rest: HttpResponse(HEADING, status=status))
        yield


@functools.cache
def _short_page() -> Any:
    return engines["django"].engine.from_string(HEADING)
