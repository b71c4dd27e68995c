#!/usr/bin/env python3
"""The calendars of `nurture plan --from` over every example: each campaign has at least that of a silent lead, the same each
time; each begins with the entry, goes forward, ends with an exit or says that it does not, and keeps within the figures of the same plan."""

import argparse
import collections
import concurrent.futures
import datetime
import json
import os
import pathlib
import subprocess
import sys

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent.parent / "examples"
START = "2026-04-02"
CLOCK_CHANGE = 3 * 3600  # by so much the clock of a place moves at most


def plan(binary, example):
    command = [binary, "plan", str(example), "--from", START, "--format", "json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def faults_of(campaign, calendar):
    lines = calendar["lines"]
    if not lines or lines[0]["action"] != "entered":
        yield "does not begin with an entry"
        return
    at = [instant(line["at"]) for line in lines]
    if at != sorted(at):
        yield "goes back in time"
    if calendar["active"] == (lines[-1]["action"] == "exited"):
        yield "is neither over nor still inside"
    done = collections.Counter(line["action"] for line in lines)
    if "stay" not in campaign:
        return
    most = campaign["stay"]["most_seconds"]
    if not calendar["active"] and most is not None and at[-1] - at[0] > most + CLOCK_CHANGE:
        yield f"takes {at[-1] - at[0]:.0f} s, and the plan says {most} at most"
    sends = campaign["messages"][0]["in_all"]["by_itself"] if campaign["messages"] else 0
    if not campaign["of_account"] and sends is not None and done["sent"] > sends:
        yield f"sends {done['sent']}, and the plan says {sends} at most"
    hand_offs = campaign["work"]["hand_offs"]
    if hand_offs is not None and done["handed_off"] > hand_offs:
        yield f"hands off {done['handed_off']} times, and the plan says {hand_offs} at most"


def check(binary, example):
    text = plan(binary, example)
    if text != plan(binary, example):
        yield f"{example.name}: two runs give two plans"
    for campaign in json.loads(text)["campaigns"]:
        calendars = campaign.get("calendars", [])
        where = f"{example.name}/{campaign['campaign']}"
        if not calendars or calendars[0]["lead"] != "silent":
            yield f"{where}: has the calendars {[calendar['lead'] for calendar in calendars]}"
        for calendar in calendars:
            yield from (f"{where}: the {calendar['lead']} lead {fault}" for fault in faults_of(campaign, calendar))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nurture", required=True, type=pathlib.Path, help="the binary under test")
    binary = parser.parse_args().nurture.resolve()
    examples = sorted(path for path in EXAMPLES.iterdir() if any(path.glob("*.nurture")))
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        found = [fault for faults in pool.map(lambda each: list(check(binary, each)), examples) for fault in faults]
    print("\n".join(found))
    print(f"{len(examples)} examples, {len(found)} faults")
    return 1 if found or not examples else 0


if __name__ == "__main__":
    sys.exit(main())
