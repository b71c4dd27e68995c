#!/usr/bin/env python3
"""Replays real logs where they are present and compares the figures with ones computed here, from the rows alone."""

import argparse
import collections
import csv
import datetime
import gzip
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import zoneinfo

HERE = pathlib.Path(__file__).resolve().parent
DAY = datetime.timedelta(days=1)


def simulate(binary, programme, source, log, scratch):
    command = [binary, "simulate", HERE / programme, "--events", log, "--source", source, "--format", "json", "--rejects",
               scratch / "rejects.ndjson", "--actions", scratch / "actions.ndjson"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise SystemExit(f"simulate failed: {done.stderr}")
    return json.loads(done.stdout)


def rows_of(log):
    with gzip.open(log, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def equal(self, what, got, wanted):
        good = got == wanted
        self.passed += good
        self.failed += not good
        print(f"{'ok' if good else 'NOT'}  {what}: {got}" + ("" if good else f", expected {wanted}"))


def online_retail(binary, log, checks, scratch):
    result = simulate(binary, "online_retail.nurture", "invoices", log, scratch)
    totals, campaign = result["log"], result["simulation"]["campaigns"][0]
    orders, seen, rows, without = collections.defaultdict(list), set(), 0, 0
    repeats = 0
    london = zoneinfo.ZoneInfo("Europe/London")
    for row in rows_of(log):
        rows += 1
        if not row["CustomerID"]:
            without += 1
            continue
        kind = "cancelled" if row["InvoiceNo"].startswith("C") else "placed"
        key = (row["CustomerID"], kind, row["InvoiceNo"], row["InvoiceDate"])
        repeats += key in seen
        if key in seen:
            continue
        seen.add(key)
        if kind == "placed":
            local = datetime.datetime.fromisoformat(row["InvoiceDate"]).replace(tzinfo=london)
            orders[row["CustomerID"]].append(local.astimezone(datetime.timezone.utc))
    waits = []
    ties = 0
    for times in orders.values():
        later = sorted(t for t in times if t > min(times))
        ties += len(times) > 1 and sorted(times)[0] == sorted(times)[1]
        if later:
            waits.append(later[0] - min(times))
    goal = {g["name"]: g for g in campaign["goals"]}
    checks.equal("rows read", totals["read"], rows)
    checks.equal("rows without a customer rejected", (totals["rejected"], list(totals["rejected_by"].values())), (without, [without]))
    checks.equal("which are", without, 135080)
    checks.equal("repeats of an invoice at one instant", totals["repeated"], repeats)
    checks.equal("the totals reconcile", totals["applied"] + totals["no_interest"] + totals["repeated"] + totals["superseded"] + totals["rejected"], rows)
    checks.equal("customers", totals["leads_in_log"], 4372)
    checks.equal("entered", campaign["entered"], 4339)
    checks.equal("customers with an order", len(orders), 4339)
    checks.equal("second purchase", goal["second"]["treated"]["rate_part"], 2843)
    checks.equal("median wait in days", round(goal["second"]["treated"]["time"]["median_us"] / 86400e6, 2), 50.03)
    checks.equal("median wait, from the rows", goal["second"]["treated"]["time"]["median_us"], statistics.median(waits) // datetime.timedelta(microseconds=1))
    at_once = [len(times) > 1 for times in orders.values()]
    checks.equal("next invoice, ties counted", goal["next_invoice"]["treated"]["rate_part"], sum(at_once))
    print(f"     ({ties} customers have their second invoice at the minute of the first: the difference of the two goals)")
    checks.equal("entered = active + exited", campaign["entered"], campaign["active"] + campaign["exited"])


def incident_log(binary, log, checks, scratch):
    result = simulate(binary, "incident_log.nurture", "updates", log, scratch)
    totals, campaign = result["log"], result["simulation"]["campaigns"][0]
    updates, rows, left_out = collections.defaultdict(list), 0, 0
    for position, row in enumerate(rows_of(log)):
        rows += 1
        if row["incident_state"] == "-100":
            left_out += 1
            continue
        at = datetime.datetime.strptime(row["sys_updated_at"], "%d/%m/%Y %H:%M")
        updates[row["number"]].append((at, position, row["incident_state"]))
    horizon = max(update[-1][0] for update in map(sorted, updates.values()))
    entered = reminders = moved_on = 0
    for history in updates.values():
        since = None
        for at, _, state in sorted(history):
            if since is not None and at > since + 60 * DAY:
                since, reminders = None, reminders + 1
            waiting = state == "Awaiting User Info"
            if since is None and waiting:
                since, entered = at, entered + 1
                reminder = since + 3 * DAY
            elif since is not None and not waiting:
                reminders += at > reminder
                moved_on, since = moved_on + 1, None
        if since is not None:
            reminders += reminder <= horizon
    checks.equal("rows read", totals["read"], rows)
    checks.equal("rows left out", totals["no_interest"], left_out)
    checks.equal("rejected", totals["rejected"], 0)
    checks.equal("applied: all the rest", totals["applied"], rows - left_out)
    checks.equal("incidents", totals["leads_in_log"], len(updates))
    checks.equal("entered", campaign["entered"], entered)
    exits = {e["reason"]: e["count"] for e in campaign["exits"]}
    checks.equal("moved on", exits.get("moved_on", 0), moved_on)
    sent = sum(m["ends"]["sent"]["count"] for m in campaign["messages"])
    checks.equal("reminders, from the rows", sent, reminders)
    checks.equal("entered = active + exited", campaign["entered"], campaign["active"] + campaign["exited"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nurture", required=True)
    parser.add_argument("--data", required=True, type=pathlib.Path)
    args = parser.parse_args()
    logs = {online_retail: args.data / "online_retail/online_retail.csv.gz", incident_log: args.data / "incident_log/incident_event_log.csv.gz"}
    if not all(log.exists() for log in logs.values()):
        print("skipped: the real logs are not on this machine")
        return 77
    checks = Checks()
    for check, log in logs.items():
        print(f"-- {check.__name__}")
        with tempfile.TemporaryDirectory() as scratch:
            check(pathlib.Path(args.nurture).resolve(), log, checks, pathlib.Path(scratch))
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
