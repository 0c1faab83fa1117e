// Which rows of a list are chosen: counted, and kept when the list is renewed.
"use strict";

(() => {
  const list = document.getElementById("case-list"), shown = document.getElementById("chosen-count");
  if (!list || !shown) return;
  const chosen = new Set();

  const tell = () => { shown.textContent = chosen.size ? shown.dataset.words.replace("{count}", chosen.size) : ""; };

  list.addEventListener("change", (event) => {
    const box = event.target.closest("input[name=case]");
    if (!box) return;
    if (box.checked) chosen.add(box.value); else chosen.delete(box.value);
    tell();
  });

  // A renewed list has new boxes; those that are gone from it are no longer chosen.
  new MutationObserver(() => {
    const boxes = [...list.querySelectorAll("input[name=case]")];
    const here = new Set(boxes.map((box) => box.value));
    for (const id of [...chosen]) if (!here.has(id)) chosen.delete(id);
    for (const box of boxes) box.checked = chosen.has(box.value);
    tell();
  }).observe(list, { childList: true });
})();
