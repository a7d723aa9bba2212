"""What hatchling does besides when it builds a wheel: the compiled catalogues of locale/ go into plenara/locale/."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):
    """Compiles the catalogues beside their sources, as bin/_env does for a checkout, and puts them into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from tools.messages import catalogues

        catalogues.compile_all(root)
        for file in root.glob("locale/*/LC_MESSAGES/django.mo"):
            build_data["force_include"][str(file)] = f"plenara/{file.relative_to(root).as_posix()}"
