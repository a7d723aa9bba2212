// Keeps a claim while its page is open, and gives it back when the page is left. Without it a claim ends by itself.
"use strict";
(() => {
  const form = document.getElementById("claim");
  if (!form) return;
  const status = form.querySelector("[role=status]");
  const body = (name, value) => {
    const data = new FormData(form);
    data.append(name, value);
    return data;
  };
  async function renew() {
    try {
      const answer = await fetch(form.action, { method: "POST", body: body("renew", ""), redirect: "error" });
      const found = await answer.json();
      form.dataset.until = found.until || "";
      if (found.text) status.textContent = found.text;
    } catch (error) {
      // The line is down: the next attempt is five minutes away, and the claim lasts for fifteen.
    }
  }
  window.setInterval(renew, 300000);
  // What ends is this page's claim alone: a page that comes next has renewed it, and so keeps it.
  window.addEventListener("pagehide", () => {
    if (form.dataset.until) navigator.sendBeacon(form.action, body("left", form.dataset.until));
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) renew();
  });
})();
