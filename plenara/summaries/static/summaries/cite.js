// Words selected in the contribution go into the field below it. Without this script they are copied, or sentences chosen.
"use strict";
(() => {
  const source = document.getElementById("source");
  const field = document.getElementById("id_words");
  const words = source && source.querySelector(".words");
  if (!words || !field) return;
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    if (!words.contains(range.startContainer) || !words.contains(range.endContainer)) return;
    const text = selection.toString().replace(/\s+/g, " ").trim();
    if (text) field.value = text;
  });
})();
