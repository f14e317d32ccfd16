"""Opens reports in a real browser, and uses them as people do.

    python3 check_pages.py HEDDLE MODELS [FOLDER]

HEDDLE is the built tool, MODELS the folder of models. With FOLDER, pictures of the pages are left there.
"""

import os
import re
import subprocess
import sys
import tempfile
import time

from browser import Browser
from scenarios import hostile, long_names, long_order, many_findings, many_threads

WIDTHS = {"phone": (390, 844, True), "laptop": (1366, 850, False)}


def report(tool, folder, name, *paths):
    """Writes a page about scenarios; returns its path."""
    path = os.path.join(folder, name + ".html")
    run = subprocess.run([tool, "verify", *paths, "--quiet", "--format", "html", "--output", path],
                         capture_output=True, text=True)
    if run.returncode not in (0, 1, 3):
        raise SystemExit(f"{name}: {run.stderr}")
    return path


class Check:
    def __init__(self):
        self.failures = 0

    def __call__(self, holds, what):
        if not holds:
            self.failures += 1
        print(("ok    " if holds else "FAILED"), what)

    def soon(self, question, what):
        """Asks until the answer is yes, for five seconds at most: the page draws when the browser tells it of a new address."""
        deadline = time.monotonic() + 5
        while not (holds := question()) and time.monotonic() < deadline:
            time.sleep(0.02)
        self(holds, what)

    def is_clean(self, browser, what):
        problems = browser.complaints() + browser.nameless() + browser.confusing() + browser.faint()
        self(not problems, f"{what}: no error, no request, every control and landmark named, headings in order, "
                           f"contrast of 4.5 {problems or ''}")


def text(browser, selector):
    return browser.evaluate(f"document.querySelector({selector!r})?.textContent ?? ''")


def steps_through_a_lost_update(browser, page, check):
    browser.open(page)
    check.soon(lambda: text(browser, ".controls output") == "step 0 of 6", "a page of one finding opens at its order")
    for _ in range(3):
        browser.press("ArrowRight")
    check.soon(lambda: text(browser, ".controls output") == "step 3 of 6", "the right arrow steps forward")
    check.soon(lambda: browser.evaluate("location.hash") == "#s1f1/3", "the address is that of the step")
    check.soon(lambda: "deposit#1" in text(browser, "[aria-current=step]"), "the current step is marked")
    check.soon(lambda: "let current = balance" in text(browser, ".source [aria-current]"), "its line is marked in the source")
    check.soon(lambda: "Step 3 of 6" in text(browser, "#announcement"), "and it is announced")
    browser.press("ArrowLeft")
    check.soon(lambda: text(browser, ".controls output") == "step 2 of 6", "the left arrow steps back")
    browser.click(".controls button:nth-of-type(3)")
    check.soon(lambda: text(browser, ".controls output") == "step 3 of 6", "and so does the mouse forward")
    def choices():
        return browser.evaluate("[...document.querySelectorAll('.choices button')].map(each => each.textContent)")
    check.soon(lambda: len(choices()) == 2 and "every order passes" in choices()[0] and "go wrong" in choices()[1],
               "at step 3 the two threads lead to different verdicts")
    browser.click(".choices li:first-child button")
    check.soon(lambda: "Another order" in text(browser, ".fork"), "another thread can be chosen")
    check.soon(lambda: re.search("From here (every|the only) order passes", text(browser, ".panel")),
               "and the verdict of that continuation is another")
    for _ in range(8):
        if browser.evaluate("document.querySelector('.choices button') !== null"):
            address = browser.evaluate("location.hash")
            browser.click(".choices li:first-child button")
            check.soon(lambda: browser.evaluate("location.hash") != address, "each choice has an address")
    check.soon(lambda: "the run ends here" in text(browser, ".panel").lower(), "it can be followed to its end")
    check.soon(lambda: "150" in text(browser, ".values"), "where both deposits count")
    check.is_clean(browser, "the other order")
    address = browser.evaluate("location.hash")
    browser.open(page, address)
    check.soon(lambda: "Another order" in text(browser, ".fork"), "and its address leads there again")
    browser.click(".fork button")
    check.soon(lambda: browser.evaluate("location.hash") == "#s1f1/3", "and back")
    browser.click(".controls button:last-of-type")
    check.soon(lambda: text(browser, ".controls button:last-of-type") == "Copied", "the schedule can be copied")
    browser.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'pasted'}))")
    browser.evaluate("document.getElementById('pasted').focus()")
    browser.call("Input.dispatchKeyEvent", type="keyDown", key="v", commands=["paste"])
    check.soon(lambda: browser.evaluate("document.getElementById('pasted').value") ==
               "main main deposit#1 deposit#2 deposit#2 deposit#1", "and pasted elsewhere")


def goes_round_a_loop(browser, page, check):
    browser.open(page)
    browser.press("End")
    check.soon(lambda: re.fullmatch(r"step (\d+) of \1", text(browser, ".controls output")), "the End key goes to the last step")
    last = text(browser, ".controls output")
    browser.press("ArrowRight")
    check.soon(lambda: text(browser, ".controls output") != last and "goes round" in text(browser, "#announcement"),
               "the step after the last one of an endless run is the first of its loop")


def draws_who_waits(browser, page, check):
    browser.open(page)
    def label():
        return browser.evaluate("document.querySelector('.drawing svg')?.getAttribute('aria-label') ?? ''")
    check.soon(lambda: "alice waits for lock right" in label() and "bob has" in label(), "a deadlock is drawn, and told to a screen reader")


def is_quick(browser, page, check, findings):
    size = os.path.getsize(page)
    # The bar of one second is for a machine with nothing else to do; what fails here is a page that is slow on any.
    seconds = min(browser.open(page) for _ in range(5))
    check(size < 3_000_000 and seconds < 10, f"{findings}: {size:,} bytes, open in {seconds:.2f} s")
    check.is_clean(browser, f"{findings}, the table of all scenarios")


def prints(browser, page, check, name):
    """What is on paper: everything that can be read, nothing that can only be used, dark ink on white whatever the screen has."""
    browser.open(page, "#s1f1/2", scheme="dark")
    browser.call("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    check.soon(lambda: browser.evaluate("""[...document.querySelectorAll("button, input, nav, .controls, .skip")]
        .filter(each => each.checkVisibility()).map(each => each.outerHTML)""") == [], f"{name}, on paper: no controls")
    check.soon(lambda: browser.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)",
               f"{name}, on paper: white")
    check(not browser.faint(), f"{name}, on paper: contrast of 4.5 {browser.faint() or ''}")


def main():
    tool, models = sys.argv[1:3]
    pictures = sys.argv[3] if len(sys.argv) > 3 else None
    check = Check()
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        def model(name):
            return report(tool, folder, name.replace("/", "-"), f"{models}/{name}.heddle")
        pages = {
            "lost-update": model("seed/deposit.wrong"), "deadlock": model("classics/lock_order.wrong"),
            "loop": model("classics/livelock.wrong"), "pass": model("classics/atomic_counter.fixed"),
            "philosophers": model("classics/dining_philosophers.wrong"),
            "long": report(tool, folder, "long", long_order(folder)), "wide": report(tool, folder, "wide", many_threads(folder)),
            "names": report(tool, folder, "names", long_names(folder)), "hostile": report(tool, folder, "hostile", hostile(folder)),
        }
        steps_through_a_lost_update(browser, pages["lost-update"], check)
        draws_who_waits(browser, pages["deadlock"], check)
        goes_round_a_loop(browser, pages["loop"], check)
        is_quick(browser, report(tool, folder, "many", many_findings(folder)), check, "200 findings")
        is_quick(browser, report(tool, folder, "all", models), check, "all models")
        browser.open(pages["hostile"], "#s1f1/1")
        check.soon(lambda: "<script>alert(1)</script>" in text(browser, ".values"), "a hostile text is shown as it is")
        check(browser.evaluate("document.querySelectorAll('script').length") == 2, "and adds no script to the page")
        browser.open(pages["pass"], "#s1o1/1")
        check.soon(lambda: re.match(r"step 1 of \d+", text(browser, ".controls output")), "a passing scenario shows an order for each outcome")
        check.is_clean(browser, "an order of an outcome")
        for name in ["deadlock", "loop"]:
            browser.open(pages[name], "#s1")
            check.is_clean(browser, f"{name}, the scenario")
            prints(browser, pages[name], check, name)
        for name, page in pages.items():
            for width, (across, down, mobile) in WIDTHS.items():
                for scheme in ["light", "dark"]:
                    fragment = "#s1f1/2" if name != "pass" else ""
                    browser.open(page, fragment, across, down, scheme, mobile)
                    check.is_clean(browser, f"{name}, {width}, {scheme}")
                    check(browser.evaluate("""[document.documentElement, ...document.querySelectorAll('.panel, .choices button')]
                        .every(each => each.scrollWidth <= each.clientWidth)"""), f"{name}, {width}: nothing sticks out")
                    if pictures:
                        browser.screenshot(os.path.join(pictures, f"{name}-{width}-{scheme}.png"))
            if pictures:
                browser.pdf(os.path.join(pictures, name + ".pdf"))
    if check.failures:
        raise SystemExit(f"{check.failures} checks failed")


main()
