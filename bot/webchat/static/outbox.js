// Messages on their way: kept on the device until the service has stored them, sent one by one in order.
// The uuid made here makes a second sending harmless, by this tab or by another one.
import { rest, retryNow } from "./pause.js";
import { Refused, call, ensureOpen, lose } from "./session.js";
import { read, write } from "./storage.js";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15000;
// The session is gone (401, 404: a new one is opened), or it may work later.
const PASSING = [401, 404, 408, 425, 429];

let running = false;
let report = () => {};

// `listener(message, state, detail)`: "waiting" (with the error, if any), "sent" (with its seq) or "failed".
export function start(listener) {
  report = listener;
  reportAll();
  void run();
}

export function reportAll() {
  list().forEach((message) => report(message, message.failed ? "failed" : "waiting"));
}

export function send(message) {
  const kept = { id: newId(), at: new Date().toISOString(), ...message };
  change((messages) => [...messages, kept]);
  report(kept, "waiting");
  retryNow();
  void run();
}

export function again(id) {
  change((messages) => messages.map((message) => (message.id === id ? { ...message, failed: false } : message)));
  list().filter((message) => message.id === id).forEach((message) => report(message, "waiting"));
  void run();
}

export function drop(id) {
  change((messages) => messages.filter((message) => message.id !== id));
}

// A button belongs to its conversation; in another one its words say the same.
export function readdress() {
  change((messages) =>
    messages.map(({ button, label, ...message }) => (button ? { ...message, text: label } : message)),
  );
}

export const isEmpty = () => list().length === 0;
export const holdsButton = (token) => list().some((message) => message.button === token && !message.failed);

async function run() {
  if (running) return;
  running = true;
  try {
    let pause = FIRST_PAUSE_MS;
    while (first()) {
      await ensureOpen();
      const next = first(); // Another tab, or the person, may have taken it away meanwhile.
      if (next) pause = await attempt(next, pause);
    }
  } finally {
    running = false;
  }
}

async function attempt(message, pause) {
  try {
    const { id, text, button } = message;
    const { seq } = await call("/chat/messages", { method: "POST", json: button ? { id, button } : { id, text } });
    drop(id);
    report(message, "sent", seq);
    return FIRST_PAUSE_MS;
  } catch (error) {
    const status = error instanceof Refused ? error.status : 0;
    if (status >= 400 && status < 500 && !PASSING.includes(status)) {
      change((messages) => messages.map((other) => (other.id === message.id ? { ...other, failed: true } : other)));
      report(message, "failed");
      return pause;
    }
    report(message, "waiting", error);
    if (status === 401 || status === 404) lose(error.token);
    await rest((error.retryAfterSeconds ?? 0) * 1000 || pause, status === 429);
    return Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

const list = () => read("outbox", []);
const change = (edit) => write("outbox", edit(list()));
const first = () => list().find((message) => !message.failed);

// crypto.randomUUID exists only in secure contexts; an old phone on a plain address needs the long way.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
