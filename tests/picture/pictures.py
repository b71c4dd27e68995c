#!/usr/bin/env python3
"""Draws every example: in every format, with and without a replay, and as others read it."""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())
READERS = ROOT / "tests" / "ci"
SKIPPED = 77


class Pictures:
    def __init__(self, nurture, folder):
        self.nurture, self.folder, self.faults, self.checks = nurture, folder, [], 0

    def run(self, *arguments):
        return subprocess.run([self.nurture, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT)

    def check(self, holds, text):
        self.checks += 1
        if not holds:
            self.faults.append(text)

    def drawn(self, example, form, *arguments):
        """The files of an example, drawn into a folder of their own."""
        into = self.folder / form / example.name
        into.mkdir(parents=True, exist_ok=True)
        result = self.run("graph", example, "--format", form, "-o", into, *arguments)
        self.check(result.returncode == 0, f"{example.name} as {form}: {result.stderr}")
        return sorted(into.iterdir())

    def log(self, example):
        log, leads = self.folder / f"{example.name}.ndjson", self.folder / f"{example.name}.csv"
        self.run("log", "generate", example / "generate.toml", "--count", 400, "-o", log, "--leads", leads)
        return ["--events", log, "--leads", leads, "--rejects", "none"]

    def formats(self):
        """Everything is drawn; a drawing is well-formed, has a title and says where its parts are written."""
        forms = ["dot", "mermaid", "json"] + (["svg"] if shutil.which("dot") else [])
        for example in EXAMPLES:
            campaigns = [each["name"] for each in json.loads(self.run("graph", example, "--format", "json").stdout)["campaigns"]]
            for form in forms:
                files = self.drawn(example, form)
                expected = 1 if form == "json" else len(campaigns) + (len(campaigns) > 1)
                self.check(len(files) == expected, f"{example.name} as {form}: {len(files)} files, not {expected}")
                for file in files if form == "svg" else []:
                    root = ElementTree.parse(file).getroot()
                    tags = {each.tag.split("}")[1] for each in root.iter()}
                    self.check({"title", "desc", "style", "text"} <= tags, f"{file}: lacks {tags}")
            again = self.run("graph", example, "--format", "json").stdout
            self.check(again == (self.folder / "json" / example.name / "all-campaigns.json").read_text(), f"{example.name}: not twice the same")

    def again(self):
        """The same programme is drawn with the same bytes, twenty times over."""
        if not shutil.which("dot"):
            return SKIPPED
        for name in ("welcome", "journeys"):
            drawn = {self.run("graph", ROOT / "examples" / name, "--format", "svg").stdout for _ in range(20)}
            self.check(len(drawn) == 1 and "" not in drawn, f"{name}: {len(drawn)} pictures of 20 differ")
        return 0

    def replay(self):
        """What a picture says of a replay is what its summary says, for any number of threads."""
        for example in EXAMPLES:
            if not (example / "generate.toml").exists():
                continue
            options = self.log(example)
            one, four = (self.run("graph", example, *options, "--format", "json", "--threads", n) for n in (1, 4))
            self.check(one.returncode == 0, f"{example.name}: {one.stderr}")
            self.check(one.stdout == four.stdout, f"{example.name}: another picture with four threads")
            summary = json.loads(self.run("simulate", example, *options, "--format", "json").stdout)["simulation"]
            by_name = {each["name"]: each for each in summary["campaigns"]}
            for chart in json.loads(one.stdout)["campaigns"]:
                self.adds_up(f"{example.name}/{chart['name']}", chart, by_name[chart["name"]])

    def adds_up(self, name, chart, summary):
        boxes, totals = chart["boxes"], chart["totals"]

        def equal(what, drawn, wanted):
            self.check(drawn == wanted, f"{name}: {what} is {drawn}, not {wanted}")

        left = sum(each["count"] for each in totals["left"])
        equal("entered", totals["entered"], summary["entered"])
        equal("inside and left", totals["inside"] + left, totals["entered"])
        equal("boxes of entry", sum(each["reached"] for each in boxes if each["kind"] in ("entry", "holdout")), summary["entered"])
        equal("boxes with somebody in them", sum(each["inside"] or 0 for each in boxes), summary["active"])
        for row in summary["exits"]:
            drawn = sum(each["reached"] or 0 for each in boxes if each["reason"] == row["reason"])
            equal(f"exits as {row['reason']}", drawn, row["count"] - row["held_out"])
        groups = {each["name"]: each for each in chart["groups"] if each["kind"] == "stage"}
        for row in summary["stages"]:
            equal(f"stage {row['name']}", (groups[row["name"]]["entered"], groups[row["name"]]["inside"]), (row["entered"], row["active"]))
        for box in boxes:
            self.flows(name, chart, box)

    def flows(self, name, chart, box):
        """Whoever comes to a box came by an arrow, and where no time passes leaves by one."""
        known = box["reached"] is not None
        into = [each["count"] for each in chart["arrows"] if each["to"] == box["id"] and each["kind"] != "back"]
        # The top of a loop counts whoever comes to it, not each run.
        if known and into and None not in into and box["kind"] != "repeat":
            self.check(sum(into) == box["reached"], f"{name}: {sum(into)} came to {box['lines']}, which counts {box['reached']}")
        out = [each["count"] for each in chart["arrows"] if each["from"] == box["id"]]
        if known and box["kind"] == "choice" and None not in out:
            self.check(sum(out) == box["reached"], f"{name}: {sum(out)} left {box['lines']}, which counts {box['reached']}")

    def mermaid(self):
        if not shutil.which("node") or not (READERS / "node_modules" / "mermaid").exists():
            print("skipped: Mermaid is not installed; `./dev readers` does that")
            return SKIPPED
        files = [file for example in EXAMPLES for file in self.drawn(example, "mermaid")]
        files += self.odd_names("mermaid")
        found = subprocess.run(["node", READERS / "mermaid.mjs", *files], capture_output=True, text=True)
        self.check(found.returncode == 0, found.stdout + found.stderr)
        return 0

    def dot(self):
        if not shutil.which("dot"):
            print("skipped: Graphviz is not installed")
            return SKIPPED
        for file in [file for example in EXAMPLES for file in self.drawn(example, "dot")] + self.odd_names("dot"):
            found = subprocess.run(["dot", "-Tsvg", "-o", "/dev/null", file], capture_output=True, text=True)
            self.check(found.returncode == 0 and not found.stderr, f"{file}: {found.stderr}")
        return 0

    def odd_names(self, form):
        """Names that are words elsewhere, and texts full of what means something there."""
        odd = self.folder / "odd.nurture"
        odd.write_text(
            "use std.b2b\n"
            'content subgraph: email { subject "50% \\"off\\" <b>x</b> & #1; [y] {{z}} `q` | ü 漢字 1. - * _e_" }\n'
            "/// A \"quoted\" <about> & more.\n"
            "campaign end {\n  enter on form.submitted where form is \"a|b];--> \\\"c\\\"\"\n"
            "  stage graph { send subgraph  wait 1 day  go to style }\n"
            "  stage style { notify \"end\" \"- 1. #quot; %% click\"  exit as class }\n}\n"
        )
        into = self.folder / f"odd.{form}"
        found = self.run("graph", odd, "--format", form, "-o", into)
        self.check(found.returncode == 0, f"odd names: {found.stderr}")
        return [into] if into.exists() else []

    def trouble(self):
        """A mistake says what to do, and leaves nothing half-written."""
        welcome, score = ROOT / "examples" / "welcome", ROOT / "examples" / "score_handoff"
        nowhere = self.folder / "no" / "such" / "a.svg"
        for arguments, code, text in [
            ((score, "--campaign", "keep_in_tuch"), 2, 'Did you mean "keep_in_touch"?'),
            ((score, "--format", "png"), 2, "png"),
            ((welcome, "-o", self.folder / "a.pdf"), 2, "--format svg, dot, mermaid or json"),
            ((welcome, "--format", "dot", "-o", nowhere), 3, "no/such"),
            ((self.folder / "none.nurture",), 3, "none.nurture"),
            ((welcome, "--events", self.folder / "none.ndjson"), 3, "none.ndjson"),
        ]:
            found = self.run("graph", *arguments)
            self.check(found.returncode == code, f"{arguments}: ends with {found.returncode}, not {code}: {found.stderr}")
            self.check(text in found.stderr, f"{arguments}: says {found.stderr}")
            self.check(not found.stdout, f"{arguments}: prints {found.stdout[:80]}")
        self.check(not list(self.folder.iterdir()), f"left behind: {list(self.folder.iterdir())}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=["formats", "again", "replay", "mermaid", "dot", "trouble"])
    parser.add_argument("--nurture", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pictures = Pictures(options.nurture, pathlib.Path(folder))
        if getattr(pictures, options.part)() == SKIPPED:
            return SKIPPED
    print("\n".join(pictures.faults[:40] + [f"{pictures.checks - len(pictures.faults)} passed, {len(pictures.faults)} failed"]))
    return 1 if pictures.faults or not pictures.checks else 0


if __name__ == "__main__":
    sys.exit(main())
