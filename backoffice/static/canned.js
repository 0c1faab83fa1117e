// Ready answers in the composer: `/code` and Tab, or a list to search. The composer itself comes and
// goes with the floor, so everything listens from outside it.
"use strict";

(() => {
  const place = document.getElementById("canned");
  if (!place) return;
  const dialog = document.getElementById("canned-list"), options = document.getElementById("canned-options");
  const search = document.getElementById("canned-search"), none = document.getElementById("canned-none");
  const said = document.getElementById("canned-said");
  const CODE = /(?:^|\s)\/([a-z]{2,30})$/;
  const SHOWN_AT_MOST = 50;
  let answers = null;

  const box = () => document.getElementById("reply-text");
  const language = () => document.getElementById("reply-language")?.value ?? "it";

  async function read() {
    if (answers) return answers;
    const answer = await fetch(place.dataset.source, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    answers = (await answer.json()).items;
    return answers;
  }

  function insert(field, text, from, to) {
    field.focus();
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true })); // draft and preview hear of it
    said.textContent = "";
    said.textContent = said.dataset.inserted;
  }

  document.addEventListener("input", (event) => {
    if (event.target.id === "reply-text" && event.target.value.includes("/")) read().catch(() => {});
  });

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (field.id !== "reply-text" || event.key !== "Tab" || event.shiftKey || event.isComposing) return;
    const code = codeBefore(field);
    // an unknown code leaves Tab what it is, so that nobody is held in the field
    if (!code || (answers && !answers.some((each) => each.code === code))) return;
    event.preventDefault();
    read().then(() => complete(field, code)).catch(() => open(code));
  });

  const codeBefore = (field) => CODE.exec(field.value.slice(0, field.selectionStart))?.[1];

  function complete(field, code) {
    const found = answers.find((each) => each.code === code && each.language === language());
    if (found) insert(field, found.text, field.selectionStart - code.length - 1, field.selectionEnd);
    else open(code); // there is none in this language: the list shows the others
  }

  async function open(words = "") {
    dialog.showModal();
    search.value = words;
    none.textContent = "";
    try { await read(); show(); } catch { none.textContent = none.dataset.failed; }
    search.focus();
  }

  function show() {
    const wanted = search.value.trim().replace(/^\//, "").toLowerCase();
    const fits = answers.filter((each) => `${each.code}\n${each.text.toLowerCase()}`.includes(wanted));
    const now = language();
    fits.sort((one, other) => Number(other.language === now) - Number(one.language === now));
    options.replaceChildren(...fits.slice(0, SHOWN_AT_MOST).map(option));
    none.textContent = fits.length ? "" : none.dataset.empty;
  }

  function option(answer) {
    const item = document.createElement("li"), button = document.createElement("button");
    const code = document.createElement("strong"), words = document.createElement("span"), name = document.createElement("span");
    button.type = "button";
    code.textContent = `/${answer.code}`;
    name.className = "tag tag-language";
    name.textContent = new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(answer.language);
    words.className = "words";
    words.lang = answer.language;
    words.dir = answer.direction;
    words.textContent = answer.text;
    button.append(code, " ", name, words);
    button.addEventListener("click", () => {
      dialog.close();
      const field = box();
      if (!field) return;
      const code = codeBefore(field);
      insert(field, answer.text, code ? field.selectionStart - code.length - 1 : field.selectionStart, field.selectionEnd);
    });
    item.append(button);
    return item;
  }

  search.addEventListener("input", () => { if (answers) show(); });
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); options.querySelector("button")?.focus(); }
    if (event.key === "Enter") { event.preventDefault(); options.querySelector("button")?.click(); }
  });
  options.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...options.querySelectorAll("button")];
    (buttons[buttons.indexOf(document.activeElement) + step] ?? search).focus();
  });
  place.querySelector("[data-canned-open]").addEventListener("click", () => open());
  dialog.addEventListener("close", () => box()?.focus());

  const look = () => { place.hidden = box() === null; };
  new MutationObserver(look).observe(document.getElementById("floor"), { childList: true, subtree: true });
  look();
})();
