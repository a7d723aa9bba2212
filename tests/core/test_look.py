"""The drawings and the pieces of forms that templates ask for, and the stylesheet's own promises."""

import gzip
import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

import plenara.core
from plenara.core import colours
from plenara.core.templatetags import look

COMMON = Path(plenara.core.__file__).parent
SHEET = COMMON / "static" / "plenara.css"


class Declaration(forms.Form):
    """A form with one field of each kind that the pages use."""

    text = forms.CharField(label="Your contribution", help_text="Up to 600 words.", widget=forms.Textarea)
    capacity = forms.ChoiceField(
        label="In which capacity?",
        help_text="Shown with your name.",
        choices=[("organization", "For an organization"), ("individual", "As an individual")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say in which capacity you speak"},
    )
    withheld = forms.BooleanField(label="Withhold my name", help_text="For good.", required=False)
    draft = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("The consultation is closed")


def shown(source, **context):
    return Template("{% load look %}" + source).render(Context(context))


def piece(name, **context):
    return render_to_string(f"core/{name}.html", context)


# --- Drawings


@pytest.mark.parametrize(("most", "all_of_it", "width"), [(17, 17, "100"), (17, 8.5, "50"), (0, 0, "0"), (5, 9, "100")])
def test_a_bar_is_a_share_of_the_longest_and_never_more(most, all_of_it, width):
    assert f'<rect width="{width}' in look.bar(most, all_of_it)


def test_a_bar_with_a_part_shows_all_of_it_pale_behind():
    drawing = look.bar(10, 8, 4)
    assert drawing.index('class="all" width="80') < drawing.index('<rect width="40')


@pytest.mark.parametrize(("hours", "late"), [(23, False), (24, False), (25, True), (90, True)])
def test_an_age_changes_its_colour_past_half_of_the_promise(hours, late):
    assert (' late"' in look.age(hours, 48)) is late


def test_there_is_one_tick_for_each_contribution_and_the_uncited_are_hollow():
    drawing = look.ticks([True, False, True] * 20)
    filled, hollow = re.findall(r' d="([^"]*)"', drawing)
    assert (filled.count("M"), hollow.count("M")) == (40, 20)


def test_many_contributions_are_a_bar_and_none_are_nothing():
    assert 'class="bar"' in look.ticks([True] * 5000)
    assert look.ticks([]) == ""


def test_the_mark_is_one_drawing_wherever_it_stands():
    drawings = [COMMON / "static/mark.svg", COMMON / "static/favicon.svg", COMMON / "templates/core/mark.html"]
    assert len({re.search(r' d="([^"]+)"', each.read_text())[1] for each in drawings}) == 1


GROUPS = ["government", "intergovernmental", "private_sector", "civil_society", "technical_academic", "other"]


def test_every_group_has_a_shape_of_its_own_filled_and_hollow():
    assert (
        len({piece("bead", group=each, capacity=way) for each in GROUPS for way in ("organization", "individual")})
        == 12
    )
    assert all('aria-hidden="true"' in piece("bead", group=each) for each in GROUPS)


#: Tables of two narrow columns, and those of a paper.
NARROW = {"insights/figures.html", "summaries/desk/shares.html", "documents/print/blocks/table.html"}


def test_every_table_becomes_a_list_where_there_is_no_room_for_its_columns():
    for template in COMMON.parent.glob("*/templates/**/*.html"):
        for table in re.findall(r"<table[^>]*>", template.read_text()):
            name = template.as_posix().split("/templates/")[1]
            assert re.search(r'class="[^"]*(stack|bars)', table) or name in NARROW, name


# --- The side column


def test_an_empty_side_column_is_not_there_at_all():
    assert shown("{% side %} \n {% endside %}") == ""
    assert shown("{% side %} <p>x</p> {% endside %}") == '<aside class="side"><p>x</p></aside>'


PAGE = """{% outlined %}<main><h2 class="section" id="a">One</h2><h2 id="b"><a href="/x">Two</a> <b>too</b></h2>
<h2 class="hidden" id="c">No</h2>{{ last|safe }}</main><aside class="side"><p>x</p></aside>{% endoutlined %}"""


def test_a_public_page_with_three_sections_has_an_outline_beside_it():
    page = shown(PAGE, last='<h2 id="d">Three</h2>')
    assert page.endswith(
        '<p>x</p><nav class="outline contents no-print" aria-labelledby="outline"><h2 id="outline">On this page</h2>'
        '<ul><li><a href="#a">One</a></li><li><a href="#b">Two <b>too</b></a></li><li><a href="#d">Three</a></li></ul>'
        "</nav></aside>"
    )
    assert '<aside class="side"><nav' in shown(
        PAGE.replace('<aside class="side"><p>x</p></aside>', ""), last='<h2 id="d">D</h2>'
    )


def test_a_page_with_fewer_sections_or_of_a_person_has_no_outline():
    assert "outline" not in shown(PAGE)
    assert "outline" not in shown(PAGE, last='<h2 id="d">Three</h2>', person="Ana")


# --- Forms


def test_a_field_names_its_hint_and_its_error_to_screen_readers():
    html = piece("field", field=Declaration({})["text"])
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'aria-invalid="true"' in html
    for ident in ("id_text_helptext", "id_text_error", "id_text"):
        assert html.count(f'id="{ident}"') == 1
    assert '<label class="label" for="id_text">Your contribution</label>' in html


def test_what_was_typed_is_still_there():
    assert "my words &lt;b&gt;" in piece("field", field=Declaration({"text": "my words <b>"})["text"])


def test_choices_are_a_fieldset_with_a_legend_inside_the_barred_block():
    form = Declaration({})
    form.fields["capacity"].widget.hints = {"organization": "Ilima Library Association"}
    html = piece("field", field=form["capacity"])
    assert html.index('class="field bad"') < html.index("<fieldset") < html.index("<legend")
    assert 'aria-describedby="id_capacity_helptext id_capacity_error"' in html
    assert html.count('type="radio"') == 2
    assert html.count("Ilima Library Association") == 1


def test_a_checkbox_has_its_label_beside_it_and_its_hint_once():
    html = piece("field", field=Declaration()["withheld"])
    assert html.index('type="checkbox"') < html.index('<label for="id_withheld">')
    assert html.count('id="id_withheld_helptext"') == 1


def test_a_hidden_field_is_only_its_input():
    assert piece("field", field=Declaration()["draft"]).strip().startswith("<input")


def test_the_summary_links_every_problem_to_its_field_and_says_how_many():
    html = piece("error_summary", form=Declaration({"text": ""}))
    assert "There are 3 problems" in html
    assert '<a href="#id_text">' in html
    assert '<a href="#id_capacity_0">Say in which capacity you speak</a>' in html
    assert "The consultation is closed" in html


def test_a_form_that_was_not_sent_has_no_summary():
    assert piece("error_summary", form=Declaration()).strip() == ""


def test_several_forms_share_one_summary():
    html = piece(
        "error_summary", forms=[Declaration({"text": "x"}, prefix="a"), Declaration({"text": "x"}, prefix="b")]
    )
    assert '<a href="#id_a-capacity_0">' in html
    assert '<a href="#id_b-capacity_0">' in html


# --- Pieces around lists


def test_one_page_alone_has_no_pagination():
    assert piece("pagination", pages={"links": [{"text": "1", "current": True}]}).strip() == ""


def test_the_present_page_is_no_link():
    html = piece(
        "pagination", pages={"next": "/2/", "links": [{"text": "1", "current": True}, {"text": "2", "url": "/2/"}]}
    )
    assert html.count("<a ") == 2
    assert 'aria-current="page"' in html


def test_a_crumb_may_say_its_language():
    html = piece("breadcrumb", crumbs=[("Foro", "/a/", "es"), ("Question 1", "/b/")])
    assert '<a href="/a/" lang="es"><bdi>Foro</bdi></a>' in html
    assert '<a href="/b/"><bdi>Question 1</bdi></a>' in html


@pytest.mark.parametrize("page", ["400", "403", "404", "500"])
def test_a_page_for_what_went_wrong_needs_nothing_that_could_go_wrong(page):
    html = render_to_string(f"{page}.html")
    assert html.count("<h1>") == 1
    assert 'href="/static/plenara.css"' in html


# --- Lists


def test_what_prints_its_own_number_is_counted_by_no_browser_besides():
    twice = re.compile(
        r'<ol class="[^>]*\b(?:questions|quotes|statements|thread|did)\b|<ol[^>]*>\s*<li[^>]*>\s*<\w+ class="n"'
    )
    templates = COMMON.parent.rglob("templates/**/*.html")
    assert not [each.name for each in templates if "print" not in each.parts and twice.search(each.read_text())]


# --- The stylesheet


def test_what_figures_say_of_their_colours_is_true_by_night_too():
    shades = re.compile(r"\b(?:pale|light|dark|darker|lighter)\b:", re.IGNORECASE)
    assert not [each.name for each in COMMON.parent.rglob("templates/**/*.html") if shades.search(each.read_text())]


def test_the_stylesheet_is_small():
    assert len(gzip.compress(SHEET.read_bytes(), 9)) < 13_800  # the design of a first view gives it 14 KB


def test_no_text_area_is_lower_than_a_finger_needs():
    least = re.findall(r"textarea[^{}]*{[^}]*min-block-size: ([\d.]+)", SHEET.read_text())
    assert min(map(float, least)) >= 2.75


def test_the_stylesheet_knows_no_left_and_no_right():
    rules = re.sub(r"/\*.*?\*/", "", SHEET.read_text(), flags=re.S)
    sides = r"(?<![\w-])(margin|padding|border|inset)-(left|right|top|bottom)|(?<![\w-])(left|right|top|bottom)\s*:"
    assert not re.findall(sides, rules)
    assert not re.findall(r"text-align:\s*(?:left|right)|float:|[^-]\b(?:width|height)\s*:", rules)
    # A shorthand of four values says right and left apart.
    assert not re.findall(r"(?<!-)(?:margin|padding|inset):(?:\s+[^\s;]+){4};", rules)


def test_no_template_of_the_frame_carries_a_style_or_a_script_of_its_own():
    for template in (COMMON / "templates").rglob("*.html"):
        assert not re.search(r"\sstyle=|<style|<script(?![^>]*src=)|\son\w+=", template.read_text()), template.name


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        *(
            (ink, ground, 4.5)
            for ink in ("ink", "soft", "accent", "accent-2", "wait", "stop", "note")
            for ground in ("paper", "tint", "field")
        ),
        ("on-accent", "accent", 4.5),
        ("on-accent", "accent-2", 4.5),
        ("on-mark", "mark", 4.5),
        ("edge", "paper", 3),
        ("edge", "field", 3),
        ("focus", "paper", 3),
        ("focus", "tint", 3),
    ],
)
def test_every_ink_can_be_read_on_every_ground(scheme, ink, ground, least):
    own = {"light": colours.LIGHT, "dark": colours.DARK}[scheme]
    assert colours.contrast(own[ink], own[ground]) >= least
