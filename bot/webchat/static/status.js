// The line under the bar: what hinders now, else who is there. Its numbers can be tapped.
import { linked } from "./links.js";
import { Refused, office } from "./session.js";
import { say, spokenLanguage } from "./words.js";

const PATIENCE_MS = 1500; // A stream that comes back at once is not worth a word.

const line = document.getElementById("status");
const troubles = { stream: "", sending: "" };
let note = "";
let mode = "assistant";
let timer = 0;
let shown = "";

// What an error of a call is to the person: "unavailable" (an answer, and it is no), "too_many" or "offline".
export function kindOf(error) {
  if (!(error instanceof Refused)) return "offline";
  return error.status === 429 ? "too_many" : "unavailable";
}

// `where` is "stream" or "sending".
export function trouble(where, error) {
  const kind = kindOf(error);
  if (where === "stream" && !troubles.stream && navigator.onLine) {
    clearTimeout(timer);
    timer = setTimeout(() => set(where, kind), PATIENCE_MS);
  } else set(where, kind);
}

export function mended(where) {
  if (where === "stream") clearTimeout(timer);
  set(where, "");
}

// Something about one file; it stays until the next note.
export function tell(sentenceKey) {
  note = sentenceKey;
  show();
}

export function modeIs(now) {
  mode = now;
  show();
}

export function show() {
  const sentence = words();
  const guide = hindrance() === "unavailable" ? [guideLink()] : [];
  if (sentence === shown) return;
  shown = sentence;
  line.className = hindrance() || (note && note !== "file_sending") ? "status" : "status calm";
  line.replaceChildren(...(sentence ? linked(sentence) : []), ...guide);
}

function set(where, kind) {
  troubles[where] = kind;
  show();
}

// The guide's pages answer from the last copy, whatever else does not. A tab of its own: the chat goes on here.
function guideLink() {
  const link = document.createElement("a");
  link.href = `/guide?language=${spokenLanguage()}`;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = say("guide_meanwhile");
  const row = document.createElement("span");
  row.className = "status-way";
  row.append(link);
  return row;
}

const hindrance = () => troubles.stream || troubles.sending;

function words() {
  const kind = hindrance();
  if (kind === "too_many") return say("too_many");
  if (kind) return `${say(kind)} ${officeSentence()} ${say("emergency")}`;
  if (note) return say(note);
  return { waiting: say("mode_waiting"), mediator: say("mode_mediator"), closed: say("mode_closed") }[mode] ?? "";
}

function officeSentence() {
  const contact = office(spokenLanguage());
  return contact ? say(contact.phone ? "office_with_phone" : "office", contact) : "";
}
