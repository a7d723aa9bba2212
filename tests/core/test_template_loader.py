"""What a line break in the source of a template means, and that pages have none that only lay it out."""

from pathlib import Path

import pytest
from django.template import Context, Engine, Template
from django.utils.translation import override

from plenara.core.template_loader import (
    OURS,
    Joined,
    Loader,
    join_full_width,
    pieces,
    without_line_breaks,
)


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("<ul>\n  <li>one</li>\n  <li>two</li>\n</ul>\n", "<ul><li>one</li><li>two</li></ul>"),
        ("<p>\n  some\n  words\n</p>", "<p>some words</p>"),
        ("<p>\n  <a>one</a>\n  <a>two</a>\n  words\n</p>", "<p><a>one</a> <a>two</a> words</p>"),
        ("<a>\n  {{ one }}\n</a>\n{{ two }}", "<a>{{ one }}</a> {{ two }}"),
        ("<p>one</p>\n{{ two }}\n<p>three</p>", "<p>one</p>{{ two }}<p>three</p>"),
        ("<p>one\n<br>\ntwo</p>", "<p>one<br>two</p>"),
        ('<input\n  name="a"\n  {{ attributes }}\n>\n<b>x</b>', '<input name="a" {{ attributes }}> <b>x</b>'),
        ('<a title="one\n  two">', '<a title="one\n  two">'),
        ("<p>one  two </p>", "<p>one  two </p>"),
        ("<pre>\n one\n  {{ two }}\n</pre>\n<p>", "<pre>\n one\n  {{ two }}\n</pre><p>"),
        ("<textarea\n  rows=2>\n{{ text }}</textarea>\n", "<textarea rows=2>\n{{ text }}</textarea>"),
        ("<p>a < b\n&amp;\nc</p>", "<p>a < b &amp; c</p>"),
    ],
)
def test_a_line_break_is_a_space_within_a_line_of_text_and_nothing_elsewhere(source, made):
    assert without_line_breaks(source) == made


@pytest.mark.parametrize(
    ("source", "made"),
    [
        (
            "<p>\n  {% if a %}\n    one\n  {% else %}\n    two\n  {% endif %}\n</p>",
            "<p>{% if a %}one{% else %}two{% endif %}</p>",
        ),
        ("one\n{% if a %}\n  two\n{% endif %}\nthree", "one{% if a %} two{% endif %} three"),
        ("<p>{% if a %}one{% endif %}\ntwo</p>", "<p>{% if a %}one{% endif %} two</p>"),
        ("{% for each in all %}\n  <a>x</a>\n{% endfor %}", "{% for each in all %} <a>x</a>{% endfor %}"),
        (
            "{% for each in all %}\n  <li>x</li>\n{% empty %}\n{% endfor %}",
            "{% for each in all %}<li>x</li>{% empty %}{% endfor %}",
        ),
        ('<b>x</b>\n{% include "y" %}\n<b>z</b>', '<b>x</b>{% include "y" %}<b>z</b>'),
        (
            'one\n{% translate "two" %}\n{% translate "three" as x %}\n{{ x }}',
            'one {% translate "two" %}{% translate "three" as x %} {{ x }}',
        ),
        ("{# x #}\n{% load i18n %}\n<p>", "{# x #}{% load i18n %}<p>"),
        (
            "<b>x</b>\n{% comment %}\n  not <p>\n{% endcomment %}\n<b>y</b>",
            "<b>x</b>{% comment %}\n  not <p>\n{% endcomment %} <b>y</b>",
        ),
    ],
)
def test_tags_of_the_template_are_no_part_of_the_line_unless_they_write_text(source, made):
    assert without_line_breaks(source) == made


def test_a_message_stays_as_it_is_looked_up():
    message = "{% blocktranslate trimmed %}\n  one <b>two</b>\n  three\n{% endblocktranslate %}"
    assert without_line_breaks(f"<p>\n  {message}\n</p>") == f"<p>{message}</p>"


TEMPLATES = sorted(OURS.glob("*/templates/**/*.html"))


def test_every_template_is_read_whole_and_made_without_its_layout():
    for file in TEMPLATES:
        source = file.read_text()
        assert "".join(piece.text for piece in pieces(source)) == source, file
        assert without_line_breaks(without_line_breaks(source)) == without_line_breaks(source), file


def contents(name):
    """Return what the loader gives of a template, and its file."""
    loader = Loader(Engine.get_default())
    origin = next(each for each in loader.get_template_sources(name) if Path(each.name).exists())
    return loader.get_contents(origin), Path(origin.name).read_text()


@pytest.mark.parametrize("name", ["account/base_entrance.html", "core/mail.txt"])
def test_templates_of_others_and_of_e_mails_are_left_as_they_are(name):
    made, source = contents(name)
    assert made == source


def test_ours_are_loaded_without_their_layout():
    made, source = contents("core/base.html")
    assert made == without_line_breaks(source) != source


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("已公布。", "已公布。<b>已公布。</b>它"),
        ("问题", "问题 <b>问题</b> 它"),
        ("", " <b></b> 它"),
    ],
)
def test_a_full_width_mark_has_no_space_behind_it_on_a_page_in_chinese(words, made):
    template = Template("{% if words %}{{ words }} {% else %} {% endif %}<b>{{ words }}</b> 它")
    join_full_width(template.nodelist)
    assert template.render(Context({"words": words})) == made


def test_the_engine_joins_templates_for_pages_in_chinese_alone():
    joined = {}
    for language in ("zh-hans", "en", "zh-hans", "en"):
        with override(language):
            template = Engine.get_default().get_template("core/away.html")
        joined.setdefault(language, []).append(bool(template.nodelist.get_nodes_by_type(Joined)))
    assert joined == {"zh-hans": [True, True], "en": [False, False]}
