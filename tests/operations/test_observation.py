"""Traces to OpenTelemetry and errors to Sentry: what a receiver gets, and that no word and no address is in it."""

import contextlib
import gzip
import http.server
import importlib.util
import json
import threading

import brotli
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.test import Client

from plenara.accounts import actions
from plenara.core import tasks
from plenara.core.models import BackgroundTask
from plenara.front import observation
from plenara.operations import environment, health, middleware
from plenara.site.views.public import home
from tests import world
from tests.background import enqueue, make_known
from tests.contributions.test_contribute_page import post
from tests.installations import free_port, get, kill, wait_until

HAS_PACKAGES = importlib.util.find_spec("sentry_sdk") and importlib.util.find_spec("opentelemetry")
needs_packages = pytest.mark.skipif(
    not HAS_PACKAGES, reason="LEFT OUT: requirements-opentelemetry.txt and requirements-sentry.txt are not installed"
)
FIRST = "plenara.operations.middleware.Observed"
PASSWORD = "seven lanterns by the quay"
#: What no receiver may get, by where it comes from.
SECRETS = {
    "text": "quicksilver heron over the estuary",
    "title": "Tamarind ledger",
    "search": "zanzibarite",
    "address": "ottoline.vex@people.example",
    "name": "Ottoline Vexmoor",
    "ip": "203.0.113.77",
    "proxied ip": "198.51.100.93",
    "agent": "Halcyonbrowser",
    "cookie": "crimsonbiscuit",
    "query": "marmalade",
    "message": "peregrine chancellery",
    "local": "vermilion cupboard",
    "cause": "sandalwood archive",
    "argument": "obsidian teapot",
    "password": PASSWORD,
}
SPAN_ATTRIBUTES = {
    "http.request.method", "http.route", "http.response.status_code", "error.type", "db.system.name", "db.query.text",
    "plenara.queries",
}  # fmt: skip
CONTRIBUTED = "POST */contribute/<slug:slug>/<int:thread>/"
EVENT_KEYS = {
    "level", "logger", "platform", "tags", "transaction", "logentry", "exception", "event_id", "timestamp", "release",
    "environment", "server_name", "sdk",
}  # fmt: skip


class Receiver(http.server.ThreadingHTTPServer):
    """A collector and a Sentry in one: it stores what is sent, and may keep its senders waiting."""

    daemon_threads = True

    def __init__(self):
        self.sent, self.may_answer = [], threading.Event()
        self.may_answer.set()
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def names(self):
        """The environment of an installation that sends to it."""
        port = self.server_address[1]
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
            "OTEL_BSP_SCHEDULE_DELAY": "50",
            "SENTRY_DSN": f"http://key@127.0.0.1:{port}/1",
        }

    def spans(self):
        """Return every span with its process."""
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        found = []
        for path, _head, body in list(self.sent):
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans if path == "/v1/traces" else ():
                own = {each.key: each.value.string_value for each in resource.resource.attributes}
                found += [(own["plenara.process"], span) for scope in resource.scope_spans for span in scope.spans]
        return found

    def events(self):
        """Return every event."""
        envelopes = [body.decode() for path, _head, body in list(self.sent) if path == "/api/1/envelope/"]
        return [json.loads(each.splitlines()[2]) for each in envelopes]

    def all_of_it(self):
        """Return everything that was sent: paths, headers and bodies."""
        return "\n".join(f"{path}\n{head}\n{body.decode('utf-8', 'replace')}" for path, head, body in self.sent)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers["Content-Encoding"], bytes)
        self.server.sent.append((self.path, str(self.headers), unpack(body)))
        self.server.may_answer.wait()
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def receiver():
    with Receiver() as made:
        yield made
        made.may_answer.set()
        made.shutdown()


@pytest.fixture
def observed(receiver, settings, monkeypatch):
    """Let requests and tasks of this process send to the receiver."""
    for name, value in receiver.names.items():
        monkeypatch.setenv(name, value)
    settings.OBSERVATION = environment.observation()
    settings.MIDDLEWARE = [FIRST, *settings.MIDDLEWARE]
    yield receiver
    observation.stop()


def attributes(span):
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


@pytest.fixture
def failing_view(monkeypatch):
    def fail(_view, _request, **_arguments):
        local = SECRETS["local"]
        try:
            raise KeyError(SECRETS["cause"])
        except KeyError as cause:
            raise ValueError(f"{SECRETS['message']} {local}") from cause

    monkeypatch.setattr(home.Home, "get", fail)


@pytest.fixture
def failing_task():
    def fail(word):
        local = SECRETS["local"]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT '{local}'")
        with contextlib.suppress(IntegrityError), transaction.atomic():
            # PostgreSQL quotes the address in its error.
            actions.register(name=SECRETS["name"], email=SECRETS["address"])
        raise LookupError(f"{SECRETS['message']} {word} {local}")

    make_known(tasks._tasks, "test.fails", fail)
    yield
    tasks._tasks.pop("test.fails")


@needs_packages
@pytest.mark.django_db
def test_traces_and_errors_are_sent_without_a_word_or_an_address(
    observed, participant, thread, sign_in, failing_view, failing_task
):
    known = actions.register(name=SECRETS["name"], email=SECRETS["address"])
    known.set_password(PASSWORD)
    known.save()
    headers = {"User-Agent": SECRETS["agent"], "X-Forwarded-For": SECRETS["proxied ip"]}
    stranger = Client(raise_request_exception=False, headers=headers, REMOTE_ADDR=SECRETS["ip"])
    stranger.cookies["sessionid"] = SECRETS["cookie"]
    assert stranger.get(f"/en/search/?q={SECRETS['search']}").status_code == 200
    form = {"login": SECRETS["address"], "password": PASSWORD}
    assert stranger.post(f"/en/account/login/?next={SECRETS['query']}", form).status_code == 302
    client = sign_in(participant)
    title, text = SECRETS["title"], f"{world.WORDS} {SECRETS['text']}"
    page = post(client, text=text, title=title)
    sealed = page.context["form"]["seal"].value()
    assert post(client, text=text, title=title, intent="send", seal=sealed).status_code == 302
    assert stranger.get(f"/en/?q={SECRETS['query']}").status_code == 500
    BackgroundTask.objects.all().delete()
    enqueue("test.fails", key=SECRETS["argument"], word=SECRETS["argument"])
    (one,) = tasks.take()
    assert not middleware.run_task(one)

    assert wait_until(lambda: len(observed.events()) == 2 and any(s.name == "test.fails" for _p, s in observed.spans()))
    spans = [span for _process, span in observed.spans()]
    everything = observed.all_of_it()
    assert [where for where, words in SECRETS.items() if words.lower() in everything.lower()] == []

    # What is sent, on the other hand, serves somebody who looks for an error.
    assert {key for span in spans for key in attributes(span)} == SPAN_ATTRIBUTES
    assert not any(span.events or span.links or span.status.message for span in spans)
    by_name = {span.name: span for span in spans}
    assert {"GET */search/", "POST */account/login/", CONTRIBUTED} <= by_name.keys()
    failed, task = by_name["GET */"], by_name["test.fails"]
    assert attributes(failed)["error.type"] == "ValueError" and attributes(failed)["http.response.status_code"] == 500
    assert attributes(task)["error.type"] == "LookupError" and task.status.code == failed.status.code == 2
    assert "IntegrityError" in {attributes(span).get("error.type") for span in spans}
    queries = [attributes(span)["db.query.text"] for span in spans if "db.query.text" in attributes(span)]
    assert any(query.startswith("INSERT INTO") and "version" in query for query in queries)
    assert {span.parent_span_id for span in spans if span.name == "UPDATE"} >= {task.span_id}

    of_view, of_task = observed.events()
    assert of_view.keys() | of_task.keys() == EVENT_KEYS
    assert [each["type"] for each in of_view["exception"]["values"]] == ["KeyError", "ValueError"]
    assert (of_view["transaction"], of_task["transaction"]) == ("en/", "test.fails")
    assert of_task["logentry"] == {"message": "task failed"} and "logentry" not in of_view
    (error,) = of_task["exception"]["values"]
    assert error.keys() == {"type", "module", "stacktrace"}
    assert error["stacktrace"]["frames"][-1]["function"] == "failing_task.<locals>.fail"
    assert {key for frame in error["stacktrace"]["frames"] for key in frame} == {
        "module",
        "function",
        "lineno",
        "in_app",
    }


@needs_packages
@pytest.mark.django_db
def test_a_receiver_that_does_not_answer_costs_a_reader_nothing(observed, failing_view):
    observed.may_answer.clear()
    client = Client(raise_request_exception=False)
    assert client.get("/en/").status_code == 500
    assert wait_until(lambda: {path for path, *_rest in list(observed.sent)} == {"/v1/traces", "/api/1/envelope/"})
    assert client.get("/en/search/").status_code == 200  # both receivers have not answered yet
    assert not observed.may_answer.is_set()


@needs_packages
@pytest.mark.django_db
def test_a_receiver_that_is_down_costs_a_reader_nothing(settings, monkeypatch, failing_view):
    port = free_port()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("SENTRY_DSN", f"http://key@127.0.0.1:{port}/1")
    settings.OBSERVATION, settings.MIDDLEWARE = environment.observation(), [FIRST, *settings.MIDDLEWARE]
    client = Client(raise_request_exception=False)
    try:
        assert [client.get(path).status_code for path in ("/en/", "/en/search/")] == [500, 200]
    finally:
        observation.stop()
    assert [finding.subject for finding in health._observation() if not finding.is_wrong] == [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "SENTRY_DSN",
    ]  # fmt: skip


@needs_packages
@pytest.mark.once
def test_a_server_traces_requests_from_the_front_to_django_and_tasks_in_the_worker(installation, receiver):
    installation.names.update(receiver.names)
    port = free_port()
    server = installation.start("serve", "--port", port)
    try:
        assert wait_until(lambda: get(port, "/en/search/?q=zanzibarite")[0] == 200)
        assert wait_until(lambda: {"front", "django", "worker"} <= {process for process, _span in receiver.spans()})
        passed = {span.span_id for process, span in receiver.spans() if process == "front"}

        def linked():
            searches = [s for process, s in receiver.spans() if process == "django" and s.name == "GET */search/"]
            return searches and {each.parent_span_id for each in searches} <= passed

        assert wait_until(linked)
        assert "zanzibarite" not in receiver.all_of_it()
    finally:
        kill(server)


LOADED = """
import json, sys, threading
from plenara.operations import startup
startup.start()
from django.test import Client
from plenara.front import process
from plenara.operations import worker
status = Client().get("/health/", headers={"host": "127.0.0.1"}).status_code
stop = threading.Event()
threading.Timer(1, stop.set).start()
worker.work(stop)
loaded = sorted(name for name in sys.modules if name.split(".")[0] in {"opentelemetry", "sentry_sdk"})
print(json.dumps([status, loaded]))
"""


@pytest.mark.once
def test_where_nobody_wants_either_nothing_of_them_is_loaded(installation):
    ran = installation.run(code=LOADED)
    assert json.loads(ran.stdout) == [200, []], ran.stderr


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"),
        ("SENTRY_DSN", "https://sentry.example/1"),
        ("SENTRY_DSN", "https://key@sentry.example/"),
    ],
)
def test_a_wrong_address_is_refused_by_name_and_not_repeated(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{name} must be ") as refused:
        environment.observation()
    assert value not in str(refused.value)


@pytest.mark.once
@pytest.mark.parametrize("name", ["OTEL_EXPORTER_OTLP_ENDPOINT", "SENTRY_DSN"])
def test_without_its_packages_a_setting_says_which_to_install(monkeypatch, name):
    monkeypatch.setenv(name, "https://key@receiver.example/1")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} needs packages .* requirements-\w+\.txt\.$"):
        environment.observation()


@needs_packages
@pytest.mark.once
def test_a_receiver_that_answers_is_no_finding(receiver, monkeypatch):
    for name, value in receiver.names.items():
        monkeypatch.setenv(name, value)
    assert list(health._observation()) == []
    assert receiver.sent == []
