// The page's sentences: the `web` catalogue of one language, fetched once and kept for a bad connection.
import { read, write } from "./storage.js";

let current = { language: "it", direction: "ltr", texts: {}, languages: [] };

export async function speak(language) {
  try {
    const answer = await fetch(`/texts/${language}.json`);
    if (!answer.ok) throw new Error(String(answer.status));
    current = await answer.json();
    write(`texts.${language}`, current);
  } catch (error) {
    const kept = read(`texts.${language}`);
    if (!kept) throw error;
    current = kept;
  }
}

export const spokenLanguage = () => current.language;
export const direction = () => current.direction;
export const languages = () => current.languages;

export function say(key, values = {}) {
  const isolate = current.direction === "rtl";
  return (current.texts[`web.${key}`] ?? "").replace(/\{([a-z][a-z0-9_]*)\}/g, (_, name) =>
    isolate ? `\u2068${values[name]}\u2069` : values[name],
  );
}
