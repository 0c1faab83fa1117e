// What an open page does by itself: it hears that something changed and fetches what it may see,
// keeps drafts on this computer and says that a mediator is here; composer.js sends replies.
// No library, no inline handler: the content security policy allows this file only.
"use strict";

const csrf = document.body.dataset.csrf;
const DRAFT = "sportello:draft:";
const HEARTBEAT_MS = 15000;

// a notice is said once: neither a reload nor a copied address repeats it
if (document.getElementById("notice")) {
  const address = new URL(location.href);
  address.searchParams.delete("notice");
  history.replaceState(null, "", address);
}

// An open group of the menu lies over the page: a press beside it, or Escape, closes it.
function closeMenu(but) {
  for (const group of document.querySelectorAll(".nav-group[open]")) if (group !== but) group.open = false;
}
document.addEventListener("click", (event) => closeMenu(event.target.closest(".nav-group")));
document.addEventListener("focusin", (event) => closeMenu(event.target.closest(".nav-group")));
document.querySelector(".app-nav")?.addEventListener("keydown", (event) => {
  const group = event.key === "Escape" && event.target.closest(".nav-group[open]");
  if (!group) return;
  group.open = false;
  group.querySelector("summary").focus();
});

// --- Markup -----------------------------------------------------------------------------------

// The only markup that scripts may write is what our own server has rendered and escaped: the pages'
// policy refuses every other string (trusted types).
const ownServer = window.trustedTypes?.createPolicy("sportello", { createHTML: (rendered) => rendered })
  ?? { createHTML: (rendered) => rendered };

// --- Fetching ---------------------------------------------------------------------------------

async function fetchFragment(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html", "X-Background": "1" } });
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") { location.reload(); return null; }
  if (answer.status >= 500 || answer.status === 429) throw new Error(`answered ${answer.status}`);
  if (!answer.ok) return null;
  const holder = document.createElement("template");
  holder.innerHTML = ownServer.createHTML(await answer.text());
  return holder.content;
}

const AGAIN_MS = 2000;

// Runs a piece of work, one at a time. What fails is tried again until it succeeds: an event that
// was heard must not be lost because the server was just restarting.
function once(work, wait) {
  let timer = null, running = false, again = false;
  const run = async () => {
    timer = null;
    if (running) { again = true; return; }
    running = true;
    let failed = false;
    try { await work(); } catch { failed = true; }
    running = false;
    if (again) { again = false; run(); } else if (failed && timer === null) timer = setTimeout(run, AGAIN_MS);
  };
  return () => { if (timer === null) timer = setTimeout(run, wait); };
}

// --- Lists that renew themselves --------------------------------------------------------------

function markup(content) {
  const holder = document.createElement("div");
  holder.append(content.cloneNode(true));
  return holder.innerHTML;
}

// What has not changed is left alone, so that neither focus nor scroll nor an open menu is disturbed.
function renewer(part) {
  let shown = null;
  return once(async () => {
    if (part.offsetParent === null && !part.checkVisibility()) { shown = null; return; }
    const fresh = await fetchFragment(part.dataset.live);
    if (fresh === null) return;
    const words = markup(fresh);
    if (words === shown) return;
    shown = words;
    const place = part.contains(document.activeElement) ? rowOf(document.activeElement) : null;
    const top = part.scrollTop;
    part.replaceChildren(fresh);
    part.scrollTop = top;
    if (place) part.querySelector(place)?.focus();
    part.dispatchEvent(new CustomEvent("renewed", { bubbles: true }));
  }, 200);
}

function rowOf(focused) {
  const row = focused.closest("[data-row]");
  if (row) return `[data-row="${CSS.escape(row.dataset.row)}"] a`;
  const href = focused.getAttribute("href");
  return href ? `[href="${CSS.escape(href)}"]` : null;
}

const parts = [...document.querySelectorAll("[data-live]")].map((part) => ({ part, renew: renewer(part) }));
for (const { part, renew } of parts) if ("load" in part.dataset) renew();

// --- The thread -------------------------------------------------------------------------------

const thread = document.querySelector("[data-thread]");
const messages = document.getElementById("messages");
const toNewest = document.getElementById("to-newest");

const atEnd = () => messages.scrollHeight - messages.scrollTop - messages.clientHeight < 60;
const scrollToEnd = () => { messages.scrollTop = messages.scrollHeight; toNewest.hidden = true; };

function appendMessages(fresh) {
  const stay = !atEnd();
  let added = 0;
  for (const bubble of [...fresh.children]) {
    if (document.getElementById(bubble.id)) continue;
    if (document.hidden && bubble.classList.contains("bubble-citizen")) drawNewLine();
    messages.append(bubble);
    added += 1;
  }
  if (added && stay) toNewest.hidden = false;
  if (added && !stay) scrollToEnd();
}

// What comes while nobody looks stands below a line.
function drawNewLine() {
  if (document.getElementById("new-line")) return;
  const line = document.createElement("p");
  line.id = "new-line";
  line.className = "new-line";
  line.textContent = thread.dataset.newLine;
  messages.append(line);
}

// What somebody is just filling in is not taken from under their hands: it is renewed when they leave it.
const about = document.getElementById("about");
let aboutShown = null, aboutWaits = null;

function renewAbout(fresh) {
  const words = markup(fresh);
  if (words === aboutShown) return;
  if (about.contains(document.activeElement) && document.activeElement.matches("input")) { aboutWaits = fresh; return; }
  aboutShown = words;
  aboutWaits = null;
  about.replaceChildren(fresh);
}

about?.addEventListener("focusout", () => setTimeout(() => { if (aboutWaits) renewAbout(aboutWaits); }));

function dropNotice() {
  document.getElementById("notice")?.remove();
}

function showLostFloor(sentence) {
  const warning = document.getElementById("floor-lost");
  if (!warning || !sentence) return;
  warning.textContent = sentence;
  warning.hidden = false;
}

const renewThread = thread && once(async () => {
  const mineBefore = document.querySelector("[data-reply]") !== null;
  const query = `after=${thread.dataset.last}&mine=${mineBefore ? "yes" : ""}`;
  const fresh = await fetchFragment(`${thread.dataset.source}?${query}`);
  const news = fresh?.firstElementChild;
  if (!news) return;
  const part = (name) => news.querySelector(`template[data-part="${name}"]`).content;
  appendMessages(part("messages"));
  renewAbout(part("about"));
  const more = Number(news.dataset.last) > Number(thread.dataset.last);
  thread.dataset.last = news.dataset.last;
  if (more) document.dispatchEvent(new CustomEvent("messages"));
  if (news.dataset.epoch !== thread.dataset.epoch) {
    thread.dataset.epoch = news.dataset.epoch;
    document.getElementById("floor").replaceChildren(part("floor"));
    dropNotice(); // it spoke of the floor as it was
    if (news.dataset.lost) showLostFloor(news.dataset.lost);
    prepareForms(document.getElementById("floor"));
  }
}, 30);

if (thread) {
  if (!document.getElementById(location.hash.slice(1))?.matches(".bubble")) scrollToEnd();
  messages.addEventListener("scroll", () => { if (atEnd()) toNewest.hidden = true; });
  toNewest.addEventListener("click", () => { scrollToEnd(); messages.focus(); });
  setInterval(beat, HEARTBEAT_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) document.getElementById("new-line")?.remove(); // all above it has been seen
    else beat();
  });
}

async function beat() {
  if (!document.querySelector("[data-reply]")) return;
  const body = new URLSearchParams({ epoch: thread.dataset.epoch });
  const headers = { "X-CSRF-Token": csrf, "X-Background": "1" };
  try {
    const answer = await fetch(thread.dataset.heartbeat, { method: "POST", body, headers });
    if (answer.status === 409) renewThread();
  } catch { /* no network: the connection line says so */ }
}

// --- Drafts ---------------------------------------------------------------------------------

const storage = {
  read(key) { try { return JSON.parse(localStorage.getItem(DRAFT + key)) ?? {}; } catch { return {}; } },
  write(key, draft) { try { localStorage.setItem(DRAFT + key, JSON.stringify(draft)); } catch { /* full or off */ } },
  drop(key) { try { localStorage.removeItem(DRAFT + key); } catch { /* off */ } },
};

function prepareForms(root) {
  for (const form of root.querySelectorAll("form[data-draft]:not([data-reply])")) prepareDraft(form);
  for (const form of root.querySelectorAll("form[data-reply]")) prepareReply(form); // composer.js
  for (const button of root.querySelectorAll("[data-opens]"))
    button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
  for (const button of root.querySelectorAll("[data-closes]"))
    button.addEventListener("click", () => document.getElementById(button.dataset.closes).close());
}

function prepareDraft(form) {
  const box = form.querySelector("textarea");
  const key = form.dataset.draft;
  box.value = storage.read(key).text ?? box.value;
  box.addEventListener("input", () => {
    if (box.value) storage.write(key, { text: box.value });
    else storage.drop(key);
  });
  if (!("note" in form.dataset)) form.addEventListener("submit", () => storage.drop(key));
}

async function problemOf(answer) {
  const page = new DOMParser().parseFromString(ownServer.createHTML(await answer.text()), "text/html");
  return page.getElementById("error-sentence")?.textContent ?? null;
}

prepareForms(document);
document.querySelector("[data-sign-out]")?.addEventListener("submit", () => {
  try { Object.keys(localStorage).filter((key) => key.startsWith(DRAFT)).forEach((key) => localStorage.removeItem(key)); } catch { /* off */ }
});

// --- Events -----------------------------------------------------------------------------------

function onChange(conversation) {
  document.dispatchEvent(new CustomEvent("sportello:changed", { detail: conversation }));
  for (const { part, renew } of parts)
    if (!("still" in part.dataset) && (!part.dataset.liveOf || conversation === null || part.dataset.liveOf === conversation)) renew();
  if (thread && (conversation === null || conversation === thread.dataset.thread)) renewThread();
  document.dispatchEvent(new CustomEvent("change-heard"));
}

const connection = document.getElementById("connection");
const QUIET_MS = 2500;
let isLost = false, listening = false;

function connectionLost() {
  if (isLost) return;
  isLost = true;
  setTimeout(() => { if (isLost) { connection.hidden = false; connection.textContent = connection.dataset.lost; } }, QUIET_MS);
}

// What was written before the stream stood open, at first or after a loss, is fetched now: no gap.
function connectionStands() {
  if (isLost && !connection.hidden) {
    connection.textContent = connection.dataset.back;
    setTimeout(() => { if (!isLost) connection.hidden = true; }, 3000);
  }
  isLost = false;
  onChange(null);
}

function listen() {
  listening = true;
  const stream = new EventSource(document.body.dataset.events);
  stream.addEventListener("ready", connectionStands);
  stream.addEventListener("conversation", (event) => onChange(JSON.parse(event.data).conversation));
  stream.addEventListener("error", () => {
    connectionLost();
    // an answer that is no stream (a proxy's 502) ends the browser's own tries
    if (stream.readyState === EventSource.CLOSED) { stream.close(); setTimeout(listen, AGAIN_MS); }
  });
}

if (document.body.dataset.events && (thread || parts.length)) listen();
