"""Rows of data, as bundles, exports and the API give them."""

from collections.abc import Mapping
from typing import Any


def without_absent(values: Mapping[str, Any] | None = None, /, **more: Any) -> dict[str, Any]:
    """Return the values that there are: an absent one has no key."""
    found = {**(values or {}), **more}
    return {name: value for name, value in found.items() if value is not None and value not in ([], {}, "")}
