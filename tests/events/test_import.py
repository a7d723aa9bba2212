"""Calendar files: the events that are read from them, the errors that are reported, and the proposals."""

import datetime

import pytest

from plenara.accounts import limits
from plenara.core import clock
from plenara.core.refusals import AlreadyDone, InvalidInput
from plenara.events import actions, personal_data
from plenara.events.models import CalendarFile, Event
from plenara.events.presenters.proposals import file_rows
from plenara.events.validation import calendar_files
from tests import world
from tests.events import making

pytestmark = pytest.mark.django_db


def calendar(*events, head=""):
    """Return a calendar file of these events: each a text of lines."""
    body = "".join(f"BEGIN:VEVENT\r\n{_lines(each)}END:VEVENT\r\n" for each in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\n{head}{body}END:VCALENDAR\r\n".encode()


def _lines(text):
    return "".join(f"{line.strip()}\r\n" for line in text.strip().splitlines())


def event(
    uid="one@x.example", start="TZID=Europe/Zurich:20261201T090000", end="TZID=Europe/Zurich:20261201T123000", **more
):
    lines = [f"UID:{uid}", f"DTSTART;{start}", f"DTEND;{end}" if end else "", "SUMMARY:A workshop", "LOCATION:Geneva"]
    lines += [f"{name.replace('_', '-')}:{value}" for name, value in more.items()]
    return "\n".join(line for line in lines if line)


def only(data, zone="", person=None):
    """Return the only event of a file, as its sender sees it."""
    rows = file_rows([each.kept() for each in calendar_files.read_file(data, "en")], zone, person=person)
    assert len(rows) == 1
    return rows[0]


def dates(row):
    return [(each["start"], each["end"]) for each in row.details["dates"]]


def test_an_event_is_read_with_its_hours_place_and_words(noon):
    row = only(calendar(event(DESCRIPTION="Line one\\nline two\\, with a comma", URL="https://a.example/meeting")))
    assert row.can_be_taken, row.problems
    assert (row.details["title"], row.details["place"]) == ({"en": "A workshop"}, "Geneva")
    assert dates(row) == [("2026-12-01T09:00", "2026-12-01T12:30")]
    assert row.details["timezone"] == "Europe/Zurich"
    assert row.details["description"] == {"en": "Line one\nline two, with a comma"}
    assert row.details["documents"] == [{"title": "a.example", "url": "https://a.example/meeting"}]


def test_whole_days_end_the_day_before_the_files_end(noon):
    row = only(calendar(event(start="VALUE=DATE:20261105", end="VALUE=DATE:20261107")))
    assert dates(row) == [("2026-11-05", "2026-11-06")]


def test_hours_in_utc_are_converted_to_the_zone_of_the_file(noon):
    given = event(start="X=1:20261201T080000Z", end="X=1:20261201T090000Z")
    assert dates(only(calendar(given, head="X-WR-TIMEZONE:Europe/Zurich\r\n"))) == [
        ("2026-12-01T09:00", "2026-12-01T10:00")
    ]
    assert only(calendar(given)).details["timezone"] == "UTC"


def test_a_zone_by_its_other_name_is_known(noon):
    zone = "TZID=W. Europe Standard Time"
    assert (
        only(calendar(event(start=f"{zone}:20261201T090000", end=f"{zone}:20261201T100000"))).details["timezone"]
        == "Europe/Berlin"
    )


@pytest.mark.parametrize("start", ["X=1:20261201T090000", "TZID=Somewhere/Else:20261201T090000"])
def test_a_zone_that_is_not_known_is_asked_for(start, noon):
    data = calendar(event(start=start, end=start.replace("T09", "T10")))
    row = only(data)
    assert row.needs_zone and "Choose a time zone" in row.problems[0]
    again = only(data, "Africa/Bamako")
    assert again.can_be_taken and again.details["timezone"] == "Africa/Bamako"
    assert dates(again) == [("2026-12-01T09:00", "2026-12-01T10:00")]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;COUNT=3", ["12-01", "12-02", "12-03"]),
        ("FREQ=DAILY;INTERVAL=10;UNTIL=20261222T000000Z", ["12-01", "12-11", "12-21"]),
        ("FREQ=WEEKLY;COUNT=3", ["12-01", "12-08", "12-15"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", ["12-01", "12-03", "12-08", "12-10"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,MO;WKST=SU;COUNT=3", ["12-01", "12-14", "12-15"]),
        ("FREQ=MONTHLY;COUNT=2", ["12-01", "01-01"]),
        ("FREQ=MONTHLY;BYDAY=1TU;COUNT=3", ["12-01", "01-05", "02-02"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", ["12-01", "12-25", "01-29"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", ["12-01", "12-31", "01-31"]),
        ("FREQ=YEARLY;COUNT=2", ["12-01", "12-01"]),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;COUNT=2", ["12-01", "03-28"]),
    ],
)
def test_what_repeats_becomes_dates_at_the_hour_of_its_place(rule, days, noon):
    row = only(calendar(event(RRULE=rule)))
    assert row.can_be_taken, row.problems
    assert [each["start"][5:10] for each in row.details["dates"]] == days
    assert {each["start"][11:] for each in row.details["dates"]} == {"09:00"}


def test_dates_are_left_out_added_and_moved_as_the_file_says(noon):
    main = (
        event(RRULE="FREQ=WEEKLY;COUNT=4")
        + "\nEXDATE;TZID=Europe/Zurich:20261208T090000\nRDATE;TZID=Europe/Zurich:20261220T090000"
    )
    moved = (
        event(start="TZID=Europe/Zurich:20261216T140000", end="TZID=Europe/Zurich:20261216T150000")
        + "\nRECURRENCE-ID;TZID=Europe/Zurich:20261215T090000"
    )
    gone = event(start="TZID=Europe/Zurich:20261222T090000", end="", STATUS="CANCELLED")
    gone += "\nRECURRENCE-ID;TZID=Europe/Zurich:20261222T090000"
    assert dates(only(calendar(main, moved, gone))) == [
        ("2026-12-01T09:00", "2026-12-01T12:30"),
        ("2026-12-16T14:00", "2026-12-16T15:00"),
        ("2026-12-20T09:00", "2026-12-20T12:30"),
    ]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("FREQ=DAILY", "without an end"),
        ("FREQ=DAILY;COUNT=1000000", "more than 60 dates"),
        ("FREQ=DAILY;COUNT=61", "more than 60 dates"),
        ("FREQ=SECONDLY;COUNT=1000000", "do not understand"),
        ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2", "do not understand"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5", "longer than 10 years"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;UNTIL=99991231", "longer than 10 years"),
        ("FREQ=WEEKLY;COUNT=5;BYSETPOS=1", "do not understand"),
        ("FREQ=WEEKLY;COUNT=5;BYHOUR=1,2,3", "do not understand"),
        ("FREQ=YEARLY;BYDAY=20MO;COUNT=2", "do not understand"),
    ],
)
def test_a_rule_that_is_too_much_is_reported_at_once(rule, sentence, noon):
    import time

    began = time.process_time()
    row = only(calendar(event(RRULE=rule)))
    assert sentence in " ".join(row.problems)
    assert time.process_time() - began < 10  # calculating it to the end takes minutes of a processor


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "no event"),
        (b"%PDF-1.7", "no event|cannot read|stops before its end"),
        (b"\xff\xfe" + "BEGIN:VCALENDAR".encode("utf-16-le"), "UTF-8"),
        (calendar(event()).replace(b"A workshop", b"A\rDTEND:20260101\rworkshop"), "characters that are not allowed"),
        (calendar(event()).replace(b"A workshop", b"A \x00 workshop"), "characters that are not allowed"),
        (calendar(event()) + b" " * (2 * 1024 * 1024), "larger than 2 MB"),
        (calendar(event(DESCRIPTION="w" * 10_001)), "longer than 10,000"),
        (
            calendar(event(DESCRIPTION="\n".join(["w"])) + "\n").replace(
                b"A workshop", b"\r\n ".join([b"w" * 70] * 200)
            ),
            "longer than 10,000",
        ),
        (b"BEGIN:VCALENDAR\r\n" + b"\r\n" * 70_000 + b"END:VCALENDAR\r\n", "too many lines"),
        (calendar(*[event(f"{n}@x.example") for n in range(501)]), "500 events at most"),
        (
            b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 1000 + b"END:VEVENT\r\n" * 1000 + b"END:VCALENDAR\r\n",
            "inside other parts",
        ),
        (
            b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VE\r\n VENT\r\n" * 3 + b"END:VEVENT\r\n" * 3 + b"END:VCALENDAR\r\n",
            "inside other parts",
        ),
        (b"BEGIN:VCALENDAR\r\nBEGIN;X=1:VTIMEZONE\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n", "inside other parts"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n", "stops before its end"),
        (b"END:VCALENDAR\r\n", "has no beginning"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no event"),
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        calendar_files.read_file(data, "en")


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0"])
def test_a_zone_that_a_file_describes_is_never_calculated(rule, noon):
    half = "BEGIN:{0}\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:{1}\r\nEND:{0}\r\n"
    halves = half.format("STANDARD", rule) + half.format("DAYLIGHT", rule)
    zone = f"BEGIN:VTIMEZONE\r\nTZID:Its Own\r\n{halves}END:VTIMEZONE\r\n"
    given = event(start="TZID=Its Own:20261201T090000", end="TZID=Its Own:20261201T100000")
    row = only(calendar(given, head=zone), "Africa/Bamako")
    assert row.can_be_taken and dates(row) == [("2026-12-01T09:00", "2026-12-01T10:00")]


def test_a_broken_date_spoils_its_event_and_no_other(noon):
    data = calendar(event("bad@x.example", start="X=1:2026-99-99"), event("good@x.example"))
    rows = file_rows([each.kept() for each in calendar_files.read_file(data, "en")], "", person=None)
    assert [row.can_be_taken for row in rows] == [False, True]


def test_hostile_words_are_cleaned_and_addresses_that_are_none_left_out(noon):
    row = only(calendar(event(URL="javascript:alert(1)", CATEGORIES="C1,<script>", DESCRIPTION="a\u202eb")))
    assert "documents" not in row.details and "online" not in row.details and "themes" not in row.details
    assert row.details["description"] == {"en": "ab"}


def kept(owner, data, language="en", sha="a" * 64):
    return actions.upload(
        actor=owner, name="calendar.ics", sha256=sha, rows=calendar_files.read_file(data, language), language=language
    )


def test_nothing_is_proposed_before_it_is_confirmed_and_then_it_is_pending(participant, noon):
    file = kept(participant, calendar(event(), event("two@x.example").replace("A workshop", "Another")))
    assert not Event.objects.exists()
    assert actions.confirm(actor=participant, file=file, numbers={2}) == 1
    one = Event.objects.get()
    assert (one.state, one.imported_from, one.owner_id) == ("pending", "two@x.example", participant.pk)
    file.refresh_from_db()
    assert (file.rows, file.count) == ([], 1)


def test_confirming_twice_proposes_once(participant, noon):
    file = kept(participant, calendar(event()))
    actions.confirm(actor=participant, file=file, numbers={1})
    with pytest.raises(AlreadyDone):
        actions.confirm(actor=participant, file=file, numbers={1})
    assert Event.objects.count() == 1


def test_the_same_event_of_a_later_file_is_known_by_its_mark_once_it_is_public_or_ones_own(participant, author, noon):
    actions.confirm(actor=participant, file=kept(participant, calendar(event())), numbers={1})
    again = calendar(event().replace("A workshop", "Another title"))
    assert only(again, person=participant).is_known
    assert not only(again, person=author).is_known  # pending events of other people are not shown
    later = kept(participant, calendar(event()), sha="b" * 64)
    with pytest.raises(InvalidInput, match="cannot be imported"):
        actions.confirm(actor=participant, file=later, numbers={1})


def test_an_event_of_the_calendar_with_a_like_title_is_shown_beside_it(participant, noon):
    making.published(participant, making.curator())
    row = only(calendar(event().replace("A workshop", "Workshop on Village Networks!")))
    assert row.can_be_taken and not row.is_preselected and row.like


def test_the_same_event_twice_in_a_file_is_taken_once(noon):
    data = calendar(event("one@x.example"), event("two@x.example"))
    rows = file_rows([each.kept() for each in calendar_files.read_file(data, "en")], "", person=None)
    assert [row.can_be_taken for row in rows] == [True, False]


def test_a_newcomer_lets_no_more_wait_by_a_file_than_by_the_form(participant, noon):
    many = calendar(*[event(f"{n}@x.example").replace("A workshop", f"Workshop {n}") for n in range(6)])
    with pytest.raises(InvalidInput, match="are already waiting for a moderator"):
        actions.confirm(actor=participant, file=kept(participant, many), numbers=set(range(1, 7)))
    assert not Event.objects.exists()


def test_a_person_who_moderates_the_calendar_brings_in_hundreds(noon):
    curator = making.curator()
    many = calendar(*[event(f"{n}@x.example").replace("A workshop", f"Workshop {n}") for n in range(40)])
    assert actions.confirm(actor=curator, file=kept(curator, many), numbers=set(range(1, 41))) == 40


def test_nobody_confirms_the_file_of_another(participant, author, noon):
    file = kept(participant, calendar(event()))
    with pytest.raises(InvalidInput, match="Someone else uploaded"):
        actions.confirm(actor=author, file=file, numbers={1})
    actions.forget(actor=author, file=file)
    assert CalendarFile.objects.exists()
    actions.forget(actor=participant, file=file)
    assert not CalendarFile.objects.exists()


def test_what_nobody_confirms_goes_after_a_week(participant, noon):
    kept(participant, calendar(event()))
    with clock.at(noon + datetime.timedelta(days=8)):
        assert personal_data.delete_expired()["files"] == 1
    assert not CalendarFile.objects.exists()


def test_a_member_walks_through_the_pages(client, participant, noon):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.force_login(participant)
    assert client.get("/en/my/events/import/").status_code == 200
    refused = client.post("/en/my/events/import/", {"language": "en", "file": SimpleUploadedFile("x.ics", b"nothing")})
    assert refused.status_code == 422
    answer = client.post(
        "/en/my/events/import/", {"language": "en", "file": SimpleUploadedFile("x.ics", calendar(event()))}
    )
    page = answer["Location"]
    assert b"Can be proposed" in client.get(page).content
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"take": ["1"]}).status_code == 302
    assert Event.objects.count() == 1
    client.force_login(world.person())
    assert client.get(page).status_code == 404


def test_the_zone_of_hours_that_name_none_is_found_by_typing_a_city(client, participant, noon):
    client.force_login(participant)
    given = event(start="X=1:20261201T090000", end="X=1:20261201T100000")
    page = f"/en/my/events/import/{kept(participant, calendar(given)).pk}/"
    asked = client.get(page).content.decode()
    assert "1 December 2026, 09:00 to 10:00 (no time zone)" in asked
    assert "<select" not in asked and 'list="zone_list"' in asked and "Nairobi (Africa/Nairobi)" in asked
    wrong = client.post(page, {"zone": "Nowhere at all", "take": ["1"]})
    assert wrong.status_code == 422
    refused = wrong.content.decode()
    assert 'value="Nowhere at all"' in refused and "Choose a time zone from the list" in refused
    look = client.post(page, {"zone": "nairobi", "look": ""})
    assert look.url == f"{page}?zone=Africa%2FNairobi"
    read = client.get(look.url).content.decode()
    assert "1 December 2026, 09:00 to 10:00 in Nairobi" in read
    assert "Can be proposed" in read and 'value="Africa/Nairobi"' in read
    assert client.post(page, {"zone": "Nairobi", "take": ["1"]}).status_code == 302
    assert Event.objects.get().versions.get().details["timezone"] == "Africa/Nairobi"


def test_nobody_sends_one_file_after_the_other(client, participant, noon, monkeypatch):
    from django.core.files.uploadedfile import SimpleUploadedFile

    monkeypatch.setitem(limits.AN_HOUR, "calendar_file", {"person": 1})
    client.force_login(participant)
    answers = [
        client.post("/en/my/events/import/", {"language": "en", "file": SimpleUploadedFile("x.ics", calendar(event()))})
        for _once in range(2)
    ]
    assert [each.status_code for each in answers] == [302, 429]
