"""`plenara serve`: web server and task worker in one command, stopped within seconds, whole again after a death."""

import os
import signal
from pathlib import Path

import pytest

from plenara.operations.front_process import number_of_fronts
from plenara.operations.server import PROCESSES
from tests.installations import children, free_port, get, is_alive, kill, wait_until

pytestmark = pytest.mark.once

#: What a server starts: the fronts, the task worker, and Django's processes.
FRONTS = ["plenara-front", *(f"plenara-front-{number}" for number in range(2, number_of_fronts() + 1))]
STARTED = len(FRONTS) + 1 + PROCESSES


def test_it_refuses_to_start_on_data_that_is_not_migrated(new):
    ran = new.run("serve", "--port", free_port())
    assert ran.returncode == 1
    assert ran.stderr == "plenara serve: There is no database yet. Run `plenara migrate` first.\n"


def test_it_refuses_a_database_of_an_older_or_a_newer_version(installation):
    table = "django_migrations"
    code = (
        "from plenara.operations import startup; startup.start(); from django.db import connection; import sys\n"
        "cursor = connection.cursor(); cursor.execute(sys.argv[1])\n"
        "try: startup.require_migrated()\n"
        "except startup.Failed as failed: print(failed)"
    )
    newer = f"INSERT INTO {table} (app, name, applied) VALUES ('core', '9999_later', CURRENT_TIMESTAMP)"
    assert "newer version" in installation.run(newer, code=code).stdout
    older = f"DELETE FROM {table} WHERE app = 'core'"
    assert "older version" in installation.run(older, code=code).stdout


def test_it_serves_is_stopped_within_seconds_and_leaves_nobody_behind(installation):
    port = free_port()
    server = installation.start("serve", "--port", port, forks=False)
    try:
        assert wait_until(lambda: get(port) == (200, "ok\n"))
        assert get(port, "/en/")[0] == 200
        taken = installation.run("serve", "--port", port)
        assert (taken.returncode, taken.stdout) == (1, "")
        sentence = f"Port {port} is in use. Stop the program that uses it, or choose another port with --port."
        assert taken.stderr == f"plenara serve: {sentence}\n"
        assert wait_until(lambda: len(children(server.pid)) == STARTED)
        started = children(server.pid)

        # Whichever of them dies is started again.
        for each in started:
            os.kill(each, signal.SIGKILL)
            assert wait_until(lambda gone=each: len(set(children(server.pid)) - {gone}) == STARTED)
        assert wait_until(lambda: get(port, "/en/")[0] == 200)
        started = children(server.pid)

        server.send_signal(signal.SIGTERM)
        assert server.wait(600) == 0
        assert wait_until(lambda: not any(map(is_alive, started)))
        # Log lines are JSON, without a traceback.
        assert all(line.startswith("{") for line in server.stderr.read().splitlines())
    finally:
        kill(server)


def test_what_it_starts_has_the_names_that_an_operator_looks_for(installation):
    port = free_port()
    server = installation.start("serve", "--port", port)
    try:
        assert wait_until(lambda: get(port)[0] == 200 and len(children(server.pid)) == STARTED)
        names = sorted(Path(f"/proc/{pid}/comm").read_text().strip() for pid in children(server.pid))
        assert names == ["plenara-django"] * PROCESSES + [*FRONTS, "plenara-worker"]
    finally:
        kill(server)


def test_killed_it_takes_its_processes_along_and_the_port_is_free(installation):
    port = free_port()
    server = installation.start("serve", "--port", port)
    try:
        assert wait_until(lambda: get(port)[0] == 200 and len(children(server.pid)) == STARTED)
        started = children(server.pid)
        os.kill(server.pid, signal.SIGKILL)
        assert wait_until(lambda: not any(map(is_alive, started)))
        server = installation.start("serve", "--port", port)
        assert wait_until(lambda: get(port)[0] == 200)
    finally:
        kill(server)


def test_while_the_front_is_started_again_nobody_is_turned_away(installation):
    port = free_port()
    server = installation.start("serve", "--port", port)
    try:
        assert wait_until(lambda: get(port, "/en/")[0] == 200)
        names = {Path(f"/proc/{pid}/comm").read_text().strip(): pid for pid in children(server.pid)}
        os.kill(names["plenara-front"], signal.SIGKILL)
        # The socket is the server's own: who comes now waits until the next front takes it.
        assert get(port, "/en/")[0] == 200
    finally:
        kill(server)


def test_static_files_are_gathered_once(installation):
    code = (
        "from plenara.operations import startup; startup.start(); from plenara.operations.static_files import collect\n"
        "print(collect(), collect())"
    )
    assert installation.run(code=code).stdout == "True False\n"
    assert list((installation.data / "static").glob("plenara.*.css"))
