// The list of messages: each once, in the service's order, the unsent ones at its end.
import { draw, mark, markCorrected, refresh, releaseAnswers } from "./bubble.js";
import { direction, say, spokenLanguage } from "./words.js";

const log = document.getElementById("log");
const list = document.getElementById("transcript");
const NEAR_END_PX = 80;
const SETTLING_MS = 500;

let on = {};
let receivedUpTo = 0;
let following = true;

// `listeners`: press({label, token}), retry(id), discard(id), problem(key).
export function start(listeners) {
  on = listeners;
  let lastTop = 0;
  log.addEventListener("scroll", () => {
    const isNearEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
    // Only who scrolls up stops following; messages that arrive in a row also leave the end behind.
    following = isNearEnd || (following && log.scrollTop >= lastTop);
    lastTop = log.scrollTop;
  });
  // A keyboard that opens, a notice, a picture: who was at the end stays there.
  const watch = new ResizeObserver(() => following && toEnd());
  watch.observe(log);
  watch.observe(list);
}

export function clear() {
  list.replaceChildren();
  receivedUpTo = 0;
}

// A message of the service. One of our own is already there, under the uuid that the page gave it.
export function show(message) {
  const shown = byId(message.client_id) ?? list.querySelector(`[data-seq="${Number(message.seq)}"]`);
  if (shown) refresh(shown, message);
  const item = shown ?? draw(message, on);
  if (message.client_id) item.dataset.id = message.client_id;
  place(item, message.seq);
  if (message.corrects) showCorrection(item, message);
  if (message.from === "citizen") mark(item, message.seq <= receivedUpTo ? "delivered" : "sent", on);
  else releaseAll(message.from === "assistant" ? item : null);
  if (message.from === "citizen") toEnd();
}

// The corrected message may be older than what the page holds: then the new one says enough.
function showCorrection(item, message) {
  item.id = `message-${Number(message.seq)}`;
  item.tabIndex = -1;
  const corrected = list.querySelector(`[data-seq="${Number(message.corrects)}"]`);
  if (corrected) markCorrected(corrected, item);
}

// A message that is on its way: "waiting", "sent" (with its number) or "failed".
export function showUnsent(message, state, seq) {
  let item = byId(message.id);
  if (item?.dataset.seq) return; // The stream was faster than the answer.
  if (!item) {
    item = draw({ ...message, from: "citizen", text: message.label ?? message.text, language: spokenLanguage(), buttons: [], attachments: [] }, on);
    item.dataset.id = message.id;
    list.append(item);
    toEnd();
  }
  if (state === "sent") place(item, seq);
  if (state === "failed") releaseAll();
  mark(item, state, on);
}

export function takeAway(id) {
  byId(id)?.remove();
}

// The person's own messages up to `seq` have been read by the assistant or a mediator.
export function markReceived(seq) {
  receivedUpTo = seq;
  for (const item of list.querySelectorAll(".citizen[data-seq]")) {
    if (Number(item.dataset.seq) <= seq && !item.querySelector(".delivered")) mark(item, "delivered", on);
  }
}

export function welcome(answers) {
  const about = { from: "assistant", text: say("welcome"), language: spokenLanguage(), direction: direction() };
  const item = draw({ ...about, buttons: answers, attachments: [] }, on);
  item.classList.add("welcome");
  removeWelcome();
  list.prepend(item);
}

// A notice of the page itself.
export function notice(key) {
  const about = { from: "system", text: say(key), language: spokenLanguage(), direction: direction() };
  list.append(draw({ ...about, buttons: [], attachments: [] }, on));
}

// A question of the page itself, with its answers; it stays at the end until it is answered.
export function offer(key, answers) {
  const about = { from: "system", text: say(key), language: spokenLanguage(), direction: direction() };
  const item = draw({ ...about, buttons: answers, attachments: [] }, on);
  item.classList.add("offer");
  list.append(item);
}

export const removeOffer = () => list.querySelector(".offer")?.remove();
export const removeWelcome = () => list.querySelector(".welcome")?.remove();
export const isEmpty = () => list.querySelector("[data-seq], [data-id]") === null;
export const hasAnswerAfter = (seq) =>
  [...list.querySelectorAll(".message:not(.citizen)[data-seq]")].some((item) => Number(item.dataset.seq) > seq);

// From now on new messages are read out; the history of the conversation, just drawn, is not news.
export function announce() {
  if (log.getAttribute("aria-live") === "polite") return;
  setTimeout(() => log.setAttribute("aria-live", "polite"), SETTLING_MS);
}

function place(item, seq) {
  item.dataset.seq = seq;
  const after = [...list.children].find((other) => other !== item && Number(other.dataset.seq) > seq);
  const next = after ?? [...list.children].find((other) => other.dataset.id && !other.dataset.seq) ?? null;
  if (!item.isConnected || item.nextElementSibling !== next) list.insertBefore(item, next);
}

// Something was answered: what was pressed may be pressed again. Only the newest question looks new.
function releaseAll(newest = null) {
  list.querySelectorAll(".answers").forEach((row) => {
    releaseAnswers(row);
    if (newest) row.classList.toggle("earlier", !newest.contains(row));
  });
}

const byId = (id) => (id ? list.querySelector(`[data-id="${CSS.escape(id)}"]`) : null);
const toEnd = () => (log.scrollTop = log.scrollHeight);
