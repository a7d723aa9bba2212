"""`kill -9` between any two writes of an act at the desk: the act is whole or absent, with all that it enqueues."""

import json

from tests.operations import killing

#: Makes one contribution for each act, each in the state that the act needs; then kills each act (`killing.kill_each`).
ACTS = r"""
import datetime, json
from plenara.operations import startup
startup.start()
from plenara.core import clock
from plenara.contributions.actions import revise, submit, withdraw
from plenara.contributions.models import Contribution
from plenara.core import tasks
from plenara.core.models import BackgroundTask
from plenara.moderation import actions; from plenara.moderation.actions import decisions as background
from plenara.moderation.models import Appeal, Code, Decision, Item, Redaction, Report
from tests import world
from tests.operations import killing

consultation = world.consultation(threads=2, symbol="KILLED/2026")
thread, other = consultation.threads.all()
first, second = (world.grant(world.person(name), consultation, "moderator") for name in ("Ana Prieto", "Jean Moreau"))
author, reader = world.person("Aminata Diallo"), world.person("Daniel Okafor")
texts = iter(range(100))


def pending():
    return world.submitted(author, thread, f"Text number {next(texts)}, with a telephone number: 1234567.")


def decided(code, **more):
    return world.decided(pending(), first, code, **more)


def version_of(contribution):
    return contribution.versions.get(state="pending").pk


def decided_before(code, **more):
    # So long ago that it can no longer be undone.
    with clock.at(clock.now() - datetime.timedelta(minutes=5)):
        return decided(code, **more)


def deciding(code, **more):
    it = pending()
    return lambda: actions.decide(
        actor=first, kind="contribution", pk=it.pk, version_id=version_of(it), code=code, **more
    )


def undoing(code, **more):
    decision = Decision.objects.get(object_id=decided(code, **more).pk)
    return lambda: actions.undo(actor=first, decision=decision)


def item_of(contribution):
    return Item.objects.get(object_id=contribution.pk)


def consenting():
    it = pending()
    proposal = actions.propose_redaction(
        actor=first, kind="contribution", pk=it.pk, version_id=version_of(it),
        text=it.versions.get().text.content.replace("1234567", "[…]"),
        reason="R7",
    )
    return lambda: actions.consent(actor=author, kind="contribution", pk=it.pk, redaction_id=proposal.pk)


def proposing():
    it = pending()
    text = it.versions.get().text.content.replace("1234567", "[…]")
    return lambda: actions.propose_redaction(
        actor=first, kind="contribution", pk=it.pk, version_id=version_of(it), text=text, reason="R7"
    )


def appealing(outcome=""):
    it = decided_before(Code.REJECTED, reason="R3")
    decision = Decision.objects.get(object_id=it.pk)
    file = lambda: actions.appeal(
        actor=author, kind="contribution", pk=it.pk, decision_id=decision.pk, text="It answers the question."
    )
    if not outcome:
        return file
    appeal = file()
    return lambda: actions.decide_appeal(actor=second, appeal_id=appeal.pk, outcome=outcome, answer="So it does.")


def publish_moved():
    decision = Decision.objects.get(object_id=decided(Code.MOVED, thread=other).pk)
    return lambda: background.publish_moved.call(decision_id=decision.pk)


def publish_approved(now=False):
    decision = Decision.objects.get(object_id=decided(Code.APPROVED, can_undo=True).pk)
    if now:
        return lambda: actions.publish_now(actor=first, decision=decision)
    return lambda: background.publish_approved.call(decision_id=decision.pk)


def removing(then=None):
    it = decided(Code.APPROVED)
    remove = lambda: actions.remove(actor=second, kind="contribution", pk=it.pk, reason="R4")
    if then is None:
        return remove
    remove()
    return lambda: actions.restore(actor=second, kind="contribution", pk=it.pk)


def sending_again():
    it = decided_before(Code.RETURNED, reason="R3")
    return lambda: revise(actor=author, contribution=it, text=f"Better words {it.pk}.", language="en")


def about_published(act):
    it = decided(Code.APPROVED)
    return lambda: act(it)


def held():
    item = item_of(pending())
    until = clock.now().date() + datetime.timedelta(days=3)
    return lambda: actions.hold(actor=first, item=item, reason="The ministry is asked.", until=until)


make = {
    "submit": lambda: lambda: pending(),
    "withdraw": lambda: about_published(lambda it: withdraw(actor=author, contribution=it)),
    "revise": lambda: about_published(
        lambda it: revise(actor=author, contribution=it, text=f"Other words {it.pk}.", language="en")
    ),
    "send again": sending_again,
    "approve": lambda: deciding(Code.APPROVED),
    "approve, to be published later": lambda: deciding(Code.APPROVED, can_undo=True),
    "undo an approval": lambda: undoing(Code.APPROVED, can_undo=True),
    "publish what was approved": publish_approved,
    "publish it at once": lambda: publish_approved(now=True),
    "return": lambda: deciding(Code.RETURNED, reason="R3"),
    "move": lambda: deciding(Code.MOVED, thread=other),
    "move to wait": lambda: deciding(Code.MOVED, thread=other, publish_there=False),
    "reject": lambda: deciding(Code.REJECTED, reason="R5"),
    "undo a return": lambda: undoing(Code.RETURNED, reason="R3"),
    "undo a move": lambda: undoing(Code.MOVED, thread=other),
    "publish what was moved": publish_moved,
    "remove": removing,
    "restore": lambda: removing("restore"),
    "hold": held,
    "claim": lambda: (lambda item: lambda: actions.claim(actor=first, item=item))(item_of(pending())),
    "propose a redaction": proposing,
    "consent to a redaction": consenting,
    "appeal": appealing,
    "uphold an appeal": lambda: appealing("upheld"),
    "overrule an appeal": lambda: appealing("overruled"),
    "report": lambda: about_published(
        lambda it: actions.report(actor=reader, kind="contribution", pk=it.pk, reason="R4")
    ),
    "note": lambda: about_published(
        lambda it: actions.leave_note(actor=first, kind="contribution", pk=it.pk, text="Seen.")
    ),
}
print(json.dumps(killing.kill_each(make)))
"""


def test_every_act_is_whole_or_absent(installation):
    ran = installation.run(code=ACTS)
    assert ran.returncode == 0, ran.stderr[-3000:]
    # A claim is a lease and records nothing.
    killing.assert_whole_or_absent(json.loads(ran.stdout), one_write={"claim"}, errors=ran.stderr[-3000:])
