// Writing to a person in another language: what they would get is shown with what it says translated
// back, corrected, and sent; renderings of an open thread are renewed, and corrected in place.
// Loaded before staff.js, whose storage, fetching and renewing it uses once the page is there.
"use strict";

// --- The composer -----------------------------------------------------------------------------

function prepareReply(form) {
  const composer = new Composer(form);
  composer.restore();
  composer.listen();
}

class Composer {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.draft;
    this.text = form.elements.text;
    this.language = form.elements.language;
    this.translation = form.elements.translation;
    this.state = form.querySelector(".reply-state");
    this.part = form.querySelector("[data-preview-part]");
    this.preview = null; // what the service made of `for`: {for, language, translation, ...}
  }

  find(name) { return this.form.querySelector(`[data-${name}]`); }

  get isForeign() { return this.language.value !== this.form.dataset.language; }

  get isCurrent() { return this.preview !== null && this.preview.for === this.source(); }

  source() { return `${this.language.value} ${this.text.value.trim()}`; }

  listen() {
    this.text.addEventListener("input", () => this.changed());
    this.translation.addEventListener("input", () => { this.showFacts(); this.keep(); });
    this.language.addEventListener("change", () => this.changed());
    this.find("translate").addEventListener("click", () => this.translate());
    this.find("check-back").addEventListener("click", () => this.checkBack());
    this.find("untranslated").addEventListener("click", () => this.send(true));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.form.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      if (event.key === "Enter") { event.preventDefault(); this.form.requestSubmit(); }
      if (event.altKey && event.code === "KeyT" && this.isForeign) { event.preventDefault(); this.translate(); }
    });
  }

  restore() {
    const draft = storage.read(this.key);
    this.text.value = draft.text ?? this.text.value;
    const known = [...this.language.options].some((option) => option.value === draft.language);
    if (known) this.language.value = draft.language;
    this.preview = draft.preview ?? null;
    this.translation.value = draft.translation ?? "";
    if (draft.text === undefined && this.text.value) this.keep(); // typed before this script was there
    this.show();
  }

  keep() {
    const draft = { text: this.text.value, language: this.language.value, translation: this.translation.value, preview: this.preview, key: storage.read(this.key).key };
    if (draft.text || draft.translation) storage.write(this.key, draft);
    else storage.drop(this.key);
  }

  changed() {
    if (!this.text.value.trim()) this.forget();
    this.show();
    this.keep();
    this.say(this.isForeign && this.preview !== null && !this.isCurrent ? this.form.dataset.stale : "");
  }

  forget() {
    this.preview = null;
    this.translation.value = "";
  }

  say(sentence) { this.state.textContent = sentence; }

  // Ctrl+Enter and the button: words in another language are looked at before they are sent.
  submit() {
    if (!this.text.value.trim()) return;
    if (!this.isForeign || (this.isCurrent && this.translation.value.trim())) this.send(false);
    else this.translate();
  }

  async translate() {
    if (!this.text.value.trim()) { this.text.focus(); return; }
    const source = this.source();
    const found = await this.ask({});
    if (found === null || source !== this.source()) return;
    this.preview = { ...found, for: source };
    this.translation.value = found.translation ?? "";
    this.show();
    this.keep();
    if (found.translation !== null) this.say(this.form.dataset.look);
    this.translation.focus();
  }

  async checkBack() {
    if (!this.translation.value.trim()) { this.translation.focus(); return; }
    const found = await this.ask({ translation: this.translation.value });
    if (found === null || this.preview === null) return;
    this.preview = { ...this.preview, back_translation: found.back_translation, alarms: found.flags };
    this.show();
    this.keep();
  }

  async ask(more) {
    if (this.form.dataset.asking) return null;
    this.form.dataset.asking = "1";
    this.say(this.form.dataset.translating);
    const body = new URLSearchParams({ text: this.text.value, language: this.language.value, ...more });
    let found = null;
    try {
      const answer = await fetch(this.form.dataset.preview, { method: "POST", body, headers: { "X-CSRF-Token": csrf } });
      if (answer.ok) found = await answer.json();
    } catch { /* no network: said below */ }
    this.say(found === null ? this.form.dataset.noAnswer : "");
    if (found === null) this.find("untranslated").hidden = false;
    delete this.form.dataset.asking;
    return found;
  }

  // --- what is seen ---

  show() {
    const foreign = this.isForeign, preview = this.preview;
    this.text.lang = this.language.value;
    this.find("translate").hidden = !foreign;
    this.find("translate-hint").hidden = !foreign;
    this.part.hidden = !foreign || preview === null;
    const none = foreign && preview !== null && preview.translation === null;
    this.find("none").hidden = !none;
    this.find("untranslated").hidden = !none;
    this.part.classList.toggle("stale", !this.isCurrent);
    if (preview === null) return;
    this.translation.lang = preview.language;
    this.translation.dir = preview.direction;
    const back = this.find("back");
    back.lang = this.language.value;
    back.textContent = preview.back_translation ?? "";
    if (!preview.back_translation && this.translation.value) back.append(...this.words("no_back"));
    this.find("why").textContent = (none ? preview.flags : []).map((flag) => this.flag(flag)).join(" ");
    this.find("install").hidden = !preview.command || !preview.flags.includes("no_package");
    this.find("command").textContent = preview.command ?? "";
    this.showFacts();
  }

  showFacts() {
    const { preview } = this, facts = this.find("facts");
    facts.replaceChildren();
    if (preview === null || !this.translation.value.trim()) return;
    if (this.translation.value !== preview.translation) facts.append(...this.words("own"));
    else if (preview.from_phrasebook) facts.append(...this.words("phrasebook"));
    else if (preview.engine) facts.append(...this.words("machine", [preview.engine, preview.version ?? ""].join(" ").trim()));
    if (preview.in_parts && this.translation.value === preview.translation) facts.append(" ", ...this.words("in_parts"));
    for (const flag of preview.alarms ?? []) facts.append(" ", this.flag(flag));
  }

  words(name, engine = "") {
    const copy = this.form.querySelector(`[data-facts-of="${name}"]`).content.cloneNode(true);
    for (const tag of copy.querySelectorAll("*")) tag.textContent = tag.textContent.replace("{engine}", engine);
    return [...copy.childNodes];
  }

  flag(code) {
    return this.form.querySelector(`[data-flag="${CSS.escape(code)}"]`)?.content.textContent ?? code;
  }

  // --- sending ---

  async send(untranslated) {
    const { form, text } = this;
    if (form.dataset.busy || !text.value.trim()) return;
    form.dataset.busy = "1";
    const translated = this.isForeign && !untranslated;
    const fields = form.elements, preview = translated ? this.preview : null;
    this.translation.disabled = !translated;
    fields.untranslated.value = String(untranslated);
    fields.translation_language.value = preview?.language ?? "";
    fields.proposed.value = preview?.translation ?? "";
    fields.engine.value = preview?.engine ?? "";
    fields.version.value = preview?.version ?? "";
    fields.in_parts.value = String(preview?.in_parts ?? false);
    // the same words keep their key, so that a second try after a lost answer is not a second message
    const words = JSON.stringify([text.value, this.language.value, translated ? this.translation.value : null]);
    const draft = storage.read(this.key);
    const key = draft.words === words && draft.key ? draft.key : crypto.randomUUID();
    storage.write(this.key, { ...draft, text: text.value, words, key });
    fields.key.value = key;
    this.say(form.dataset.sending);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual", headers: { Accept: "text/html" } });
      if (answer.type === "opaqueredirect") {
        storage.drop(this.key);
        text.value = "";
        this.forget();
        this.say(form.dataset.sent);
      } else {
        this.say(await problemOf(answer) ?? form.dataset.failed);
      }
      renewThread();
    } catch {
      this.say(form.dataset.failed);
    }
    this.translation.disabled = false;
    delete form.dataset.busy;
    this.show();
    text.focus();
  }
}

// --- Renderings of an open thread ---------------------------------------------------------------

let renderedAt = Date.now() - 60000;
let renewing = null;

document.addEventListener("sportello:changed", (event) => {
  const open = document.querySelector("[data-thread]");
  if (!open || (event.detail !== null && event.detail !== open.dataset.thread)) return;
  renewing ??= setTimeout(() => { renewing = null; renewRenderings(open); }, 60);
});

async function renewRenderings(open) {
  const fresh = await fetchFragment(`/conversations/${open.dataset.thread}/renderings?since=${renderedAt}`).catch(() => null);
  const part = fresh?.firstElementChild;
  if (!part) return;
  renderedAt = Number(part.dataset.now);
  const log = document.getElementById("messages");
  const stay = log.scrollHeight - log.scrollTop - log.clientHeight > 60;
  for (const rendering of [...part.children]) placeRendering(rendering);
  if (!stay) log.scrollTop = log.scrollHeight;
}

function placeRendering(rendering) {
  const bubble = document.getElementById(`m${rendering.dataset.renderingOf}`);
  if (!bubble) return;
  const shown = bubble.querySelector(".rendering");
  if (shown?.querySelector(".mend[open]") || shown?.outerHTML === rendering.outerHTML) return; // somebody writes in it
  if (shown) shown.replaceWith(rendering);
  else bubble.append(rendering);
}

// A correction: the floor may have moved since the bubble was drawn, so the thread's epoch counts.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("mend" in form.dataset)) return;
  event.preventDefault();
  const open = document.querySelector("[data-thread]"), state = form.querySelector(".reply-state");
  if (form.elements.epoch) form.elements.epoch.value = open.dataset.epoch;
  state.textContent = "";
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual", headers: { Accept: "text/html" } });
    if (answer.type !== "opaqueredirect") { state.textContent = await problemOf(answer) ?? form.dataset.failed; return; }
    form.closest(".mend").open = false;
    renewThread();
    renewRenderings(open);
  } catch {
    state.textContent = form.dataset.failed;
  }
});
