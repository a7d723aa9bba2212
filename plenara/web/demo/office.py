"""The hours of the demo's secretariat: when moderators decide, and the days on which nobody works."""

import datetime

from plenara.web.demo.story import Story, after, content

#: The hours of the day between which decisions are taken, and the longest they take, in minutes of those hours.
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
    """Return when a moderator decides on what came at a moment: so many office hours later, by its place in a list.

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
