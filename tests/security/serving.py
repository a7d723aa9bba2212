"""A server of these tests' own with a consultation and two members who are signed in, and what is asked of it."""

import http.client
import re
import shutil
import threading
from pathlib import Path

import pytest

from tests.bundles.bundles import row, write
from tests.installations import Installation, children, free_port, get, kill, wait_until
from tests.security.test_front import Server

HERE = "/en/consultations/village-water/"
#: Signs two persons in and prints their cookies.
SIGN_IN = """
from plenara.operations import startup; startup.start()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from tests import world
for name in ("Hushed Alice", "Hushed Boris"):
    person = world.person(name)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "plenara.accounts.adapter.Backend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    print(session.session_key)
"""


@pytest.fixture(scope="session")
def serving(tmp_path_factory, migrated):
    """A server with a consultation of two contributions, and the cookies of two members."""
    folder = tmp_path_factory.mktemp("serving")
    shutil.copytree(migrated.data, folder / "var")
    (folder / "var").chmod(0o700)
    place = Installation(folder / "var", names={"PLENARA_CACHE_MB": "8", "PLENARA_MEANING": "off"})
    bundle = write(folder / "bundle", row("a", keywords=["water"]), row("b", in_reply_to="a"))
    [ran] = place.run_all(["import", bundle])
    assert ran.code == 0, ran.errors
    signed_in = place.run(code=SIGN_IN)
    assert signed_in.returncode == 0, signed_in.stderr
    port = free_port()
    process = place.start("serve", "--port", port)
    # A line a request: nobody who writes them waits until somebody reads.
    threading.Thread(target=process.stderr.read, daemon=True).start()
    try:
        assert wait_until(lambda: get(port)[0] == 200)
        server = Server(port, process)
        server.data = place.data
        server.cookies = [f"sessionid={key}" for key in signed_in.stdout.split()]
        yield server
    finally:
        kill(process)


def asked(server, path, method="GET", **headers):
    """Return (status, headers, body) of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def figures(server):
    """Return what the front says of itself."""
    text = asked(server, "/metrics")[2].decode()
    return {name: float(value) for name, value in re.findall(r"^(plenara_[\w]+) ([\d.e+]+)$", text, re.MULTILINE)}


def memory_of_front(server):
    """Return the megabytes that the front process takes."""
    for pid in children(server.process.pid):
        if b"front.process" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024
    pytest.fail("there is no front")
