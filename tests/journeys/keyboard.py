"""Somebody who has a keyboard and nothing else: goes from stop to stop, and notices where that fails."""

#: What the keyboard can stop at, in the order of the document, of what can be seen: of radio buttons one a group.
_STOPS = """() => {
  const groups = new Set();
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]");
  return [...all].filter(each => {
    if (each.tabIndex < 0 || each.disabled || each.type === "hidden" || !each.checkVisibility()) return false;
    if (each.type !== "radio") return true;
    const group = [...document.getElementsByName(each.name)].filter(one => one.form === each.form);
    if (group.some(one => one.checked)) return each.checked;
    return !groups.has(each.form + each.name) && groups.add(each.form + each.name);
  });
}"""

#: The stop that has the focus: what it is called, whether that can be seen, where it is on the page.
_HERE = """() => {
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  each.dataset.stop ||= String(document.querySelectorAll("[data-stop]").length + 1);
  const style = getComputedStyle(each), box = each.getBoundingClientRect();
  const inside = (x, y) => {
    const top = document.elementFromPoint(x, y);
    return top && (each.contains(top) || top.contains(each));
  };
  const first = each.getClientRects()[0] ?? box, x = first.left + first.width / 2, y = first.top + first.height / 2;
  return {
    stop: Number(each.dataset.stop),
    name: each.labels?.[0]?.innerText || each.innerText || each.ariaLabel || each.name || each.tagName,
    isFoot: each.closest("footer.site-foot") !== null,
    region: each.closest("main, aside, header, footer, nav")?.tagName ?? "",
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && y > -1 && y < innerHeight + 1 && x > -1 && x < innerWidth + 1 && inside(x, y),
    top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right,
  };
}"""


class Keys:
    """A page under the hands of somebody without a mouse."""

    def __init__(self, page):
        self.page = page

    def here(self):
        """Return what has the focus; nothing when it is the page itself."""
        return self.page.evaluate(_HERE)

    def press(self, *keys):
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def past_the_navigation(self):
        """Take the first stop of a page, which leads to its content."""
        self.press("Tab")
        assert self.page.evaluate("document.activeElement.className") == "skip"
        self.press("Enter")
        return self

    def to(self, text, limit=150):
        """Go on with the Tab key to what says that, and see that it has the focus."""
        for _press in range(limit):
            self.press("Tab")
            here = self.here()
            if here and text in here["name"]:
                assert here["outlined"], f"focus on {text} can be seen"
                return self
        raise AssertionError(f"the keyboard never reaches {text!r}")

    def types(self, text):
        """Write into the field that has the focus."""
        self.page.keyboard.type(text)
        return self

    def sends(self, key="Enter"):
        """Press what has the focus, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.press(key)
        return self


#: From where the next Tab goes on: before everything, or behind the head of the site. Where it stopped is noted when it
#: is about to go on: the page has moved there by then.
_BEGIN = """isWhole => {
  const begin = document.createElement("a");
  begin.tabIndex = -1;
  const head = document.querySelector("header.site");
  if (isWhole || !head) document.body.prepend(begin); else head.after(begin);
  begin.focus();
  begin.remove();
  window.stops = [];
  window.noted ??= (document.addEventListener("keydown", () => window.stops.push((HERE)()), true), true);
}""".replace("HERE", _HERE)
#: How many times Tab is pressed before we look where that led.
_AT_ONCE = 12


def errors_of_walk(page, where="", *, is_whole=True):
    """Go through a page from its beginning; return what somebody without a mouse would stumble over there.

    What is folded in it has been opened. Head and foot of the site are left out where they are those of a page before.
    """
    keys, errors = Keys(page), []
    page.evaluate(_BEGIN, True)
    keys.press("Tab")
    if page.evaluate("document.activeElement.className") != "skip":
        errors.append("the first stop does not lead past the navigation")
    if not is_whole:
        page.evaluate(_BEGIN, False)
    walked, seen, rtl = [], 0, page.evaluate("document.documentElement.dir") == "rtl"
    for _round in range(100):
        for _stop in range(_AT_ONCE):
            page.keyboard.down("Tab")  # it is held down, and so repeats itself
        page.keyboard.up("Tab")
        stops = page.evaluate("window.stops")
        for here in stops[seen:]:
            if here is None and not walked:
                continue
            if here is None or (walked and here["stop"] < walked[-1]["stop"]) or (not is_whole and here["isFoot"]):
                break
            if not walked or here["stop"] != walked[-1]["stop"]:  # a date has several stops within it
                errors += _errors_of_stop(here, walked[-1] if walked else None, rtl)
                walked.append(here)
        else:
            if len(stops) > seen:
                seen = len(stops)
                continue
        break
    else:
        errors.append("the keyboard does not get out of the page")
    reached = {each["stop"] for each in walked}
    expected = page.evaluate(
        f"""isWhole => ({_STOPS})().filter(each => isWhole || !each.closest(".skip, header.site, footer.site-foot"))
        .map(each => [Number(each.dataset.stop), each.outerHTML.slice(0, 150)])""",
        is_whole,
    )
    errors += [f"never reached: {html}" for stop, html in expected if stop not in reached]
    order = [stop for stop, _html in expected if stop in reached]
    if order != sorted(order):
        errors.append("not in the order of the page")
    return [f"{where or page.url}: {error}" for error in errors]


#: Put the focus on one stop after the other, and return what it is like there.
_STOP_BY_STOP = """() => (STOPS)().map(each => {
  each.focus({ focusVisible: true });
  return (HERE)() ?? { stop: 0, name: each.outerHTML.slice(0, 150), region: "", outlined: true, seen: false };
})""".replace("STOPS", _STOPS).replace("HERE", _HERE)


def errors_of_stops(page, where=""):
    """Look at every stop of a page; return what somebody without a mouse would not see of it.

    What is folded in it has been opened. That the Tab key comes there is seen by `errors_of_walk`.
    """
    page.keyboard.press("Tab")  # whoever uses the keyboard is shown where the focus is
    rtl, stops = page.evaluate(f"[document.documentElement.dir === 'rtl', ({_STOP_BY_STOP})()]")
    pairs = zip(stops, [None, *stops], strict=False)
    return [f"{where or page.url}: {error}" for here, before in pairs for error in _errors_of_stop(here, before, rtl)]


def _errors_of_stop(here, before, rtl):
    """Return what is wrong with a stop: unseen, under something else, or far above the one before it."""
    errors = []
    if not here["outlined"]:
        errors.append(f"focus cannot be seen on {here['name']!r}")
    if not here["seen"]:
        errors.append(f"out of sight: {here['name']!r}")
    if before and here["region"] == before["region"] and here["region"] in ("MAIN", "ASIDE"):
        beside = here["right"] <= before["left"] if rtl else here["left"] >= before["right"]
        if here["bottom"] <= before["top"] and not beside:
            errors.append(f"jumps back from {before['name']!r} up to {here['name']!r}")
    return errors
