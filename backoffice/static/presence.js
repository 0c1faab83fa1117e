// An open thread and colleagues: it says that somebody reads or writes here, and shows the dialogs of the
// floor over the page. Without it each dialog is a page of its own. The list of who is here renews itself
// by staff.js (`data-live`).
"use strict";

const here = document.querySelector("[data-presence]");
const BEAT_MS = 10000;
const WRITES_FOR_MS = 8000;
let wroteAt = -Infinity, said = "";

function activity() {
  return performance.now() - wroteAt < WRITES_FOR_MS ? "writing" : "reading";
}

async function sayHere() {
  if (document.hidden) return; // a page in the background is read by nobody: it falls silent
  said = activity();
  const headers = { "X-CSRF-Token": document.body.dataset.csrf, "X-Background": "1", Accept: "text/html" };
  try {
    const answer = await fetch(here.dataset.presence, { method: "POST", body: new URLSearchParams({ activity: said }), headers });
    if (!answer.ok || answer.redirected) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = ownServer.createHTML(await answer.text());
    if (fresh.innerHTML !== here.innerHTML) here.replaceChildren(fresh.content);
  } catch { /* no network: the connection line says so */ }
}

if (here) {
  sayHere();
  setInterval(sayHere, BEAT_MS);
  document.addEventListener("visibilitychange", sayHere);
  document.addEventListener("input", (event) => {
    if (!event.target.closest("form[data-reply]")) return;
    wroteAt = performance.now();
    if (said !== "writing") sayHere();
  });
  addEventListener("pagehide", () => {
    navigator.sendBeacon(here.dataset.presence, new URLSearchParams({ activity: "gone", csrf: document.body.dataset.csrf }));
  });
}

// --- Dialogs --------------------------------------------------------------------------------------

let opening = false;

async function openDialog(link) {
  if (opening) return; // a second press before the first has come
  opening = true;
  try { await showDialog(link); } finally { opening = false; }
}

async function showDialog(link) {
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(ownServer.createHTML(await answer.text()), "text/html");
  const content = page.querySelector("[data-dialog-content]");
  if (!answer.ok || !content) { location.assign(link.href); return; }
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "dialog-title");
  content.className = "";
  dialog.append(document.adoptNode(content));
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss-dialog]")) { event.preventDefault(); dialog.close(); }
  });
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  openDialog(link).catch(() => location.assign(link.href));
});
