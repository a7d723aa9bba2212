"""Finding texts by what they mean: vectors of them, kept as whole numbers. Knows no other package's tables."""

import os

# Our products are small: spread over several threads they take ten times as long as on one, and more where others work
# on the machine. It is read when numpy is loaded, which nothing does before this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
