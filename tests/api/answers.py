"""Asking the API, and holding each answer against its schema."""

import datetime
import json
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from plenara import api

ROOT = "/api/v1/"
HERE = f"{ROOT}consultations/internet-governance"
DOCUMENT = json.loads((Path(api.__file__).parent / "openapi.json").read_text("utf-8"))

#: An address for every path of the document that answers in the world of `whole`.
PATHS = {
    path: path.format(slug="internet-governance", number=1, revision=0, code="C2", body="wgig", outcome="report")
    for path in DOCUMENT["paths"]
}
#: Those of them that are of no consultation: its publications do not change them.
COMMUNITY = {
    path for path in PATHS.values() if path.split("/")[3] in {"events", "organizations", "people", "projects", "themes"}
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def _is_moment(value):
    return bool(_MOMENT.fullmatch(value)) and bool(datetime.datetime.fromisoformat(value))


def _is_day(value):
    return bool(datetime.date.fromisoformat(value))


def _is_address(value):
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and value.isascii() and " " not in value


@lru_cache(maxsize=1)
def _formats():
    from jsonschema import FormatChecker  # it takes a second, in each process

    checker = FormatChecker(formats=())
    for name, is_one in {"date-time": _is_moment, "date": _is_day, "uri": _is_address}.items():
        checker.checks(name, ValueError)(is_one)
    return checker


def _strict(schema):
    """Return a schema that knows every field there is: what it does not name must not be answered."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _strict(value) for name, value in schema.items()}
    if "properties" in found and isinstance(found.get("type"), str):
        found.setdefault("additionalProperties", False)
    return found


@lru_cache(maxsize=1)
def _root():
    return _strict(DOCUMENT)


@lru_cache
def validator(name):
    """Return what holds an answer against a schema of the document, formats included."""
    from jsonschema import Draft202012Validator

    schema = {"$ref": f"#/components/schemas/{name}", "components": _root()["components"]}
    return Draft202012Validator(schema, format_checker=_formats())


@lru_cache(maxsize=1)
def _patterns():
    found = []
    for path, item in DOCUMENT["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", r"[^/]+", re.escape(path))
        found.append((re.compile(f"{pattern}/?"), item["get"]["responses"]))
    return found


def schema_of(path, status):
    """Return the name of the schema that the document gives for an answer; nothing where it gives none."""
    found = [responses for pattern, responses in _patterns() if pattern.fullmatch(path.split("?")[0])]
    responses = found[0] if found else {"404": {"$ref": "#/components/responses/NotFound"}}
    said = responses[str(status)]
    if "$ref" in said:
        said = DOCUMENT["components"]["responses"][said["$ref"].rpartition("/")[2]]
    (content,) = said["content"].values()
    return content["schema"].get("$ref", "").rpartition("/")[2]


def ask(client, path, status=200, **headers):
    """Return what an address answers, having held it against the schema."""
    path = path.removeprefix("http://127.0.0.1:8000")
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, (path, answer.status_code, answer.content[:500])
    kind = "application/json; charset=utf-8" if status == 200 else "application/problem+json"
    assert answer["Content-Type"] == kind
    said = json.loads(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    if name := schema_of(path, status):
        errors = [f"{each.json_path}: {each.message[:200]}" for each in validator(name).iter_errors(said)]
        assert not errors, (path, errors)
    return said


def walk(client, path, key):
    """Return all rows of a list, page by page."""
    rows = []
    while path:
        said = ask(client, path)
        rows += said[key]
        path = said.get("next")
    return rows
