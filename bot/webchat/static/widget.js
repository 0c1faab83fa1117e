// Embeds the chat in any site: <script src="https://<the service>/widget.js" async></script>
(() => {
  const origin = new URL(document.currentScript.src).origin;
  const wanted = document.currentScript.dataset.language ?? document.documentElement.lang.slice(0, 2);
  const frame = Object.assign(document.createElement("iframe"), {
    src: `${origin}/embed?language=${encodeURIComponent(wanted)}`,
    title: "Chat",
    hidden: true,
  });
  frame.style.cssText =
    "position:fixed;inset-block-end:5rem;inset-inline-end:1rem;width:min(24rem,calc(100vw - 2rem));height:min(38rem,calc(100dvh - 7rem));border:1px solid #d2d9e0;border-radius:.75rem;box-shadow:0 .5rem 2rem #0003;z-index:2147483646;background:#fff";
  const opener = Object.assign(document.createElement("button"), { type: "button" });
  opener.setAttribute("aria-label", "Chat");
  opener.setAttribute("aria-expanded", "false");
  opener.style.cssText =
    "position:fixed;inset-block-end:1rem;inset-inline-end:1rem;width:3.5rem;height:3.5rem;border:0;border-radius:50%;background:#0b4f9e;color:#fff;cursor:pointer;z-index:2147483647";
  opener.append(speechBubble());
  opener.addEventListener("click", () => {
    frame.hidden = !frame.hidden;
    opener.setAttribute("aria-expanded", String(!frame.hidden));
    if (!frame.isConnected) document.body.append(frame);
    if (!frame.hidden) frame.focus();
  });
  document.body.append(opener);

  // Drawn, because not every device has a font with such a sign.
  function speechBubble() {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", "M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 5v-5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.style.cssText = "width:1.75rem;height:1.75rem;fill:currentColor;vertical-align:middle";
    svg.append(path);
    return svg;
  }
})();
