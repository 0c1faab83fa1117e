// Notices of the browser: only where somebody asked for them, and never with a word of anybody.
"use strict";

(() => {
  const WANTED = "sportello:notify", TOLD = "sportello:told";
  const KEPT = 300, MOST_AT_ONCE = 3;
  const button = document.getElementById("notify"), state = document.getElementById("notify-state");
  if (!button || !("Notification" in window)) return;

  const kept = {
    read(key, otherwise) { try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* off */ } },
    write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* off */ } },
  };
  const isOn = () => kept.read(WANTED, false) && Notification.permission === "granted";

  function show() {
    button.hidden = false;
    button.textContent = isOn() ? button.dataset.off : button.dataset.on;
    button.setAttribute("aria-pressed", String(isOn()));
  }

  button.addEventListener("click", async () => {
    if (isOn()) { kept.write(WANTED, false); kept.drop(TOLD); state.textContent = ""; }
    else if (await Notification.requestPermission() === "granted") {
      kept.write(WANTED, true);
      state.textContent = state.dataset.hint;
      document.dispatchEvent(new CustomEvent("change-heard"));
      if (!listening) listen();
    } else state.textContent = state.dataset.denied;
    show();
  });

  // Every window of this browser remembers what was told, so that each call is told once. What was
  // there when notices were switched on is no news.
  document.addEventListener("calls", (event) => {
    if (!isOn()) return;
    const told = kept.read(TOLD, null), known = new Set(told ?? []);
    const fresh = event.detail.filter((call) => !known.has(call.mark));
    kept.write(TOLD, [...known, ...fresh.map((call) => call.mark)].slice(-KEPT));
    if (told === null) return;
    for (const call of fresh.filter(isElsewhere).slice(0, MOST_AT_ONCE)) tell(call);
  });

  const isElsewhere = (call) => document.hidden || !document.hasFocus() || thread?.dataset.thread !== call.conversation;

  function tell(call) {
    const urgent = call.kind === "urgent";
    const about = { tag: `${call.kind}:${call.conversation}`, renotify: urgent, requireInteraction: urgent, lang: document.documentElement.lang };
    try {
      const notice = new Notification(button.dataset[call.kind], about);
      notice.addEventListener("click", () => { window.focus(); location.assign(`/conversations/${call.conversation}`); notice.close(); });
    } catch { /* Android shows notices of a service worker only */ }
  }

  if (isOn() && document.body.dataset.events && !listening) listen();
  show();
})();
