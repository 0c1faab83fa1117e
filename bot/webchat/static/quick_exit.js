// Leaves no trace on a shared or watched device, then shows the weather; the way back does not lead here.
import * as session from "./session.js";
import { silence } from "./speech.js";

const ADDRESS = "https://www.meteoam.it/";
const WITHIN_MS = 1500;

export function start(button) {
  button.addEventListener("click", leave);
  document.addEventListener("keydown", onThreeEscapes());
}

export function leave() {
  silence();
  session.close();
  document.body.replaceChildren();
  try {
    // In another site's frame the whole window goes, where the browser allows it.
    window.top.location.replace(ADDRESS);
  } catch {
    location.replace(ADDRESS);
  }
}

function onThreeEscapes() {
  let presses = [];
  return (event) => {
    if (event.key !== "Escape" || event.repeat || event.isComposing) return;
    presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < WITHIN_MS);
    if (presses.length === 3) leave();
  };
}
