"""How soon it was decided in some weeks of moderation: calculated again from the acts, on the page and elsewhere."""

import csv
import datetime
import io
import itertools
import math
import random
import re

import pytest
from lxml import etree

from plenara.consultations.models import Consultation, Thread
from plenara.consultations.working_time import working_minutes
from plenara.contributions.actions import revise
from plenara.contributions.models import Version
from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.moderation.actions import remove, undo
from plenara.moderation.models import Code, Decision
from plenara.moderation.queries.register import BEFORE_PUBLICATION, hours_in_words, turnaround
from tests import databases, world
from tests.answers import HERE, get
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
PAGE = f"{HERE}decisions/turnaround/"


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Some weeks of moderation, at whatever hour, with what is undone, revised, moved and removed in between."""
    with databases.shared(django_db_blocker), clock.at(NOW):
        yield make(NOW)


@pytest.fixture
def history(made, noon, db):
    """The consultation of those weeks."""
    return Consultation.objects.get(pk=made)


def make(noon):
    """Write those weeks; return the id of their consultation."""
    dice = random.Random(7)
    consultation = world.consultation()
    moderator = world.grant(world.person("Ana Prieto"), consultation, "moderator")
    author, participant = world.person("Aminata Diallo", language="fr"), world.person("Daniel Okafor", country="NG")
    Consultation.objects.filter(pk=consultation.pk).update(
        holidays=["2026-10-20"], closes_at=noon + datetime.timedelta(days=90)
    )
    thread, other = Thread.objects.filter(consultation=consultation).select_related("consultation")
    now = noon
    for n in range(24):
        now += datetime.timedelta(hours=dice.randint(3, 30), minutes=dice.randint(0, 59))
        with clock.at(now):
            where = dice.choice([thread, other])
            language = dice.choice(["en", "fr"])
            one = world.submitted(dice.choice([author, participant]), where, f"Words {n}.", language)
        with clock.at(now + datetime.timedelta(minutes=dice.randint(1, 6000))) as _moment:
            code = BEFORE_PUBLICATION[n % 4]
            more = {"thread": thread if where == other else other} if code == Code.MOVED else {}
            if code in {Code.RETURNED, Code.REJECTED}:
                more["reason"] = "R1"
            world.decided(one, moderator, code, **more)
            if n % 8 == 3:  # a rejection
                undo(actor=moderator, decision=Decision.objects.latest("number"))
                world.decided(one, moderator, Code.REJECTED, reason="R2")
            if n % 8 == 1:  # a return
                with clock.at(clock.now() + datetime.timedelta(hours=5)):
                    revise(actor=one.author, contribution=one, text=f"Better {n}.", language=language)
                with clock.at(clock.now() + datetime.timedelta(hours=50)):
                    world.decided(one, moderator)
            if n % 12 == 0:
                remove(actor=moderator, kind="contribution", pk=one.pk, reason="R4")
    return consultation.pk


def from_acts(consultation):
    """Return (thread, language, week, code, minutes) of each decision in force, from the audit log only."""
    acts = list(AuditEntry.objects.filter(consultation_id=consultation.pk).order_by("pk"))
    undone = {act.details["decision"] for act in acts if act.verb == "moderation.undone"}
    came = {}
    for act in acts:
        if act.verb in {"contribution.submitted", "contribution.revised"}:
            came[act.details.get("version", act.about_id)] = act.at
    found = []
    for act in acts:
        details = act.details
        if (
            act.verb != "moderation.decided"
            or details["decision"] in undone
            or details["code"] not in BEFORE_PUBLICATION
        ):
            continue
        # Where and in which language is no part of an act: it names the version that was read.
        version = Version.objects.get(pk=details["version"])
        since = came.get(version.pk, came.get(act.about_id, version.submitted_at))
        week = act.at.date() - datetime.timedelta(days=act.at.weekday())
        thread = Decision.objects.get(consultation=consultation, number=details["decision"]).thread
        minutes = working_minutes(since, act.at, consultation)
        found.append((thread, version.language, week, details["code"], minutes))
    return found


def reckoned(rows):
    """Return what a turn of these rows must say."""
    times = sorted(row[4] for row in rows)
    counts = {code: sum(row[3] == code for row in rows) for code in BEFORE_PUBLICATION}
    middle, most = (times[math.ceil(len(times) * part) - 1] for part in (0.5, 0.9))
    return len(rows), counts, middle, most


def said(turn):
    return turn.decided, {code: turn.codes[code] for code in BEFORE_PUBLICATION}, turn.median, turn.ninetieth


def test_every_figure_is_that_of_the_acts(history):
    rows, found = from_acts(history), turnaround(history)
    assert len(rows) > 24
    assert said(found.overall) == reckoned(rows)
    for part, column in ((found.threads, 0), (found.languages, 1), (found.weeks, 2)):
        keys = {row[column] for row in rows}
        assert keys == {key for key, turn in part.items() if turn.decided}
        for key in keys:
            assert said(part[key]) == reckoned([row for row in rows if row[column] == key]), key
    assert found.after == {"REMOVED": 2}


def test_weeks_without_a_decision_stand_between_the_others(history):
    days = list(turnaround(history).weeks)
    assert all(day.weekday() == 0 for day in days)
    assert {(after - before).days for before, after in itertools.pairwise(days)} == {7}


@pytest.mark.once
def test_the_page_has_the_table_first_and_the_figure_after_it(client, history):
    html = client.get(PAGE).content.decode()
    for section in ("questions", "languages", "weeks"):
        part = html.split(f'aria-labelledby="{section}"')[1].split("</section>")[0]
        assert part.index("<table") < part.index('<svg class="chart"')
        heads = re.findall(r'<th scope="col" class="num">([^<]+)</th>', part)
        assert len(heads) == 7 and re.findall(r'data-label="([^"]+)"', part)[:7] == heads
    found = turnaround(history)
    assert (
        f"{hours_in_words(found.overall.median)} h" in html and f"{hours_in_words(found.overall.ninetieth)} h" in html
    )
    assert "style=" not in html


def test_the_table_for_download_has_every_figure(client, history):
    content = get(client, f"{HERE}decisions/turnaround.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    found = turnaround(history)
    assert [row["by"] for row in rows].count("week") == len(found.weeks)
    whole = rows[0]
    assert (whole["by"], whole["decided"], whole["median_minutes"]) == (
        "all",
        str(found.overall.decided),
        str(found.overall.median),
    )
    assert int(whole["RETURNED_FOR_REVISION"]) == found.overall.codes[Code.RETURNED]
    assert {row["of"] for row in rows if row["by"] == "question"} == {"1", "2"}


@pytest.mark.once
@pytest.mark.parametrize(("language", "first"), [("en", "0"), ("ar", "100%")])
def test_the_drawing_stands_alone_in_the_readers_language(client, history, language, first):
    answer = client.get(f"/{language}/consultations/internet-governance/decisions/turnaround.svg")
    assert answer["Content-Type"].startswith("image/svg+xml")
    svg = etree.fromstring(b"".join(answer.streaming_content))
    space = {"s": "http://www.w3.org/2000/svg"}
    assert svg.get("direction") == ("rtl" if language == "ar" else "ltr")
    assert len(svg.findall(".//s:rect", space)) == 3 + 2 * min(len(turnaround(history).weeks), 26)
    assert svg.find(".//s:text", space).get("x") == first
    assert not svg.findall(".//s:script", space) and "style" not in etree.tostring(svg).decode()
