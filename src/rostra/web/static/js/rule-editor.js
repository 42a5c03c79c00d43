// The editor of rules: completes words and marks what is wrong where it stands. Without it the form
// does the same work, only later: the server checks what is sent, and shows faults line by line.
const PAUSE_MS = 400;
const SHOWN = 6;
const WORD = /[A-Za-z_][\w.]*$/;
const TOKEN = /[\w.]+|"[^"\n]*"?|[^\n]/uy;

function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function words() {
  return [...document.querySelectorAll("[data-word]")].map((each) => ({
    name: each.dataset.word,
    form: each.dataset.form,
    words: each.querySelector("dd").textContent,
  }));
}

// Lines and columns count from 1, columns in characters; a text area counts in UTF-16.
function offset(text, line, column) {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const within = [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  return Math.min(text.length, before + within);
}

function extent(text, at) {
  TOKEN.lastIndex = at;
  return at + (TOKEN.exec(text)?.[0].length ?? 0);
}

class Editor {
  constructor(root, known) {
    this.root = root;
    this.known = known;
    this.area = root.querySelector("textarea");
    this.said = document.querySelector("[data-editor-said]");
    this.mirror = element("pre", "editor-mirror");
    this.mirror.setAttribute("aria-hidden", "true");
    this.list = element("ul", "editor-list");
    this.list.id = "editor-list";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Words that fit");
    root.append(this.mirror, this.list);
    this.faults = [];
    this.asked = 0;
    this.chosen = 0;
    this.area.setAttribute("aria-autocomplete", "list");
    this.area.setAttribute("aria-controls", this.list.id);
    this.area.addEventListener("input", () => this.typed());
    this.area.addEventListener("keydown", (event) => this.pressed(event));
    this.area.addEventListener("scroll", () => this.follow());
    this.area.addEventListener("blur", () => this.close());
    this.area.addEventListener("click", () => this.close());
    document.querySelector("[data-editor-hint]").hidden = false;
    this.draw();
  }

  typed() {
    this.faults = [];
    this.draw();
    this.complete();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), PAUSE_MS);
  }

  async check() {
    const asked = (this.asked += 1);
    const source = this.area.value;
    const body = new URLSearchParams({
      csrf_token: this.area.form.elements.csrf_token.value,
      source,
    });
    let told;
    try {
      const answer = await fetch(this.root.dataset.check, { method: "POST", body });
      if (!answer.ok) throw new Error(String(answer.status));
      told = await answer.json();
    } catch {
      if (asked === this.asked) this.say("It can't be checked at the moment; it is when you keep it.");
      return;
    }
    if (asked !== this.asked || source !== this.area.value) return;
    document.querySelector("[data-editor-plain]")?.remove();  // what the server saw in what was sent
    this.faults = told.faults;
    this.area.setAttribute("aria-invalid", String(this.faults.length > 0));
    this.draw();
    this.tell(told);
  }

  tell(told) {
    if (!told.faults.length) {
      this.say(`This is a rule: it costs ${told.cost} of 1,000, and ${told.examples} examples hold.`);
      return;
    }
    const list = element("ul", "editor-faults");
    for (const fault of told.faults) {
      const words = `Line ${fault.line}, column ${fault.column}: ${fault.words}`;
      const button = element("button", "editor-fault", words);
      button.type = "button";
      button.addEventListener("click", () => this.go(fault));
      const item = element("li");
      item.append(button);
      list.append(item);
    }
    this.said.replaceChildren(list);
  }

  say(words) {
    this.said.replaceChildren(element("p", "field-hint", words));
  }

  go(fault) {
    const at = offset(this.area.value, fault.line, fault.column);
    this.area.focus();
    this.area.setSelectionRange(at, extent(this.area.value, at));
  }

  // The mirror lies behind the text area with the same text, and carries the marks.
  draw() {
    const text = this.area.value;
    const parts = [];
    let done = 0;
    for (const fault of this.faults) {
      const at = offset(text, fault.line, fault.column);
      const end = extent(text, at);
      if (at < done || end === at) continue;
      parts.push(text.slice(done, at), element("mark", "", text.slice(at, end)));
      done = end;
    }
    this.mirror.replaceChildren(...parts, text.slice(done), "\n");
    this.follow();
  }

  follow() {
    this.mirror.scrollTop = this.area.scrollTop;
    this.mirror.scrollLeft = this.area.scrollLeft;
  }

  word() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    const quoted = (line.match(/"/g) ?? []).length % 2 === 1;
    return { quoted, typed: WORD.exec(line)?.[0] ?? "" };
  }

  complete(asked = false) {
    const { quoted, typed } = this.word();
    const wanted = typed.toLowerCase();
    if (quoted || (!typed && !asked) || this.area.selectionStart !== this.area.selectionEnd) {
      this.close();
      return;
    }
    const begins = this.known.filter((each) => each.name.startsWith(wanted));
    const within = this.known.filter((each) => each.name.includes(wanted, 1) && !begins.includes(each));
    const found = [...begins, ...within].slice(0, SHOWN);
    if (!found.length || (found.length === 1 && found[0].form === typed)) {
      this.close();
      return;
    }
    this.open(found);
  }

  open(found) {
    this.found = found;
    this.list.replaceChildren(...found.map((each, at) => {
      const item = element("li", "editor-option");
      item.id = `editor-option-${at}`;
      item.setAttribute("role", "option");
      item.append(element("code", "", each.form), element("span", "case-who", each.words));
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();  // the text area keeps the focus
        this.chosen = at;
        this.accept();
      });
      return item;
    }));
    this.list.hidden = false;
    this.choose(0);
    this.place();
  }

  place() {
    const at = this.area.selectionStart - this.word().typed.length;
    const range = document.createRange();
    let left = at;
    const walker = document.createTreeWalker(this.mirror, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() && left > walker.currentNode.length) left -= walker.currentNode.length;
    if (!walker.currentNode || walker.currentNode === this.mirror) return;
    range.setStart(walker.currentNode, Math.min(left, walker.currentNode.length));
    const caret = range.getBoundingClientRect();
    const box = this.root.getBoundingClientRect();
    const most = Math.max(0, box.width - this.list.offsetWidth);
    this.list.style.left = `${Math.min(most, Math.max(0, caret.left - box.left))}px`;
    this.list.style.top = `${caret.bottom - box.top + 4}px`;
  }

  choose(at) {
    this.chosen = (at + this.found.length) % this.found.length;
    for (const [number, item] of [...this.list.children].entries()) {
      item.setAttribute("aria-selected", String(number === this.chosen));
    }
    const item = this.list.children[this.chosen];
    this.area.setAttribute("aria-activedescendant", item.id);
  }

  accept() {
    const { form } = this.found[this.chosen];
    const end = this.area.selectionStart;
    const start = end - this.word().typed.length;
    this.close();
    this.area.setSelectionRange(start, end);
    // So that it can be undone like what was typed; where a browser does not know that, it is put in.
    if (!document.execCommand("insertText", false, form)) {
      this.area.setRangeText(form, start, end, "end");
      this.typed();
    }
    const gap = form.indexOf("…");
    if (gap >= 0) this.area.setSelectionRange(start + gap, start + gap + 1);
    this.close();
  }

  close() {
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      this.complete(true);
      return;
    }
    if (this.list.hidden) return;
    const does = {
      ArrowDown: () => this.choose(this.chosen + 1),
      ArrowUp: () => this.choose(this.chosen - 1),
      Enter: () => this.accept(),
      Tab: () => this.accept(),
      Escape: () => this.close(),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  }
}

for (const root of document.querySelectorAll("[data-editor]")) new Editor(root, words());
