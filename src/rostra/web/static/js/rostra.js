// What scripts add to pages that work without them. Nothing here is needed to read or write.
import { startComposers } from "./composer.js";
import { startMenus } from "./menus.js";
import { startPasskeys } from "./passkeys.js";
import { startTheme } from "./theme.js";
import { startTimes } from "./times.js";

startMenus();
startTheme();
startPasskeys(document);
startComposers(document);
startTimes(document);
document.addEventListener("htmx:load", (event) => {
  startComposers(event.target);
  startTimes(event.target);
});
