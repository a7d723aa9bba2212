"""Sphinx's configuration of the site; `build.py` runs it."""

import re
from pathlib import Path

from sphinx.application import Sphinx

from tools.docs.build import paths
from tools.messages.source import ROOT

project = "Plenara"
html_title = "Plenara: documentation"
extensions = ["myst_parser"]
root_doc = "index"
myst_heading_anchors = 4
suppress_warnings = ["toc.not_included"]  # the start page leads everywhere
highlight_language = "text"
smartquotes = False
html_theme = "theme"
html_theme_path = [str(Path(__file__).parent)]
_look = ROOT / "plenara" / "core" / "static"
html_static_path = [str(_look / "plenara.css")]
html_favicon = str(_look / "favicon.svg")
html_copy_source = html_show_sourcelink = html_use_index = html_domain_indices = html_permalinks = False


def _complete(app: Sphinx, page: str, _template: str, context: dict[str, object], _doctree: object) -> None:
    """Give a page the paths that it is on: of each its role, its pages with their titles, and the one that is next.

    What scrolls sideways can have the focus of the keyboard.
    """
    context["body"] = re.sub(r"<(pre|table)\b", r'<\1 tabindex="0"', str(context.get("body", "")))
    titles = app.env.titles
    context["paths"] = [
        {
            "role": role,
            "pages": [(name, titles[name].astext()) for name in pages],
            "number": pages.index(page) + 1,
            "next": next(((name, titles[name].astext()) for name in pages[pages.index(page) + 1 :]), None),
        }
        for role, pages in paths().items()
        if page in pages
    ]


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", _complete)
