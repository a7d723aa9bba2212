"""Links of a copied page stay where the copy has what they name, and lead to the site where it has not."""

import pytest

from plenara.mirror.rendering import addresses, rewritten

SITE = "https://consult.example.org"
AT = "/en/consultations/x/threads/1/"
THERE = {AT: AT, "/en/consultations/x/": "/en/consultations/x/", f"{AT}feed.atom": f"{AT}feed.atom"} | {
    f"{AT}from/7/": f"{AT}from/1/", "/static/a.css": "/static/a.css",
}  # fmt: skip


def turned(html):
    return rewritten(html, AT, site=SITE, where=lambda path: THERE.get(path, ""))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="/en/consultations/x/">', '<a href="/en/consultations/x/">'),
        ('<a href="feed.atom">', '<a href="feed.atom">'),
        ('<a href="../../">', '<a href="../../">'),
        ('<a href="#c7">', '<a href="#c7">'),
        ('<a href="/en/consultations/x/#q">', '<a href="/en/consultations/x/#q">'),
        (f'<a href="{AT}from/7/#c7">', f'<a href="{AT}from/1/#c7">'),
        ('<a href="?order=newest">', f'<a href="{SITE}{AT}?order=newest">'),
        ('<a href="/en/my/?a=1&amp;b=2#c">', f'<a href="{SITE}/en/my/?a=1&amp;b=2#c">'),
        (f'<a href="{SITE}/en/consultations/x/">', '<a href="/en/consultations/x/">'),
        (f'<a href="{SITE}/en/" rel="external">', f'<a href="{SITE}/en/" rel="external">'),
        (f'<link rel="canonical" href="{SITE}{AT}">', f'<link rel="canonical" href="{SITE}{AT}">'),
        ('<link rel="stylesheet" href="/static/a.css">', '<link rel="stylesheet" href="/static/a.css">'),
        ('<img src="/mark/none.png" alt="">', f'<img src="{SITE}/mark/none.png" alt="">'),
        ('<a href="mailto:x@example.org">', '<a href="mailto:x@example.org">'),
        ('<a href="https://other.example/en/">', '<a href="https://other.example/en/">'),
        ('<a href="//other.example/">', '<a href="//other.example/">'),
        (f'<form method="get" action="{AT}">', f'<form method="get" action="{SITE}{AT}">'),
        ('<form method="get">', f'<form method="get" action="{SITE}{AT}">'),
    ],
)
def test_a_link(before, after):
    assert turned(before) == after


def test_words_that_look_like_a_link_stay_words():
    html = '<p title="say href=&quot;/en/my/&quot;">&lt;a href="/en/my/"&gt; href="/en/my/"</p>'
    assert turned(html) == html


def test_data_in_a_script_stays_as_it_is():
    html = '<script type="application/ld+json">{"url":"/en/my/","x":"\\u003ca href=\\"/en/my/\\"\\u003e"}</script>'
    assert turned(html) == html


def test_addresses_are_found_with_their_element():
    assert list(addresses('<p><a class="x" href="/a/?b&amp;c">x</a><img src="d.png">')) == [
        ("a", "/a/?b&c"),
        ("img", "d.png"),
    ]
