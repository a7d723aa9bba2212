"""Search by words and by meaning, with vectors stored as integers. Uses no other package's tables."""

import os

# Our products are small: spread over several threads they take ten times as long as on one, and more on a busy
# machine. numpy reads this when it is loaded, which nothing does before.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
