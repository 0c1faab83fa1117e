// Server-sent events by fetch: EventSource cannot send the Authorization header, and a token in an
// address would end up in logs. Resumes after the last sequence number, so nothing is missed.
import { Refused, call } from "./session.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10000;
const SILENCE_MS = 40000; // The server says something every 15 s; a longer silence is a dead connection.

let last = 0;
let abort = null;
let wake = () => {};

export const lastSeq = () => last;
export function restart() {
  last = 0;
  abort?.abort();
  wake();
}

// `on` holds message(m), state(s), connected(), disconnected(error), gone().
export async function follow(on) {
  window.addEventListener("online", () => wake());
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    try {
      await listen(on, () => (pause = FIRST_PAUSE_MS));
    } catch (error) {
      if (error instanceof Refused && [401, 404].includes(error.status)) await on.gone();
      else on.disconnected(error);
    }
    await Promise.race([new Promise((done) => setTimeout(done, pause)), new Promise((done) => (wake = done))]);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

async function listen(on, onOpen) {
  abort = new AbortController();
  let watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
  try {
    const answer = await call("/chat/events", {
      raw: true,
      signal: abort.signal,
      headers: { Accept: "text/event-stream", "Last-Event-ID": String(last) },
    });
    onOpen();
    on.connected();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new TypeError("the stream ended");
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
      const blocks = (rest + value.replace(/\r\n?/g, "\n")).split("\n\n");
      rest = blocks.pop();
      blocks.forEach((block) => dispatch(parse(block), on));
    }
  } finally {
    clearTimeout(watchdog);
    abort.abort();
  }
}

function parse(block) {
  const event = { name: "message", data: [] };
  for (const line of block.split("\n")) {
    const [, field, value] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (field === "event") event.name = value;
    if (field === "data") event.data.push(value);
  }
  return event;
}

function dispatch(event, on) {
  if (event.data.length === 0) return;
  const data = JSON.parse(event.data.join("\n"));
  if (event.name === "state") on.state(data);
  else if (event.name === "message" && data.seq > last) {
    last = data.seq;
    on.message(data);
  }
}
