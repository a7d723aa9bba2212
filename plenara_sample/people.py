"""The cast: organizers, moderators, rapporteurs, translators and operators of the demo; and office hours of the
secretariat. Participants register with their first text.
"""

import datetime
from functools import partial
from typing import Any

from plenara.accounts import actions as accounts
from plenara.consultations import actions as consultations
from plenara.consultations.models import Follow, Pace
from plenara_sample import content
from plenara_sample.timeline import Story, after

#: The office hours for decisions, and the longest time to a decision in minutes of those hours.
OPENS, CLOSES = datetime.time(8, 40), datetime.time(17, 50)
QUICK, SLOW = 70, 420
_DAY = datetime.timedelta(days=1)


def holidays(story: Story, slug: str) -> list[datetime.date]:
    """Return the two holidays of a consultation: working days near those that its content names."""
    today = story.timeline.now.astimezone(story.zones[slug]).date()
    found = []
    for days_ago in content(f"{slug}/consultation")["holidays_days_ago"]:
        day = today - datetime.timedelta(days=days_ago)
        while day.isoweekday() > 5:
            day -= _DAY
        found.append(day)
    return sorted(found)


def decides_at(story: Story, slug: str, since: datetime.datetime, place: int) -> datetime.datetime:
    """Return when a moderator decides on what came at a moment: some office hours later, by its index in a list.

    Every ninth takes a day more. It is the same at each start on one day.
    """
    free = holidays(story, slug)
    minutes = QUICK + place * 37 % (SLOW - QUICK) + (24 * 60 if place % 9 == 4 else 0)
    local = since.astimezone(story.zones[slug])
    day, begins = local.date(), max(local.timetz().replace(tzinfo=None), OPENS)
    while True:
        opens = datetime.datetime.combine(day, begins, story.zones[slug])
        closes = datetime.datetime.combine(day, CLOSES, story.zones[slug])
        if day.isoweekday() <= 5 and day not in free:
            left = (closes - opens).total_seconds() / 60
            if minutes <= left:
                return after(opens, minutes=minutes).astimezone(datetime.UTC)
            minutes -= max(0, int(left)) if minutes < 24 * 60 else 24 * 60
        day, begins = day + _DAY, OPENS


def enter(story: Story, days_ago: int, zone: Any) -> None:
    """Set up the installation, so many days ago, and register the cast, each at their time."""
    cast = content("cast")
    at = story.timeline.day(days_ago, "09:00", zone)
    for person in cast["people"]:
        came = story.timeline.day(person["days_ago"], "09:00", zone) if "days_ago" in person else at
        story.timeline.add(came, person["key"], partial(register, story, person))
    story.timeline.add(at, "installation", partial(_set_up, story, cast["installation"]))


def register(story: Story, person: dict[str, Any], *, wants_no_mail: bool = False) -> None:
    """Register somebody with what the content says of them; with `wants_no_mail` nobody writes to them.

    Most participants want none, or the first digest would go to all of them. Some choose otherwise later. Existing
    persons stay unchanged.
    """
    if person["key"] in story.people:
        return
    key, email, name, language = (person[each] for each in ("key", "email", "name", "language"))
    if key == "organizer":
        # As an operator does it on the command line, and she then opens the link.
        story.people[key] = accounts.make_organizer(email=email, name=name, language=language)
        accounts.vouch_for(story.people[key])
        accounts.accept_rules(actor=story.people[key])
        return
    story.people[key] = accounts.register(
        name=name,
        email=email,
        language=language,
        stakeholder_group=person.get("stakeholder_group", ""),
        capacity=person.get("capacity", ""),
        organization=person.get("organization", ""),
        country=person.get("country", ""),
        withholds_name=person.get("withhold_name", False),
        withholds_country=person.get("withhold_country", False),
        is_operator=key == "operator",
    )
    if wants_no_mail:
        for what in (Follow.What.REPLIES, Follow.What.TREATED):
            consultations.follow(actor=story.people[key], what=what, pace=Pace.NEVER)


def grant_roles(story: Story, slug: str) -> None:
    """Give the cast their roles in a consultation."""
    for person in content("cast")["people"]:
        for where, name, *language in person.get("roles", []):
            if where == slug:
                consultations.grant_role(
                    actor=story.people["organizer"],
                    consultation=story.consultations[slug],
                    person=story.people[person["key"]],
                    name=name,
                    language="".join(language),
                )


def _set_up(story: Story, installation: dict[str, Any]) -> None:
    accounts.set_up(actor=story.people["organizer"], **installation)
