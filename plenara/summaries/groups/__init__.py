"""Machine analysis of a period's contributions: vectors and groups of similar sentences. It decides nothing."""

from plenara.summaries.groups.queries import GroupView, MemberView, groups_of
