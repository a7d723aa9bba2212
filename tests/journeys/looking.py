"""A browser that looks at one page after the other: what axe finds, what scrolls sideways, where the keyboard fails."""

from pathlib import Path
from typing import Any

from django.test import Client

from tests.journeys.conftest import WIDTHS
from tests.journeys.keyboard import errors_of_stops, errors_of_walk

#: Where a page is looked at, with the narrowest that WCAG 1.4.10 names.
ALL_WIDTHS = {**WIDTHS, "narrow": {"width": 320, "height": 256}}
#: How axe is asked. Only what it finds is told; nobody of ours needs its selectors, and there are no frames.
_TERSELY = {"resultTypes": ["violations"], "selectors": False, "iframes": False, "preload": False}
#: What a page may not break: WCAG 2.2, level AA.
RULES = {
    **_TERSELY,
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"color-contrast": {"enabled": False}, "target-size": {"enabled": False}},
}
#: Whether a finger finds what it can press is asked where there is least room, and words are shortest.
OF_ROOM = {**_TERSELY, "runOnly": ["target-size"]}
#: The slowest of them: what is written is measured once in each colour, size and place that it is written in.
CONTRAST = {**_TERSELY, "runOnly": ["color-contrast"]}
#: What is asked of styles, not of a page.
OF_STYLES = {**_TERSELY, "preload": True, "runOnly": ["css-orientation-lock"]}
#: Those whose answer can be another one on a phone, or in another language: what scrolls, and what is told in words.
OF_WIDTH_AND_LANGUAGE = {
    **_TERSELY,
    "runOnly": [
        "scrollable-region-focusable", "aria-hidden-focus",
        "html-has-lang", "html-lang-valid", "html-xml-lang-mismatch", "valid-lang", "document-title",
        "link-name", "button-name", "input-button-name", "label", "label-content-name-mismatch", "select-name",
        "summary-name", "image-alt", "role-img-alt", "svg-img-alt", "aria-command-name", "aria-input-field-name",
        "aria-toggle-field-name", "aria-meter-name", "aria-progressbar-name",
    ],
}  # fmt: skip

#: Put a page, with its styles, in the place of the one that is shown. Return whether it is shown: a page with styles
#: or scripts of its own has to be loaded. `me.js` changes only pages without a person in their header, for a person who
#: is signed in. Loading a page and axe again costs more than checking it.
SHOW = """async ([html, withScripts]) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const styles = each => [...each.querySelectorAll("link[rel=stylesheet]")];
  const same = (one, other) => one.getAttribute("href") === other.getAttribute("href");
  const needsItself = each => each.querySelector(withScripts ? "script[src]:not([src$='/me.js']), style" : "style");
  if (needsItself(page) || needsItself(document)) return false;
  const old = styles(document), needed = styles(page);
  old.filter(one => !needed.some(each => same(one, each))).forEach(one => one.remove());
  await Promise.all(needed.filter(one => !old.some(each => same(one, each))).map(one => new Promise(resolve => {
    one = document.adoptNode(one);
    one.onload = one.onerror = resolve;
    document.head.append(one);
  })));
  document.title = page.title;
  const root = document.documentElement;
  [...root.attributes].forEach(each => root.removeAttribute(each.name));
  [...page.documentElement.attributes].forEach(each => root.setAttribute(each.name, each.value));
  document.body.replaceWith(document.adoptNode(page.body));
  scrollTo(0, 0);
  return true;
}"""

#: Unfold what is folded, and return by how much the page is wider than what it is shown on. The menu of the header is
#: the same everywhere: it is opened on the first page alone.
UNFOLD = """isFirst => {
  document.querySelectorAll(isFirst ? "details" : "details:not(.menu)").forEach(each => { each.open = true });
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}"""

#: Set texts as far apart as WCAG 1.4.12 lets readers do; return by how much the page is then too wide, and what is cut.
SPACE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
  const root = document.documentElement, over = root.scrollWidth - root.clientWidth;
  const cut = [...document.body.querySelectorAll("*")].filter(each => {
    const { overflowX, overflowY, clipPath } = getComputedStyle(each);
    const isHidden = clipPath !== "none" || each.clientWidth < 2 || each.matches("select")
      || !each.checkVisibility() || !each.innerText?.trim();
    return !isHidden && ((overflowX === "hidden" && each.scrollWidth > each.clientWidth + 1)
      || (overflowY === "hidden" && each.scrollHeight > each.clientHeight + 1));
  }).map(each => each.outerHTML.slice(0, 160));
  document.adoptedStyleSheets = [];
  return [over > 0 ? [`scrolls sideways by ${over}`] : [], cut.map(each => `is cut: ${each}`)].flat();
}"""

#: Return the elements with words of their own that look like none before them: the colours of the words and of what
#: lies behind them, their size and weight. `known` are the looks that were measured.
LOOKS = """known => {
  const seen = new Set(known), styles = new Map(), fresh = [];
  const of = each => styles.get(each) ?? (styles.set(each, getComputedStyle(each)), styles.get(each));
  const usual = ["rgba(0, 0, 0, 0)", "none", "1", "static", "relative", false];
  const says = each => each.matches("input, select, textarea")
    || [...each.childNodes].some(one => one.nodeType === 3 && one.data.trim());
  for (const each of document.body.querySelectorAll("*")) {
    if (!says(each) || !each.checkVisibility()) continue;
    const own = of(each), look = [each.matches("input, select, textarea, button"), each.matches(":disabled"), own.color,
      own.fontSize, own.fontWeight, own.textShadow];
    for (let up = each; up; up = up.parentElement) {
      const { backgroundColor, backgroundImage, opacity, position } = of(up);
      look.push(backgroundColor, backgroundImage, opacity, position);
    }
    const said = look.filter(one => !usual.includes(one)).join();
    if (!seen.has(said)) { seen.add(said); fresh.push(each); known.push(said); }
  }
  window.fresh = fresh;
  return known;
}"""


def axe_script() -> str:
    """Return axe, which a package of the tests' requirements carries."""
    import axe_playwright_python

    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()


def describe(node: dict[str, Any]) -> str:
    """Return what axe says of a error: the element, why, and what it stands beside."""
    whys = [why for kind in ("any", "all", "none") for why in node[kind]]
    beside = [each["html"][:120] for why in whys for each in why.get("relatedNodes", [])]
    return " | ".join([node["html"][:160], *(why["message"] for why in whys), *beside])


class Onlooker:
    """Somebody who looks at page after page, in one language: at a desk, on a phone, and back."""

    def __init__(self, visitor: Any, language: str, width: str = "desk", *, scripts: bool = True):
        """Look with a browser that is the visitor's alone: its window is hidden, and so nothing is painted."""
        assert visitor.is_alone
        self.visitor, self.page, self.language = visitor, visitor.page, language
        self._width, self._scripts, self._path = width, scripts, ""
        self._client = Client()
        self._is_open = self._has_axe = False
        self.page.emulate_media(reduced_motion="reduce")  # it moves at once to what has the focus, where it would glide
        self._devtools = visitor.context.new_cdp_session(self.page)
        window = self._devtools.send("Browser.getWindowForTarget")["windowId"]
        self._devtools.send("Browser.setWindowBounds", {"windowId": window, "bounds": {"windowState": "minimized"}})
        self.source = ""  # of the page that is shown
        self.errors: list[str] = []
        self._axe, self._looks = axe_script(), []
        self._role, self._walked = None, set()

    def comes_as(self, role: str | None, person: Any) -> None:
        """Be somebody else; a role has its own head of the site."""
        if person:
            self.visitor.is_signed_in_as(person, self._client)
        self._role = role

    def reads(self, path: str, status: int = 200) -> None:
        """Ask for a page: the one that was meant, with the status that it should have."""
        answer = self._client.get(address := f"/{self.language}/{path}")
        self.source, self._path = answer.content.decode(), path
        if answer.status_code != status:
            self.errors.append(f"{address}: {answer.status_code}")

    def opens(self, path: str, status: int = 200) -> None:
        """Show a page. The browser asks for it itself where its scripts and styles have to run."""
        self.reads(path, status)
        if not (self._is_open and self.page.evaluate(SHOW, [self.source, self._scripts])):
            address = f"/{self.language}/{path}"
            answer = self.page.goto(address)
            if (got := (answer.status, self.page.url.removeprefix(self.visitor.address))) != (status, address):
                self.errors.append(f"{address}: {got[0]} at {got[1]}")
            self._has_axe = False
        self._is_open = True

    def is_at(self, width: str) -> None:
        """Take a phone, or sit down at a desk. Playwright would show the window again."""
        if width != self._width:
            self._devtools.send(
                "Emulation.setDeviceMetricsOverride", {**ALL_WIDTHS[width], "deviceScaleFactor": 1, "mobile": False}
            )
            self._width = width

    def widths(self) -> list[str]:
        """Return both widths, the present one first."""
        return sorted(WIDTHS, key=lambda width: width != self._width)

    def unfolds(self) -> None:
        """Open what is folded; look whether the page is wider than what it is shown on."""
        if (over := self.page.evaluate(UNFOLD, self._path == "")) > 0:
            self.errors.append(f"{self._path} {self._width}: scrolls sideways by {over}")

    def spaces_text(self) -> None:
        """Look whether all text remains where a reader sets it further apart."""
        self.errors += [f"{self._path} with text set apart: {error}" for error in self.page.evaluate(SPACE)]

    def asks_axe(self, rules: dict[str, Any], of: str = "document") -> None:
        """Look for what breaks rules."""
        if not self._has_axe:
            self.page.evaluate(self._axe)  # through the debugger, as the page's own policy lets no stranger's script in
            self._has_axe = True
            self.asks_axe(OF_STYLES)
        found = self.page.evaluate(f"rules => axe.run({of}, rules)", rules)["violations"]
        self.errors += [f"{self._path} {self._width}: {each['id']}: {describe(each['nodes'][0])}" for each in found]

    def looks_at_colours(self) -> None:
        """Measure the contrast of what looks like nothing before it."""
        known = len(self._looks)
        self._looks = self.page.evaluate(LOOKS, self._looks)
        if len(self._looks) > known:
            self.asks_axe(CONTRAST, "{ include: window.fresh }")

    def goes_from_stop_to_stop(self) -> None:
        """Look at each stop of the keyboard. In which order the Tab key comes there is the same in every language."""
        self.errors += errors_of_stops(self.page, f"{self._path} {self._width}")

    def walks(self) -> None:
        """Go through it with the Tab key."""
        where = f"{self._path} {self._width}"
        self.errors += errors_of_walk(self.page, where, is_whole=self._role not in self._walked)
        self._walked.add(self._role)
