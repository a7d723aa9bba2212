"""What our templates' nodes write is what Django's own nodes write."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine, Template, TemplateSyntaxError
from django.template.base import VariableNode
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from plenara.contributions.models import Byline, Edition
from plenara.core.template_nodes import Include, Message, Ours, Sentence, Value
from plenara.core.vocabulary import StakeholderGroup

LANGUAGES = ["en", "fr", "ar", "zh-hans"]


class Formula(str):
    """A text of a kind of its own that is HTML."""

    def __html__(self):
        return f"<i>{self}</i>"


class Thing:
    """An object with everything that a template may meet."""

    name = "a <thing>"
    number = 7
    _hidden = "hidden"

    @property
    def broken(self):
        raise AttributeError("from within")

    @property
    def absent(self):
        raise ObjectDoesNotExist

    def __str__(self):
        return "<thing>"

    def method(self):
        return "called"

    def asks(self, argument):
        return argument

    def delete(self):
        raise AssertionError("called")

    delete.alters_data = True

    def fails(self):
        raise TypeError("from within")

    def __call__(self):
        return "itself"

    do_not_call_in_templates = True


class Row(dict):
    """A dictionary with attributes."""

    title = "of the class"


def things():
    byline = Byline(name="Ama <Mensah>", stakeholder_group="government")
    return {
        "thing": Thing(),
        "row": Row(items_of="x", title="of the row"),
        "bare": {"number": 1, "thing": {"name": "deep"}, "none": None},
        "list": ["<a>", "b", 3],
        "edition": Edition(number=4, title="T & t", byline=byline, language="fr"),
        "function": lambda: {"name": "of a function"},
        "needs": lambda argument: argument,
        "kind": Thing,
        "none": None,
        "zero": 0,
        "lazy": SimpleLazyObject(lambda: SimpleNamespace(name="of a lazy one")),
        "sentence": gettext_lazy("Save"),
        "safe": mark_safe("<b>safe</b>"),
        "when": datetime.datetime(2026, 11, 30, 23, 30, tzinfo=datetime.UTC),
        "long": 1234567,
        "percent": "50 % (off)",
        "empty": "",
        "True": True,
    }


def both(source, **more):
    """Return what Django's nodes and ours write, or the errors that they raise."""
    written = []
    for make in (Template, Ours):
        try:
            written.append(make(source).render(Context(things() | more)))
        except Exception as error:
            written.append((type(error), *(() if type(error).__name__ == "VariableDoesNotExist" else error.args)))
    return written


# fmt: off
VARIABLES = [
    "thing", "thing.name", "thing.number", "thing.method", "thing.asks", "thing.delete",
    "thing.fails", "thing.broken", "thing.absent", "thing.nothing", "thing.nothing.more", "thing.name.upper",
    "thing.absent.more", "row", "row.title", "row.items_of", "row.items", "row.nothing",
    "bare.number", "bare.thing.name", "bare.none.more", "bare.keys", "bare.0", "list",
    "list.0", "list.1.upper", "list.9", "list.nothing", "list.2", "edition.title",
    "edition.byline.name", "edition.nothing", "edition.byline.nothing.more", "edition.get_status_display",
    "edition.in_reply_to", "edition.speaks_for.number",
    "function.name", "function", "needs", "needs.more", "kind", "kind.name",
    "none", "none.nothing", "zero", "zero.real", "lazy.name", "lazy.nothing",
    "sentence", "sentence.upper", "safe", "when", "when.year", "long",
    "percent", "empty", "missing", "missing.more", "dicts", "autoescape",
    "push", "template", "7", "1.5", '"text&quot;<"', '_("Save")',
    "True", "None", "edition.byline.withheld",
]
# fmt: on


@pytest.mark.parametrize("name", VARIABLES)
def test_a_variable_is_looked_up_as_django_does(name):
    source = (
        f"[{{{{ {name} }}}}][{{{{ {name}|default:'<' }}}}][{{{{ {name}|upper|length }}}}]"
        f"[{{% if {name} %}}yes{{% else %}}no{{% endif %}}][{{% if not {name} or {name} == 7 %}}a{{% endif %}}]"
        f"[{{% autoescape off %}}{{{{ {name} }}}}{{% endautoescape %}}]"
        f"[{{% with a={name} b={name}|default:3 %}}{{{{ a }}}}{{{{ b }}}}{{% endwith %}}]{{{{ a }}}}"
    )
    for language in LANGUAGES:
        with override(language):
            django, ours = both(source)
        assert ours == django


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "value",
    [
        "<a href='x'>\"&amp;", mark_safe("<b>"), 1234567, -5, 0, True, None, 1234.5, Decimal("1000.50"), [1, "<"],
        datetime.datetime(2026, 11, 30, 23, 30, tzinfo=datetime.UTC), gettext_lazy("Save"), Formula("<"), b"<",
        StakeholderGroup.GOVERNMENT,
    ],
)  # fmt: skip
def test_a_value_is_written_as_django_writes_it(language, value):
    with override(language):
        django, ours = both(
            "{{ value }}{% autoescape off %}{{ value }}{% endautoescape %}{{ value|default:'<' }}"
            "{% load i18n %}{% blocktranslate %}{{ value }}, <bdi>{{ missing }}</bdi>{% endblocktranslate %}",
            value=value,
        )
    assert ours == django


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Save" %}', '{% translate "Save" context "button" %}', '{% translate "50%% <b>" %}',
        '{% translate "Save" noop %}', '{% translate "Save" as words %}{{ words }}', "{% translate sentence %}",
        "{% translate thing.name %}", '{% translate "Save"|upper %}', "{% translate missing %}",
        '{% translate "Question" context "heading" %}', '{% autoescape off %}{% translate "<b>" %}{% endautoescape %}',
        "{% blocktranslate with number=long %}Contribution {{ number }}{% endblocktranslate %}",
        '{% blocktranslate context "label" with number=zero %}Contribution {{ number }}{% endblocktranslate %}',
        "{% blocktranslate trimmed with a=thing.name b=missing %}\n {{ a }}\n {{ b }} {{ missing }} {{ zero }} 5 %\n"
        "{% endblocktranslate %}",
        "{% blocktranslate count n=long with x=percent %}one{% plural %}{{ n }} of {{ x }}{% endblocktranslate %}",
        "{% blocktranslate count n=none %}one{% plural %}{{ n }}{% endblocktranslate %}",
        "{% blocktranslate asvar words %}some {{ percent }}{% endblocktranslate %}{{ words }}",
        "{% blocktranslate %}some {{ safe }} 100%{% endblocktranslate %}",
        "{% blocktranslate with number=number %}{{ number }}{% endblocktranslate %}{{ number }}",
    ],
)  # fmt: skip
def test_a_sentence_is_translated_as_django_does(source):
    for language in LANGUAGES:
        with override(language):
            django, ours = both("{% load i18n %}" + 3 * source)
        assert ours == django


def test_a_wrong_translation_gives_the_english_sentence(monkeypatch):
    source = "{% load i18n %}{% blocktranslate %}One {{ zero }}{% endblocktranslate %}"
    wrong = {"fr": "Un %(nothing)s"}
    monkeypatch.setattr("plenara.core.template_nodes.gettext", lambda message: wrong["fr"])
    with override("fr"):
        assert Ours(source).render(Context(things())) == "One 0"


def test_the_languages_of_a_sentence_are_remembered_apart():
    template = Ours('{% load i18n %}{% translate "Save" context "button" %}')
    written = {}
    for language in [*LANGUAGES, *LANGUAGES]:
        with override(language):
            written.setdefault(language, set()).add(template.render(Context()))
    assert all(len(each) == 1 for each in written.values())
    assert len(set.union(*written.values())) == len(LANGUAGES)


@pytest.mark.parametrize(
    "source",
    [
        '{% include "core/bead.html" with group="government" %}{{ group }}',
        '{% for group in list %}{% include "core/bead.html" with capacity="individual" %}{% endfor %}',
        '{% include "core/bead.html" with group="other" only %}',
        '{% with name="core/bead.html" %}{% include name %}{% endwith %}',
        '{% include "core/nothing.html" %}',
        "{% include missing %}",
        "{% extends missing %}",
        "{% for a, b in bare.items %}{{ forloop.counter }}{{ a }}{{ b }}{% empty %}none{% endfor %}",
        "{% for each in missing %}{{ each }}{% empty %}none{% endfor %}",
        '{% if long|divisibleby:"7" and missing > 3 %}a{% elif missing in list or "b" in list %}b{% endif %}',
        "{{ when|date:'H:i' }}{{ when|time:'H' }}{{ safe|upper }}{{ safe|linebreaksbr }}{{ percent|add:missing }}",
        "{{ list|slice:':2' }}{{ list|slice:missing }}{{ percent|add:thing.name }}{{ missing|default:missing }}",
        "{% firstof missing none '<' %}{% cycle 'a' 'b' %}{% now 'Y' %}",
    ],
)
def test_other_tags_are_as_in_django(source):
    django, ours = both(source)
    assert ours == django


def test_an_error_of_syntax_names_the_template():
    for make in (Template, Ours):
        with pytest.raises(TemplateSyntaxError, match="Invalid block tag on line 1: 'nothing'"):
            make("{% nothing %}")


def test_a_context_is_as_before_after_an_error():
    context = Context(things())
    depth = len(context.dicts)
    for source in ("{% with a=1 %}{{ thing.broken }}{% endwith %}", "{% with a=1 %}{{ thing.fails }}{% endwith %}"):
        with pytest.raises((AttributeError, TypeError)):
            Ours(source).render(context)
        assert len(context.dicts) == depth


def test_the_engine_compiles_our_templates_with_them():
    template = Engine.get_default().get_template("contributions/entry.html")
    assert isinstance(template, Ours)
    for kind in (Include, Message, Sentence):
        assert template.nodelist.get_nodes_by_type(kind)
    assert all(type(each) is Value for each in template.nodelist.get_nodes_by_type(VariableNode))
    assert not isinstance(Engine.get_default().get_template("account/base_entrance.html"), Ours)


def test_with_debug_django_names_the_place_of_an_error():
    engine = Engine(debug=True)
    assert type(Ours("{{ a }}", engine=engine).nodelist[0]) is VariableNode
