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

// --- Fetching ---------------------------------------------------------------------------------

async function fetchFragment(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html", "X-Background": "1" } });
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") { location.reload(); return null; }
  if (!answer.ok) return null;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
}

function once(work, wait) {
  let timer = null, running = false, again = false;
  const run = async () => {
    timer = null;
    if (running) { again = true; return; }
    running = true;
    try { await work(); } catch { /* the next event tries again */ }
    running = false;
    if (again) { again = false; run(); }
  };
  return () => { if (timer === null) timer = setTimeout(run, wait); };
}

// --- Lists that renew themselves --------------------------------------------------------------

function renewer(part) {
  return once(async () => {
    const fresh = await fetchFragment(part.dataset.live);
    if (fresh === null) return;
    const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    part.replaceChildren(fresh);
    if (focused) part.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  }, 200);
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
    messages.append(bubble);
    added += 1;
  }
  if (added && stay) toNewest.hidden = false;
  if (added && !stay) scrollToEnd();
}

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
  document.getElementById("about").replaceChildren(part("about"));
  thread.dataset.last = news.dataset.last;
  if (news.dataset.epoch !== thread.dataset.epoch) {
    thread.dataset.epoch = news.dataset.epoch;
    document.getElementById("floor").replaceChildren(part("floor"));
    dropNotice(); // it spoke of the floor as it was
    if (news.dataset.lost) showLostFloor(news.dataset.lost);
    prepareForms(document.getElementById("floor"));
  }
}, 30);

if (thread) {
  scrollToEnd();
  messages.addEventListener("scroll", () => { if (atEnd()) toNewest.hidden = true; });
  toNewest.addEventListener("click", () => { scrollToEnd(); messages.focus(); });
  setInterval(beat, HEARTBEAT_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });
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
  form.addEventListener("submit", () => storage.drop(key));
}

async function problemOf(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
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
    if (!part.dataset.liveOf || conversation === null || part.dataset.liveOf === conversation) renew();
  if (thread && (conversation === null || conversation === thread.dataset.thread)) renewThread();
}

function listen() {
  const line = document.getElementById("connection");
  const stream = new EventSource(document.body.dataset.events);
  let wasLost = false;
  stream.addEventListener("ready", () => {
    if (wasLost) { line.textContent = line.dataset.back; setTimeout(() => { line.hidden = true; }, 3000); onChange(null); }
    wasLost = false;
  });
  stream.addEventListener("conversation", (event) => onChange(JSON.parse(event.data).conversation));
  stream.addEventListener("error", () => {
    wasLost = true;
    setTimeout(() => { if (wasLost) { line.hidden = false; line.textContent = line.dataset.lost; } }, 2500);
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => { stream.close(); listen(); }, 5000);
  });
}

if (document.body.dataset.events && (thread || parts.length)) listen();
