// Reads a message aloud with the browser's own voice, where it has one for the message's language. A voice
// of the device is taken before one that the browser would fetch from elsewhere. Nothing speaks by itself.
import { saying } from "./words.js";

const synthesis = window.speechSynthesis;
const LOUD = "read_aloud";
const NOT_SPOKEN = /https?:\/\/\S+|[☐☑•\u2066-\u2069]/gu;
const LONGEST = 200; // Letters at once: some browsers fall silent in the middle of a longer text.

let speaking = null; // the button whose message is being read

export function start() {
  // Voices come late in some browsers, and may be installed while the page is open.
  synthesis?.addEventListener?.("voiceschanged", showWhereThereIsAVoice);
  document.addEventListener("keydown", (event) => event.key === "Escape" && silence());
  window.addEventListener("pagehide", silence);
}

// Silent at once: also when somebody leaves the page in a hurry.
export function silence() {
  if (!speaking) return;
  const button = speaking;
  speaking = null;
  synthesis.cancel();
  saying(button, LOUD);
}

// The button below a message; hidden where no voice speaks its language.
export function readButton(bubble) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "read-aloud";
  button.setAttribute("aria-live", "off"); // the message is news, its button is not
  button.hidden = !voiceFor(bubble.lang);
  button.addEventListener("click", () => (speaking === button ? silence() : read(button, bubble)));
  return saying(button, LOUD);
}

function read(button, bubble) {
  silence();
  const voice = voiceFor(bubble.lang);
  const pieces = piecesOf(wordsOf(bubble));
  if (!voice || pieces.length === 0) return;
  speaking = button;
  saying(button, "stop_reading");
  synthesis.cancel();
  pieces.forEach((words, index) => {
    const spoken = new SpeechSynthesisUtterance(words);
    spoken.voice = voice;
    spoken.lang = voice.lang;
    const isLast = index === pieces.length - 1;
    spoken.onend = () => isLast && speaking === button && silence();
    spoken.onerror = () => speaking === button && silence();
    synthesis.speak(spoken);
  });
}

function voiceFor(language) {
  const spoken = (synthesis?.getVoices() ?? []).filter((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === language);
  return spoken.find((voice) => voice.localService) ?? spoken[0];
}

// What is written, without the titles of files and pictures.
function wordsOf(bubble) {
  const nodes = [...bubble.childNodes].filter((node) => !node.matches?.("button, img"));
  return nodes.map((node) => node.textContent).join("").replace(NOT_SPOKEN, " ");
}

function piecesOf(words) {
  // No lookbehind in the pattern: iOS before 16.4 has none. A dot behind a number ends nothing.
  const sentences = (words.match(/[^\n]+?(?:[^\d\n][.!?؟۔।]+(?=\s)|[。！？]+|(?=\n)|$)/gu) ?? []).flatMap((each) => cut(each.trim()));
  return sentences.filter((sentence) => /[\p{L}\d]/u.test(sentence));
}

function cut(sentence) {
  if (sentence.length <= LONGEST) return [sentence];
  const space = sentence.lastIndexOf(" ", LONGEST);
  const end = space > 0 ? space : LONGEST;
  return [sentence.slice(0, end), ...cut(sentence.slice(end).trim())];
}

function showWhereThereIsAVoice() {
  for (const button of document.querySelectorAll(".read-aloud")) {
    button.hidden = !voiceFor(button.closest(".message").querySelector(".bubble").lang);
  }
}
