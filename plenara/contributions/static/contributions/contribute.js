// Counts words while they are typed, and saves the draft every ten seconds. The page works without it.
(function () {
  "use strict";
  const form = document.getElementById("contribute");
  if (!form) return;
  const text = form.elements.namedItem("text");
  const count = document.getElementById("count");
  const saved = document.getElementById("saved");
  const limit = Number(text.dataset.limit || 0);
  const ideograph = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]/gu;
  const word = /[\p{L}\p{N}]+(?:[’'\-.][\p{L}\p{N}]+)*/gu;

  function words() {
    const plain = text.value.replace(/\]\([^)]*\)/g, "]");
    const ideographs = (plain.match(ideograph) || []).length;
    return (plain.replace(ideograph, " ").match(word) || []).length + Math.ceil(ideographs / 2);
  }
  function show() {
    const number = words();
    count.textContent = count.dataset.of.replace("{count}", String(number));
    count.classList.toggle("over", limit > 0 && number > limit);
  }
  text.addEventListener("input", show);
  show();

  if (!form.dataset.draft) return;
  let last = new URLSearchParams(new FormData(form)).toString();
  async function save() {
    const body = new URLSearchParams(new FormData(form));
    if (body.toString() === last || !text.value.trim()) return;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: body, redirect: "error" });
      if (!answer.ok) return;
      const data = await answer.json();
      last = body.toString();
      saved.textContent = saved.dataset.text.replace("{time}", data.at);
    } catch (error) {
      // The line is down: the next attempt is ten seconds away, and the text stays in the form.
    }
  }
  window.setInterval(save, 10000);
})();
