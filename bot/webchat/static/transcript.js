// Draws the conversation. Words of people are only ever text nodes: nothing that anybody writes is markup.
import { call } from "./session.js";
import { direction, say, spokenLanguage } from "./words.js";

const list = document.getElementById("transcript");
const LINK = /https?:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?]|(?<![\d.,/-])(?:\+39 ?)?(?:800 ?\d{2,3} ?\d{2,3}(?: ?\d{2})?|0\d{1,3} ?\d{5,7}|112|114|1522|19696|116000)(?![\d/-])/g;

let press = () => {};
let retry = () => {};

export function start({ onPress, onRetry }) {
  press = onPress;
  retry = onRetry;
}

export function clear() {
  list.replaceChildren();
}

// A message of the server; one of our own replaces what was shown while it was on its way.
export function show(message) {
  const mine = message.client_id && list.querySelector(`[data-id="${CSS.escape(message.client_id)}"]`);
  const item = draw(message);
  item.dataset.seq = message.seq;
  if (mine) mine.remove();
  if (message.from === "assistant" && message.buttons.length) retireButtons();
  const follow = isAtEnd() || message.from === "citizen";
  const after = [...list.querySelectorAll("[data-seq]")].find((other) => Number(other.dataset.seq) > message.seq);
  const unsent = list.querySelector("[data-id]:not([data-seq])");
  list.insertBefore(item, after ?? unsent);
  if (follow) toEnd();
}

// A message that the service has not stored yet.
export function showUnsent(message, state, detail) {
  let item = list.querySelector(`[data-id="${CSS.escape(message.id)}"]`);
  if (!item) {
    item = draw({ from: "citizen", text: message.label ?? message.text, language: spokenLanguage(), direction: "auto", buttons: [], attachments: [], at: message.at });
    item.dataset.id = message.id;
    list.append(item);
    toEnd();
  }
  const meta = item.querySelector(".meta");
  meta.replaceChildren(mark(state, detail));
  if (state === "failed") meta.append(button(say("try_again"), () => retry(message.id)));
}

// Ticks of the person's own messages: stored, and read by the assistant or a mediator.
export function markReceived(upTo) {
  for (const item of list.querySelectorAll(".citizen[data-seq]")) {
    const state = Number(item.dataset.seq) <= upTo ? "delivered" : "sent";
    item.querySelector(".tick")?.replaceWith(mark(state));
  }
}

export function welcome(text, answers) {
  const item = draw({ from: "assistant", text, language: spokenLanguage(), direction: direction(), buttons: answers, attachments: [], at: null });
  item.classList.add("welcome");
  list.prepend(item);
}

export const removeWelcome = () => list.querySelector(".welcome")?.remove();
export const isEmpty = () => list.querySelector("[data-seq], [data-id]") === null;

function draw(message) {
  const item = element("li", `message ${message.from}`);
  const bubble = element("div", "bubble");
  bubble.lang = message.language;
  bubble.dir = message.direction;
  bubble.append(prefix(message), ...linked(message.text), ...message.attachments.map(attachment));
  item.append(bubble);
  if (message.original) item.append(original(message.original));
  if (message.buttons.length) item.append(answers(message));
  item.append(meta(message));
  return item;
}

// Says who speaks to those who do not see the colours.
function prefix(message) {
  const who = message.from === "mediator" ? say("from_mediator", { name: message.staff_name ?? "" }) : say(`from_${message.from}`);
  return element("span", "sr", `${who} `);
}

function meta(message) {
  const line = element("p", "meta");
  if (message.from === "mediator") line.append(element("span", "", message.staff_name ?? say("from_mediator", { name: "" })));
  if (message.at) {
    const time = element("time", "", new Date(message.at).toLocaleTimeString(spokenLanguage(), { hour: "2-digit", minute: "2-digit" }));
    time.dateTime = message.at;
    line.append(time);
  }
  if (message.from === "citizen" && message.seq) line.append(mark("sent"));
  return line;
}

function mark(state) {
  const signs = { waiting: "◷", sent: "✓", delivered: "✓✓", failed: "!" };
  const tick = element("span", `tick ${state}`);
  const sign = element("span", "", signs[state]);
  sign.ariaHidden = "true";
  tick.append(sign, " ", say(`state_${state}`));
  return tick;
}

function original({ text, language }) {
  const details = element("details", "");
  const words = element("p", "", text);
  words.lang = language;
  words.dir = "auto";
  details.append(element("summary", "", say("show_original")), words);
  return details;
}

function answers(message) {
  const row = element("ul", "answers");
  row.lang = message.language;
  row.dir = message.direction;
  for (const { label, token } of message.buttons) {
    const entry = element("li", "");
    entry.append(
      button(label, () => {
        row.querySelectorAll("button").forEach((other) => (other.disabled = !other.dataset.lasting && !message.at));
        press({ label, token });
      }),
    );
    row.append(entry);
  }
  return row;
}

// Answers to an earlier question are still buttons of ours; the service says kindly when one is too old.
function retireButtons() {
  list.querySelectorAll(".answers").forEach((row) => row.classList.add("earlier"));
}

function attachment({ id, kind, media_type: mediaType }) {
  const open = button(say(`attachment_${kind}`), async () => {
    const file = await call(`/chat/attachments/${encodeURIComponent(id)}`, { raw: true });
    const address = URL.createObjectURL(await file.blob());
    if (kind === "photo" && mediaType.startsWith("image/")) {
      const picture = element("img", "picture");
      picture.src = address;
      picture.alt = say("attachment_photo");
      open.replaceWith(picture);
    } else {
      Object.assign(document.createElement("a"), { href: address, download: id }).click();
    }
  });
  return open;
}

function linked(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(from, match.index), link(match[0]));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

function link(found) {
  const anchor = element("a", "", found);
  const isNumber = !found.startsWith("http");
  anchor.href = isNumber ? `tel:${found.replace(/ /g, "")}` : found;
  anchor.rel = "noopener noreferrer";
  if (isNumber) anchor.dir = "ltr";
  else anchor.target = "_blank";
  return anchor;
}

function button(label, action) {
  const made = element("button", "", label);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

const isAtEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < 80;
export const toEnd = () => (list.scrollTop = list.scrollHeight);
