"""A strict reader of our own pages: what is wrong with a document, in words."""

from collections import Counter
from html.parser import HTMLParser

VOID = {"base", "meta", "link", "img", "input", "br", "hr", "path", "circle", "rect", "use"}
NOT_IN_P = {
    "div", "p", "ul", "ol", "dl", "form", "section", "header", "footer", "nav", "article", "aside",
    "h1", "h2", "h3", "details", "fieldset", "table", "pre", "blockquote",
}  # fmt: skip
FIELDS = {"input", "select", "textarea"}
UNLABELLED = {"hidden", "submit"}
REFERENCES = ("aria-describedby", "aria-labelledby")

Attributes = dict[str, str]


class Document(HTMLParser):
    """Reads a document and collects its faults."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.tags: list[tuple[str, Attributes]] = []
        self._open: list[str] = []
        self._forms: list[tuple[Attributes, list[str]]] = []
        self.feed(text)
        self.close()
        if self._open:
            self.faults.append(f"never closed: {self._open}")
        self._check()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(given) != len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        if "p" in self._open and tag in NOT_IN_P:
            self.faults.append(f"<{tag}> inside <p>")
        if tag in {"a", "button"} and {"a", "button", "summary"} & set(self._open):
            self.faults.append(f"<{tag}> inside another control")
        if tag == "form":
            if "form" in self._open:
                self.faults.append("a form inside a form")
            self._forms.append((given, []))
        elif tag in FIELDS | {"button"} and "form" in self._open:
            self._forms[-1][1].append(given.get("name", ""))
        self.tags.append((tag, given))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-3:]}")
        if tag in self._open:
            while self._open and self._open.pop() != tag:
                pass

    def all(self, tag: str) -> list[Attributes]:
        """Return the attributes of every element with this tag."""
        return [attributes for name, attributes in self.tags if name == tag]

    def _check(self) -> None:
        ids = Counter(given["id"] for _, given in self.tags if "id" in given)
        self.faults += [f"id {name} {times} times" for name, times in ids.items() if times > 1]
        for tag, given in self.tags:
            self._check_inline(tag, given)
            for name in REFERENCES:
                self.faults += [
                    f"{name}={target} leads nowhere"
                    for target in given.get(name, "").split()
                    if target not in ids
                ]
        self._check_labels()
        for given, names in self._forms:
            if given.get("method") == "post" and "csrf_token" not in names:
                self.faults.append(f"form {given.get('action')} has no csrf_token")
        self._check_frame()

    def _check_inline(self, tag: str, given: Attributes) -> None:
        if tag == "style" or (tag == "script" and "src" not in given):
            self.faults.append(f"inline <{tag}>")
        self.faults += [
            f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")
        ]
        if tag == "img" and "alt" not in given:
            self.faults.append("a picture without alt")

    def _check_labels(self) -> None:
        labelled = {given.get("for", "") for given in self.all("label")}
        for tag in FIELDS:
            for given in self.all(tag):
                if given.get("type") in UNLABELLED or "aria-label" in given:
                    continue
                if given.get("id") not in labelled:
                    self.faults.append(f"{tag} {given.get('name')} has no label")

    def _check_frame(self) -> None:
        if not self.all("html") or not self.all("html")[0].get("lang"):
            self.faults.append("no language")
        for tag in ("h1", "main", "title"):
            if len(self.all(tag)) != 1:
                self.faults.append(f"{len(self.all(tag))} <{tag}>")
