"""Every text that people read is found, as Django will look it up."""

import json

import pytest
from django.template import Context, Engine
from django.utils import translation

from tools.messages import source
from tools.messages.templates import messages_of_template


def said(template):
    return [(message, context) for _line, message, _comments, context in messages_of_template(template)]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{% translate "Read the whole text" %}', [("Read the whole text", None)]),
        ("{% trans 'It\\'s open' %}", [("It's open", None)]),
        ('{% translate "May" context "month" as month %}', [("May", "month")]),
        ('{% translate "100 % open" %}', [("100 %% open", None)]),
        ("{% translate title %}", []),
        ('{{ name|default:_("withheld") }}', [("withheld", None)]),
        ('{% include "x.html" with title=_("All the threads") %}', [("All the threads", None)]),
        ("{% blocktranslate %}By {{ name }}{% endblocktranslate %}", [("By %(name)s", None)]),
        ("{% blocktranslate trimmed %}\n  One\n  line, 5 %\n{% endblocktranslate %}", [("One line, 5 %%", None)]),
        (
            '{% blocktranslate count n=all|length with a=b context "c" %}{{ n }} reply{% plural %}{{ n }} replies'
            "{% endblocktranslate %}",
            [(("%(n)s reply", "%(n)s replies"), "c")],
        ),
        ('{% comment %}{% translate "gone" %}{% endcomment %}{# {% translate "gone" %} #}', []),
        ('{% verbatim %}{% translate "shown as it is" %}{% endverbatim %}', []),
    ],
)
def test_a_template_gives_its_messages(template, expected):
    assert said(template) == expected


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{% blocktranslate %}By {{ person.name }}{% endblocktranslate %}", "name it"),
        ("{% blocktranslate %}{% if x %}{% endif %}{% endblocktranslate %}", "may not stand"),
        ("{% blocktranslate %}\nOver\nlines{% endblocktranslate %}", "trimmed"),
        ("{% blocktranslate count n=n %}{{ n }} replies{% endblocktranslate %}", "plural"),
        ("{% blocktranslate %}never ended", "end"),
        ('{{ x|default:_("5 %") }}', "percent"),
    ],
)
def test_a_template_whose_message_would_be_lost_is_refused_with_its_line(template, why):
    with pytest.raises(ValueError, match=rf"line 1: .*{why}"):
        said(template)


def test_what_is_found_is_what_django_looks_up(monkeypatch):
    asked = []
    monkeypatch.setattr(translation, "gettext", lambda message: asked.append(message) or message)
    template = (
        "{% load i18n %}{% blocktranslate trimmed with who=name %}\n  {{ who }} agrees\n  by 5 %{% endblocktranslate %}"
    )
    engine = Engine(libraries={"i18n": "django.templatetags.i18n"})
    assert engine.from_string(template).render(Context({"name": "Ada"})) == "Ada agrees by 5 %"
    assert [(message, None) for message in asked] == said(template)


def test_comments_for_translators_go_with_the_next_message():
    rows = list(messages_of_template('{# Translators: of a text #}{% translate "State" %}{% translate "Other" %}'))
    assert [comments for _line, _message, comments, _context in rows] == [["of a text"], []]


def in_python(tmp_path, code):
    (tmp_path / "plenara").mkdir()
    (tmp_path / "plenara" / "words.py").write_text(code)
    return source.collect(tmp_path)


def test_python_gives_plain_lazy_plural_and_contextual_messages(tmp_path):
    found = in_python(
        tmp_path,
        "a = _('one' ' two')\n"
        "b = gettext_lazy('lazy')\n"
        "c = ngettext_lazy('%(n)s reply', '%(n)s replies', 'n')\n"
        "d = pgettext('verb', 'Open')\n"
        "e = npgettext('of texts', '{n} state', '{n} states', n)\n",
    )
    assert [(m.context, m.msgid, m.plural) for m in found.values()] == [
        (None, "one two", None),
        (None, "lazy", None),
        (None, "%(n)s reply", "%(n)s replies"),
        ("verb", "Open", None),
        ("of texts", "{n} state", "{n} states"),
    ]


def test_a_page_and_the_reasons_give_each_line_without_its_mark_in_the_context_of_their_file(tmp_path):
    for name, text in {
        "accounts/pages/rules.md": "Rules of {installation}.\n\n## Reasons\n\n- R1: Does not answer the question\n",
        "moderation/reasons.json": '{"R1": {"label": "Does not answer the question", "text": "Say which part."}}',
    }.items():
        (tmp_path / "plenara" / name).parent.mkdir(parents=True)
        (tmp_path / "plenara" / name).write_text(text)
    assert list(source.collect(tmp_path)) == [
        ("rules", "Rules of {installation}."),
        ("rules", "Reasons"),
        ("rules", "R1: Does not answer the question"),
        ("reasons", "Does not answer the question"),
        ("reasons", "Say which part."),
    ]


def test_a_function_under_a_name_that_hides_its_messages_is_refused(tmp_path):
    with pytest.raises(source.SourceError, match=r"words\.py:1: ngettext is called _n"):
        in_python(tmp_path, "from django.utils.translation import ngettext as _n\n")


def test_sample_texts_are_found_by_their_languages(tmp_path):
    content = tmp_path / "plenara_sample" / "content"
    content.mkdir(parents=True)
    (content / "a.json").write_text(json.dumps([{"title": {"en": "One", "fr": "Un"}, "text": {"en": "alone"}, "n": 1}]))
    assert list(source.samples(tmp_path)) == [("plenara_sample/content/a.json", {"en": "One", "fr": "Un"})]
