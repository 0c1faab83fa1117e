// Messages on their way: kept on the device until the service has stored them, sent one by one in order.
// The uuid made here makes a second sending harmless.
import { Refused, call } from "./session.js";
import { read, write } from "./storage.js";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15000;

let waiting = read("outbox", []);
let running = false;
let wake = () => {};
let report = () => {};

// `listener(message, state, detail)`: state is "waiting", "sent" (with its seq) or "failed".
export function start(listener) {
  report = listener;
  waiting.forEach((message) => report(message, message.failed ? "failed" : "waiting"));
  window.addEventListener("online", () => wake());
  void run();
}

export function send(message) {
  const kept = { id: newId(), at: new Date().toISOString(), ...message };
  waiting = [...waiting, kept];
  keep();
  report(kept, "waiting");
  void run();
}

export function again(id) {
  waiting = waiting.map((message) => (message.id === id ? { ...message, failed: false } : message));
  keep();
  void run();
}

export function drop(id) {
  waiting = waiting.filter((message) => message.id !== id);
  keep();
}

export const retryNow = () => wake();
export const holds = (id) => waiting.some((message) => message.id === id);

async function run() {
  if (running) return;
  running = true;
  let pause = FIRST_PAUSE_MS;
  for (let next = first(); next; next = first()) {
    pause = await attempt(next, pause);
  }
  running = false;
}

async function attempt(message, pause) {
  try {
    const { id, text, button } = message;
    const { seq } = await call("/chat/messages", { method: "POST", json: button ? { id, button } : { id, text } });
    drop(id);
    report(message, "sent", seq);
    return FIRST_PAUSE_MS;
  } catch (error) {
    if (error instanceof Refused && isFinal(error.status)) {
      waiting = waiting.map((other) => (other.id === message.id ? { ...other, failed: true } : other));
      keep();
      report(message, "failed", error.message);
      return pause;
    }
    report(message, "waiting", error instanceof Refused ? error.status : 0);
    await Promise.race([sleep((error.retryAfterSeconds ?? 0) * 1000 || pause), woken()]);
    return Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

// 401 and 404: the session is gone; the page opens another and the message goes there.
const isFinal = (status) => status >= 400 && status < 500 && ![401, 404, 408, 409, 425, 429].includes(status);
const first = () => waiting.find((message) => !message.failed);
const keep = () => write("outbox", waiting);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const woken = () => new Promise((resolve) => (wake = resolve));

// crypto.randomUUID exists only in secure contexts; an old phone on a plain address needs the long way.
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
