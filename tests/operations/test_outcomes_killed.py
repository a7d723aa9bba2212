"""`kill -9` between any two writes of an act on outcomes: it is whole or absent, with what it enqueues."""

import json

from tests.operations import killing

#: Makes what each act needs, in a body of its own; then has each act killed (`killing.kill_each`).
ACTS = r"""
import datetime, json
from plenara.operations import startup
startup.start()
from plenara.core import clock
from plenara.documents import actions as documents
from plenara.outcomes import actions
from tests import world
from tests.outcomes import making
from tests.operations import killing

consultation = world.consultation(threads=1, symbol="KILLED/2026")
author, moderator = world.person("Author"), world.grant(world.person("Ana Prieto"), consultation, "moderator")
organizer = world.grant(world.person("Wei Zhang"), consultation, "organizer")
edition = world.published(author, moderator, consultation.threads.get(), "Documents come too late.")
counting = iter(range(1000))


class Made:
    def __init__(self):
        self.body = making.body(organizer, consultation, f"body-{next(counting)}")
        self.chair, self.writer, self.member = (
            making.member(organizer, self.body, world.person(f"{part} {next(counting)}"), part)
            for part in ("chair", "rapporteur", "member")
        )
        self.outcome = making.outcome(organizer, self.body)
        self.paragraph = making.paragraph(self.writer, self.outcome, cites=edition)
        making.fill(self.writer, self.outcome)

    @property
    def was(self):
        return making.source(self.paragraph).digest

    def approved(self):
        documents.submit_for_review(actor=self.writer, document=self.outcome.document)
        documents.approve(actor=self.chair, document=making.fresh(self.outcome.document))
        return self


def body():
    return lambda: making.body(organizer, consultation, "body-new")


def member():
    made, person = Made(), world.person("Somebody new")
    return lambda: actions.add_member(actor=organizer, body=made.body, person=person, part="member", name="New")


def paragraph():
    made = Made()
    return lambda: making.paragraph(made.writer, made.outcome, "One more.", kind="frame")


def treat():
    made = Made()
    return lambda: making.answered(made.writer, made.paragraph, edition, "noted", "Another reason.")


def propose():
    made = Made()
    return lambda: making.proposed(made.member, made.paragraph)


def accept():
    made = Made()
    proposal = making.proposed(made.member, made.paragraph)
    actions.agree(actor=made.chair, paragraph=made.paragraph, was=made.was)
    was = making.stamp(made.paragraph)
    return lambda: actions.accept(actor=made.writer, proposal=proposal, was=was)


def objection():
    made = Made()
    return lambda: actions.object_to(actor=made.member, paragraph=made.paragraph, reason="No.", was=made.was)


def declare():
    made = Made()
    return lambda: actions.declare_agreed(actor=made.chair, paragraph=made.paragraph, was=made.was)


def publish():
    made = Made().approved()
    return lambda: actions.publish(actor=made.chair, outcome=made.outcome, stage="zero_draft")


def opening():
    made = Made().approved()
    version = actions.publish(actor=made.chair, outcome=made.outcome, stage="zero_draft")
    return lambda: making.opened(made.chair, version, slug="comments-of-one")


acts = [body, member, paragraph, treat, propose, accept, objection, declare, publish, opening]
print(json.dumps(killing.kill_each({each.__name__: each for each in acts})))
"""


def test_every_act_is_whole_or_absent(installation):
    ran = installation.run(code=ACTS)
    assert ran.returncode == 0, ran.stderr[-3000:]
    killing.assert_whole_or_absent(json.loads(ran.stdout), errors=ran.stderr[-3000:])
