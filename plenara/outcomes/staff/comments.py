"""Comments of members among themselves: making one, resolving one."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from plenara.documents.models import Paragraph
from plenara.documents.staff import comments
from plenara.outcomes.staff.base import OutcomeView


class Among(comments.CommentView, OutcomeView):
    """A view to what members say among themselves. Not one itself."""

    def then(self, paragraph: Paragraph | None, language: str) -> str:
        if language:
            return self.address("rendition", language)
        return self.address("paragraph", paragraph.pk) + "#comments" if paragraph else self.address("comments")


class Comments(OutcomeView):
    """All comments on an outcome, those that are open first."""

    template_name = "outcomes/desk/comments.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found: dict[Any, list[Any]] = {}
        for each in comments.comments_of(self.document):
            found.setdefault(each.paragraph, []).append(each)
        groups = sorted(found.items(), key=lambda pair: pair[0].number if pair[0] else 0)
        return self.page(request, self.context(groups=groups))


class NewComment(comments.NewComment, Among):
    """Commenting on a paragraph, or on the whole."""


class Resolve(comments.Resolve, Among):
    """Resolving one comment, with or without an answer."""
