#!/usr/bin/env python3
"""Every code of good practice stands on docs/practice.md, once, in the row of the rule that it comes from.

The rules are numbered without a gap. A code is linked to its page in docs/diagnostics; a page without a row, and a row without a
page, are faults.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs/practice.md"
ROW = re.compile(r"^\| (\d+) \| \*\*.*\|$", re.M)
LINK = re.compile(r"\[(W1[1-9]\d{2})\]\(diagnostics/(W1[1-9]\d{2})\.md\)")
NAMED = re.compile(r"W1[1-9]\d{2}")


def main():
    text = PAGE.read_text(encoding="utf-8")
    rules = [(int(row[1]), row[0]) for row in ROW.finditer(text)]
    faults = [] if [n for n, _ in rules] == list(range(1, len(rules) + 1)) else ["the rules are not numbered from 1"]
    linked = [code for _, row in rules for code, page in LINK.findall(row) if code == page]
    for number, row in rules:
        if sorted(NAMED.findall(LINK.sub("", row))):
            faults.append(f"rule {number}: a code without its link")
    pages = {path.stem for path in (ROOT / "docs/diagnostics").glob("W1[1-9]*.md")}
    faults += [f"{code}: it stands in no rule" for code in sorted(pages - set(linked))]
    faults += [f"{code}: it has no page" for code in sorted(set(linked) - pages)]
    faults += [f"{code}: it stands in several rules" for code in sorted({c for c in linked if linked.count(c) > 1})]
    print("\n".join(faults))
    print(f"{len(rules)} rules, {len(pages)} codes, {len(faults)} faults")
    return 1 if faults or not rules or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
