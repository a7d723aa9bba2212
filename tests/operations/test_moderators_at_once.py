"""Twenty moderators at 250 pending items at once: each decided exactly once, one e-mail for each author, no error."""

import json

#: Makes the consultation, its moderators, and contributions of as many authors that wait.
PREPARE = """
import json, sys
from plenara.operations import startup
startup.start()
from plenara.accounts.models import Person
from plenara.core import clock
from plenara.contributions.models import Byline, Contribution, Text, Version
from plenara.moderation.models import Item
from tests import world
moderators, pending = map(int, sys.argv[1:])
consultation = world.consultation(threads=2, symbol="ATONCE/2026")
thread = consultation.threads.get(number=1)
team = [world.grant(world.person(f"Moderator {n}"), consultation, "moderator").pk for n in range(moderators)]
text, byline = Text.of("Documents should reach us in time."), Byline.objects.create(name="X", stakeholder_group="other")
authors = Person.objects.bulk_create(
    Person(email=f"author{n}@people.example", name=f"Author {n}", password="!") for n in range(pending)
)
made = Contribution.objects.bulk_create(
    Contribution(thread=thread, consultation=consultation, author=author) for author in authors
)
versions = Version.objects.bulk_create(
    Version(contribution=each, number=1, text=text, byline=byline, language="en") for each in made
)
Item.objects.bulk_create(
    Item(
        object_id=each.contribution_id, version_id=each.pk, consultation=consultation, thread=1, language="en",
        author_id=each.contribution.author_id, since=clock.now(),
    )
    for each in versions
)
print(json.dumps(team))
"""

#: Some moderators in one process, a thread each.
DECIDE = """
import json, random, sys, threading
from plenara.operations import startup
startup.start()
from django.db import connection
from plenara.accounts.models import Person
from plenara.core.refusals import AlreadyDone
from plenara.consultations.models import Thread
from plenara.moderation import actions
from plenara.moderation.models import Code, Item
other = Thread.objects.get(number=2)
told = {"decided": 0, "beaten": 0, "errors": []}
CODES = [Code.APPROVED, Code.APPROVED, Code.APPROVED, Code.RETURNED, Code.REJECTED, Code.MOVED]
lock = threading.Lock()

def work(pk, number):
    decided = beaten = 0
    chance = random.Random(pk)
    try:
        actor = Person.objects.get(pk=pk)
        # Everybody looks at the same head of the queue, which is long enough that not most of what they do is in vain.
        while found := list(Item.objects.order_by("since", "id")[:200]):
            for item in chance.sample(found, min(len(found), 10)):
                code = CODES[(item.pk + number) % len(CODES)]
                try:
                    actions.decide(
                        actor=actor, kind=item.kind, pk=item.object_id, version_id=item.version_id, code=code,
                        reason="R3" if code in {Code.RETURNED, Code.REJECTED} else "",
                        thread=other if code == Code.MOVED else None,
                    )
                    decided += 1
                except AlreadyDone:
                    beaten += 1
    except Exception as error:
        told["errors"].append(repr(error))
    finally:
        connection.close()
        with lock:
            told["decided"] += decided
            told["beaten"] += beaten

sys.stdin.readline()  # all begin at once
threads = [threading.Thread(target=work, args=(pk, number)) for number, pk in enumerate(json.loads(sys.argv[1]))]
[each.start() for each in threads]
[each.join() for each in threads]
print(json.dumps(told))
"""

#: Half a minute later what was moved is published, and the first e-mails go into a postbox in memory; prints how many
#: each address got.
DELIVER = """
import collections, datetime, json, sys
from plenara.operations import startup
startup.start()
from django.conf import settings
from django.core import mail
settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
from plenara.core import clock
from plenara.core import tasks
from plenara.core.models import BackgroundTask
mail.outbox = []
with clock.at(clock.now() + datetime.timedelta(seconds=31)):
    for one in BackgroundTask.objects.filter(task="moderation.publish_moved"):
        assert tasks.run(one)
    tasks.run_all(limit=int(sys.argv[1]), besides=("search.read",))
print(json.dumps(collections.Counter(letter.to[0] for letter in mail.outbox)))
"""

MODERATORS, PENDING, PROCESSES, READ = 20, 250, 4, 30


def test_each_item_is_decided_once_and_each_author_gets_one_e_mail(installation):
    prepared = installation.run(MODERATORS, PENDING, code=PREPARE)
    assert prepared.returncode == 0, prepared.stderr
    team = json.loads(prepared.stdout)
    workers = [installation.start(json.dumps(team[n::PROCESSES]), code=DECIDE) for n in range(PROCESSES)]
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    results = [json.loads(worker.communicate(timeout=900)[0]) for worker in workers]
    assert [error for each in results for error in each["errors"]] == []
    assert sum(each["decided"] for each in results) == PENDING
    assert sum(each["beaten"] for each in results) > 0, "nobody met anybody: the test tests nothing"

    ask = installation.ask
    assert ask("SELECT count(*), count(DISTINCT object_id), max(number) FROM moderation_decision") == [
        (PENDING, PENDING, PENDING)
    ]
    assert ask("SELECT count(*) FROM moderation_item") == [(0,)]
    assert ask("SELECT count(*) FROM core_auditentry WHERE verb = 'moderation.decided'") == [(PENDING,)]

    delivered = installation.run(READ, code=DELIVER)
    assert delivered.returncode == 0, delivered.stderr
    letters = json.loads(delivered.stdout)
    assert (len(letters), set(letters.values())) == (READ, {1})
    queued = "SELECT count(*), count(DISTINCT key) FROM core_backgroundtask WHERE task = 'moderation.notify_author'"
    assert ask(queued) == [(PENDING, PENDING)]
    # Whatever was approved, or moved and published since, has one edition and a number of its own.
    approved = "SELECT count(*) FROM moderation_decision WHERE code IN ('APPROVED', 'MOVED')"
    editions = "SELECT count(*), count(DISTINCT number), max(number) FROM contributions_edition"
    ((published,),) = ask(approved)
    assert ask(editions) == [(published, published, published)]
    assert ask("SELECT sum(count) FROM contributions_tally") == [(published,)]
