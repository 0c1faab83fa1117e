// What the page keeps on this device: the session, unsent messages, the words last fetched.
// Storage may be off (private mode): then the page works until it is closed.
const memory = new Map();

export function read(name, otherwise = null) {
  try {
    const stored = localStorage.getItem(`sportello.${name}`);
    return stored === null ? (memory.get(name) ?? otherwise) : JSON.parse(stored);
  } catch {
    return memory.get(name) ?? otherwise;
  }
}

export function write(name, value) {
  memory.set(name, value);
  try {
    localStorage.setItem(`sportello.${name}`, JSON.stringify(value));
  } catch {
    // Full or forbidden: the copy in memory serves until the page is closed.
  }
}

// Removes everything that could tell somebody else that this page was used.
export function forget() {
  memory.clear();
  try {
    Object.keys(localStorage)
      .filter((name) => name.startsWith("sportello."))
      .forEach((name) => localStorage.removeItem(name));
  } catch {
    // Nothing was stored then.
  }
}
