"""How soon it was decided: the figures, reckoned again from the ledger's acts, on the page and in its other forms."""

import csv
import datetime
import io
import itertools
import math
import random

import pytest
from lxml import etree

from plenara.common import clock
from plenara.consultations.models import Consultation, Thread
from plenara.consultations.working_time import working_minutes
from plenara.contributions.actions import revise
from plenara.contributions.models import Version
from plenara.ledger.models import Act
from plenara.moderation.actions import remove, undo
from plenara.moderation.models import Appeal, Code, Decision
from plenara.moderation.turnaround import BEFORE_PUBLICATION, Turn, hours, lately, turnaround
from tests import world
from tests.archive.answers import HERE, get

pytestmark = pytest.mark.django_db
PAGE = f"{HERE}decisions/turnaround/"


@pytest.fixture
def history(noon, author, participant, moderator, consultation):
    """Some weeks of moderation, at whatever hour, with what is undone, revised, moved and removed in between."""
    dice = random.Random(7)
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
    return Consultation.objects.get(pk=consultation.pk)


def from_acts(consultation):
    """Return (thread, language, week, code, minutes) of each decision that stands, from acts alone."""
    acts = list(Act.objects.filter(consultation_id=consultation.pk).order_by("pk"))
    undone = {act.details["decision"] for act in acts if act.verb == "moderation.undone"}
    came = {}
    for act in acts:
        if act.verb in {"contribution.submitted", "contribution.revised"}:
            came[act.details.get("version", act.about_id)] = act.at
    found = []
    for act in acts:
        told = act.details
        if act.verb != "moderation.decided" or told["decision"] in undone or told["code"] not in BEFORE_PUBLICATION:
            continue
        # Where and in which language is no part of an act: it names the version that was read.
        version = Version.objects.get(pk=told["version"])
        since = came.get(version.pk, came.get(act.about_id, version.submitted_at))
        week = act.at.date() - datetime.timedelta(days=act.at.weekday())
        thread = Decision.objects.get(consultation=consultation, number=told["decision"]).thread
        minutes = working_minutes(since, act.at, consultation)
        found.append((thread, version.language, week, told["code"], minutes))
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


@pytest.mark.parametrize("moment", ["2026-10-18T23:59:59.999999+00:00", "2026-10-12T00:00:00+00:00"])
def test_a_week_begins_on_monday_at_midnight_of_utc(moment, consultation):
    at = datetime.datetime.fromisoformat(moment)
    Decision.objects.create(consultation=consultation, number=1, code=Code.REJECTED, at=at)
    assert list(turnaround(consultation).weeks) == [datetime.date(2026, 10, 12)]


def test_an_undone_decision_and_one_after_an_appeal_count_for_nothing(consultation):
    def decided(number, **more):
        known = {"consultation": consultation, "code": Code.APPROVED, "waited": 60, "version_id": number}
        return Decision.objects.create(number=number, **{**known, **more})

    first = decided(1)
    decided(2, undone_at=clock.now())
    decided(3, overrules=first)
    decided(4, version_id=None, waited=None)  # checked after publication
    found = turnaround(consultation)
    assert (found.overall.decided, found.overall.times) == (1, [60])
    assert found.after == {"APPROVED": 1}


def test_appeals_are_counted_by_what_became_of_them(client, consultation):
    for number, status in enumerate(["pending", "upheld", "overruled", "overruled", "withdrawn"], 1):
        decision = Decision.objects.create(consultation=consultation, number=number, code=Code.REJECTED)
        Appeal.objects.create(decision=decision, status=status)
    found = turnaround(consultation)
    assert (found.filed, found.appeals["overruled"], found.appeals["upheld"]) == (5, 2, 1)
    assert "Overruled: the decision stands" in client.get(PAGE).content.decode()


def test_a_register_without_times_has_shares_and_no_hours(client, consultation):
    Decision.objects.create(consultation=consultation, number=1, code=Code.REJECTED, at=None, thread=1)
    html = client.get(PAGE).content.decode()
    assert "100%" in html and "half of the decisions came" not in html and "<figure" not in html


@pytest.mark.once
def test_the_page_has_the_table_first_and_the_figure_after_it(client, history):
    html = client.get(PAGE).content.decode()
    for section in ("questions", "languages", "weeks"):
        part = html.split(f'aria-labelledby="{section}"')[1].split("</section>")[0]
        assert part.index("<table") < part.index('<svg class="chart"')
    found = turnaround(history)
    assert f"{hours(found.overall.median)} h" in html and f"{hours(found.overall.ninetieth)} h" in html
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
    assert len(svg.findall(".//s:rect", space)) == 1 + 2 * min(len(turnaround(history).weeks), 26)
    assert svg.find(".//s:text", space).get("x") == first
    assert not svg.findall(".//s:script", space) and "style" not in etree.tostring(svg).decode()


@pytest.mark.parametrize(("minutes", "expected"), [(None, None), (0, 1), (1, 1), (60, 1), (61, 2), (2880, 48)])
def test_minutes_are_told_as_hours_within_which_it_was_done(minutes, expected):
    assert hours(minutes) == expected


@pytest.mark.parametrize(("times", "middle", "most"), [([], None, None), ([5], 5, 5), ([1, 2], 1, 2)])
def test_a_few_times_have_their_ranks(times, middle, most):
    assert (Turn(times=times).median, Turn(times=times).ninetieth) == (middle, most)
    assert Turn(times=list(range(1, 11))).ninetieth == 9


def test_the_promise_is_held_against_the_latest_decisions_alone(consultation):
    Decision.objects.bulk_create(
        Decision(consultation=consultation, number=n, code=Code.APPROVED, waited=6000 if n <= 300 else 60)
        for n in range(1, 501)
    )
    assert lately(consultation) == 60
    Decision.objects.filter(number__gt=4).delete()
    assert lately(consultation) is None
