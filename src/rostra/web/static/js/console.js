// Keys of the console. Every one presses what is on the page, so nothing here can do what a pointer
// can't; none of them works while somebody types, and whoever wants none never gets this script.
const desk = document.getElementById("desk");
const help = document.getElementById("keys");
const TYPED = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

function items() {
  return [...document.querySelectorAll("[data-list] [data-open]")];
}

function step(by) {
  const all = items();
  if (!all.length) return;
  const at = all.findIndex((link) => link.closest("[data-item]").contains(document.activeElement));
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  next.focus();
  next.closest("[data-item]").scrollIntoView({ block: "nearest" });
}

function choose() {
  const item = document.activeElement.closest("[data-item]");
  const box = item?.querySelector("input[type=checkbox], [data-choose]");
  if (box && !box.disabled) box.click();
}

// A number chooses one action and goes on; with Shift it only ticks it, so that several can be.
function digit(event) {
  const number = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const box = number && document.querySelector(`[data-digit="${number}"]`);
  if (!box) return false;
  const form = box.form;
  if (event.shiftKey) {
    box.click();
    box.focus();
    return true;
  }
  for (const other of form.querySelectorAll("[data-digit]")) other.checked = other === box;
  box.focus();
  const own = ".field input, .act-fields input";
  const more = box.closest(".act").querySelector(own) ?? form.querySelector("[data-first]");
  if (more && !more.value.trim()) more.focus();
  else form.requestSubmit(form.querySelector("[data-go]"));
  return true;
}

function press(key) {
  for (const target of document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)) {
    if (target.closest("dialog") || target.hidden) continue;
    target.click();
    return true;
  }
  const field = document.querySelector(`[data-focus="${CSS.escape(key)}"]`);
  if (!field) return false;
  const folded = field.closest("details");
  if (folded) folded.open = true;
  field.focus();
  field.scrollIntoView({ block: "center" });
  return true;
}

const KEYS = { j: () => step(1), k: () => step(-1), x: choose, q: () => location.assign("/console") };

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help?.open) return;
  if (event.target.closest(TYPED)) return;
  if (event.key === "?") {
    help?.showModal();
    event.preventDefault();
    return;
  }
  if (digit(event)) {
    event.preventDefault();
    return;
  }
  if (event.shiftKey) return;
  const own = KEYS[event.key];
  if (own) own();
  else if (event.key.length > 1 && event.key !== "Escape") return;
  else if (!press(event.key)) return;
  event.preventDefault();
}

document.addEventListener("keydown", pressed);
for (const button of document.querySelectorAll("[data-help]")) {
  button.hidden = false;
  button.addEventListener("click", () => help?.showModal());
}
for (const button of document.querySelectorAll("[data-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = [...document.querySelectorAll('input[form="together"]:not(:disabled)')];
    const on = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = on;
  });
}
// What comes next is loaded while somebody still reads this.
for (const url of (desk?.dataset.ahead ?? "").split(" ").filter(Boolean)) new Image().src = url;
document.querySelector(".desk-bar [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
document.querySelector("[data-confirm] [autofocus]")?.focus();
