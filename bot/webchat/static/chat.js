// The chat page: joins session, stream, outbox and transcript.
import * as composer from "./composer.js";
import * as languageChoice from "./languages.js";
import * as outbox from "./outbox.js";
import { rest, retryNow } from "./pause.js";
import * as quickExit from "./quick_exit.js";
import * as session from "./session.js";
import * as speech from "./speech.js";
import * as status from "./status.js";
import * as stream from "./stream.js";
import * as transcript from "./transcript.js";
import { languages, say, sayEverywhere, speak, spokenLanguage } from "./words.js";

const TOPICS = ["housing", "care_work", "residence_permit", "human"];
const TYPING_SHOWN_AT_MOST_MS = 8000;

const typing = document.getElementById("typing");
let mode = "assistant";
let typingTimer = 0;

void begin();

async function begin() {
  const code = takeCode();
  quickExit.start(document.getElementById("quick-exit"));
  speech.start();
  composer.start({ onText: (text) => outbox.send({ text }), onNote: status.tell });
  await speakFirst();
  relabel();
  languageChoice.start(choose);
  transcript.start({ press: pressed, retry: outbox.again, discard, problem: status.tell });
  session.start({ opened, lost, left: quickExit.leave, trouble: notOpened });
  outbox.start(onOutbox);
  if (code) transcript.offer("link_question", [{ label: say("link_use"), token: `code:${code}` }]);
  window.addEventListener("offline", () => status.trouble("stream", new TypeError("offline")));
  window.addEventListener("online", () => session.isOpen() || status.mended("stream"));
  void stream.follow({ message, state, connected, disconnected: (error) => status.trouble("stream", error) });
  if (session.isOpen()) return;
  greet();
  if (!code && session.savedLanguage() === null && languages().length > 1) languageChoice.open();
}

// The code of a link that joins this chat with another one leaves the address bar, and so the history, at
// once. It is sent only when the person says so: a link of somebody else must not take their chat over.
function takeCode() {
  const address = new URL(location.href);
  const code = address.searchParams.get("code");
  if (code === null) return null;
  address.searchParams.delete("code");
  history.replaceState(history.state, "", address);
  return /^[2-9A-Z]{4}-?[2-9A-Z]{4}$/i.test(code) ? code : null;
}

// The language of last time, else the one that the embedding site or the browser asks for.
async function speakFirst() {
  const asked = [session.savedLanguage(), new URLSearchParams(location.search).get("language"), ...navigator.languages];
  const codes = [...new Set([...asked.filter(Boolean).map((tag) => tag.slice(0, 2).toLowerCase()), "it"])];
  for (;;) {
    for (const code of codes) {
      try {
        return await speak(code);
      } catch {
        // Not spoken here, or no connection: the next one.
      }
    }
    await rest(2000);
  }
}

function pressed({ label, token }) {
  if (token.startsWith("topic:")) outbox.send({ text: label });
  else if (token.startsWith("code:")) useCode(token.slice("code:".length));
  else if (!outbox.holdsButton(token)) outbox.send({ button: token, label });
}

function useCode(code) {
  transcript.removeOffer();
  outbox.send({ text: code });
}

function discard(id) {
  outbox.drop(id);
  transcript.takeAway(id);
  if (outbox.isEmpty()) status.mended("sending");
  greet();
}

function onOutbox(sent, sending, detail) {
  transcript.removeWelcome();
  transcript.showUnsent(sent, sending, detail);
  if (sending === "waiting") {
    if (detail) status.trouble("sending", detail);
    return;
  }
  status.mended("sending");
  if (sending === "sent" && mode === "assistant" && !transcript.hasAnswerAfter(detail)) showTyping();
}

function message(received) {
  transcript.removeWelcome();
  transcript.show(received);
  if (received.from !== "citizen") hideTyping();
}

function state(received) {
  transcript.announce();
  greet();
  mode = received.mode;
  status.modeIs(mode);
  transcript.markReceived(received.received_up_to);
  if (mode !== "assistant") hideTyping();
  const untold = session.untoldLanguage();
  if (untold && untold !== received.language) return; // The person's choice counts; the service hears it soon.
  session.languageIsKnown(received.language);
  void followLanguage();
}

function connected() {
  status.mended("stream");
  void session.tellLanguage().then(followLanguage);
  retryNow();
}

// Too many conversations from one address is no fault of this person, who wrote one message.
function notOpened(error) {
  status.trouble("sending", error.status === 429 ? new session.Refused(503) : error);
}

// A conversation was opened, here or in another tab.
function opened() {
  status.mended("sending");
  stream.restart();
}

// The service does not know the conversation any more (deleted, or another database). Unsent messages
// begin a new one.
function lost() {
  outbox.readdress();
  mode = "assistant";
  status.mended("stream");
  status.modeIs(mode);
  hideTyping();
  transcript.clear();
  transcript.notice("new_conversation");
  outbox.reportAll();
  greet();
  stream.restart();
}

function showTyping() {
  typing.hidden = false;
  clearTimeout(typingTimer);
  typingTimer = setTimeout(hideTyping, TYPING_SHOWN_AT_MOST_MS);
}

function hideTyping() {
  typing.hidden = true;
}

function greet() {
  if (!transcript.isEmpty()) return;
  transcript.announce();
  transcript.welcome(TOPICS.map((topic) => ({ label: say(`topic_${topic}`), token: `topic:${topic}` })));
}

function relabel() {
  sayEverywhere();
  languageChoice.relabel();
  status.show();
  void session.refreshOffice(spokenLanguage()).then(status.show);
}

async function choose(code) {
  retryNow();
  await Promise.all([changeWords(code), session.chooseLanguage(code)]);
}

// The words of a language that was chosen without a connection come later.
async function followLanguage() {
  const code = session.savedLanguage();
  if (code && code !== spokenLanguage()) await changeWords(code);
}

async function changeWords(code) {
  try {
    if (code !== spokenLanguage()) await speak(code);
  } catch {
    return;
  }
  relabel();
  greet();
}
