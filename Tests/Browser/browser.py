"""A headless Chromium, driven over its debugging pipe; only the standard library is needed.

The protocol is that of https://chromedevtools.github.io/devtools-protocol/: JSON messages, each with a zero byte behind
it, on file descriptors 3 and 4 of the browser.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ["chromium", "chromium-browser", "google-chrome"]


class Browser:
    """One browser with one page at a time; use it with `with`."""

    def __init__(self):
        program = next((name for name in NAMES if shutil.which(name)), None)
        if program is None:
            raise SystemExit("no Chromium: apt-get install chromium")
        self.folder = tempfile.mkdtemp(prefix="heddle-browser-")
        to_browser, self.output = os.pipe()
        self.input, from_browser = os.pipe()
        # The browser wants the pipe at exactly 3 and 4.
        command = f"exec {program} \"$@\" 3<&{to_browser} 4>&{from_browser}"
        self.process = subprocess.Popen(
            ["bash", "-c", command, program, "--headless=new", "--no-sandbox", "--disable-gpu",
             "--remote-debugging-pipe", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
             f"--user-data-dir={self.folder}", "about:blank"],
            pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.number = 0
        self.pending = b""
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Network", "Log", "DOM", "Accessibility"]:
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session = None
        try:
            self.call("Browser.close")
            self.process.wait(timeout=10)
        except (OSError, TimeoutError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, **parameters):
        """Calls a method of the protocol; returns its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive(30)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def receive(self, seconds):
        deadline = time.monotonic() + seconds
        while b"\0" not in self.pending:
            ready, _, _ = select.select([self.input], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("the browser does not answer")
            data = os.read(self.input, 1 << 20)
            if not data:
                raise OSError("the browser has gone away")
            self.pending += data
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def open(self, path, fragment="", width=1280, height=800, scheme="light", mobile=False):
        """Opens a file; returns the seconds until its load event was handled."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=mobile)
        self.call("Emulation.setEmulatedMedia", media="",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Page.navigate", url="about:blank")
        self.events = []
        start = time.monotonic()
        self.call("Page.navigate", url="file://" + os.path.abspath(path) + fragment)
        # The load event that comes first may be that of the blank page, so the page itself is asked.
        is_there = "location.protocol === 'file:' && document.readyState === 'complete'"
        while not self.evaluate(is_there):
            if time.monotonic() - start > 30:
                raise RuntimeError(f"{path} does not load")
            time.sleep(0.005)
        self.evaluate("new Promise(requestAnimationFrame)")
        return time.monotonic() - start

    def evaluate(self, expression):
        """The value of a JavaScript expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"]))
        return result["result"].get("value")

    def press(self, key, code=None):
        """Presses and releases a key."""
        for kind in ["keyDown", "keyUp"]:
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code or key,
                      windowsVirtualKeyCode={"ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35,
                                             "Tab": 9, "Enter": 13}.get(key, 0),
                      text="\r" if key == "Enter" and kind == "keyDown" else "")
        self.settle()

    def click(self, selector):
        """Clicks the middle of an element with the mouse."""
        box = self.evaluate(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            element.scrollIntoView({{block: "center"}});
            const box = element.getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];
        }})()""")
        for kind in ["mousePressed", "mouseReleased"]:
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)
        self.settle()

    def settle(self):
        """Waits until the page has had a turn to handle and draw what a key or a click has set going; ask again if it has not."""
        self.evaluate("new Promise(done => setTimeout(() => requestAnimationFrame(() => setTimeout(done))))")

    def screenshot(self, path, whole=False):
        """Writes a PNG of the window, or of the whole page."""
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                             clip={"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(data["data"]))

    def pdf(self, path):
        """Prints the page on A4."""
        data = self.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, printBackground=False)
        with open(path, "wb") as file:
            file.write(base64.b64decode(data["data"]))

    def complaints(self):
        """What went wrong since the page was opened: errors in the console, and requests other than for the page itself."""
        found = []
        for event in self.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                found.append("exception: " + str(parameters["exceptionDetails"].get("exception", {}).get("description")))
            elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
                found.append("console: " + str(parameters["args"]))
            elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                found.append("log: " + parameters["entry"]["text"])
            elif method == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                if parameters.get("type") != "Document" and not url.startswith("data:"):
                    found.append("request: " + url)
        return found

    def nameless(self):
        """The roles of elements that can be used or looked at and have no name for a screen reader."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        roles = {"button", "link", "slider", "image", "textbox", "region", "table", "columnheader", "rowheader"}
        return [node["role"]["value"] for node in nodes
                if not node.get("ignored") and node.get("role", {}).get("value") in roles
                and not node.get("name", {}).get("value")]

    def confusing(self):
        """Landmarks of one role that share a name, and headings that skip a level."""
        roles = {"region", "navigation", "main", "banner", "contentinfo", "complementary", "form", "search"}
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        landmarks = [(node["role"]["value"], node.get("name", {}).get("value")) for node in nodes
                     if not node.get("ignored") and node.get("role", {}).get("value") in roles]
        found = [f"two landmarks: {role} {name!r}" for role, name in sorted(set(landmarks), key=str)
                 if landmarks.count((role, name)) > 1]
        headings = self.evaluate("""[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
            .filter(each => each.checkVisibility()).map(each => [Number(each.tagName[1]), each.textContent])""")
        level = 0
        for next_level, title in headings:
            if next_level > level + 1:
                found.append(f"a heading of level {next_level} below one of level {level}: {title!r}")
            level = next_level
        return found

    def faint(self, least=4.5):
        """Texts whose contrast with what is behind them is less than WCAG 2.2 asks for (1.4.3)."""
        return self.evaluate("""(least => {
            const channel = value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
            const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
            const luminance = ([red, green, blue]) =>
                0.2126 * channel(red / 255) + 0.7152 * channel(green / 255) + 0.0722 * channel(blue / 255);
            const behind = element => {
                for (let at = element; at; at = at.parentElement) {
                    const color = parse(getComputedStyle(at).backgroundColor);
                    if (color.length === 3 || color[3] > 0) return color;
                }
                return [255, 255, 255];
            };
            const found = [];
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const element = node.parentElement;
                if (!node.data.trim() || !element.checkVisibility() || element.closest(".hidden, .skip, svg, script, button:disabled")) continue;
                const [front, back] = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))];
                const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
                if (ratio < least) found.push(`${ratio.toFixed(2)} ${element.className || element.tagName}: ${node.data.trim().slice(0, 40)}`);
            }
            return [...new Set(found)];
        })(""" + str(least) + ")")
