"""What is wrong with a page that Chromium shows: what axe finds, and whether it scrolls sideways."""

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

WIDE, NARROW = {"width": 1100, "height": 900}, {"width": 320, "height": 640}
# WCAG 2.2 asks for targets of 24 pixels; axe leaves that rule out unless told.
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
RUN = """options => axe.run(options).then(found => found.violations.map(
  rule => [rule.id, ...rule.nodes.map(node => node.html.slice(0, 200))]))"""


def faults_shown(page: Page, *place: str) -> list[tuple]:
    """What is wrong with the page that is shown: wide and light, then narrow and dark, where it may not overflow."""
    page.evaluate(AXE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(WIDE)
    faults = [(*place, "light", *fault) for fault in page.evaluate(RUN, RULES)]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size(NARROW)
    faults += [(*place, "dark", *fault) for fault in page.evaluate(RUN, RULES)]
    width = page.evaluate("document.documentElement.scrollWidth")
    return faults + ([(*place, "scrolls sideways", width)] if width > NARROW["width"] else [])
