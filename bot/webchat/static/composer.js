// The line in which a person writes: keeps an unfinished text across a reload, grows with it, sends by Enter.
import { newId } from "./outbox.js";
import { Refused, call, ensureOpen, lose } from "./session.js";
import { read, write } from "./storage.js";

const LARGEST_BYTES = 10 * 1024 * 1024;
const LONGEST_TEXT = 4000; // The service takes 4096 characters; a longer text goes as several messages.

const form = document.getElementById("composer");
const field = document.getElementById("text");
const file = document.getElementById("attachment");
let lastFile = { mark: "", id: "" };

// `onText(text)` for each message; `onNote(key)` says what happens to a file, "" that nothing does.
export function start({ onText, onNote }) {
  field.value = read("draft", "");
  field.addEventListener("input", () => {
    write("draft", field.value);
    grow();
  });
  field.addEventListener("keydown", (event) => {
    // While an input method composes (Chinese, Bengali), Enter chooses a word; Safari says so by 229.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    onNote("");
    split(wellFormed(text)).forEach(onText);
    field.value = "";
    write("draft", "");
    grow();
    field.focus();
  });
  file.addEventListener("change", () => upload(onNote));
  grow();
}

async function upload(onNote) {
  const [chosen] = file.files;
  if (!chosen) return;
  if (chosen.size > LARGEST_BYTES) onNote("file_too_large");
  else {
    onNote("file_sending");
    try {
      await ensureOpen();
      const body = new FormData();
      body.append("id", idOf(chosen));
      body.append("file", chosen);
      await call("/chat/attachments", { method: "POST", body });
      lastFile = { mark: "", id: "" };
      onNote("");
    } catch (error) {
      if (error.status === 401 || error.status === 404) lose(error.token);
      onNote(noteOf(error));
    }
  }
  file.value = "";
}

function noteOf(error) {
  const status = error instanceof Refused ? error.status : 0;
  if (status === 413) return "file_too_large";
  if (status === 422) return "file_unreadable";
  if (status === 429) return "too_many_files";
  return [400, 415].includes(status) ? "file_refused" : "file_not_sent";
}

// The same file once more, after an answer that was lost on the way, is the same message.
function idOf({ name, size, lastModified }) {
  const mark = `${name} ${size} ${lastModified}`;
  if (mark !== lastFile.mark) lastFile = { mark, id: newId() };
  return lastFile.id;
}

// At the last paragraph or space that fits, so that no word is cut.
function split(text) {
  if (text.length <= LONGEST_TEXT) return [text];
  const head = text.slice(0, LONGEST_TEXT);
  const end = Math.max(head.lastIndexOf("\n"), head.lastIndexOf(" "));
  const cut = end > LONGEST_TEXT / 2 ? end : LONGEST_TEXT;
  return [text.slice(0, cut).trim(), ...split(text.slice(cut).trim())].filter(Boolean);
}

// Half of a pair of UTF-16 is no character, and no JSON.
const wellFormed = (text) => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(^|[^\ud800-\udbff])[\udc00-\udfff]/g, "$1\ufffd");

function grow() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 3}px`;
}
