// The page's sentences: the `web` catalogue of one language, fetched once and kept for a bad connection.
import { read, write } from "./storage.js";

const ATTRIBUTES = { sayTitle: "title", sayAriaLabel: "aria-label", sayPlaceholder: "placeholder" };

let current = { language: "it", direction: "ltr", texts: {}, languages: [] };
let asked = 0;

// Changes the page's language; of two changes at once the later wins. Rejects when its words cannot be had.
export async function speak(language) {
  const turn = ++asked;
  const words = await fetchWords(language);
  if (turn === asked) current = words;
}

async function fetchWords(language) {
  try {
    const answer = await fetch(`/texts/${encodeURIComponent(language)}.json`);
    if (!answer.ok) throw new Error(String(answer.status));
    const words = await answer.json();
    write(`texts.${language}`, words);
    return words;
  } catch (error) {
    const kept = read(`texts.${language}`);
    if (!kept) throw error;
    return kept;
  }
}

export const spokenLanguage = () => current.language;
export const direction = () => current.direction;
export const languages = () => current.languages;

export function say(key, values = {}) {
  const isolate = current.direction === "rtl";
  return (current.texts[`web.${key}`] ?? "").replace(/\{([a-z][a-z0-9_]*)\}/g, (_, name) => {
    const value = values[name] ?? "";
    return isolate ? `\u2068${value}\u2069` : value;
  });
}

// Marks an element as saying `key`, in whatever language the page speaks; `values` go to its data-.
export function saying(element, key, values = {}) {
  Object.assign(element.dataset, values, { say: key });
  element.textContent = say(key, element.dataset);
  return element;
}

// Puts the words into everything that says some: data-say (its text), data-say-title and so on (attributes).
export function sayEverywhere() {
  document.documentElement.lang = current.language;
  document.documentElement.dir = current.direction;
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say, element.dataset);
  }
  for (const [data, attribute] of Object.entries(ATTRIBUTES)) {
    const marked = `[data-${data.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`;
    for (const element of document.querySelectorAll(marked)) element.setAttribute(attribute, say(element.dataset[data]));
  }
}
