// The person's conversation with the service: opened once, kept on this device, shown by a secret token
// that stands in a header, never in an address.
import { forget, read, write } from "./storage.js";

let session = read("session");

export class Refused extends Error {
  constructor(status, retryAfterSeconds, detail) {
    super(detail || String(status));
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const isOpen = () => session !== null;
export const office = () => session?.office ?? null;
export const savedLanguage = () => session?.language ?? null;

export async function open(language) {
  session = await call("/chat/sessions", { method: "POST", json: language ? { language } : {} });
  write("session", session);
}

export async function setLanguage(language) {
  if (!session) return;
  session = { ...session, language };
  write("session", session);
  await call("/chat/language", { method: "PUT", json: { language } });
  await refreshOffice(language);
}

// The office's address in the person's language, kept for the moment when nothing answers.
export async function refreshOffice(language) {
  try {
    session = { ...session, office: await call(`/chat/office?language=${language}`) };
    write("session", session);
  } catch {
    // The one that is kept stands.
  }
}

export function close() {
  session = null;
  forget();
}

// A call of the protocol. Throws Refused for an answer that is no, TypeError when nothing answers.
export async function call(path, { method = "GET", json, body, headers = {}, signal, raw = false } = {}) {
  const answer = await fetch(path, {
    method,
    signal,
    cache: "no-store",
    headers: {
      ...(session ? { Authorization: `Bearer ${session.token}` } : {}),
      ...(json === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    body: json === undefined ? body : JSON.stringify(json),
  });
  if (!answer.ok) throw await refusal(answer);
  return raw ? answer : answer.json();
}

async function refusal(answer) {
  const problem = await answer.json().catch(() => ({}));
  return new Refused(answer.status, Number(answer.headers.get("Retry-After")) || 0, problem.detail);
}
