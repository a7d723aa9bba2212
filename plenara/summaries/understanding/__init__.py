"""What a machine makes of a period's contributions: vectors, groups of like sentences. It decides nothing.

Who uses the groups: `groups_of`. How they are made: `embedding`, `choosing`, `grouping`; kept up to date by `tasks`.
"""

from plenara.summaries.understanding.groups import GroupView, MemberView, groups_of

__all__ = ["GroupView", "MemberView", "groups_of"]
