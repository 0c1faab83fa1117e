// Server-sent events by fetch: EventSource cannot send the Authorization header, and a token in an
// address would end up in logs. Resumes after the last sequence number, so nothing is missed.
import { rest, retryNow } from "./pause.js";
import { Refused, call, isOpen, lose } from "./session.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
const SILENCE_MS = 40000; // The server says something every 15 s; a longer silence is a dead connection.

let last = 0;
let abort = null;
let wake = () => {};

// Begins again with the first message: another conversation.
export function restart() {
  last = 0;
  abort?.abort();
  abort = null;
  wake();
  retryNow();
}

// `on` holds message(m), state(s), connected(), disconnected(error). Waits while there is no conversation.
export async function follow(on) {
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    if (!isOpen()) {
      await new Promise((resolve) => (wake = resolve));
      continue;
    }
    let heard = false;
    try {
      await listen(on, () => (heard = true));
    } catch (error) {
      if (error instanceof Refused && [401, 404].includes(error.status)) lose(error.token);
      else if (abort) on.disconnected(error); // Without it, it was a restart of ours.
    }
    if (heard) pause = FIRST_PAUSE_MS;
    const isCut = await rest(pause);
    pause = isCut ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

async function listen(on, onHeard) {
  const current = new AbortController();
  abort = current;
  let watchdog = 0;
  const watch = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => current.abort(), SILENCE_MS);
  };
  watch();
  try {
    const answer = await call("/chat/events", {
      raw: true,
      signal: current.signal,
      headers: { Accept: "text/event-stream", "Last-Event-ID": String(last) },
    });
    // A hotel's or a station's network answers everything with its own page.
    if (!answer.headers.get("Content-Type")?.startsWith("text/event-stream")) throw new TypeError("not our stream");
    on.connected();
    await readEvents(answer.body, watch, (event) => {
      if (current.signal.aborted) return;
      onHeard();
      dispatch(event, on);
    });
  } finally {
    clearTimeout(watchdog);
    current.abort();
  }
  // It ended by itself: the service restarts, or the conversation is gone, which this call tells.
  await call(`/chat/messages?after=${last}`);
  throw new TypeError("the stream ended");
}

async function readEvents(body, onBytes, onEvent) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    onBytes();
    const blocks = (rest + decoder.decode(value, { stream: true })).replace(/\r\n/g, "\n").split("\n\n");
    rest = blocks.pop();
    blocks.map(parse).filter(({ data }) => data.length > 0).forEach(onEvent);
  }
}

function parse(block) {
  const event = { name: "message", data: [] };
  for (const line of block.split("\n")) {
    // Not `.`, which stops at U+2028 and U+2029: words may hold them.
    const [, field, value] = /^([a-z]+): ?([^]*)$/.exec(line) ?? [];
    if (field === "event") event.name = value;
    if (field === "data") event.data.push(value);
  }
  return event;
}

function dispatch(event, on) {
  const data = JSON.parse(event.data.join("\n"));
  if (event.name === "state") on.state(data);
  else if (event.name === "message" && data.seq > last) {
    on.message(data);
    last = data.seq;
  }
}
