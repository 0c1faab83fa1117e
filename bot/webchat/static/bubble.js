// Draws one message. Words of people are only ever text nodes: nothing that anybody writes is markup.
import { linked } from "./links.js";
import { call } from "./session.js";
import { readButton } from "./speech.js";
import { say, saying, spokenLanguage } from "./words.js";

const SIGNS = { waiting: "◷", sent: "✓", delivered: "✓✓", failed: "!" };
const NOTES = { machine: "translated_machine", person: "translated_person", none: "not_translated" };
const EXTENSIONS = {
  "application/pdf": "pdf",
  "application/msword": "doc",
  "application/vnd.oasis.opendocument.text": "odt",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "audio/ogg": "ogg",
  "image/gif": "gif",
  "image/heic": "heic",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
};

// `on` holds press({label, token}), retry(id), discard(id), problem(key).
export function draw(message, on) {
  const item = element("li", `message ${message.from}`);
  const bubble = element("div", "bubble");
  bubble.lang = message.language;
  // A person may write Latin letters in an Arabic conversation; our own texts often begin with an Italian word.
  bubble.dir = message.from === "citizen" ? "auto" : message.direction;
  if (message.text) bubble.append(...linked(message.text));
  const files = message.attachments.map((file) => attachment(file, on, message.from !== "citizen"));
  // What we show comes first and at once, in small; what a person sent is fetched when somebody wants it.
  if (message.from === "citizen") bubble.append(...files);
  else bubble.prepend(...files);
  item.append(speaker(message), bubble);
  if (message.corrects) bubble.before(saying(element("p", "note"), "correction"));
  if (message.translated_by) item.append(saying(element("p", "note"), NOTES[message.translated_by], { name: message.staff_name ?? "" }));
  if (message.original) item.append(original(message.original));
  if (message.buttons.length > 0) item.append(answers(message, on));
  item.append(meta(message));
  if (message.from !== "citizen" && message.text) item.querySelector(".meta").append(readButton(bubble));
  return item;
}

// The service's copy of a message that is already shown; the same words are not read out again.
export function refresh(item, message) {
  const bubble = item.querySelector(".bubble");
  bubble.lang = message.language;
  if (bubble.textContent !== message.text) bubble.replaceChildren(...linked(message.text));
}

// "waiting", "sent", "delivered" or "failed"; a failed one can be tried again or taken away.
export function mark(item, state, on) {
  const line = item.querySelector(".meta");
  let tick = line.querySelector(".tick");
  if (!tick) {
    tick = element("span", "tick");
    const sign = element("span", "sign");
    sign.setAttribute("aria-hidden", "true");
    tick.append(sign, " ", element("span", ""));
    line.append(tick);
  }
  tick.className = `tick ${state}`;
  tick.firstChild.textContent = SIGNS[state];
  saying(tick.lastChild, `state_${state}`);
  line.querySelectorAll("button").forEach((old) => old.remove());
  if (state !== "failed") return;
  line.append(
    saying(button(() => on.retry(item.dataset.id)), "try_again"),
    saying(button(() => on.discard(item.dataset.id)), "discard"),
  );
}

// A message that was corrected leads to the new one.
export function markCorrected(item, by) {
  item.classList.add("corrected");
  item.querySelector(".to-correction")?.remove();
  const link = saying(element("a", "to-correction"), "corrected");
  link.href = `#${by.id}`;
  link.addEventListener("click", (event) => {
    event.preventDefault(); // no address of its own: "back" must leave the page
    by.scrollIntoView({ block: "center" });
    by.focus();
  });
  item.querySelector(".meta").before(link);
}

// Answers that were pressed wait for the reply: pressed twice, they count once.
export function holdAnswers(row, chosen) {
  row.querySelectorAll("button").forEach((each) => each.setAttribute("aria-disabled", "true"));
  chosen?.classList.add("chosen");
}

export function releaseAnswers(row) {
  row.querySelectorAll("button").forEach((each) => each.removeAttribute("aria-disabled"));
}

// Says who speaks to those who do not see the colours, and to everybody when it is a human.
function speaker(message) {
  const line = element("p", message.from === "mediator" ? "speaker" : "speaker sr");
  return saying(line, `from_${message.from}`, { name: message.staff_name ?? "" });
}

function meta(message) {
  const line = element("p", "meta");
  if (message.at) {
    const time = element("time", "", clock(new Date(message.at)));
    time.dateTime = message.at;
    line.append(time);
  }
  return line;
}

// Western digits in every language, as on every clock and paper here.
function clock(at) {
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? {} : { day: "numeric", month: "short" };
  const format = { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return at.toLocaleString(`${spokenLanguage()}-u-nu-latn`, format);
}

function original({ text, language }) {
  const details = element("details", "");
  const words = element("p", "", text);
  words.lang = language;
  words.dir = "auto";
  details.append(saying(element("summary", ""), "show_original"), words);
  return details;
}

function answers(message, on) {
  const row = element("ul", "answers");
  row.lang = message.language;
  row.dir = message.direction;
  for (const { label, token } of message.buttons) {
    const entry = element("li", "");
    const choice = button(() => {
      if (choice.getAttribute("aria-disabled") === "true") return;
      holdAnswers(row, choice);
      on.press({ label, token });
    });
    choice.textContent = label;
    entry.append(choice);
    row.append(entry);
  }
  return row;
}

// A file is fetched when somebody wants it: data costs money. A picture of ours is small, and the point.
function attachment({ id, kind, media_type: mediaType }, on, isOurs) {
  const fetchIt = async (problem) => {
    try {
      const file = await call(`/chat/attachments/${encodeURIComponent(id)}`, { raw: true });
      const address = URL.createObjectURL(await file.blob());
      if (kind === "photo" && mediaType.startsWith("image/")) showPicture(open, address, on);
      else download(address, `${say(`attachment_${kind}`)}.${EXTENSIONS[mediaType] ?? "bin"}`);
    } catch {
      problem();
    }
  };
  const open = button(() => fetchIt(() => on.problem("file_not_opened")));
  if (isOurs && kind === "photo") fetchIt(() => {}); // the button stays, to try again
  open.className = `file ${kind}`;
  return saying(open, `attachment_${kind}`);
}

function showPicture(opener, address, on) {
  const picture = element("img", "picture");
  picture.alt = say("attachment_photo");
  picture.addEventListener("load", () => URL.revokeObjectURL(address));
  picture.addEventListener("error", () => {
    picture.replaceWith(opener);
    on.problem("file_not_opened");
  });
  picture.src = address;
  opener.replaceWith(picture);
}

function download(address, name) {
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

function button(action) {
  const made = element("button", "");
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
