#!/usr/bin/env python3
"""Seeds faults into the examples and counts which of them `nurture check` names, with the right code at the right place.

Every kind of kinds.py is tried at every place of every example that it fits. A fault counts as found if a finding has one
of the codes of its kind, and the finding or one of its labels stands at the lines that the fault is about. An example
without a fault must give no finding at all.

    mutate.py --nurture build/release/tools/nurture/nurture            the table of kinds; exit code 1 below 95 %
    mutate.py --nurture ... --write docs/mutations.md                  writes the table to that page, between its marks
    mutate.py --nurture ... --missed [KIND]                            also shows what was not found
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import kinds
import source

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "examples"
LEAST = 0.95
MARKS = ("<!-- kinds: begin -->\n", "<!-- kinds: end -->\n")


def findings(binary, folder):
    done = subprocess.run([binary, "check", "--no-cache", "--format", "json", "."], cwd=folder, capture_output=True, text=True, timeout=60)
    if done.returncode not in (0, 1):
        sys.exit(f"{folder}: {done.stderr}")
    return json.loads(done.stdout)["diagnostics"]


def named(found, kind, file, lines):
    """Whether a finding has a code of the kind, and whether one of these stands at the lines."""
    coded = [each for each in found if each["code"] in kind.codes]
    placed = [each for each in coded if any(place == file and line in lines for place, line in places(each))]
    return bool(coded), bool(placed)


def places(finding):
    """Where a finding and its labels begin."""
    for each in [finding, *finding["labels"]]:
        if "file" in each:
            yield pathlib.Path(each["file"]).name, each["line"]


class Worker:
    """A copy of an example that mutations are written into, one after the other."""

    def __init__(self, binary, example, share):
        self.binary, self.example, self.share = binary, example, share

    def run(self, chosen):
        rows = []
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch) / self.example.name
            shutil.copytree(self.example, folder)
            sound = [each["code"] for each in findings(self.binary, folder)]
            for path in sorted(folder.glob("*.nurture")):
                rows += self.mutate(folder, path, chosen)
        return self.example.name, sound, rows

    def mutate(self, folder, path, chosen):
        text = path.read_text(encoding="utf-8")
        parsed = source.Source(text)
        for kind in chosen:
            for number, mutation in list(enumerate(kind.make(parsed)))[::self.share]:
                path.write_text(mutation.text, encoding="utf-8")
                found = findings(self.binary, folder)
                coded, placed = named(found, kind, path.name, mutation.lines)
                said = sorted({each["code"] + ":" + str(each.get("line", "")) for each in found})
                yield kind.name, f"{path.name} {number}", mutation.lines, coded, placed, said
        path.write_text(text, encoding="utf-8")


def table(counts, chosen):
    lines = ["| fault | codes | seeded | named | at its place |", "|---|---|---|---|---|"]
    for kind in chosen:
        seeded, coded, placed = counts[kind.name]
        lines.append(f"| {kind.what} | {', '.join(kind.codes)} | {seeded} | {coded} | {placed} |")
    total = [sum(counts[kind.name][i] for kind in chosen) for i in range(3)]
    lines.append(f"| **{len(chosen)} kinds** | | **{total[0]}** | **{total[1]}** | **{total[2]}** |")
    return "\n".join(lines) + "\n", total


def rewrite(page, text):
    whole = page.read_text(encoding="utf-8")
    before, rest = whole.split(MARKS[0])
    page.write_text(before + MARKS[0] + text + MARKS[1] + rest.split(MARKS[1])[1], encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nurture", required=True, type=pathlib.Path, help="the binary under test")
    parser.add_argument("--write", type=pathlib.Path, help="a page whose table becomes this one")
    parser.add_argument("--share", type=int, default=1, help="seed one fault of so many of each kind in a file")
    parser.add_argument("--missed", action="store_true", help="show every fault that was not named at its place")
    parser.add_argument("kinds", nargs="*", help="only these kinds")
    args = parser.parse_args()
    chosen = [kind for kind in kinds.KINDS if not args.kinds or kind.name in args.kinds]
    binary = args.nurture.resolve()
    examples = sorted(path for path in EXAMPLES.iterdir() if any(path.glob("*.nurture")))
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        done = list(pool.map(lambda example: Worker(binary, example, args.share).run(chosen), examples))
    counts = collections.defaultdict(lambda: [0, 0, 0])
    faults = [f"{name}: {' '.join(sound)} without a fault" for name, sound, _ in done if sound]
    for name, _, rows in done:
        for kind, where, lines, coded, placed, said in rows:
            for i, counted in enumerate((True, coded, placed)):
                counts[kind][i] += counted
            if args.missed and not placed:
                print(f"{kind}: {name}/{where}, lines {lines.start} to {lines.stop - 1}: {' '.join(said) or 'nothing'}")
    text, total = table(counts, chosen)
    print(text, end="")
    faults += [f"{kind.name}: no example has a place for it" for kind in chosen if counts[kind.name][0] == 0]
    share = total[2] / total[0] if total[0] else 0
    print(f"{share:.1%} named at their place")
    print("\n".join(faults))
    if args.write:
        rewrite(args.write, text)
    return 1 if faults or share < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
