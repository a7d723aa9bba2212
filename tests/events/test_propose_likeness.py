"""The detection of duplicate events: pairs of titles, and how well it separates them."""

import pytest

from plenara.events.queries.events import events_like, shared_words
from tests.events import making

#: Titles of one event, as two people write them.
SAME = [
    ("Workshop on village networks", "Workshop on Village Networks"),
    ("Workshop on village networks", "Village networks workshop"),
    ("Workshop on village networks", "WORKSHOP ON VILLAGE NETWORKS!"),
    ("Workshop on village networks", "A workshop on village networks (Geneva)"),
    ("Regional preparatory meeting for Africa", "Preparatory Regional Meeting for Africa"),
    ("Regional preparatory meeting for Africa", "Africa regional preparatory meeting"),
    ("Second meeting of the working group", "Second Meeting of the Working Group"),
    ("Réunion régionale préparatoire", "Reunion regionale preparatoire"),
    ("Atelier sur les réseaux de village", "Atelier : les réseaux de village"),
    ("Consulta regional de América Latina", "Consulta Regional de America Latina"),
    ("Совещание рабочей группы", "совещание рабочей группы"),
    ("ورشة عمل حول شبكات القرى", "ورشه عمل حول شبكات القرى"),
    ("乡村网络研讨会", "鄉村網絡研討會"),
    ("Open consultation on internet governance", "Open consultations on Internet Governance"),
    ("Capacity building for small states", "Capacity-building for small States"),
    ("Training: multilingual domain names", "Training on multilingual domain names"),
    ("Public hearing on the draft report", "Public hearing: draft report"),
    ("Hackathon for access", "Hackathon for Acess"),
    ("Summit side event: women and networks", "Side event: Women and Networks"),
    ("Launch of the 2027 statistics yearbook", "Launch of the statistics yearbook 2027"),
]
#: Titles of different events.
OTHER = [
    ("Workshop on village networks", "Workshop on city budgets"),
    ("Workshop on village networks", "Workshop on undersea cables"),
    ("Regional preparatory meeting for Africa", "Regional preparatory meeting for Western Asia"),
    ("Second meeting of the working group", "Training for moderators"),
    ("Réunion régionale préparatoire", "Atelier sur les réseaux de village"),
    ("Consulta regional de América Latina", "Seminario sobre nombres de dominio"),
    ("Совещание рабочей группы", "Семинар о доступе к сети"),
    ("ورشة عمل حول شبكات القرى", "اجتماع تحضيري إقليمي"),
    ("乡村网络研讨会", "数据保护培训"),
    ("Open consultation on internet governance", "Closing ceremony"),
    ("Capacity building for small states", "Financing mechanisms: a debate"),
    ("Meeting", "Meeting of the friends of the chair on financing mechanisms"),
    ("Workshop", "Workshop on multilingual domain names"),
    ("Public hearing on the draft report", "Public hearing on spam"),
    ("Hackathon for access", "Hackathon for health"),
    ("Launch of the 2027 statistics yearbook", "Launch of the open library"),
    ("Summit side event: women and networks", "Summit side event: youth and jobs"),
    ("Webinar on privacy", "Webinar on procurement"),
    ("Annual forum, day one", "Press conference"),
    ("Steering committee", "Programme committee for the archive"),
]


def found(pairs):
    return [(one, other) for one, other in pairs if shared_words({"title": {"en": one}}, {"title": {"en": other}})]


def test_the_finder_keeps_its_precision_and_its_recall():
    right, wrong = found(SAME), found(OTHER)
    missed = [pair for pair in SAME if pair not in right]
    recall, precision = len(right) / len(SAME), len(right) / (len(right) + len(wrong))
    assert recall >= 0.9, missed
    assert precision >= 0.9, wrong


def test_titles_are_compared_whatever_language_is_first():
    one = {"title": {"en": "Workshop on village networks", "fr": "Atelier sur les réseaux de village"}}
    assert shared_words(one, {"title": {"fr": "Atelier sur les reseaux de village"}})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end", "is_near"),
    [
        ("2026-12-01T15:00", "2026-12-01T16:00", True),
        ("2026-12-02T09:00", "2026-12-02T10:00", True),
        ("2026-11-30T20:00", "2026-11-30T21:00", True),
        ("2026-12-04T09:00", "2026-12-04T10:00", False),
        ("2026-11-28T09:00", "2026-11-28T10:00", False),
        ("2026-11-25", "2026-12-05", True),
    ],
)
def test_it_is_within_a_day_of_it(start, end, is_near, participant, noon):
    event = making.published(participant, making.curator())
    given = making.details(dates=[{"start": start, "end": end}])
    assert bool(events_like(given)) == is_near
    assert not events_like(given, but=event.pk)


@pytest.mark.django_db
def test_it_asks_the_same_number_of_questions_however_full_the_calendar_is(
    participant, noon, django_assert_num_queries
):
    curator = making.curator()
    for number in range(6):
        making.published(participant, curator, making.details(title={"en": f"Another {number}"}))
    with django_assert_num_queries(1):
        events_like(making.series(4))
