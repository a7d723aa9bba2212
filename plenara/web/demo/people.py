"""The cast: who organizes, moderates, writes, translates and runs the demo. Participants come with what they write."""

from functools import partial
from typing import Any

from plenara.accounts import actions as accounts
from plenara.consultations import actions as consultations
from plenara.consultations.models import Follow, Pace
from plenara.web.demo.story import Story, content


def enter(story: Story, days_ago: int, zone: Any) -> None:
    """Set up the installation, so many days ago, and register the cast, each when they came."""
    cast = content("cast")
    at = story.timeline.day(days_ago, "09:00", zone)
    for person in cast["people"]:
        came = story.timeline.day(person["days_ago"], "09:00", zone) if "days_ago" in person else at
        story.timeline.add(came, person["key"], partial(register, story, person))
    story.timeline.add(at, "installation", partial(_set_up, story, cast["installation"]))


def register(story: Story, person: dict[str, Any], *, wants_no_mail: bool = False) -> None:
    """Register somebody with what the content tells of them; with `wants_no_mail` they hear nothing about it.

    Most participants want none, or the first digest would go to all of them. Some choose otherwise later. Who is there
    already stays as they are.
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
