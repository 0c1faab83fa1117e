// Shortcuts of one key. They can be switched off (WCAG 2.1.4), and are never heard while somebody types.
"use strict";

(() => {
  const SWITCH = "sportello:keys";
  const dialog = document.getElementById("keys"), box = document.getElementById("keys-on");
  if (!dialog) return;
  document.getElementById("footer-tools").hidden = false;

  const isOn = () => { try { return localStorage.getItem(SWITCH) !== "off"; } catch { return true; } };
  box.checked = isOn();
  box.addEventListener("change", () => {
    try { if (box.checked) localStorage.removeItem(SWITCH); else localStorage.setItem(SWITCH, "off"); } catch { /* off */ }
  });

  const isTyping = (target) => target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select");

  function step(by) {
    const rows = [...document.querySelectorAll("#conversation-list a.row-link, .rows a.row-link, #case-list a.row-link")].filter((row) => row.checkVisibility());
    if (!rows.length) return;
    const here = document.activeElement.closest?.("[data-row]")?.querySelector("a.row-link") ?? document.activeElement;
    let at = rows.indexOf(here);
    if (at < 0) at = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
    const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function find() {
    const field = document.getElementById("q");
    if (field) { field.focus(); field.select(); } else location.assign("/conversations#q");
  }

  function note() {
    const box = document.getElementById("note-box");
    if (!box) return;
    box.open = true;
    document.getElementById("note-text").focus();
  }

  const acts = {
    j: () => step(1),
    k: () => step(-1),
    "/": find,
    r: () => document.getElementById("reply-text")?.focus(),
    n: note,
    x: () => document.activeElement.closest?.("[data-row]")?.querySelector("input[type=checkbox]")?.click(),
    "?": () => dialog.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) { leave(event.target); return; }
    if (!isOn() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  function leave(target) {
    const box = document.getElementById("note-box");
    if (box?.open && box.contains(target)) { box.open = false; box.querySelector("summary").focus(); }
    else if (target.matches?.("textarea, #q")) target.blur();
  }

  if (location.hash === "#q") document.getElementById("q")?.focus();
})();
