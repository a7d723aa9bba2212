"""What the API has promised, a line each: paths, parameters, statuses, fields and their types.

`python -m tests.api.stable` adds what is new to the promises. What was promised once stays for good.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.api.answers import DOCUMENT

PROMISES = Path(__file__).with_name("promises.txt")


def kept() -> list[str]:
    """Return what was promised."""
    return PROMISES.read_text("utf-8").splitlines()


def said(document: dict[str, Any] = DOCUMENT) -> set[str]:
    """Return what a document promises."""
    return set(_said(document))


def _said(document: dict[str, Any]) -> Iterator[str]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            here = f"{method.upper()} {path}"
            yield here
            for each in operation.get("parameters", []):
                parameter = _resolved(each, document)
                need = "required" if parameter.get("required") else "optional"
                for kind in _kinds(parameter["schema"]):
                    yield f"{here} ?{parameter['name']} {need} {kind}"
            for status, each in operation["responses"].items():
                response = _resolved(each, document)
                yield f"{here} {status}"
                for media_type, content in response.get("content", {}).items():
                    yield f"{here} {status} {media_type} {_type(content['schema'])}"
    for name, schema in document["components"]["schemas"].items():
        yield from _fields(schema, name)


def _resolved(thing: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in thing:
        at: Any = document
        for part in thing["$ref"].removeprefix("#/").split("/"):
            at = at[part]
        thing = at
    return thing


def _kinds(schema: dict[str, Any]) -> Iterator[str]:
    """Yield a parameter's type, or each value that it takes."""
    if "enum" in schema:
        yield from (f"{schema['type']} {value}" for value in schema["enum"])
    else:
        yield str(schema["type"])


def _type(schema: dict[str, Any]) -> str:
    """Return the type of a field; of one that is described elsewhere, the name there."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    return f"{schema.get('type', 'anything')} {schema.get('format', '')}".strip()


def _fields(schema: dict[str, Any], at: str) -> Iterator[str]:
    """Yield each field with its type, and whether it is always there."""
    yield f"{at} {_type(schema)}"
    for name in schema.get("required", []):
        yield f"{at}.{name} always"
    for name, each in schema.get("properties", {}).items():
        yield from _fields(each, f"{at}.{name}")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _fields(schema["additionalProperties"], f"{at}.*")
    if "items" in schema:
        yield from _fields(schema["items"], f"{at}[]")


if __name__ == "__main__":
    PROMISES.write_text("".join(f"{line}\n" for line in sorted(said() | set(kept()))), "utf-8")
