"""The separators between the parts of a line."""

from plenara.core.views import with_separators


def test_a_dot_is_between_the_parts_and_nowhere_else():
    line = '<p class="as dots"><b>A</b> <span>b <bdi>C</bdi></span> <svg><use href="#x"/></svg></p><p>d</p> <p>e</p>'
    assert with_separators(line) == (
        '<p class="as dots"><b>A</b>\u00a0· <span>b <bdi>C</bdi></span>\u00a0· <svg><use href="#x"/></svg></p>'
        "<p>d</p> <p>e</p>"
    )


def test_a_line_of_one_part_or_none_has_no_dot():
    for line in ('<p class="dots"><b>A</b> </p>', '<p class="dots"></p>', '<p class="dotted"><b>A</b> <b>B</b></p>'):
        assert with_separators(line) == line


def test_lines_after_each_other_and_parts_without_an_end_are_known():
    line = '<p id="x" class="dots"><img alt=""> <b>B</b></p>'
    assert with_separators(line * 2) == line.replace("> <b>", ">\u00a0· <b>") * 2


def test_a_line_within_a_line_has_its_own_dots():
    line = '<p class="dots"><span class="dots"><b>A</b> <b>B</b></span> <i>C</i></p>'
    assert with_separators(line) == line.replace("</b> <b>", "</b>\u00a0· <b>").replace("</span> ", "</span>\u00a0· ")


def test_a_stroke_is_between_the_links_of_a_breadcrumb():
    line = '<nav class="crumbs" aria-label="You are here"><a href="/a/">A</a> <a href="/b/"><bdi>B</bdi></a></nav>'
    stroke = '<span aria-hidden="true">\u00a0/ </span>'
    assert with_separators(line) == line.replace("</a> <a", f"</a>{stroke}<a")
