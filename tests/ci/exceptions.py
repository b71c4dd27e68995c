#!/usr/bin/env python3
"""Every warning and every piece of advice can be allowed where it stands, before its line and at the end of it.

In the example of its page an exception is written in both ways: then nothing is found, neither at once nor after
`nurture fmt` has laid the file out.
"""

import argparse
import json
import pathlib
import sys
import tempfile

import programmes
from diagnostics import log_options
from readers import run

# They are about exceptions themselves.
ABOUT_EXCEPTIONS = {"W0101", "W0102", "W0103"}


def findings(binary, path):
    log = log_options([each.name for each in path.parent.iterdir()])
    return json.loads(run([binary, "check", path, "--format", "json", *log], path.parent).stdout)["diagnostics"]


def before(lines, at, comment):
    """On a line of its own before the line."""
    return [*lines[:at], comment, *lines[at:]]


def behind(lines, at, comment):
    return [*lines[:at], f"{lines[at]} {comment}", *lines[at + 1:]]


def faults_of(binary, path, code):
    text = path.read_text(encoding="utf-8")
    places = [each["line"] - 1 for each in findings(binary, path) if each["code"] == code]
    out = []
    for way in (before, behind):
        lines = way(text.splitlines(), places[0], f"// allow({code}): because")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        for done in ("is written", "is laid out"):
            left = [each["code"] for each in findings(binary, path)]
            if left:
                out.append(f"{code}: when an exception {way.__name__} the line {done}: {' '.join(left)}")
            run([binary, "fmt", path], path.parent)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nurture", required=True, type=pathlib.Path, help="the binary under test")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        codes = [each for each in programmes.write(folder, logs=True) if each[0] == "W" and each not in ABOUT_EXCEPTIONS]
        paths = [next((folder / code).glob("*.nurture")) for code in codes]
        faults = [fault for code, path in zip(codes, paths) for fault in faults_of(args.nurture.resolve(), path, code)]
    print("\n".join(faults))
    print(f"{len(codes)} codes, {len(faults)} faults")
    return 1 if faults or not codes else 0


if __name__ == "__main__":
    sys.exit(main())
