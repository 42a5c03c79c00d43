"""What is looked for on a page that is open in a browser."""

from playwright.sync_api import BrowserContext
from playwright.sync_api import Page as Tab
from tests.browser import axe
from tests.browser.stage import Looks, Reading

# Selectors are not told; what would be loaded beforehand is for rules that are not reported here.
# A rule whose faults are all moderate or minor is not asked at all: that is a third of the work.
# A page that is just being laid out is looked at again: on a busy machine that is seen half done.
RUN = """async () => {
    const rules = Object.fromEntries(axe._audit.rules
        .filter(rule => ["moderate", "minor"].includes(rule.impact))
        .map(rule => [rule.id, {enabled: false}]));
    const look = async () => (await axe.run(
            {resultTypes: ["violations"], selectors: false, preload: false, rules})).violations
        .filter(v => ["serious", "critical"].includes(v.impact))
        .map(v => `${v.id}: ` + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | "));
    const frame = () => new Promise(requestAnimationFrame);
    const found = await look();
    if (!found.length) return found;
    await frame(); await frame();
    return await look();
}"""
OVERFLOW = """() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    return [...document.querySelectorAll("body *")]
        .filter(e => e.getBoundingClientRect().right > wide + 1)
        .slice(0, 5).map(e => e.outerHTML.slice(0, 120));
}"""
# What is pressed with a finger is 44 px high and wide; words within a sentence are not.
SMALL = """() => [...document.querySelectorAll(
        "main button, main summary, .dock a, .topbar a, .tabs a, .pager a, a.button, .menu-item")]
    .filter(e => !e.matches(".alt > summary, .plain-link"))
    .map(e => [e.getBoundingClientRect(), e])
    .filter(([box]) => box.width && (box.height < 43 || box.width < 43))
    .map(([box, e]) => `${box.width}x${box.height} ` + e.outerHTML.slice(0, 120))"""
# Every element that the keyboard reaches shows that it is reached.
FOCUS = """() => {
    const seen = [];
    const reached = "a[href], button, input, select, textarea, summary";
    for (const e of document.querySelectorAll(reached)) {
        if (!e.getClientRects().length || e.disabled || e.tabIndex < 0) continue;
        e.focus({focusVisible: true, preventScroll: true});
        if (document.activeElement !== e) continue;
        const marked = [e, e.closest(".affixed"), e.closest(".composer")].some(part => {
            const style = part && getComputedStyle(part);
            return style && (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
                || style.boxShadow.includes("1px"));
        });
        if (!marked) seen.push(e.outerHTML.slice(0, 120));
    }
    document.activeElement?.blur();
    return seen.slice(0, 3);
}"""


def prepare(tab: Tab) -> None:
    """Give the checker to every page that a tab opens: half a megabyte is sent only once."""
    tab.add_init_script(f"if (window === top) {{ {axe.script()} }}")


def faults(tab: Tab, size: str) -> list[str]:
    """Say what is wrong with an open page of a prepared tab.

    Accessibility, overflow, size, focus.
    """
    found: list[str] = [*tab.evaluate(RUN), *tab.evaluate(OVERFLOW), *tab.evaluate(FOCUS)]
    if size == "phone":
        found += tab.evaluate(SMALL)
    return found


class Checked(Reading):
    """A tab whose pages are checked on a phone in light colours and on a dark desktop.

    The look that a page was checked in last is the one that the next is opened with.
    """

    def __init__(self, context: BrowserContext) -> None:
        super().__init__(context)
        prepare(self.tab)
        self.looks = Looks(self.tab)

    def faults(self) -> list[str]:
        """Say what is wrong with the open page, and how it was looked at."""
        found = []
        for _ in range(2):
            found += [f"{self.looks.size}: {fault}" for fault in faults(self.tab, self.looks.size)]
            self.looks.turn()
        self.looks.turn()
        return found
