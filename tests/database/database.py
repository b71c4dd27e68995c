#!/usr/bin/env python3
"""A log in an SQLite database against the same log as CSV: summary, rejects, what is asked of it."""

import argparse
import csv
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile


def run(nurture, folder, *arguments):
    return subprocess.run([nurture, *map(str, arguments)], cwd=folder, capture_output=True, text=True)


def simulated(nurture, folder, programme, *logs):
    done = run(nurture, folder, "simulate", programme, "--format", "json", *logs)
    if done.returncode:
        raise SystemExit(f"{logs}: {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def rejected(folder):
    """What the rejects file says, without the file that each line was in."""
    lines = (folder / "nurture-rejects.ndjson").read_text().splitlines()
    return [{key: value for key, value in json.loads(line).items() if key != "file"} for line in lines]


def make_logs(nurture, folder, examples):
    run(nurture, folder, "log", "generate", examples / "welcome/generate.toml", "--count", 2000, "-o", "log.csv",
        "--leads", "leads.csv")
    with open(folder / "log.csv", newline="") as file:
        header, *rows = csv.reader(file)
    at = header.index("at")
    for number in range(0, len(rows), 97):
        rows[number][at] = "one day"
    with open(folder / "log.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    with sqlite3.connect(folder / "log.sqlite") as database:
        database.execute("create table events (%s)" % ", ".join(f'"{name}"' for name in header))
        database.executemany("insert into events values (%s)" % ", ".join("?" * len(header)),
                             [[cell or None for cell in row] for row in rows])
        with open(folder / "leads.csv", newline="") as file:
            columns, *leads = csv.reader(file)
    with sqlite3.connect(folder / "leads.sqlite") as database:
        database.execute("create table leads (%s)" % ", ".join(f'"{name}"' for name in columns))
        database.executemany("insert into leads values (%s)" % ", ".join("?" * len(columns)),
                             [[cell or None for cell in row] for row in leads])
    return len(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nurture", required=True)
    parser.add_argument("--examples", required=True, type=pathlib.Path)
    options = parser.parse_args()
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder, programme = pathlib.Path(name), options.examples / "welcome"
        rows = make_logs(options.nurture, folder, options.examples)
        plain = simulated(options.nurture, folder, programme, "--events", "log.csv", "--leads", "leads.csv")
        rejects = rejected(folder)
        kept = simulated(options.nurture, folder, programme, "--events", "log.sqlite", "--leads", "leads.sqlite")
        if not rejects or rejected(folder) != rejects:
            faults.append("the rejects differ")
        if kept != plain or kept["log"]["read"] != rows:
            faults.append("the summary differs")
        asked = simulated(options.nurture, folder, programme, "--events", "log.sqlite", "--leads", "leads.sqlite",
                          "--sql", "select * from events where event = 'lead.created'")
        if asked["log"]["applied_by"].get("lead.created", 0) != asked["log"]["applied"] or not asked["log"]["applied"]:
            faults.append("the query is not what was read")
        run(options.nurture, folder, "log", "import", "log.sqlite", "--leads", "leads.csv", "--programme", programme,
            "-o", "log.store")
        if simulated(options.nurture, folder, programme, "--events", "log.store") != plain:
            faults.append("the store of a database differs")
        told = run(options.nurture, folder, "log", "inspect", "log.sqlite", "--sql", "select * frm events")
        if told.returncode != 3 or "syntax error" not in told.stderr:
            faults.append(f"a wrong query is not refused: {told.returncode} {told.stderr}")
    print("\n".join(faults) or "all the same")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
