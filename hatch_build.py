"""What hatchling adds to a wheel: the compiled catalogues of locale/, and the documentation as a site."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Made(BuildHookInterface):
    """Makes them where a checkout has them, too, and puts them into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from tools.docs.build import build
        from tools.messages import catalogues

        catalogues.compile_all(root)
        for file in root.glob("locale/*/LC_MESSAGES/django.mo"):
            build_data["force_include"][str(file)] = f"plenara/{file.relative_to(root).as_posix()}"
        build(root / "build" / "docs")
        build_data["force_include"][str(root / "build" / "docs")] = "plenara/docs"
