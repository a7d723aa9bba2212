// Keyboard shortcuts of the desk. They move the focus and choose, but send nothing. `#keys` lists them and switches them off.
"use strict";
(() => {
  const list = document.getElementById("keys");
  if (!list) return;
  const NAME = "plenara-keys";
  const box = document.getElementById("keys-on");
  const stored = (value) => {
    try {
      if (value) localStorage.setItem(NAME, value);
      return localStorage.getItem(NAME);
    } catch (error) {
      return null; // a browser that stores nothing: the choice lasts as long as the page
    }
  };
  box.checked = stored() !== "off";
  box.addEventListener("change", () => stored(box.checked ? "on" : "off"));
  list.hidden = false;

  const seen = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.getClientRects().length);
  const go = (element) => {
    if (!element) return false;
    element.focus();
    element.scrollIntoView({ block: "nearest" });
    return true;
  };
  const row = (step) => {
    const rows = seen(".queue .top a");
    const here = rows.findIndex((each) => each.closest("li").contains(document.activeElement));
    const open = rows.findIndex((each) => each.getAttribute("aria-current"));
    if (here >= 0) return go(rows[here + step]);
    return go(rows[open + step] || rows[open] || rows[0]);
  };
  const choose = (number) => {
    const choice = seen(".decision [name=code]")[number - 1];
    if (!choice) return false;
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    return go(choice);
  };
  const actions = {
    j: () => row(1),
    k: () => row(-1),
    s: () => go(seen(".decision [name=sentence]")[0]),
    u: () => go(seen("form[action*='/undo/'] button")[0]),
    q: () => {
      const link = document.querySelector("a[data-queue]");
      if (link) link.click();
      return Boolean(link);
    },
    "?": () => {
      list.open = true;
      return go(list.querySelector("summary"));
    },
  };
  // Of keyboards with other letters, the key at the place of the Latin one.
  const named = (event) => {
    const key = event.key.toLowerCase();
    if (/^[a-z0-9?]$/.test(key)) return key;
    if (key === "\u061f" || key === "\uff1f") return "?";
    return (/^Key([A-Z])$|^Digit([1-9])$/.exec(event.code) || []).slice(1).join("").toLowerCase();
  };
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]")) return;
    const key = named(event);
    const done = /^[1-9]$/.test(key) ? choose(Number(key)) : Object.hasOwn(actions, key) && actions[key]();
    if (done) event.preventDefault();
  });
})();
