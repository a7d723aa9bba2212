"""What other packages say to this one about a person: in which order they are heard.

Accounts know nothing of the packages above them, and yet all that is kept of a person is given out here, and erased
here. So each package registers functions (`my_data.tells`, `erasing.erases` and the others), as its rooms are imported.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps


def from_the_bottom_up[F: Callable[..., Any]](functions: Iterable[F]) -> list[F]:
    """Return functions in the order of their packages, the lowest first: each may build on what was done below it.

    The settings list the packages from the top down, as imports go.
    """
    packages = [config.name for config in reversed(list(apps.get_app_configs()))]
    place = {name: number for number, name in enumerate(packages)}

    def of(function: F) -> int:
        module = function.__module__
        return max(place[name] for name in packages if module.startswith(f"{name}."))

    return sorted(functions, key=of)
