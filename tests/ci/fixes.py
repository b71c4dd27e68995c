#!/usr/bin/env python3
"""`check --fix` mends what offers a change, in the example of every page of a diagnostic.

What had a change is gone; nothing is left to change; and what `--diff` showed before, given to patch, is what `--fix` wrote.
"""

import argparse
import json
import pathlib
import shutil
import sys
import tempfile

import programmes
from readers import run


def findings(binary, folder):
    return json.loads(run([binary, "check", ".", "--format", "json"], folder).stdout)["diagnostics"]


def key(finding):
    return finding["file"], finding["code"], finding["message"]


def texts(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def faults_of(binary, folder):
    before = [key(each) for each in findings(binary, folder) if each["edits"]]
    shown = run([binary, "check", ".", "--fix", "--diff"], folder).stdout
    patched = folder.with_name("patched")
    shutil.copytree(folder, patched)
    done = run(["patch", "--quiet", "--strip=0"], patched, input=shown)
    run([binary, "check", ".", "--fix"], folder)
    out = [f"patch: {done.stdout}{done.stderr}"] if done.returncode else []
    if texts(patched) != texts(folder):
        out.append("--diff shows something else than --fix does")
    after = {key(each) for each in findings(binary, folder)}
    out += [f"{code} in {file} is still there: {message}" for file, code, message in before if (file, code, message) in after]
    again = run([binary, "check", ".", "--fix", "--diff"], folder).stdout
    if again:
        out.append(f"there is always something left to change:\n{again}")
    return out, len(before)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nurture", required=True, type=pathlib.Path, help="the binary under test")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "written"
        programmes.write(folder)
        faults, mended = faults_of(args.nurture.resolve(), folder)
    print("\n".join(faults))
    print(f"{mended} findings mended, {len(faults)} faults")
    return 1 if faults or not mended else 0


if __name__ == "__main__":
    sys.exit(main())
