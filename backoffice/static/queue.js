// The list and the thread beside it: how far somebody has read, the number in the title, and on a
// small screen either the messages or the facts.
"use strict";

(() => {
  const READ_AFTER_MS = 800;
  const source = document.getElementById("notify")?.dataset.source;
  const title = document.title;
  let timer = null;

  function markRead() {
    if (!thread || document.hidden || timer !== null) return;
    timer = setTimeout(async () => {
      timer = null;
      if (document.hidden) return;
      const body = new URLSearchParams({ seq: thread.dataset.last });
      try {
        await fetch(thread.dataset.read, { method: "POST", body, headers: { "X-CSRF-Token": csrf, "X-Background": "1" } });
        for (const { part, renew } of parts) if (part.id === "conversation-list") renew();
        document.dispatchEvent(new CustomEvent("change-heard"));
      } catch { /* the next message, or the next look, moves the mark */ }
    }, READ_AFTER_MS);
  }

  document.addEventListener("messages", markRead);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) markRead(); });

  // One question for all that want to know what calls: the title here, the notices elsewhere.
  const ask = source && once(async () => {
    const answer = await fetch(source, { headers: { Accept: "application/json", "X-Background": "1" } });
    if (!answer.ok || answer.redirected) return;
    const found = await answer.json();
    document.title = found.unread ? `(${found.unread}) ${title}` : title;
    document.dispatchEvent(new CustomEvent("calls", { detail: found.calls }));
  }, 500);
  if (ask) document.addEventListener("change-heard", ask);

  const toggle = document.getElementById("facts-toggle");
  if (toggle) {
    const place = thread.classList;
    place.add("one-at-a-time");
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const shown = place.toggle("shows-facts");
      toggle.setAttribute("aria-expanded", String(shown));
      toggle.textContent = shown ? toggle.dataset.open : toggle.dataset.shut;
      if (shown) onChange(thread.dataset.thread); // what was out of sight was not fetched
      else scrollToEnd();
    });
  }

  // a window that grows shows the list for the first time
  const list = document.querySelector(".workplace-list [data-live]");
  if (list) matchMedia("(min-width: 1200px)").addEventListener("change", () => onChange(null));

  // the row of the open thread is in sight, once
  list?.addEventListener("renewed", () => list.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" }), { once: true });
})();
