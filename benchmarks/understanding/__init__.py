"""How well the machines understand: what docs/understanding.md says, measured."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the product does (`plenara.search`), before numpy is loaded
