// Counts characters while one writes, and shows chosen pictures one row at a time.
const LINK = /https?:\/\/\S+/g;
const REMOTE = /(^|[^\w/])@(\w[\w.-]*)@[\w.-]+\w/g;
const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

// As the server counts: a link is 23 characters, the domain of a mention is free.
export function count(text) {
  const counted = text.replace(LINK, "x".repeat(23)).replace(REMOTE, "$1@$2");
  return [...letters.segment(counted)].length;
}

export function startComposers(root) {
  for (const form of root.querySelectorAll("[data-composer]")) {
    if (form.dataset.started) continue;
    form.dataset.started = "yes";
    startCount(form);
    startPictures(form);
  }
}

function startCount(form) {
  const text = form.querySelector("[data-limit]");
  const shown = form.querySelector("[data-count]");
  const warning = form.querySelector('[name="spoiler_text"]');
  const limit = Number(text.dataset.limit);
  const update = () => {
    const left = limit - count(text.value) - count(warning.value);
    shown.textContent = left < 0 ? `${-left} characters too many` : `${left} characters left`;
    shown.classList.toggle("is-over", left < 0);
  };
  text.addEventListener("input", update);
  warning.addEventListener("input", update);
  update();
}

function startPictures(form) {
  const slots = [...form.querySelectorAll("[data-slot]")];
  const files = slots.map((slot) => slot.querySelector('input[type="file"]'));
  const arrange = () => {
    const next = files.findIndex((file) => file.files.length === 0);
    slots.forEach((slot, at) => {
      slot.hidden = files[at].files.length === 0 && at !== next;
    });
  };
  files.forEach((file, at) => {
    file.addEventListener("change", () => {
      preview(slots[at].querySelector("[data-preview]"), file.files[0]);
      arrange();
    });
  });
  arrange();
}

function preview(place, file) {
  const old = place.querySelector("img");
  if (old) URL.revokeObjectURL(old.src);
  place.replaceChildren();
  if (!file) return;
  const image = new Image();
  image.alt = "";
  image.src = URL.createObjectURL(file);
  place.append(image);
}
