// The person's conversation with the service: opened when there is something to send, kept on this device,
// shown by a secret token that stands in a header, never in an address.
import { rest } from "./pause.js";
import { forget, onChangeElsewhere, read, remove, write } from "./storage.js";
import { spokenLanguage } from "./words.js";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15000;
const ANSWER_WITHIN_MS = 20000;

let session = read("session");
// `chosen`: by the person, not guessed. `told`: the service knows.
let language = read("language");
let opening = null;
let on = { opened() {}, lost() {}, left() {}, trouble() {} };

export class Refused extends Error {
  constructor(status, retryAfterSeconds, token) {
    super(String(status));
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.token = token;
  }
}

export const isOpen = () => session !== null;
export const savedLanguage = () => language?.code ?? session?.language ?? null;
export const untoldLanguage = () => (language && !language.told ? language.code : null);

// `listeners`: opened(), lost() (the service does not know it any more), left() (the person left in
// another tab), trouble(error) while it cannot be opened.
export function start(listeners) {
  on = listeners;
  onChangeElsewhere("session", (other) => {
    if (other === null) on.left();
    else if (other.token !== session?.token) {
      session = other;
      on.opened();
    }
  });
}

// Resolves when there is a conversation; tries until there is one.
export function ensureOpen() {
  if (session) return Promise.resolve();
  opening ??= open().finally(() => (opening = null));
  return opening;
}

async function open() {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      session = await call("/chat/sessions", { method: "POST", json: { language: spokenLanguage() } });
      break;
    } catch (error) {
      on.trouble(error);
      await rest(error.retryAfterSeconds * 1000 || pause);
    }
  }
  write("session", session);
  if (language?.chosen) keepLanguage({ ...language, told: false });
  await tellLanguage(); // Before the first message, so that its answer is in this language.
  on.opened();
}

// The service answered 401 or 404 to a call with `token`: that conversation is no more.
export function lose(token) {
  if (!session || session.token !== token) return;
  session = null;
  remove("session");
  on.lost();
}

export async function chooseLanguage(code) {
  keepLanguage({ code, chosen: true, told: false });
  await tellLanguage();
}

// The service says which language the conversation is in now.
export const languageIsKnown = (code) => keepLanguage({ code, chosen: Boolean(language?.chosen), told: true });

// Tells the service what the person chose; what cannot be told now is told at the next connection.
export async function tellLanguage() {
  if (!session || !untoldLanguage()) return;
  const told = language.code;
  try {
    await call("/chat/language", { method: "PUT", json: { language: told } });
  } catch (error) {
    if (!(error instanceof Refused) || error.status >= 500 || error.status === 429) return;
  }
  if (language.code === told) keepLanguage({ ...language, told: true });
}

function keepLanguage(kept) {
  language = kept;
  write("language", kept);
}

// The office's address in one language, kept for the moment when nothing answers.
export async function refreshOffice(code) {
  try {
    write(`office.${code}`, await call(`/chat/office?language=${encodeURIComponent(code)}`));
  } catch {
    // The one that is kept stands.
  }
}

export const office = (code) => read(`office.${code}`) ?? session?.office ?? null;

export function close() {
  session = null;
  forget();
}

// A call of the protocol. Throws Refused for an answer that is no, another error when nothing answers.
export async function call(path, { method = "GET", json, body, headers = {}, signal, raw = false } = {}) {
  const token = session?.token;
  const limit = new AbortController();
  const timer = signal ? 0 : setTimeout(() => limit.abort(), body ? ANSWER_WITHIN_MS * 6 : ANSWER_WITHIN_MS);
  try {
    const answer = await fetch(path, {
      method,
      signal: signal ?? limit.signal,
      cache: "no-store",
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(json === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: json === undefined ? body : JSON.stringify(json),
    });
    if (!answer.ok) throw new Refused(answer.status, Number(answer.headers.get("Retry-After")) || 0, token);
    return raw ? answer : await answer.json();
  } finally {
    clearTimeout(timer);
  }
}
