"""A worker pauses for longer than its lease, in the middle of an e-mail: another one does what it had begun."""

import os
import signal
import threading
import time

from tests.faults import record
from tests.faults.crowd import Crowd
from tests.faults.postbox import Postbox
from tests.faults.served import BOUND, Served
from tests.installations import kill, wait_until

#: A worker whose leases end soon.
WORKER = """
import signal, threading
from plenara.operations import startup
startup.start()
from plenara.core import tasks
from plenara.operations import worker as working
tasks.LEASE = 4
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
working.work(stop, lease=3)
"""


#: What waited for a mail server is due now.
DUE_NOW = """
from plenara.operations import startup
startup.start()
from plenara.core import clock
from plenara.core.models import BackgroundTask
BackgroundTask.objects.filter(done_at=None, failed_at=None).update(due_at=clock.now(), lease_until=None)
"""


def test_what_a_worker_had_begun_that_stands_still_another_does(on_sqlite, table):
    postbox = Postbox()
    with Served(on_sqlite) as served, Crowd(on_sqlite, served.port, persons=5) as crowd:
        assert wait_until(lambda: crowd.has_receipts(10, 0), BOUND)
    # No worker had a mail server until here: every receipt is enqueued.
    postbox.start()
    on_sqlite.names |= postbox.names
    on_sqlite.run(code=DUE_NOW)
    release = threading.Event()
    postbox.hold = release
    first, second = on_sqlite.start(code=WORKER), None
    try:
        assert postbox.is_holding.wait(BOUND)
        os.kill(first.pid, signal.SIGSTOP)
        began = time.monotonic()
        time.sleep(5)
        second = on_sqlite.start(code=WORKER)
        assert wait_until(lambda: record.queued(on_sqlite) == 0, 2 * BOUND)
        recovery = time.monotonic() - began
        release.set()
        os.kill(first.pid, signal.SIGCONT)
        time.sleep(5)
        assert record.queued(on_sqlite) == 0
        found = record.look(on_sqlite, crowd.receipts)
        table.add("worker paused longer than its lease", 1, crowd, found, [recovery])
        assert (found.lost, found.never, crowd.wrong) == (frozenset(), {}, [])
        written = on_sqlite.ask(
            "SELECT count(*) FROM core_backgroundtask WHERE key LIKE 'receipt-%' AND done_at IS NOT NULL"
        )
        # The delayed e-mail comes at most once more, with the same number, and no other one comes twice.
        assert len(postbox.letters) == written[0][0] >= len(crowd.receipts)
        assert sum(postbox.letters.values()) <= len(postbox.letters) + 1
    finally:
        release.set()
        for each in filter(None, (first, second)):
            kill(each)
        postbox.stop()
