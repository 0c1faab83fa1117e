// What a script adds to the pages of the guide: numbers that can be tapped, and the quick exit.
import { linked } from "./links.js";
import * as quickExit from "./quick_exit.js";

for (const words of document.querySelectorAll(".words")) words.replaceChildren(...linked(words.textContent));

const exit = document.getElementById("quick-exit");
exit.hidden = false;
quickExit.start(exit);
