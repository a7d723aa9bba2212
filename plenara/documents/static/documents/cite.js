// Words selected in the contribution go into the field below it. Without this script they are copied, or sentences chosen.
"use strict";
(() => {
  const field = document.getElementById("id_words");
  const words = document.querySelector("#source .words");
  if (!words || !field) return;
  const bare = (text) => text.replace(/\s+/g, "");
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(words)) return;
    // A triple click ends in what comes after the paragraph, without taking a word of it.
    const inside = range.cloneRange();
    if (!words.contains(range.startContainer)) inside.setStart(words, 0);
    if (!words.contains(range.endContainer)) inside.setEnd(words, words.childNodes.length);
    if (bare(inside.toString()) !== bare(selection.toString())) return;
    const text = selection.toString().replace(/\s+/g, " ").trim();
    if (text) field.value = text;
  });
})();
