"""Any WSGI server runs Plenara behind any cache: pages say how long to store them and what makes them stale."""

import http.client
import re
import subprocess
import sys

import pytest

from tests.bundles.bundles import row, write
from tests.installations import free_port, get, kill, wait_until

GRANIAN = (
    "-m granian --interface wsgi --blocking-threads 2 --backpressure 64 --port {port} plenara.config.wsgi:application"
)
WSGIREF = """
from wsgiref.simple_server import make_server
from plenara.config.wsgi import application
make_server("127.0.0.1", {port}, application).serve_forever()
"""
THREAD = "/en/consultations/village-water/threads/1/"


def ask(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize("server", [GRANIAN.split(), ["-c", WSGIREF]], ids=["granian", "wsgiref"])
def test_pages_are_cacheable_without_the_front(installation, tmp_path, server):
    (ran,) = installation.run_all(["import", write(tmp_path / "bundle", row("a"))])
    assert ran.code == 0, ran.errors
    collected = installation.run(
        code="from django.core.management import execute_from_command_line as run;"
        "run(['django-admin', 'collectstatic', '--noinput', '--settings', 'plenara.config.settings'])"
    )
    assert collected.returncode == 0, collected.stderr
    port = free_port()
    command = [sys.executable, "-P", *(each.format(port=port) for each in server)]
    process = subprocess.Popen(
        command, env=installation.environment, cwd="/", start_new_session=True, stderr=subprocess.DEVNULL
    )
    try:
        assert wait_until(lambda: get(port)[0] == 200)
        page, body = ask(port, THREAD)
        assert page.status == 200 and b"The words of a." in body
        assert re.fullmatch(r"consultation:\d+ themes directory", page.headers["Surrogate-Key"])
        control = set(page.headers["Cache-Control"].split(", "))
        assert control == {"public", "max-age=0", "s-maxage=60", "stale-while-revalidate=600"}
        assert not [name for name in page.headers if name.lower().startswith(("set-cookie", "x-plenara"))]
        again, nothing = ask(port, THREAD, **{"If-None-Match": page.headers["ETag"]})
        assert (again.status, nothing) == (304, b"")
        style = re.search(r'<link rel="stylesheet" href="(/static/[^"]+)"', body.decode())[1]
        static, _css = ask(port, style)
        assert static.status == 200 and "immutable" in static.headers["Cache-Control"]
        assert ask(port, "/en/")[0].headers["Surrogate-Key"] == "any"
        form, _html = ask(port, "/en/account/login/")
        assert form.status == 200 and "no-store" in form.headers["Cache-Control"]
        assert "Surrogate-Key" not in form.headers
    finally:
        kill(process)
