// Says full times in the reader's own time zone and clock, and in the language of the page. Its
// English puts the day before the month, as the server does.
const language = document.documentElement.lang;
const clock = new Intl.DateTimeFormat([], { hour: "numeric" }).resolvedOptions();
const full = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "numeric",
  minute: "2-digit",
  hourCycle: clock.hourCycle,
});

export function startTimes(root) {
  for (const time of root.querySelectorAll("time")) {
    const words = full.format(new Date(time.dateTime));
    if ("local" in time.dataset) time.textContent = words;
    else time.title = words;
  }
}
