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
  const opener = Object.assign(document.createElement("button"), { type: "button", textContent: "💬" });
  opener.setAttribute("aria-label", "Chat");
  opener.setAttribute("aria-expanded", "false");
  opener.style.cssText =
    "position:fixed;inset-block-end:1rem;inset-inline-end:1rem;width:3.5rem;height:3.5rem;border:0;border-radius:50%;background:#0b4f9e;font-size:1.5rem;cursor:pointer;z-index:2147483647";
  opener.addEventListener("click", () => {
    frame.hidden = !frame.hidden;
    opener.setAttribute("aria-expanded", String(!frame.hidden));
    if (!frame.isConnected) document.body.append(frame);
    if (!frame.hidden) frame.focus();
  });
  document.body.append(opener);
})();
