"""The community of the demo: themes, calendar, directory, their moderators, and entries that are verified, represented,
merged, confirmed or disputed.
"""

import datetime
import zoneinfo
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from plenara.accounts.actions import accept_invitation
from plenara.consultations import actions as consultations
from plenara.consultations.community import take_charge
from plenara.consultations.models import RoleName
from plenara.contributions.models import Edition
from plenara.contributions.organizations import actions as byline
from plenara.core import clock, life_cycle
from plenara.core.models import BackgroundTask
from plenara.directory import actions as directory
from plenara.directory.emails import enqueue_yearly_review
from plenara.directory.models import Kind, Listing
from plenara.events import actions as calendar
from plenara.events.models import Event
from plenara.moderation.models import Code
from plenara.themes import actions as themes
from plenara_sample import SLUGS, consultation_history, content, people
from plenara_sample.timeline import Story, after

type Row = dict[str, Any]

#: The files of entries, and their kinds. Organizations are first: the others name them.
FILES = {"organizations": Kind.ORGANIZATION, "people": Kind.PERSON, "projects": Kind.PROJECT, "events": Event.kind}
#: The moderators, and the first words of fates other than an approval.
MODERATOR, CODES = "moderator-4", {"returned": Code.RETURNED, "rejected": Code.REJECTED}
#: How long before a first entry its owner registered, and the longest time to a decision if something follows.
EARLIER, LONGEST = datetime.timedelta(minutes=50), datetime.timedelta(hours=23)
#: E-mails about older entries count as sent: the postbox has those of the last days.
EMAILS_OF = datetime.timedelta(days=12)


@dataclass
class Community:
    """The community of the demo: the entries so far, by kind and key."""

    story: Story
    made: dict[tuple[str, str], int] = field(default_factory=dict)

    def at(self, row: Row) -> datetime.datetime:
        """Return the moment of a row, in the time zone of its consultation, or else of the secretariat.

        For some hours of a night it is another day there.
        """
        return self.story.day(row.get("consultation", SLUGS[0]), row)

    def entry(self, kind: str, key: str) -> Any:
        """Return an entry as it is at this point of the history."""
        model: Any = Event if kind == Event.kind else Listing
        return model.objects.get(pk=self.made[kind, key])


def gather(story: Story, begun_days_ago: int) -> Community:
    """Add to the timeline the beginning of calendar and directory, and everything in them."""
    community = Community(story)
    at = story.timeline.day(begun_days_ago, "09:30", story.zones[SLUGS[0]])
    story.timeline.add(at, "community", partial(_begin, story))
    _let_in(community)
    place = 0
    for name, kind in FILES.items():
        for row in content(f"community/{name}"):
            _live(community, kind, row, place)
            place += 1
    return community


def _begin(story: Story) -> None:
    """Add the list of themes, and grant the moderators their roles."""
    organizer = story.people["organizer"]
    themes.install_wsis()
    where = take_charge(actor=organizer)
    consultations.grant_role(
        actor=organizer, consultation=where, person=story.people[MODERATOR], name=RoleName.MODERATOR
    )


def _let_in(community: Community) -> None:
    """Let each owner register shortly before their first entry, unless they did before."""
    first: dict[str, datetime.datetime] = {}
    for name in FILES:
        for row in content(f"community/{name}"):
            at = community.at(row) - EARLIER
            first[row["by"]] = min(at, first.get(row["by"], at))
    for file in (*(f"{slug}/people" for slug in SLUGS), "community/people_before"):
        for person in content(file):
            if came := first.get(person["key"]):
                register = partial(people.register, community.story, person, wants_no_mail=True)
                community.story.timeline.add(came, person["key"], register)


def _live(community: Community, kind: str, row: Row, place: int) -> None:
    """Add an entry's history: its proposal, its decision, and later events."""
    add, at = community.story.timeline.add, community.at(row)
    add(at, f"{row['key']} proposed", partial(_propose, community, kind, row))
    fate = row.get("fate", "publish")
    if fate == "pending":
        return
    decided_at = min(people.decides_at(community.story, SLUGS[0], at, place), at + LONGEST)
    add(decided_at, f"{row['key']} decided", partial(_decide, community, kind, row))
    if report := row.get("report"):
        reported_at = community.at(report)
        add(reported_at, f"{row['key']} report", partial(_report, community, row))
        add(after(reported_at, minutes=95), f"{row['key']} report decided", partial(_decide, community, kind, row))
    for cancels in row.get("cancels", []):
        add(community.at(cancels), f"{row['key']} cancelled", partial(_cancel, community, row, cancels))


def _propose(community: Community, kind: str, row: Row) -> None:
    actor, key = community.story.people[row["by"]], f"demo-{kind}-{row['key']}"
    if kind == Event.kind:
        made: Any = calendar.propose(actor=actor, details=_event(community, row), language=row["language"], key=key)
    else:
        details = _listing(community, row)
        made = directory.propose(actor=actor, kind=kind, details=details, language=row["language"], key=key)
    community.made[kind, row["key"]] = made.pk
    word = "event" if kind == Event.kind else "listing"
    _leave_out_old_letter(community, f"{word}-receipt-{life_cycle.pending_version(made).pk}")


def _leave_out_old_letter(community: Community, key: str) -> None:
    if clock.now() < community.story.timeline.now - EMAILS_OF:
        BackgroundTask.objects.filter(key=key, done_at=None).update(done_at=clock.now())


def _decide(community: Community, kind: str, row: Row) -> None:
    code = CODES.get(row.get("fate", ""), Code.APPROVED)
    pk = community.made[kind, row["key"]]
    version = life_cycle.pending_version(community.entry(kind, row["key"]))
    words = {"reason": row["reason"], "sentence": row["sentence"]} if code in CODES.values() else {}
    decision = consultation_history.decide_on(community.story, MODERATOR, kind, pk, version.pk, code=code, **words)
    _leave_out_old_letter(community, f"decision-{decision.pk}")


def _report(community: Community, row: Row) -> None:
    report = row["report"]
    language, text = next(iter(report.get("text", {row["language"]: ""}).items()))
    version = calendar.report_outcome(
        actor=community.story.people[row["by"]],
        event=community.entry(Event.kind, row["key"]),
        url=report.get("url", ""),
        text=text,
        language=language,
    )
    _leave_out_old_letter(community, f"event-receipt-{version.pk}")


def _cancel(community: Community, row: Row, cancels: Row) -> None:
    event = community.entry(Event.kind, row["key"])
    calendar.cancel(actor=community.story.people[row["by"]], event=event, date=cancels.get("date"))


def _listing(community: Community, row: Row) -> Row:
    """Return the details of a listing: organizations by their numbers, months counted from this one."""
    details = dict(row["details"])
    if key := details.get("affiliation"):
        details["affiliation"] = _number(community, key)
    if keys := details.get("organizations"):
        details["organizations"] = [_number(community, key) for key in keys]
    for name in ("starts", "ends"):
        if (months := row.get(f"{name}_in_months")) is not None:
            month = community.story.timeline.now.year * 12 + community.story.timeline.now.month - 1 + months
            details[name] = f"{month // 12:04d}-{month % 12 + 1:02d}"
    return details


def _event(community: Community, row: Row) -> Row:
    """Return the details of an event, its dates counted from today at its place."""
    details = dict(row["details"])
    if key := details.get("organizer"):
        details["organizer"] = _number(community, key)
    today = community.story.timeline.now.astimezone(zoneinfo.ZoneInfo(details["timezone"])).date()
    shift = _shift(today, row["dates"][0], row["falls"])
    details["dates"] = [_date(today + shift, date) for date in row["dates"]]
    return details


def _date(day: datetime.date, date: Row) -> Row:
    """Return one date of an event: by the hour, or whole days."""
    first = day + datetime.timedelta(days=date["in_days"])
    if "start" in date:
        return {"start": f"{first}T{date['start']}", "end": f"{first}T{date['end']}"}
    last = day + datetime.timedelta(days=date["until_days"])
    return {"start": f"{first}", "end": f"{last}"}


def _shift(today: datetime.date, first: Row, falls: Any) -> datetime.timedelta:
    """Return the shift of dates so that the first is on a weekday: back for the past, forward for the future."""
    day = today + datetime.timedelta(days=first["in_days"])
    wanted = {"any": range(1, 8), "working_day": range(1, 6)}.get(falls, (falls,))
    step = -1 if first["in_days"] < 0 else 1
    return next(
        datetime.timedelta(days=days)
        for days in range(0, 7 * step, step)
        if (day + datetime.timedelta(days=days)).isoweekday() in wanted
    )


def _number(community: Community, key: str) -> int:
    number = community.entry(Kind.ORGANIZATION, key).number
    assert number, f"{key} is not published yet"
    return int(number)


STATES_FILE = "community/states"


def change_states(community: Community) -> None:
    """Add to the timeline later changes of entries of the directory."""
    add, rows = community.story.timeline.add, content(STATES_FILE)
    for row in rows["verified"]:
        act = _verify if "by" in row else _prove
        add(community.at(row), f"{row['organization']} verified", partial(act, community, row))
    for row in rows["representatives"]:
        token: list[str] = []
        add(community.at(row), f"{row['person']} named", partial(_name, community, row, token))
        add(community.at(row["accepted"]), f"{row['person']} speaks", partial(_accept, community, row, token))
    for row in rows["merged"]:
        add(community.at(row), f"{row['source']} merged", partial(_merge, community, row))
    for row in rows["confirmed"]:
        add(community.at(row), f"{row['organization']} confirmed", partial(_confirm, community, row))
    for row in rows["disputes"]:
        add(community.at(row), f"{row['on']} disputed", partial(_dispute, community, row))
    for days_ago in rows["asked_days_ago"]:
        # The worker runs daily. Here it runs on days on which there is something to ask or to mark.
        add(community.at({"days_ago": days_ago, "time": "04:10"}), "yearly questions", enqueue_yearly_review)


def _organization(community: Community, row: Row, name: str = "organization") -> Any:
    return community.entry(Kind.ORGANIZATION, row[name])


def _owner(community: Community, row: Row) -> Any:
    return _organization(community, row).owner


def _verify(community: Community, row: Row) -> None:
    actor = community.story.people[row["by"]]
    directory.verify(actor=actor, organization=_organization(community, row), note=row["note"])


def _prove(community: Community, row: Row) -> None:
    """Ask for the e-mail, and open its link at once."""
    directory.ask_for_proof(
        actor=_owner(community, row), organization=_organization(community, row), mailbox=row["mailbox"]
    )
    proof = _organization(community, row).proofs.get()
    directory.prove(token=BackgroundTask.objects.get(key=f"proof-{proof.pk}").arguments["token"])


def _name(community: Community, row: Row, token: list[str]) -> None:
    invitation = directory.name_representative(
        actor=community.story.people[row["named_by"]],
        organization=_organization(community, row),
        address=community.story.people[row["person"]].email
        if row["person"] in community.story.people
        else row["address"],
    )
    token.append(BackgroundTask.objects.get(key=f"invitation-{invitation.pk}").arguments["token"])


def _accept(community: Community, row: Row, token: list[str]) -> None:
    accept_invitation(actor=community.story.people[row["person"]], token=token[0])


def _merge(community: Community, row: Row) -> None:
    directory.merge(
        actor=community.story.people[MODERATOR],
        source=_organization(community, row, "source"),
        target=_organization(community, row, "target"),
    )


def _confirm(community: Community, row: Row) -> None:
    directory.confirm(actor=_owner(community, row), listing=_organization(community, row))


def _dispute(community: Community, row: Row) -> None:
    edition = Edition.objects.get(contribution=community.story.contributions[row["on"]], in_force=True)
    byline.dispute(
        actor=community.story.people[row["by"]],
        edition=edition,
        organization=_organization(community, row),
        text=row["text"],
        language=row["language"],
    )
