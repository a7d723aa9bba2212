"""Nodes of our templates that write what Django's own write, in fewer steps.

A page of a thread looks up two thousand variables. Django raises an error for each value that is no dictionary and for
each name that is missing, and looks up each sentence of ours again. `Ours` compiles a template with these nodes in the
place of Django's; a test compares what both write. With `DEBUG`, Django's own remain, which name the place of an error.
"""

from collections.abc import Callable
from html import escape
from inspect import signature

from django.db.models import Model
from django.template import Context, Node, NodeList, Template, TemplateSyntaxError
from django.template.base import (
    FilterExpression,
    Lexer,
    Parser,
    Token,
    Variable,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import IfNode, WithNode
from django.template.loader_tags import IncludeNode, construct_relative_path
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]
from django.utils.translation import get_language, gettext, pgettext

#: Stands for the value of a variable that does not exist.
_MISSING = object()


class Path(Variable):
    """A variable with its names, such as `edition.byline.name`."""

    __slots__ = ("first", "others")

    def __init__(self, var: str) -> None:
        super().__init__(var)
        self.first, *self.others = var.split(".")

    def find(self, context: Context) -> object:
        """Return the value, or `_MISSING`."""
        first = self.first
        for each in reversed(context.dicts):
            if first in each:
                value: object = each[first]
                break
        else:
            return _MISSING
        try:
            if callable(value):
                value = _called(value)
            for name in self.others:
                kind = type(value)
                if kind is dict and name in value:  # type: ignore[operator]
                    value = value[name]  # type: ignore[index]
                elif kind in _WITHOUT_ENTRIES:
                    try:
                        value = getattr(value, name)
                    except (TypeError, AttributeError):
                        if _has(value, name):
                            raise  # from within a property
                        return _MISSING
                else:
                    value = _part(value, name)
                if callable(value):
                    value = _called(value)
        except Exception as error:
            if getattr(error, "silent_variable_failure", False):
                return ""
            raise
        return value

    def resolve(self, context: Context) -> object:  # type: ignore[override]
        if self.translate:
            return super().resolve(context)
        value = self.find(context)
        if value is _MISSING:
            raise VariableDoesNotExist("Failed lookup for [%s]", (self.var,))
        return value


#: Types whose values have attributes alone.
_WITHOUT_ENTRIES: set[type] = set()


def _part(value: object, name: str) -> object:
    """Return an entry of a value, or its attribute, or `_MISSING`."""
    kind = type(value)
    if hasattr(kind, "__getitem__"):
        try:
            return value[name]  # type: ignore[index]
        except (TypeError, AttributeError, KeyError, ValueError, IndexError):
            pass
    elif issubclass(kind, Model):
        _WITHOUT_ENTRIES.add(kind)
    try:
        return getattr(value, name)
    except (TypeError, AttributeError):
        if _has(value, name):
            raise  # from within a property
    try:
        return value[int(name)]  # type: ignore[index]
    except (IndexError, ValueError, KeyError, TypeError):
        return _MISSING


def _has(value: object, name: str) -> bool:
    """Return whether a name is in `dir(value)`, which takes long to list."""
    kind = type(value)
    if kind.__dir__ is not object.__dir__:
        return name in dir(value)
    return name in getattr(value, "__dict__", ()) or any(name in vars(each) for each in kind.__mro__)


def _called(function: Callable[[], object]) -> object:
    """Return what a function returns, unless it may not be called or needs arguments."""
    if getattr(function, "do_not_call_in_templates", False):
        return function
    if getattr(function, "alters_data", False):
        return ""
    try:
        return function()
    except TypeError:
        try:
            signature(function).bind()
        except (ValueError, TypeError):  # it has no signature, or takes arguments
            return ""
        raise


class Expression(FilterExpression):
    """A variable and its filters. What the filters are is asked once."""

    __slots__ = ("steps",)

    def __init__(self, token: str, parser: Parser) -> None:
        super().__init__(token, parser)
        if self.is_var and self.var.lookups:
            self.var = Path(self.var.var)
        self.steps = [
            (
                function,
                [_path(arg) if is_var else _safe(arg) for is_var, arg in args],
                getattr(function, "expects_localtime", False),
                getattr(function, "needs_autoescape", False),
                getattr(function, "is_safe", False),
            )
            for function, args in self.filters
        ]

    def resolve(self, context: Context, ignore_failures: bool = False) -> object:
        var = self.var
        if not self.is_var:
            value: object = var
        elif type(var) is not Path:
            value = var.resolve(context)
        elif var.translate:  # `{% translate variable %}`
            return super().resolve(context, ignore_failures)
        else:
            value = var.find(context)
            if value is _MISSING:
                value = None if ignore_failures else ""
        for function, args, is_local, escapes, is_safe in self.steps:
            if is_local:
                value = template_localtime(value, context.use_tz)
            values = [arg.resolve(context) if isinstance(arg, Variable) else arg for arg in args]
            made = function(value, *values, autoescape=context.autoescape) if escapes else function(value, *values)
            value = _safe(made) if is_safe and isinstance(value, SafeData) else made
        return value


def _path(variable: Variable) -> Variable:
    return Path(str(variable.var)) if variable.lookups else variable


def _safe(text: str) -> str:
    return SafeString(text) if type(text) is str else mark_safe(text)  # noqa: S308 - it is ours, or was safe before


def _written(value: object, context: Context) -> str:
    """Return a value as a page shows it: texts and whole numbers at once, anything else by Django."""
    kind = type(value)
    if kind is SafeString or (kind is str and not context.autoescape):
        return value  # type: ignore[return-value]
    if kind is str:
        return SafeString(escape(value))  # type: ignore[arg-type]
    if kind is int:
        return SafeString(value)
    written: str = render_value_in_context(value, context)
    return written


class Value(VariableNode):
    """A variable in a text."""

    def render(self, context: Context) -> str:
        return _written(self.filter_expression.resolve(context), context)

    render_annotated = render


class If(IfNode):
    """A condition."""

    def render(self, context: Context) -> str:
        for condition, nodes in self.conditions_nodelists:
            try:
                is_met = condition is None or condition.eval(context)  # type: ignore[arg-type]
            except VariableDoesNotExist:
                continue
            if is_met:
                return nodes.render(context)
        return ""

    render_annotated = render


class With(WithNode):
    """A name for a value."""

    def render(self, context: Context) -> str:
        context.push(**{name: each.resolve(context) for name, each in self.extra_context.items()})
        try:
            return self.nodelist.render(context)
        finally:
            context.pop()

    render_annotated = render


class Include(IncludeNode):
    """Another template, which is looked up once a page."""

    def render(self, context: Context) -> SafeString:
        name = self.template.var
        if not isinstance(name, str) or self.isolated_context or context.template is None:
            return super().render(context)
        state = context.render_context
        known: dict[object, Template] = state.dicts[0]  # type: ignore[assignment]
        template = known.get(self)
        if template is None:
            path = construct_relative_path(str(self.origin.template_name), name)
            template = known[self] = context.template.engine.get_template(path)
        values = {name: each.resolve(context) for name, each in self.extra_context.items()}
        before, state.template = state.template, template
        state.push()
        context.push(**values)
        try:
            return template.nodelist.render(context)
        finally:
            context.pop()
            state.pop()
            state.template = before

    render_annotated = render


class Message(TranslateNode):
    """A sentence of ours, which is looked up once in each language."""

    def render(self, context: Context) -> str:
        language = get_language()
        known: dict[str | None, str] = vars(self).setdefault("known", {})
        if language not in known:
            written = super().render(context)
            if self.asvar or not self.is_constant:
                return written
            known[language] = written
        return known[language]

    @property
    def is_constant(self) -> bool:
        """Return whether nothing in it depends on the page."""
        expression, about = self.filter_expression, self.message_context
        return (
            not self.noop
            and not expression.filters
            and expression.var.literal is not None
            and (about is None or not about.is_var)
        )

    render_annotated = render


class Sentence(BlockTranslateNode):
    """A sentence of ours with values in it, which is looked up once in each language unless it counts something."""

    def render(self, context: Context, nested: bool = False) -> str:
        about = self.message_context
        if nested or self.plural or self.asvar or (about and about.is_var):
            return super().render(context, nested)
        known = vars(self).setdefault("known", {})
        language = get_language()
        if language not in known:
            message, names = self.render_token_list(self.singular)
            known[language] = (pgettext(about.var, message) if about else gettext(message)), names
        form, names = known[language]
        values = {name: each.resolve(context) for name, each in self.extra_context.items()}
        data = {}
        for name in names:
            data[name] = _written(values[name] if name in values else context.get(name, ""), context)
        try:
            return form % data
        except (KeyError, ValueError):  # the translation is wrong: Django writes the sentence in English
            return super().render(context)

    render_annotated = render


_NODES: dict[type[Node], type[Node]] = {
    VariableNode: Value,
    IfNode: If,
    WithNode: With,
    IncludeNode: Include,
    TranslateNode: Message,
    BlockTranslateNode: Sentence,
}


class _Parser(Parser):
    def compile_filter(self, token: str) -> Expression:
        return Expression(token, self)

    def extend_nodelist(self, nodelist: NodeList, node: Node, token: Token) -> None:
        if ours := _NODES.get(type(node)):
            node.__class__ = ours
        super().extend_nodelist(nodelist, node, token)


class Ours(Template):
    """A template of ours."""

    def compile_nodelist(self) -> NodeList:
        if self.engine.debug or self.engine.string_if_invalid:
            return super().compile_nodelist()
        tokens = Lexer(self.source).tokenize()
        parser = _Parser(tokens, self.engine.template_libraries, self.engine.template_builtins, self.origin)
        try:
            nodelist = parser.parse()
        except TemplateSyntaxError:
            return super().compile_nodelist()  # which raises it with the name of the template
        self.extra_data = parser.extra_data
        return nodelist
