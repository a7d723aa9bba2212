"""Views for authors: another version of a contribution."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property

from plenara.contributions import actions, rules
from plenara.contributions.forms import Seal, as_sent
from plenara.contributions.member.own import mine_or_404
from plenara.contributions.member.writing import Writing
from plenara.contributions.models import Contribution, Draft, State, Version
from plenara.contributions.verdicts import Verdict, verdict_on


class Revise(Writing):
    """Another version: of a text that was returned, or of a published one."""

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        self.revises = mine_or_404(self.person, kwargs["pk"])
        self.thread = self.revises.thread

    def initial(self, draft: Draft | None) -> dict[str, str]:
        if draft:
            return super().initial(draft)
        latest = self.latest
        return {
            "text": latest.text.content,
            "title": latest.title,
            "language": latest.language,
            "part": str(latest.part or ""),
        }

    @cached_property
    def latest(self) -> Version:
        assert self.revises
        return self.revises.versions.select_related("text").latest("number")

    @property
    def kept_part(self) -> int | None:
        return self.latest.part if self.thread.consultation.parent_id else None

    @property
    def verdict(self) -> Verdict | None:  # type: ignore[override]
        found = verdict_on(self.revises) if self.revises and self.latest.state != State.PUBLISHED else None
        return found if found and found.is_final else None

    def may_send(self, opened_at: datetime.datetime) -> Any:
        assert self.revises
        if self.latest.state == State.PENDING:
            return rules.may_correct_waiting(self.person, self.revises)
        if self.revises.state == State.RETURNED:
            return rules.may_send_again(self.person, self.revises)
        return rules.may_revise(self.person, self.revises)

    def send(self, values: dict[str, str], seal: Seal) -> Contribution:
        assert self.revises
        actions.revise(actor=self.person, contribution=self.revises, key=seal.key, **as_sent(values))
        return self.revises
