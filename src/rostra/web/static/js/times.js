// Says full times in the reader's own time zone and the language of the page.
const full = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "long",
  timeStyle: "short",
});

export function startTimes(root) {
  for (const time of root.querySelectorAll("time")) {
    const words = full.format(new Date(time.dateTime));
    if ("local" in time.dataset) time.textContent = words;
    else time.title = words;
  }
}
