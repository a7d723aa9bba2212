"""`kill -9` between any two writes of an act of calendar, directory or themes: it is whole or absent."""

import json

import pytest

from tests.bundles.bundles import lines
from tests.bundles.community.making import DAYS, PERSON, PROJECT
from tests.bundles.community.test_checking import THEME, row
from tests.operations import killing

#: Makes what each act needs, by owners of its own; then has every other act killed (`killing.kill_each`).
ACTS = r"""
import datetime, json, sys
from pathlib import Path
from plenara.operations import startup
startup.start()
from plenara.accounts import actions as accounts
from plenara.bundles.actions.community import import_community
from plenara.core import clock
from plenara.contributions.organizations import actions as bylines
from plenara.directory import actions as directory
from plenara.directory.models import Listing
from plenara.events import actions as calendar
from plenara.events.validation.calendar_files import Row
from plenara.core.models import BackgroundTask
from plenara.moderation import actions as moderation
from plenara.moderation.models import Code
from plenara.themes import actions as themes
from plenara.themes.queries import concepts_of_list as of_list
from plenara.themes.models import Theme
from plenara.themes.validation import plan
from tests import world
from tests.directory import making as listings
from tests.events import making as events
from tests.operations import killing

consultation = world.consultation(threads=1, symbol="KILLED/2026")
thread = consultation.threads.get()
moderator = world.grant(world.person("Ana Prieto"), consultation, "moderator")
curator, organizer = listings.curator("Jean Moreau"), world.person("Wei Zhang", is_organizer=True)
counting = iter(range(1000))
said = {"text": "It is not ours.", "language": "en"}


def owner():
    return world.person(f"Owner {next(counting)}")


def waiting(kind):
    number = next(counting)
    if kind == "event":
        return events.proposed(owner(), events.details(title={"en": f"Meeting {number}"}, themes=["C2"]))
    names = {"organization": {"name": {"en": f"Quartz {number} Society"}, "site": f"https://q{number}.example/"},
             "person": {"name": f"Person {number}"}, "project": {"title": {"en": f"Project {number}"}}}
    return listings.proposed(owner(), kind, **names[kind])


def published(kind):
    entry = waiting(kind)
    return (events if kind == "event" else listings).decided(entry, curator)


def deciding(kind, code=Code.APPROVED, revises=False, **more):
    entry = published(kind) if revises else waiting(kind)
    if revises:
        revising(entry)()
    version = entry.versions.get(state="pending")
    return lambda: moderation.decide(
        actor=curator, kind=entry.kind, pk=entry.pk, version_id=version.pk, code=code, **more
    )


def revising(entry):
    act = calendar.change if entry.kind == "event" else directory.revise
    key = "event" if entry.kind == "event" else "listing"
    details = {**entry.details, "description": {"en": "Other words."}, "about": {"en": "Other words."}}
    return lambda: act(actor=entry.owner, details=details, language="en", **{key: entry})


def removing(kind, then=None):
    entry = published(kind)
    remove = lambda: moderation.remove(actor=curator, kind=entry.kind, pk=entry.pk, reason="E6")
    if then is None:
        return remove
    remove()
    return lambda: moderation.restore(actor=curator, kind=entry.kind, pk=entry.pk)


def proposing(kind):
    who = owner()
    if kind == "event":
        return lambda: calendar.propose(actor=who, details=events.series(), language="en", key=f"key {who.pk}")
    return lambda: directory.propose(
        actor=who, kind=kind, details=listings.DETAILS[kind], language="en", key=f"key {who.pk}"
    )


def begun():
    dates = [{"start": "2025-12-01", "end": "2025-12-02"}]
    entry = events.decided(events.proposed(owner(), events.details(dates=dates)), curator)
    return lambda: calendar.report_outcome(actor=entry.owner, event=entry, url="", text="It was held.", language="en")


def file_of(who):
    number = next(counting)
    rows = [Row(f"{number}-{n}@x.example", events.details(title={"en": f"Read {number} {n}"})) for n in range(4)]
    return dict(actor=who, name="a.ics", sha256=f"{number:064}", rows=rows, language="en")


def confirming():
    who = owner()
    kept = calendar.upload(**file_of(who))
    return lambda: calendar.confirm(actor=who, file=kept, numbers=[1, 2, 3])


def keeping():
    given = file_of(owner())
    return lambda: calendar.upload(**given)


def forgetting():
    who = owner()
    kept = calendar.upload(**file_of(who))
    return lambda: calendar.forget(actor=who, file=kept)


def verified():
    entry = published("organization")
    directory.verify(actor=curator, organization=entry, note="By telephone.")
    return entry


def speaking(entry):
    # Somebody who speaks for an organization, and has said something in its name.
    name = entry.details["name"]["en"]
    who = world.person(f"Speaker {next(counting)}", capacity="organization", organization=name)
    invited = directory.name_representative(actor=entry.owner, organization=entry, address=who.email)
    accounts.accept_invitation(actor=who, token=token_of(invited))
    return who, world.published(who, moderator, thread, f"Words in the name of {name}.")


def token_of(invited):
    return BackgroundTask.objects.get(key=f"invitation-{invited.pk}").arguments["token"]


def merging():
    source, target = verified(), published("organization")
    details = {**source.details, "name": target.details["name"]}
    Listing.objects.filter(pk=target.pk).update(details=details)
    who, edition = speaking(source)
    bylines.dispute(actor=source.owner, edition=edition, organization=source, **said)
    revising(source)()
    named = events.proposed(owner(), events.details(organizer=source.number))
    events.decided(named, curator)
    return lambda: directory.merge(actor=curator, source=source, target=target)


def asking():
    entry = published("organization")
    return lambda: directory.ask_for_proof(actor=entry.owner, organization=entry, mailbox="info")


def proving():
    asking()()
    token = BackgroundTask.objects.filter(task="directory.send_proof").latest("pk").arguments["token"]
    return lambda: directory.prove(token=token)


def on(entry, act, actor=None, **more):
    return lambda: act(actor=actor or entry.owner, **more)


def verifying(act, **more):
    entry = verified() if act is directory.end_verification else published("organization")
    return on(entry, act, actor=curator, organization=entry, **more)


def yearly(act, **stands):
    entry = published("project")
    Listing.objects.filter(pk=entry.pk).update(**stands)
    return lambda: act(entry)


def old(entry):
    day = clock.now() - datetime.timedelta(days=400)
    Listing.objects.filter(pk=entry.pk).update(confirmed_at=day, asked_at=day, doubted_at=day, archived_at=day)
    return entry


def confirming_all():
    entry = old(published("project"))
    return lambda: directory.confirm_all(actor=entry.owner, pks=[entry.pk])


def inviting(act, accept=False):
    entry, to = verified(), owner()
    key = "listing" if act is directory.hand_over else "organization"
    invite = lambda: act(actor=entry.owner, address=to.email, **{key: entry})
    if not accept:
        return invite
    token = token_of(invite())
    return lambda: accounts.accept_invitation(actor=to, token=token)


def ending():
    entry = verified()
    speaking(entry)
    last = entry.representatives.get()
    return lambda: directory.end_representation(actor=entry.owner, representative=last)


def marking():
    entry = verified()
    _who, edition = speaking(entry)
    edition.organization_marks.all().delete()
    last = entry.representatives.get()
    return lambda: bylines.mark_organization.call(representative_id=last.pk)


def disputing(then=None):
    entry = verified()
    _who, edition = speaking(entry)
    dispute = lambda: bylines.dispute(actor=entry.owner, edition=edition, organization=entry, **said)
    if then is None:
        return dispute
    made = dispute()
    if then == "back":
        return lambda: bylines.withdraw_dispute(actor=entry.owner, dispute=made)
    return lambda: bylines.decide_dispute(
        actor=moderator, dispute=made, status=then, answer="So it is.", language="en"
    )


def bringing():
    rows = [{"code": "X1", "labels": {"en": "Space"}}, {"code": "C9", "labels": {"en": "The press"}, "related": ["X1"]}]
    kept = themes.store_file(actor=organizer, name="a.csv", sha256="1" * 64, vocabulary="wsis", rows=rows)
    digest = lambda: plan(kept.rows, {each.code: each for each in of_list()}, "wsis").digest
    return lambda: themes.import_file(actor=organizer, file_id=kept.pk, digest=digest())


def theme(code):
    return Theme.objects.get(code=code)


def retired():
    themes.retire(actor=organizer, theme=theme("C10"))
    return lambda: themes.offer_again(actor=organizer, theme=theme("C10"))


KINDS = ("event", "organization")  # people and projects go the ways of organizations
make = {
    **{f"propose: {kind}": lambda kind=kind: proposing(kind) for kind in KINDS},
    **{f"publish: {kind}": lambda kind=kind: deciding(kind) for kind in KINDS},
    **{f"revise: {kind}": lambda kind=kind: revising(published(kind)) for kind in KINDS},
    "publish a revision: event": lambda: deciding("event", revises=True),
    "return: event": lambda: deciding("event", Code.RETURNED, reason="E1"),
    "reject: organization": lambda: deciding("organization", Code.REJECTED, reason="E5"),
    "remove: event": lambda: removing("event"),
    "remove: organization": lambda: removing("organization"),
    "restore: event": lambda: removing("event", "restore"),
    "restore: project": lambda: removing("project", "restore"),
    "cancel": lambda: (lambda it: on(it, calendar.cancel, event=it))(published("event")),
    "withdraw: event": lambda: (lambda it: on(it, calendar.withdraw, event=it))(published("event")),
    "withdraw: person": lambda: (lambda it: on(it, directory.withdraw, listing=it))(published("person")),
    "tell what came of it": begun,
    "keep a calendar file": keeping,
    "confirm a calendar file": confirming,
    "forget a calendar file": forgetting,
    "ask for proof": asking,
    "prove": proving,
    "verify": lambda: verifying(directory.verify, note="By telephone."),
    "end a verification": lambda: verifying(directory.end_verification),
    "merge": merging,
    "confirm": lambda: (lambda it: on(it, directory.confirm, listing=it))(old(published("project"))),
    "confirm all": confirming_all,
    "doubt": lambda: yearly(directory.doubt, asked_at=clock.now()),
    "archive": lambda: yearly(directory.archive, asked_at=clock.now(), doubted_at=clock.now()),
    "hand over": lambda: inviting(directory.hand_over),
    "take over": lambda: inviting(directory.hand_over, accept=True),
    "name a representative": lambda: inviting(directory.name_representative),
    "represent": lambda: inviting(directory.name_representative, accept=True),
    "end a representation": ending,
    "mark what was said": marking,
    "dispute a byline": disputing,
    "take a dispute back": lambda: disputing("back"),
    "uphold a dispute": lambda: disputing("upheld"),
    "dismiss a dispute": lambda: disputing("dismissed"),
    "keep a file of themes": lambda: lambda: themes.store_file(
        actor=organizer, name="a.csv", sha256="2" * 64, vocabulary="own", rows=[{"code": "Y1", "labels": {"en": "Y"}}]
    ),
    "add a theme": lambda: lambda: themes.add(actor=organizer, code="Z1", labels={"en": "Z"}, related=["C2"]),
    "edit a theme": lambda: lambda: themes.edit(actor=organizer, theme=theme("C3"), labels={"en": "Changed"}),
    "retire a theme": lambda: lambda: themes.retire(actor=organizer, theme=theme("C11"), replaced_by=theme("C1")),
    "offer a theme again": retired,
    "bring in themes": bringing,
    "learn themes": lambda: lambda: themes.learn(themes=[{"code": "L1", "label": {"en": "L"}}], vocabulary="v"),
    "import a community": lambda: lambda: import_community(Path(sys.argv[1])),
}
half = list(make)[int(sys.argv[2])::2]
print(json.dumps(killing.kill_each({name: make[name] for name in half})))
"""


def bundle(folder):
    """Write a community of another installation, whose numbers are not taken here."""
    folder.mkdir()
    (folder / "community.json").write_text('{"format": "plenara-community/1"}')
    (folder / "themes.json").write_text(json.dumps([{**THEME, "code": "B1"}]))
    organizations = [row(901), row(902), row(903, status="merged", merged_into=901)]
    people = [row(904, details=PERSON, affiliation=901)]
    projects = [row(905, details=PROJECT, organizations=[901, 902])]
    events = [row(906, details={**DAYS, "organizer": 902}), row(907, details=DAYS, themes=["B1"])]
    for name, rows in (
        ("organizations", organizations), ("people", people), ("projects", projects), ("events", events),
    ):  # fmt: skip
        (folder / f"{name}.jsonl").write_text(lines(*rows))
    return folder


@pytest.mark.parametrize("half", [0, 1])
def test_every_act_is_whole_or_absent(half, installation, tmp_path):
    ran = installation.run(bundle(tmp_path / "bundle"), half, code=ACTS)
    assert ran.returncode == 0, ran.stderr[-3000:]
    killing.assert_whole_or_absent(json.loads(ran.stdout), errors=ran.stderr[-3000:])
