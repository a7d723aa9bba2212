// Asks every half minute how many wait, and says so. The rows stay as they are under their reader's hands.
"use strict";
(() => {
  const count = document.getElementById("waiting");
  if (!count) return;
  window.setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(count.dataset.url, { redirect: "error" });
      if (!answer.ok) return;
      const { text } = await answer.json();
      if (text !== count.textContent) count.textContent = text; // unchanged words are not announced again
    } catch (error) {
      // The line is down: the next attempt is half a minute away.
    }
  }, 30000);
})();
