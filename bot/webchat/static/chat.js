// The chat page: joins session, stream, outbox and transcript, and shows what is going on.
import * as composer from "./composer.js";
import * as outbox from "./outbox.js";
import * as session from "./session.js";
import * as stream from "./stream.js";
import * as transcript from "./transcript.js";
import { direction, languages, say, speak, spokenLanguage } from "./words.js";

const QUICK_EXIT_ADDRESS = "https://www.meteoam.it/";
const TOPICS = ["housing", "care_work", "residence_permit", "human"];
const TYPING_SHOWN_AT_MOST_MS = 8000;

const byId = (id) => document.getElementById(id);
const dialog = byId("language-dialog");
let connection = "connecting";
let mode = "assistant";
let problem = "";
let typingTimer = 0;

await begin();

async function begin() {
  await speak(firstLanguage()).catch(() => speak("it"));
  label();
  transcript.start({ onPress: pressed, onRetry: outbox.again });
  composer.start({ onText: (text) => sendText(text), onProblem: tell });
  byId("language-chip").addEventListener("click", chooseLanguage);
  byId("quick-exit").addEventListener("click", leave);
  document.addEventListener("keydown", leaveOnThreeEscapes());
  const isNew = !session.isOpen();
  if (isNew) await openSession();
  outbox.start(onOutbox);
  greet();
  void stream.follow({ message, state, connected, disconnected, gone });
  if (isNew && languages().length > 1) chooseLanguage();
}

function firstLanguage() {
  const known = session.savedLanguage() ?? new URLSearchParams(location.search).get("language");
  return known ?? navigator.language.slice(0, 2).toLowerCase();
}

async function openSession() {
  for (let pause = 1000; ; pause = Math.min(pause * 2, 15000)) {
    try {
      await session.open(spokenLanguage());
      return;
    } catch {
      connection = "offline";
      showStatus();
      await new Promise((done) => setTimeout(done, pause));
    }
  }
}

function sendText(text) {
  outbox.send({ text });
}

function pressed({ label: chosen, token }) {
  if (token.startsWith("topic:")) sendText(chosen);
  else outbox.send({ button: token, label: chosen });
}

function onOutbox(sent, sending, detail) {
  transcript.removeWelcome();
  transcript.showUnsent(sent, sending, detail);
  if (sending === "sent" && mode === "assistant") showTyping();
  if (sending === "waiting" && detail === 429) tell(say("too_many"));
}

function message(received) {
  transcript.removeWelcome();
  transcript.show(received);
  if (received.from !== "citizen") hideTyping();
}

function state(received) {
  mode = received.mode;
  transcript.markReceived(received.received_up_to);
  if (mode !== "assistant") hideTyping();
  if (received.language !== spokenLanguage()) void changeWords(received.language);
  showStatus();
}

function connected() {
  connection = "online";
  problem = "";
  outbox.retryNow();
  showStatus();
}

function disconnected() {
  connection = "offline";
  showStatus();
}

// The service does not know the session (deleted, or another database): a new one; unsent messages go there.
async function gone() {
  await openSession();
  transcript.clear();
  stream.restart();
}

function tell(sentence) {
  problem = sentence;
  showStatus();
}

function showStatus() {
  const line = byId("status");
  const shown = statusSentence();
  line.hidden = !shown;
  line.className = connection === "offline" || problem ? "status" : "status calm";
  if (line.textContent !== shown) line.textContent = shown;
}

function statusSentence() {
  if (connection === "offline") return [say("offline"), officeSentence()].filter(Boolean).join(" ");
  if (problem) return problem;
  return { waiting: say("mode_waiting"), mediator: say("mode_mediator"), closed: say("mode_closed") }[mode] ?? "";
}

function officeSentence() {
  const office = session.office();
  if (!office) return say("emergency");
  const values = { name: office.name, address: office.address, phone: office.phone ?? "" };
  return `${say(office.phone ? "office_with_phone" : "office", values)} ${say("emergency")}`;
}

function showTyping() {
  byId("typing").hidden = false;
  clearTimeout(typingTimer);
  typingTimer = setTimeout(hideTyping, TYPING_SHOWN_AT_MOST_MS);
}

function hideTyping() {
  byId("typing").hidden = true;
}

function greet() {
  if (!transcript.isEmpty()) return;
  transcript.removeWelcome();
  transcript.welcome(
    say("welcome"),
    TOPICS.map((topic) => ({ label: say(`topic_${topic}`), token: `topic:${topic}` })),
  );
}

function label() {
  document.documentElement.lang = spokenLanguage();
  document.documentElement.dir = direction();
  byId("title").textContent = say("title");
  byId("quick-exit").textContent = say("quick_exit");
  byId("quick-exit").title = say("quick_exit_hint");
  byId("language-title").textContent = say("choose_language");
  byId("typing").textContent = say("typing");
  byId("transcript").ariaLabel = say("conversation");
  const chip = byId("language-chip");
  chip.textContent = languages().find(({ code }) => code === spokenLanguage())?.name ?? "";
  chip.setAttribute("aria-label", `${say("language")}: ${chip.textContent}`);
  composer.relabel();
  showStatus();
}

function chooseLanguage() {
  byId("language-list").replaceChildren(...languages().map(languageEntry));
  byId("language-chip").setAttribute("aria-expanded", "true");
  dialog.addEventListener("close", () => byId("language-chip").setAttribute("aria-expanded", "false"), { once: true });
  dialog.showModal();
}

function languageEntry({ code, name, direction: dir }) {
  const entry = document.createElement("li");
  const choice = Object.assign(document.createElement("button"), { type: "button", textContent: name, lang: code, dir });
  choice.setAttribute("aria-current", String(code === spokenLanguage()));
  choice.addEventListener("click", () => choose(code));
  entry.append(choice);
  return entry;
}

async function choose(code) {
  dialog.close();
  await changeWords(code);
  try {
    await session.setLanguage(code);
  } catch {
    // The choice is kept on the device; the next state from the service tells which language stands there.
  }
}

async function changeWords(code) {
  try {
    await speak(code);
  } catch {
    return;
  }
  label();
  greet();
}

// Leaves no trace on a shared or watched device, then shows the weather; the way back does not lead here.
function leave() {
  session.close();
  document.body.replaceChildren();
  location.replace(QUICK_EXIT_ADDRESS);
}

function leaveOnThreeEscapes() {
  let presses = [];
  return (event) => {
    if (event.key !== "Escape") return;
    presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < 1500);
    if (presses.length === 3) leave();
  };
}
