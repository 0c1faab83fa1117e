// What a page tells of itself: run in Chromium by `page_faults.py`, before and after the keyboard's walk.
(() => {
  const REACHED = "a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], video[controls], [contenteditable=true], [tabindex]";
  const short = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 140);
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const tabbable = (element) => shown(element) && !element.disabled && element.tabIndex >= 0 && !element.closest("[inert]")
    && !element.matches("input[type=radio]") && !(element.matches("summary") && element.parentElement?.querySelector("summary") !== element);
  const ring = (element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  // A field that is drawn by its neighbour (a file to attach, a switch) shows the focus there.
  const visible = (element) => {
    const { width, height } = element.getBoundingClientRect();
    const drawn = width > 4 && height > 4 && Number(getComputedStyle(element).opacity) > 0.1;
    return drawn ? ring(element) : Boolean(element.nextElementSibling && ring(element.nextElementSibling));
  };

  window.pageWalk = {
    /** Nearly everything that a page can show at once: what is folded up is opened, a part of what is there many times.
     *  Not the menu's groups: open, they lie over the page, one at a time, and have a test of their own. */
    unfold() { for (const each of [...document.querySelectorAll("details:not([open], .nav-group)")].slice(0, 40)) each.open = true; },

    /** What needs no keyboard. */
    faults(width) {
      const found = [], root = document.documentElement, say = (what, element) => found.push(element ? `${what}: ${short(element)}` : what);
      if (root.scrollWidth > width) {
        const wide = [...document.querySelectorAll("body *")].filter((each) => shown(each) && each.getBoundingClientRect().right > width + 1
          && !inside(each)).slice(-3);
        say(`${root.scrollWidth - width} px too wide (${wide.map(short).join(" | ")})`);
      }
      const titles = [...document.querySelectorAll("h1")].filter((each) => each.checkVisibility());
      if (titles.length !== 1) say(`${titles.length} headings of level 1`);
      if (!document.title.trim()) say("no title");
      for (const each of document.querySelectorAll("[tabindex]")) if (each.tabIndex > 0) say("positive tabindex", each);
      for (const each of document.querySelectorAll("body *")) {
        const style = getComputedStyle(each);
        if (/hidden|clip/.test(style.overflowX) && style.textOverflow !== "ellipsis" && each.clientWidth > 4 && shown(each)
          && each.scrollWidth > each.clientWidth + 2 && !each.matches("svg, svg *, input, textarea, select")) say("cut at its side", each);
      }
      return found;
    },

    /** Note from now on where the focus goes. */
    listen() {
      const seen = this.seen = [];
      document.addEventListener("focusin", ({ target }) => seen.push([target, visible(target)]), true);
    },

    expected(after) {
      const all = [...document.querySelectorAll(REACHED)].filter(tabbable);
      const from = after && document.querySelector(after);
      return from ? all.filter((each) => from.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING) : all;
    },

    /** How many stops there are still to make at least. Fields of dates have several, and regions that scroll one. */
    left(after) {
      const met = new Set(this.seen.map(([element]) => element));
      return this.expected(after).filter((each) => !met.has(each)).length;
    },

    /** What can be seen: where a wider window shows as much, the rules that ask for no place hold as before. */
    shownElements() { return [...document.querySelectorAll("body *")].filter(shown).length; },

    /** What the walk did not reach, reached in another order, or did not show. */
    walked(after) {
      const found = [], order = [];
      for (const [element, isShown] of this.seen) {
        if (order.includes(element)) continue;
        order.push(element);
        if (!isShown) found.push(`focus is not seen: ${short(element)}`);
      }
      const wanted = this.expected(after), met = order.filter((each) => wanted.includes(each));
      for (const each of wanted) if (!met.includes(each)) found.push(`Tab does not reach: ${short(each)}`);
      const sorted = [...met].sort((a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
      const begin = Math.max(sorted.indexOf(met[0]), 0), turned = [...sorted.slice(begin), ...sorted.slice(0, begin)];
      const jump = met.findIndex((each, place) => each !== turned[place]);
      if (jump >= 0) found.push(`out of order: ${short(met[jump])}`);
      return found;
    },
  };

  function inside(element) {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(at).overflowX)) return true;
    return false;
  }
})();
