"""The two sides of a paragraph as the desk shows them."""

from typing import Any

from plenara.documents.models import Kind, ParagraphText, Side


def sides_of(kind: str, text: ParagraphText | None, citations: list[Any]) -> list[dict[str, Any]]:
    """Return the two sides of a disagreement, each with its words and citations; of anything else, its one part."""
    held, against = (text.text, text.against) if text else ("", "")
    if kind != Kind.DISAGREEMENT:
        return [{"side": Side.HELD, "words": held, "citations": citations}]
    return [
        {
            "side": side,
            "other": Side.HELD if side else Side.AGAINST,
            "word": side.label,
            "words": words,
            "citations": [each for each in citations if each.side == side],
        }
        for side, words in ((Side.HELD, held), (Side.AGAINST, against))
    ]
