// Notes, labels and the day to look again are kept without a reload; without this file the forms work too.
"use strict";

(() => {
  async function post(form) {
    const body = new URLSearchParams(new FormData(form));
    return fetch(form.action, { method: "POST", body, redirect: "manual", headers: { Accept: "text/html" } });
  }

  const note = document.querySelector("form[data-note]");
  note?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (note.dataset.busy) return;
    note.dataset.busy = "1";
    const box = note.querySelector("textarea"), state = note.querySelector("[role=status]");
    const kind = note.querySelector("input[name=kind]:checked").value, place = note.dataset.draft;
    const draft = storage.read(place);
    // the same words keep their key: a second try after a lost answer is not a second note
    const same = draft.text === box.value && draft.kind === kind;
    const key = same && draft.key ? draft.key : crypto.randomUUID();
    storage.write(place, { text: box.value, kind, key });
    note.querySelector("input[name=key]").value = key;
    try {
      const answer = await post(note);
      if (answer.type === "opaqueredirect") {
        storage.drop(place);
        box.value = "";
        state.textContent = note.dataset.kept;
        renewThread();
      } else state.textContent = await problemOf(answer) ?? note.dataset.failed;
    } catch { state.textContent = note.dataset.failed; }
    delete note.dataset.busy;
    box.focus();
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-keeps]")) return;
    event.preventDefault();
    const back = form.querySelector("input:not([type=hidden])")?.id ?? "label-name";
    try {
      const answer = await post(form);
      if (answer.type !== "opaqueredirect") { form.submit(); return; } // the page says what is wrong
      document.activeElement?.blur();
      const address = `${thread.dataset.source}?after=${thread.dataset.last}`;
      const fresh = await fetchFragment(address);
      if (fresh) renewAbout(fresh.querySelector('template[data-part="about"]').content);
      document.getElementById(back)?.focus();
    } catch { form.submit(); }
  });

  // a draft that was left opens its form again
  const box = document.getElementById("note-box");
  if (box && document.getElementById("note-text").value) box.open = true;
})();
