"""What a machine makes of a period's contributions: vectors, groups of like sentences. It decides nothing."""

from plenara.summaries.groups.queries import GroupView, MemberView, groups_of
