"""Draws the diagrams of Markdown reports with Mermaid, in a real browser.

    python3 check_diagrams.py HEDDLE MODELS READERS [PICTURE]

READERS is the folder of `fetch_readers`; without Mermaid in it nothing is checked. With PICTURE, all diagrams are left in
that PNG.
"""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile

from browser import Browser
from scenarios import hostile

PAGE = """<!doctype html><meta charset="utf-8"><title>Diagrams</title><body><script>{script}</script>
<script>
mermaid.initialize({{startOnLoad: false, securityLevel: "strict"}});
let count = 0;
async function draw(text) {{
    const place = document.body.appendChild(document.createElement("div"));
    const {{svg}} = await mermaid.render(`diagram${{count++}}`, text);
    place.innerHTML = svg;
    return [place.textContent, place.querySelectorAll("script, img, a, iframe, [onclick], [onerror]").length];
}}
</script>
"""


def diagrams(tool, path, folder):
    """The diagrams of a scenario's report."""
    report = os.path.join(folder, "report.md")
    run = subprocess.run([tool, "verify", path, "--quiet", "--format", "markdown", "--output", report],
                         capture_output=True, text=True)
    assert run.returncode in (0, 1, 3), run.stderr
    with open(report, encoding="utf-8", newline="") as file:
        return re.findall(r"^```mermaid\n(.*?)\n```$", file.read(), re.DOTALL | re.MULTILINE)


def main():
    tool, models, readers = sys.argv[1:4]
    library = os.path.join(readers, "mmdc/assets/mermaid.js")
    if not os.path.exists(library):
        print("no Mermaid: the diagrams were not drawn")
        return
    drawn = failures = 0
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        with open(library, encoding="utf-8") as file:
            script = file.read().replace("</script", "<\\/script")
        page = os.path.join(folder, "page.html")
        with open(page, "w", encoding="utf-8") as file:
            file.write(PAGE.format(script=script))
        browser.open(page)
        for path in [*sorted(glob.glob(os.path.join(models, "**/*.heddle"), recursive=True)), hostile(folder)]:
            for text in diagrams(tool, path, folder):
                drawn += 1
                try:
                    shown, active = browser.evaluate(f"draw({json.dumps(text)})")
                    # The names are there as they are in the scenario, and nothing that could act.
                    names = re.findall(r"^  participant \w+ as (\w+)$", text, re.MULTILINE)
                    assert not active and all(name in shown for name in names)
                except (RuntimeError, AssertionError) as problem:
                    failures += 1
                    print(f"FAILED {path}: {problem}\n{text}")
        complaints = browser.complaints()
        if len(sys.argv) > 4:
            browser.screenshot(sys.argv[4], whole=True)
    assert drawn > 0 and not failures and not complaints, (drawn, failures, complaints)
    print(drawn, "diagrams are drawn by Mermaid")


main()
