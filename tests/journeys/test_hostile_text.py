"""Hostile texts in every field, read in a real browser: nothing of them runs, breaks a page or leaves it."""

import csv
import datetime
import io
from types import SimpleNamespace

import pytest
import time_machine

from plenara.contributions.actions import submit
from plenara.core.text import clean, clean_line
from tests import databases, world
from tests.conftest import NOW
from tests.hostile import EVERYTHING, FORMULAS, SCRIPTS, one_line
from tests.summaries import making

pytestmark = pytest.mark.once

HERE = "/en/consultations/internet-governance/"
DESK = "/en/desk/consultations/internet-governance/"


def printable(text):
    """Return a hostile text as a browser can send it: a lone surrogate becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


@pytest.fixture(scope="module")
def hostile_world(django_db_setup, django_db_blocker):
    """A world that hostile persons wrote, for tests that only look: they leave it as it is."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        # The publication checks would refuse the figures in their texts, but the record must be harmless anyway.
        for module in ("review", "publication"):
            patch.setattr(f"plenara.documents.actions.{module}.passes_publication_checks", lambda document: True)
        try:
            with time_machine.travel(NOW - datetime.timedelta(minutes=5)):
                made = written_by_hostile_persons()
            yield made
        finally:
            databases.empty_tables()


def written_by_hostile_persons():
    """Return contributions whose names, organizations, titles and words are hostile; questions and summaries too."""
    consultation = world.consultation(word_limit=None)
    thread = consultation.threads.get(number=1)
    moderator = world.grant(world.person("Ana Prieto"), consultation, "moderator")
    rapporteur = world.grant(world.person("Inés Calderón", language="es"), consultation, "rapporteur")
    organizer = world.grant(world.person("Wei Zhang", language="zh", is_organizer=True), consultation, "organizer")
    editions = []
    for index, hostile in enumerate(printable(each) for each in EVERYTHING):
        name = clean_line(one_line(hostile)) or "Name"
        someone = world.person(name[:120], capacity="organization", organization=name[:150])
        contribution = submit(
            actor=someone, thread=thread, text=f"{hostile}\n\nwords {index}", language="en", title=name[:150]
        )
        editions.append(world.decided(contribution, moderator).editions.get())
    world.submitted(world.person(one_line(SCRIPTS[0])), thread, SCRIPTS[2])
    attack = "".join(SCRIPTS[:3])
    consultation.title = consultation.intro = {"en": attack, "fr": attack}
    consultation.save()
    thread.question = thread.guidance = {"en": attack}
    thread.save()
    summary = making.summary(rapporteur, consultation, title=clean(attack))
    for edition, index in zip(editions, range(12), strict=False):
        paragraph = making.statement(rapporteur, summary.document, clean(printable(EVERYTHING[index])) + " words")
        making.cited(rapporteur, paragraph, edition, f"words {index}")
    making.published(rapporteur, organizer, summary)
    people = {"moderator": moderator, "organizer": organizer, "rapporteur": rapporteur}
    return SimpleNamespace(summary=summary.pk, people=people)


PAGES = {
    None: [
        "/en/", "/en/consultations/", HERE, f"{HERE}threads/1/", f"{HERE}threads/1/from/21/",
        f"{HERE}threads/1/from/41/", f"{HERE}threads/1/?order=newest", f"{HERE}summaries/", f"{HERE}summaries/1/",
        f"{HERE}contributions/1/",
        f"{HERE}contributions/7/", f"{HERE}contributions/35/", f"{HERE}contributions/60/",
        f"{HERE}threads/1/?group=<script>owned()</script>&language=%22%3E<script>owned()</script>&order='",
    ],
    "moderator": ["/en/desk/", "/en/desk/moderation/"],
    "organizer": [DESK, f"{DESK}edit/", f"{DESK}threads/1/", "/en/desk/people/?q=<script>owned()</script>"],
    "rapporteur": [f"{DESK}summaries/", f"{DESK}summaries/{{summary}}/"],
}  # fmt: skip


#: Elements and attributes of the main part that only a hostile text could have brought.
STRANGERS = """
() => {
  const foreign = "main script:not([src]), main iframe, main style, main img, main object, main form[action^=http]";
  const runs = each => [...each.attributes].some(({name, value}) =>
    name.startsWith("on") || name === "style"
    || ["href", "src", "action"].includes(name) && /^\\s*(javascript|data|vbscript):/i.test(value));
  const own = each => each.type === "application/ld+json";
  return [...document.querySelectorAll(foreign), ...[...document.querySelectorAll("main *")].filter(runs)]
    .filter(each => !own(each)).map(each => each.outerHTML);
}
"""


def test_nothing_runs_that_a_person_wrote(hostile_world, looks):
    someone = looks(alone=True)
    someone.page.add_init_script("window.owned = () => { window.wasOwned = true; }")
    for role, paths in PAGES.items():
        if role:
            someone.is_signed_in_as(hostile_world.people[role])
        for path in paths:
            page = someone.goes_to(path.format(summary=hostile_world.summary))
            assert page.evaluate("window.wasOwned") is None, path
            assert page.url.startswith(someone.address), path
            assert page.evaluate(STRANGERS) == [], path


def test_every_word_stays_where_it_belongs(hostile_world, looks):
    page = looks().goes_to(f"{HERE}threads/1/")
    entries = page.locator(".thread > .entry").count()
    assert entries == 20, "no text broke out of its entry"


def test_no_cell_of_the_data_is_a_formula(hostile_world, client):
    for path in (f"{HERE}data.csv", f"{HERE}threads/1/data.csv"):
        table = b"".join(client.get(path)).decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
        assert cells
        assert [cell for cell in cells if cell and cell[0] in "=+@\t\r"] == []
        assert not any(cell.startswith(formula) for cell in cells for formula in FORMULAS)


def test_every_feed_is_well_formed(hostile_world, client):
    from lxml import etree

    for path in ("/en/feed.atom", f"{HERE}feed.atom", f"{HERE}threads/1/feed.atom", f"{HERE}summaries/feed.atom"):
        answer = client.get(path)
        body = b"".join(answer) if answer.streaming else answer.content
        tree = etree.fromstring(body)
        assert tree.tag.endswith("feed"), path
        assert b"<script>owned" not in body
