"""The members of a body, as pages show them. One query."""

from dataclasses import dataclass

from plenara.outcomes import rules
from plenara.outcomes.models import Body, Member


@dataclass(frozen=True)
class Shown:
    """A member in their place, and whether they are one now."""

    member: Member
    place: int  # 1 the first
    is_present: bool
    is_coming: bool  # from a day that has not come

    @property
    def part(self) -> str:
        return str(Member.Part(self.member.part).label)


def shown(body: Body) -> list[Shown]:
    """Return the members in their order, those who have left among them."""
    now = rules.today()
    return [
        Shown(
            each,
            place,
            each.until is None or each.until >= now,
            each.since is not None and each.since > now,
        )
        for place, each in enumerate(body.members.select_related("person"), 1)
    ]
