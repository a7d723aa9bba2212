"""How well the machines understand: the measurements of docs/understanding.md."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the product does (`plenara.search`), before numpy is loaded
