#!/usr/bin/env python3
"""Prints the actions that `nurture simulate --actions FILE.ndjson` wrote as a table that fits a page.

    actions.py FILE.ndjson [COLUMN ...] [COLUMN=VALUE,VALUE ...]

A column is a field of an action; `=` keeps only the rows with one of the values (`!=` drops them). Besides:
`at` is the lead's own clock, `what` the content, reason, stage, goal, branch, attribute or wait that the action is about.
"""

import json
import re
import sys

WHAT = ("content", "reason", "goal", "branch", "attribute", "name", "work", "wait")


def cell(row, column):
    if column == "at":
        text = re.sub(r"([+-]\d\d:\d\d(:\d\d)?|Z)$", "", row["local"]).replace("T", " ")
        return re.sub(r":00$", "", text)
    if column == "what":
        if row["action"] == "stage_entered":
            return row["stage"]
        return next((str(row[name]) for name in WHAT if name in row), "")
    value = row.get(column, "")
    return value if isinstance(value, str) else json.dumps(value)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    columns = []
    for argument in sys.argv[2:]:
        if "=" not in argument:
            columns.append(argument)
            continue
        name, values = argument.split("=", 1)
        if name.endswith("!"):
            rows = [r for r in rows if cell(r, name[:-1]) not in values.split(",")]
        else:
            rows = [r for r in rows if cell(r, name) in values.split(",")]
    table = [columns or ["lead", "at", "action", "what", "cause"]]
    table += [[cell(r, c) for c in table[0]] for r in rows]
    widths = [max(map(len, column)) for column in zip(*table)]
    for line in table:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())


if __name__ == "__main__":
    main()
