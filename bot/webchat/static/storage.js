// What the page keeps on this device: the session, the language, unsent messages, the words last fetched.
// Storage may be off or full (private mode, old phones): then the page works until it is closed.
const PREFIX = "sportello.";
const memory = new Map();
const notStored = new Set();
let forgotten = false;

export function read(name, otherwise = null) {
  try {
    const stored = notStored.has(name) ? null : localStorage.getItem(PREFIX + name);
    return stored === null ? (memory.get(name) ?? otherwise) : JSON.parse(stored);
  } catch {
    return memory.get(name) ?? otherwise;
  }
}

export function write(name, value) {
  if (forgotten) return; // What was still on its way when the person left must not leave a trace.
  memory.set(name, value);
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
    notStored.delete(name);
  } catch {
    notStored.add(name);
  }
}

export function remove(name) {
  memory.delete(name);
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // Nothing was stored then.
  }
}

// Removes everything that could tell somebody else that this page was used; nothing is kept from now on.
export function forget() {
  forgotten = true;
  memory.clear();
  try {
    Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX))
      .forEach((name) => localStorage.removeItem(name));
  } catch {
    // Nothing was stored then.
  }
}

// Tells when another tab of this browser writes or removes `name`; `listener(value or null)`.
export function onChangeElsewhere(name, listener) {
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === PREFIX + name || key === null) listener(key && newValue ? JSON.parse(newValue) : null);
  });
}
