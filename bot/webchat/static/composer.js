// The line in which a person writes: keeps an unfinished text across a reload, grows with it, sends by Enter.
import { Refused, call } from "./session.js";
import { read, write } from "./storage.js";
import { say } from "./words.js";

const form = document.getElementById("composer");
const field = document.getElementById("text");
const file = document.getElementById("attachment");
const LARGEST_BYTES = 10 * 1024 * 1024;

export function start({ onText, onProblem }) {
  field.value = read("draft", "");
  field.addEventListener("input", () => {
    write("draft", field.value);
    grow();
  });
  field.addEventListener("keydown", (event) => {
    // While an input method composes (Chinese, Bengali), Enter chooses a word.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    write("draft", "");
    grow();
    onText(text);
    field.focus();
  });
  file.addEventListener("change", () => upload(onProblem));
  grow();
}

export function relabel() {
  document.getElementById("attach-text").textContent = say("attach");
  document.getElementById("text-label").textContent = say("write_label");
  document.getElementById("send-text").textContent = say("send");
  field.placeholder = say("write_here");
}

async function upload(onProblem) {
  const [chosen] = file.files;
  if (!chosen) return;
  if (chosen.size > LARGEST_BYTES) onProblem(say("file_too_large"));
  else {
    onProblem(say("file_sending"));
    try {
      const body = new FormData();
      body.append("file", chosen);
      await call("/chat/attachments", { method: "POST", body });
      onProblem("");
    } catch (error) {
      onProblem(say(error instanceof Refused && error.status < 500 ? "file_refused" : "file_not_sent"));
    }
  }
  file.value = "";
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 3}px`;
}
