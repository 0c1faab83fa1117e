// Finds in a text what a thumb can use: web addresses (http and https only) and telephone numbers. Not a
// number: dates, times, prices, and case numbers (K7M2-9QXD-4), which are only kept together on a line.
// No lookbehind in the patterns: iOS before 16.4 has none.
const SPACE = "[ \\u00a0.]?";
const NUMBERS = [
  `800(?:${SPACE}\\d{3}){2}`, // free calls, as 800 290 290
  `800(?:${SPACE}\\d{2}){3}`, // and as 800 90 10 10
  `803${SPACE}\\d{3}`,
  "112|114|1522|19696|116000|116117",
  `\\+\\d{2}(?:${SPACE}\\d{2,8}){2,5}`,
  `(?=(?:${SPACE}\\d){8})0\\d{1,3}(?:${SPACE}\\d{2,8}){1,4}`, // a town's, as 0373 398400 and 06 164164
  `3\\d{2}(?:${SPACE}\\d{7}|${SPACE}\\d{3}${SPACE}\\d{4}|${SPACE}\\d{2}${SPACE}\\d{2}${SPACE}\\d{3})`, // a mobile
].join("|");
const EURO = "(?:€|eur|євро|يورو)";
const FOUND = new RegExp(
  "(https?:\\/\\/[^\\s<>\"'\\u2066-\\u2069\\u202a-\\u202e]+)" +
    "|\\b([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z])\\b" +
    // What stands before and after decides whether it is a number to call.
    `|(^|[^\\p{L}\\d.,/€+-])(${NUMBERS})(?![\\p{L}\\d]|[.,:/]\\d|-[\\p{L}\\d]|[ \\u00a0]?${EURO})`,
  "giu",
);
const AFTER_EURO = new RegExp(`${EURO}[ \\u00a0]?$`, "iu");

// Returns strings and elements, in order. Whatever is in the text stays text: no markup is made of it.
export function linked(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(FOUND)) {
    const [, address, caseNumber, before = "", number] = match;
    const start = match.index + before.length;
    const written = address ? withoutTrailing(address) : (caseNumber ?? number);
    const made = element(written, { address, caseNumber, isPrice: AFTER_EURO.test(text.slice(0, start)) });
    if (!made) continue;
    parts.push(text.slice(from, start), made);
    from = start + written.length;
  }
  return [...parts, text.slice(from)];
}

function element(written, { address, caseNumber, isPrice }) {
  if (address) return webLink(written);
  if (caseNumber) return Object.assign(document.createElement("bdi"), { textContent: written, dir: "ltr" });
  return isPrice ? null : anchor(written, `tel:${written.replace(/[^+\d]/g, "")}`);
}

// A foreign-looking host is shown as it really is (xn--…), so that it cannot pass for another.
function webLink(written) {
  let address;
  try {
    address = new URL(written);
  } catch {
    return null;
  }
  if (address.username || address.password) return null; // https://www.inps.it@elsewhere.example
  const isPlain = /^[\x21-\x7e]+$/.test(written);
  const made = anchor(isPlain ? written : address.href, address.href);
  made.target = "_blank";
  return made;
}

// Full stops and closing brackets belong to the sentence, unless the bracket was opened in the address.
function withoutTrailing(found) {
  const trimmed = found.replace(/[.,;:!?،؛。؟»”’\]]+$/u, "");
  const isOneTooMany = trimmed.endsWith(")") && trimmed.split(")").length > trimmed.split("(").length;
  return isOneTooMany ? withoutTrailing(trimmed.slice(0, -1)) : trimmed;
}

function anchor(text, address) {
  const made = document.createElement("a");
  made.textContent = text;
  made.href = address;
  made.rel = "noopener noreferrer";
  made.dir = "ltr";
  return made;
}
