"""Build the documentation, into build/docs or another folder: `bin/docs [FOLDER]`."""

import sys
from pathlib import Path

from tools.docs.build import build
from tools.messages.source import ROOT

build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "docs")
