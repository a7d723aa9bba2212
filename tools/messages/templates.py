"""Messages of Django templates, found over Django's own template lexer, as Django looks them up when it renders."""

import re
from collections.abc import Iterator

from django.template.base import Lexer, Token, TokenType
from django.utils.text import unescape_string_literal
from django.utils.translation import trim_whitespace

LITERAL = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
LEADING_LITERAL = re.compile(LITERAL)
MARKED_ARGUMENT = re.compile(rf"(?<![\w.])_\(\s*({LITERAL})\s*\)")
NAME = re.compile(r"[A-Za-z]\w*")
TRANSLATORS = "Translators:"

Found = tuple[int, str | tuple[str, ...], str | None]  # line, message (or singular and plural), context
Row = tuple[int, str | tuple[str, ...], list[str], str | None]  # with comments, as in Babel's extractors


def messages_of_template(source: str) -> Iterator[Row]:
    """Yield the messages of a template; ValueError with the line that Django could not translate."""
    tokens = iter(Lexer(source).tokenize())
    comments: list[str] = []
    for token in tokens:
        if token.token_type is TokenType.COMMENT:
            if token.contents.startswith(TRANSLATORS):
                comments = [token.contents.removeprefix(TRANSLATORS).strip()]
            continue
        if token.token_type is TokenType.TEXT:
            continue
        tag = token.contents.split(None, 1)[0] if token.token_type is TokenType.BLOCK and token.contents else ""
        if tag == "comment":
            skip_comment(tokens)
            continue
        rows: list[Found] = list(marked_arguments(token))
        if tag in {"translate", "trans"}:
            rows += translate_tag(token)
        elif tag in {"blocktranslate", "blocktrans"}:
            rows.append(blocktranslate_tag(token, tokens))
        for line, said, context in rows:
            yield line, said, comments, context
        if rows:
            comments = []


def skip_comment(tokens: Iterator[Token]) -> None:
    for token in tokens:
        if token.token_type is TokenType.BLOCK and token.contents.strip() == "endcomment":
            return


def marked_arguments(token: Token) -> Iterator[Found]:
    """Yield the text of `_("…")` in a variable or a tag's arguments."""
    for literal in MARKED_ARGUMENT.findall(token.contents):
        text = unescape_string_literal(literal)
        if "%" in text:
            # Django doubles the sign before the look-up and does not halve it again.
            raise ValueError(
                f'line {token.lineno}: _("…") with a percent sign would show it twice; use a translate tag.'
            )
        yield token.lineno or 0, text, None


def translate_tag(token: Token) -> list[Found]:
    """Return the message of a translate tag; None if it translates a variable."""
    bits = token.split_contents()
    literal = LEADING_LITERAL.match(bits[1]) if len(bits) > 1 else None
    if not literal:
        return []
    return [(token.lineno or 0, unescape_string_literal(literal[0]).replace("%", "%%"), context_of(bits, token))]


def blocktranslate_tag(opening: Token, tokens: Iterator[Token]) -> Found:
    """Return the message between blocktranslate and its end, taking its tokens."""
    bits = opening.split_contents()
    forms: list[str] = [""]
    for token in tokens:
        if token.token_type is TokenType.TEXT:
            forms[-1] += token.contents.replace("%", "%%")
        elif token.token_type is TokenType.VAR:
            if not NAME.fullmatch(token.contents):
                raise ValueError(
                    f"line {token.lineno}: {{{{ {token.contents} }}}} in blocktranslate; name it in the tag's `with`."
                )
            forms[-1] += f"%({token.contents})s"
        elif token.token_type is TokenType.BLOCK and token.contents.strip() == "plural" and len(forms) == 1:
            forms.append("")
        elif token.token_type is TokenType.BLOCK and token.contents.strip() == f"end{bits[0]}":
            break
        else:
            raise ValueError(f"line {token.lineno}: {token.contents!r} may not stand inside blocktranslate.")
    else:
        raise ValueError(f"line {opening.lineno}: blocktranslate without its end.")
    if ("count" in bits) != (len(forms) == 2):
        raise ValueError(f"line {opening.lineno}: blocktranslate needs both `count` and a plural, or neither.")
    if "trimmed" in bits:
        forms = [trim_whitespace(form) for form in forms]
    elif any("\n" in form for form in forms):
        raise ValueError(f"line {opening.lineno}: blocktranslate over several lines without `trimmed`.")
    return opening.lineno or 0, tuple(forms) if len(forms) == 2 else forms[0], context_of(bits, opening)


def context_of(bits: list[str], token: Token) -> str | None:
    if "context" not in bits[1:]:
        return None
    place = bits.index("context", 1) + 1
    literal = LEADING_LITERAL.fullmatch(bits[place]) if place < len(bits) else None
    if not literal:
        raise ValueError(f"line {token.lineno}: the context must be a literal text.")
    return unescape_string_literal(literal[0])
