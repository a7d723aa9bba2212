"""Two entries for one thing: found when the second is proposed, in whatever language and script."""

from plenara.directory.duplicates.finding import Duplicate, candidates, keep_all, keys_of, likely, name_key
from plenara.directory.duplicates.likeness import bare, likeness

__all__ = ["Duplicate", "bare", "candidates", "keep_all", "keys_of", "likely", "likeness", "name_key"]
