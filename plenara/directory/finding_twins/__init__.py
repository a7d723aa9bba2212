"""Two entries for one thing: found when the second is proposed, in whatever language and script."""

from plenara.directory.finding_twins.finding import Twin, candidates, keep_all, keys_of, likely, name_key
from plenara.directory.finding_twins.likeness import bare, likeness

__all__ = ["Twin", "bare", "candidates", "keep_all", "keys_of", "likely", "likeness", "name_key"]
