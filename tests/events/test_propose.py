"""Proposing an event: validation, permissions and limits."""

import pytest

from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.events import validation
from plenara.events.models import Event
from plenara.moderation.models import Item
from tests import world
from tests.events import making

pytestmark = pytest.mark.django_db


def wrong(**changes):
    """Return the fields and sentences of the errors after this change of the workshop."""
    from plenara.events.validation import clean_details

    return {each.field: str(each.sentence) for each in validation.fits(clean_details(making.details(**changes)))}


def test_a_proposal_is_pending_for_a_moderator_of_the_community_and_nothing_of_it_is_public(participant, noon):
    event = making.proposed(participant)
    item = Item.objects.get(kind="event")
    assert (event.state, event.number, event.details) == ("pending", None, {})
    assert item.consultation.is_community and item.author_id == participant.pk and item.by_newcomer
    assert BackgroundTask.objects.filter(task="events.receipt").count() == 1
    assert AuditEntry.objects.filter(verb="event.proposed", actor_id=participant.pk).count() == 1


def test_the_same_form_twice_makes_one_event(participant, noon):
    first = making.proposed(participant, key="k")
    assert making.proposed(participant, key="k").pk == first.pk
    assert Event.objects.count() == 1


def test_the_form_of_another_person_is_refused(participant, author, noon):
    making.proposed(participant, key="k")
    with pytest.raises(InvalidInput, match="This form was opened with another account"):
        making.proposed(author, key="k")


def test_a_person_who_is_suspended_or_signed_out_proposes_nothing(outsider, noon):
    from plenara.core import clock

    suspended = world.person(suspended_at=clock.now())
    for nobody in (outsider, suspended):
        with pytest.raises(NotPermitted):
            making.proposed(nobody)
    assert not Event.objects.exists()


def test_a_workshop_is_in_order(noon):
    assert wrong() == {}


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": {}}, "title", "Enter the title"),
        ({"title": {"en": "…"}}, "title_en", "no words"),
        ({"title": {"en": "w" * 201}}, "title_en", "The limit is 200"),
        ({"title": {"de": "Werkstatt"}}, "title_de", "one of the six"),
        ({"description": {"en": "w" * 5001}}, "description_en", "The limit is 5000"),
        ({"description": {"es": "Sin título"}}, "title_es", "but no title"),
        ({"dates": []}, "day_0", "Enter the date of the event"),
        ({"timezone": "Mars/Olympus"}, "timezone", "from the list"),
        ({"timezone": "../../etc/passwd"}, "timezone", "from the list"),
        ({"place": "", "online": ""}, "place", "Enter the place"),
        ({"place": "w" * 301}, "place", "The limit is 300"),
        ({"online": "http://meet.example/x"}, "online", "https://"),
        ({"online": "javascript:alert(1)"}, "online", "https://"),
        ({"online": "https://user:word@meet.example/"}, "online", "https://"),
        ({"online": 'https://meet.example/"><script>'}, "online", "https://"),
        ({"country": "XX"}, "country", "from the list"),
        ({"languages": ["en", "klingon"]}, "languages", "from the list"),
        ({"themes": ["no-such-theme"]}, "themes", "from the list"),
        ({"organizer": 77}, "organizer", "No organization in the directory"),
        ({"prepares": "no-such-consultation"}, "prepares", "from the list"),
        ({"prepares": "community"}, "prepares", "from the list"),
        ({"documents": [{"title": "", "url": "https://a.example/"}]}, "paper_0", "Enter the name of the document"),
        ({"documents": [{"title": "Agenda", "url": "ftp://a.example/"}]}, "address_0", "https://"),
        ({"documents": [{"title": "A", "url": "https://a.example/"}] * 21}, "paper_0", "20 documents"),
    ],
)
def test_an_error_is_shown_at_its_field(changes, field, sentence, noon, participant):
    making.curator()  # so that the community's row exists
    assert sentence in wrong(**changes)[field]


@pytest.mark.parametrize(
    ("start", "end", "field", "sentence"),
    [
        ("2026-13-01T09:00", "2026-12-01T10:00", "day_0", "Enter the day"),
        ("tomorrow", "2026-12-01T10:00", "day_0", "Enter the day"),
        ("2026-12-01T9:00", "2026-12-01T10:00", "day_0", "Enter the day"),
        ("2026-12-01T09:00+02:00", "2026-12-01T10:00", "day_0", "Enter the day"),
        ("2026-12-01T09:00", "2026-12-01", "until_0", "both a start time and an end time"),
        ("2026-12-01T09:00", "2026-12-01T09:00", "until_0", "after the start"),
        ("2026-12-01T09:00", "2026-12-01T08:00", "until_0", "after the start"),
        ("2026-12-02", "2026-12-01", "until_0", "after the start"),
        ("2026-12-01", "2028-12-01", "until_0", "up to a year"),
        ("1812-12-01", "1812-12-01", "day_0", "Enter a year between"),
        ("9999-12-31T23:00", "9999-12-31T23:59", "day_0", "Enter a year between"),
        ("2027-03-28T02:30", "2027-03-28T04:00", "from_0", "does not exist"),
        ("2027-03-28T01:00", "2027-03-28T02:15", "until_0", "does not exist"),
    ],
)
def test_an_error_of_a_date_is_shown_at_its_row(start, end, field, sentence, noon):
    assert sentence in wrong(dates=[{"start": start, "end": end}])[field]


def test_an_hour_that_comes_twice_is_taken_as_the_first_and_listed(noon):
    given = making.details(dates=[{"start": "2026-10-25T02:30", "end": "2026-10-25T04:00"}])
    assert not validation.fits(given)
    assert validation.hours_that_come_twice(given) == ["2026-10-25T02:30"]


def test_sixty_dates_are_taken_and_sixty_one_are_not(noon):
    def many(count):
        return [
            {"start": f"2027-{1 + n // 28:02}-{1 + n % 28:02}", "end": f"2027-{1 + n // 28:02}-{1 + n % 28:02}"}
            for n in range(count)
        ]

    assert wrong(dates=many(60)) == {}
    assert "at most 60 dates" in wrong(dates=many(61))["day_0"]


def test_the_same_date_twice_is_reported(noon):
    date = making.WORKSHOP["dates"][0]
    assert "Date 2 is the same as date 1. Change or delete one of them." in wrong(dates=[date, date])["day_1"]


def test_dates_are_stored_in_their_order_with_numbers_of_their_own(participant, noon):
    given = making.series(3)
    event = making.proposed(participant, {**given, "dates": given["dates"][::-1]})
    kept = event.versions.get().details["dates"]
    assert [(each["number"], each["start"][:10]) for each in kept] == [
        (1, "2026-12-01"),
        (2, "2026-12-08"),
        (3, "2026-12-15"),
    ]


def test_what_no_page_can_show_is_cleaned_away(participant, noon):
    given = making.details(title={"en": "A \u202eworkshop\r\nSubject: spam"}, cancelled=True, unknown="x")
    kept = making.proposed(participant, given).versions.get().details
    assert kept["title"] == {"en": "A workshop Subject: spam"}
    assert "cancelled" not in kept and "unknown" not in kept


def test_a_newcomer_lets_few_wait_and_others_more(participant, noon):
    for number in range(validation.MOST_OF_NEWCOMER):
        making.proposed(participant, making.details(title={"en": f"Workshop {number}"}))
    with pytest.raises(InvalidInput, match="are already waiting for a moderator"):
        making.proposed(participant)
    making.decided(Event.objects.first(), making.curator())
    making.proposed(participant)


def test_an_account_proposes_so_often_an_hour(participant, noon, monkeypatch):
    monkeypatch.setattr(validation, "MOST_AN_HOUR", 2)
    making.proposed(participant)
    making.proposed(participant)
    with pytest.raises(InvalidInput, match="in the last hour"):
        making.proposed(participant)


def test_the_receipt_comes_in_the_owners_language(author, noon, mailoutbox):
    from plenara.core import tasks

    making.proposed(author)
    tasks.run_all()
    assert len(mailoutbox) == 1
    assert "Atelier sur les réseaux de village" in mailoutbox[0].body
    assert "/fr/my/events/" in mailoutbox[0].body
