"""The public register of moderation."""

from typing import Any

from plenara.archive.api import decisions, paging
from plenara.archive.api.public.base import OfConsultation
from plenara.moderation.register import Wanted, entries, matching, with_means


class Decisions(OfConsultation):
    """Decisions by number, with the filters of the register's page."""

    asked: Wanted

    def ask(self) -> None:
        self.asked = decisions.wanted(self.parameters)
        self.wanted = paging.wanted(self.parameters)

    def tell(self) -> dict[str, Any]:
        everything = matching(self.consultation, Wanted())
        those = matching(self.consultation, self.asked) if self.asked else everything
        found, after = paging.part(everything, those, self.wanted, with_means)
        told = [decisions.row(each, self.consultation) for each in entries(found, self.consultation)]
        return self.beginning("decisions") | {"decisions": told} | self.following("decisions", after)
