// Switches the colours at once; the server keeps the choice.
export function startTheme() {
  for (const form of document.querySelectorAll("[data-theme-switch]")) {
    form.addEventListener("submit", (event) => {
      const choice = event.submitter;
      if (!choice) return;
      event.preventDefault();
      const body = new URLSearchParams(new FormData(form, choice));
      fetch(form.action, { method: "POST", body, redirect: "manual" });
      show(choice.value);
      for (const button of form.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", String(button === choice));
      }
    });
  }
}

function show(theme) {
  const root = document.documentElement;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.querySelector('meta[name="color-scheme"]').content = theme || "light dark";
}
