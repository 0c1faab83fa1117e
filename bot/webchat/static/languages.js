// The language button in the bar and its dialog.
import { languages, say, spokenLanguage } from "./words.js";

const chip = document.getElementById("language-chip");
const dialog = document.getElementById("language-dialog");
const list = document.getElementById("language-list");

let choose = () => {};

export function start(onChoose) {
  choose = onChoose;
  chip.addEventListener("click", open);
  dialog.addEventListener("close", () => chip.setAttribute("aria-expanded", "false"));
  // A click on the shade around it closes it: the dialog itself is its only part outside its padding box.
  dialog.addEventListener("click", (event) => event.target === dialog && isOutside(event) && dialog.close());
}

export function open() {
  list.replaceChildren(...languages().map(entry));
  chip.setAttribute("aria-expanded", "true");
  dialog.showModal();
  list.querySelector("[aria-current=true]")?.focus();
}

export function relabel() {
  const name = languages().find(({ code }) => code === spokenLanguage())?.name ?? "";
  chip.textContent = name;
  chip.setAttribute("aria-label", `${say("language")}: ${name}`);
}

function entry({ code, name, direction: dir }) {
  const item = document.createElement("li");
  const choice = Object.assign(document.createElement("button"), { type: "button", textContent: name, lang: code, dir });
  choice.setAttribute("aria-current", String(code === spokenLanguage()));
  choice.addEventListener("click", () => {
    dialog.close();
    choose(code);
  });
  item.append(choice);
  return item;
}

function isOutside({ clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
