#!/usr/bin/env python3
"""Every document that `nurture check` writes says the same as its JSON, of every finding there is.

    SARIF    its regions, in UTF-16 code units, hold the same words; its fixes make the same text as the edits
    GitHub   its commands, read back as the runner reads them, are the same findings
    GitLab   has a fingerprint for each, no two alike, and none changes when lines come before
    JUnit    has a testcase for each, and one for each programme without any
"""

import argparse
import json
import pathlib
import re
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree

import programmes
from readers import run

COMMAND = re.compile(r"^::(error|warning|notice) ([^:]*)::(.*)$")
LEVELS = {"error": "error", "warning": "warning", "note": "advice", "notice": "advice"}


class Outputs:
    def __init__(self, binary, folder):
        self.folder, self.faults = folder, []
        self.text = {form: self.check(binary, form) for form in ("json", "sarif", "github", "gitlab", "junit")}
        self.findings = json.loads(self.text["json"])["diagnostics"]

    def check(self, binary, form):
        done = run([binary, "check", ".", "--format", form], self.folder)
        if done.returncode != 1 or done.stderr:
            self.faults.append(f"{form}: exit code {done.returncode}: {done.stderr[:300]}")
        return done.stdout

    def same(self, what, found, wanted):
        if found != wanted:
            self.faults.append(f"{what}: {found!r}, and {wanted!r} in JSON")

    def source(self, path):
        return (self.folder / path).read_bytes().decode("utf-8")


def name(path):
    """SARIF, GitHub and GitLab do not say `./`."""
    return path.removeprefix("./")


def of_utf16(text, line, column):
    """Where a place is, in bytes."""
    lines = text.split("\n")
    before = "".join(each + "\n" for each in lines[: line - 1])
    units = lines[line - 1].encode("utf-16-le")[: 2 * (column - 1)]
    return len((before + units.decode("utf-16-le")).encode())


def span(text, region):
    return [of_utf16(text, region[f"{end}Line"], region[f"{end}Column"]) for end in ("start", "end")]


def applied(text, changes):
    data = text.encode()
    for begin, end, new in sorted(changes, reverse=True):
        data = data[:begin] + new.encode() + data[end:]
    return data


def check_sarif(outputs):
    document = json.loads(outputs.text["sarif"])["runs"][0]
    results, rules = document["results"], document["tool"]["driver"]["rules"]
    outputs.same("SARIF results", len(results), len(outputs.findings))
    for result, finding in zip(results, outputs.findings):
        outputs.same("SARIF rule", rules[result["ruleIndex"]]["id"], finding["code"])
        outputs.same("SARIF level", LEVELS[result["level"]], finding["severity"])
        where = result["locations"][0]["physicalLocation"]
        path = urllib.parse.unquote(where["artifactLocation"]["uri"])
        outputs.same("SARIF file", path, name(finding["file"]))
        text = outputs.source(path)
        outputs.same(f"SARIF place {finding['code']}", span(text, where["region"]), [finding["begin"], finding["end"]])
        outputs.same("SARIF related", len(result.get("relatedLocations", [])), len(finding["labels"]))
        check_fix(outputs, text, result, finding)
    for rule in rules:
        if not all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help")):
            outputs.faults.append(f"SARIF: {rule['id']} is not described")


def check_fix(outputs, text, result, finding):
    wanted = [(edit["begin"], edit["end"], edit["replacement"]) for edit in finding["edits"]]
    changes = [
        (*span(text, each["deletedRegion"]), each.get("insertedContent", {}).get("text", ""))
        for fix in result.get("fixes", []) for change in fix["artifactChanges"] for each in change["replacements"]
    ]
    outputs.same(f"SARIF fix of {finding['code']}", applied(text, changes), applied(text, wanted))


def unescaped(text):
    for escape, plain in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, plain)
    return text


def check_github(outputs):
    lines = outputs.text["github"].splitlines()
    outputs.same("GitHub commands", len(lines), len(outputs.findings))
    for line, finding in zip(lines, outputs.findings):
        kind, properties, message = COMMAND.match(line).groups()
        has = {key: unescaped(value) for key, value in (each.split("=", 1) for each in properties.split(","))}
        outputs.same("GitHub kind", LEVELS.get(kind, kind), finding["severity"])
        outputs.same("GitHub file", has["file"], name(finding["file"]))
        outputs.same("GitHub line", int(has["line"]), finding["line"])
        outputs.same("GitHub title", has["title"].split(" ")[0], finding["code"])
        outputs.same("GitHub message", unescaped(message)[1:].startswith(finding["message"][1:]), True)
        one_line = finding["line"] == finding["end_line"]
        outputs.same("GitHub columns", "col" in has, one_line)


def check_gitlab(outputs, binary):
    rows = json.loads(outputs.text["gitlab"])
    outputs.same("GitLab issues", [row["check_name"] for row in rows], [each["code"] for each in outputs.findings])
    outputs.same("GitLab places", [row["location"]["lines"]["begin"] for row in rows],
                 [each["line"] for each in outputs.findings])
    prints = [row["fingerprint"] for row in rows]
    outputs.same("GitLab fingerprints", len(set(prints)), len(rows))
    for path in outputs.folder.rglob("*.nurture"):
        path.write_text("// one\n\n// two\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    later = [row["fingerprint"] for row in json.loads(outputs.check(binary, "gitlab"))]
    outputs.same("GitLab fingerprints, three lines down", later, prints)


def check_junit(outputs):
    root = xml.etree.ElementTree.fromstring(outputs.text["junit"])
    cases = [case for case in root.iter("testcase") if case.get("name") != "nothing found"]
    outputs.same("JUnit testcases", [case.get("name") for case in cases],
                 [f"{each['code']}: {each['message']}" for each in outputs.findings])
    for case, finding in zip(cases, outputs.findings):
        outputs.same("JUnit failure", case.find("failure") is not None, finding["severity"] == "error")
    outputs.same("JUnit sum", int(root.get("tests")), len(list(root.iter("testcase"))))
    outputs.same("JUnit failures", int(root.get("failures")), len(list(root.iter("failure"))))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nurture", required=True, type=pathlib.Path, help="the binary under test")
    args = parser.parse_args()
    binary = args.nurture.resolve()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        codes = programmes.write(folder)
        outputs = Outputs(binary, folder)
        outputs.same("codes", sorted({each["code"] for each in outputs.findings}), sorted(codes))
        check_sarif(outputs)
        check_github(outputs)
        check_junit(outputs)
        check_gitlab(outputs, binary)
    print("\n".join(outputs.faults))
    print(f"{len(outputs.findings)} findings in 5 formats, {len(outputs.faults)} faults")
    return 1 if outputs.faults or not outputs.findings else 0


if __name__ == "__main__":
    sys.exit(main())
