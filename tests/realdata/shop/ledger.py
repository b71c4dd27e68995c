#!/usr/bin/env python3
"""Five campaigns over the shop's log, several times over: every send, every send that did not happen, every entry and every
count is checked against the log alone, by the rules as rules.py has them.

NURTURE_SHOP_COPIES says how many times the log is repeated: 2 unless said; 10 make 5.4 million rows."""

import argparse
import collections
import concurrent.futures
import csv
import datetime
import filecmp
import functools
import itertools
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import copies
from lead import CAMPAIGNS, ENDS, Event, Lead
from rules import LONDON, instant

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMME = [" ".join(line.split()) for line in (HERE / "shop.nurture").read_text(encoding="utf-8").splitlines()]
EVENTS = {}  # of each lead, in order


def read_log(name):
    """What one file says: its events by lead, and how many rows became of which kind."""
    rows, events, seen, instants = collections.Counter(), collections.defaultdict(list), set(), {}
    with open(name, encoding="utf-8", newline="") as file:
        table = csv.reader(file)
        next(table)
        for invoice, code, _, _, at, _, lead, country in table:
            if not lead:
                rows["rejected"] += 1
                continue
            kind = "order.placed" if invoice[0] != "C" else "order.disputed" if code == "M" else "order.cancelled"
            key = (lead, kind, invoice, at)
            if key in seen:
                rows["repeated"] += 1
                continue
            seen.add(key)
            if at not in instants:
                instants[at] = instant(datetime.datetime.fromisoformat(at), LONDON)
            rows[kind] += 1
            events[lead].append(Event(instants[at], kind, country))
    for history in events.values():
        history.sort(key=lambda event: event.at)
    return rows, dict(events)


def horizon():
    return max(history[-1].at for history in EVENTS.values())


def check_part(actions, until, begin, end):
    """The leads whose actions stand between two bytes of the file; and who they are."""
    faults, tally, names = [], collections.Counter(), set()

    with open(actions, "rb") as file:
        head = next(csv.reader([file.readline().decode()]))
        file.seek(begin)
        text = file.read(end - begin).decode()
    rows = (dict(zip(head, values)) for values in csv.reader(text.splitlines()))
    for name, of_one in itertools.groupby(rows, key=lambda row: row["lead"]):
        lead = Lead(name, EVENTS[name], until, PROGRAMME, faults, tally)
        for row in of_one:
            lead.take(row)
        lead.finish()
        names.add(name)
    return faults, tally, names


def check_silent(names, until):
    """Those of whom no action tells, rightly."""
    faults, tally = [], collections.Counter()
    for name in names:
        Lead(name, EVENTS[name], until, PROGRAMME, faults, tally).finish()
    return faults, tally


def parts_of(actions, parts):
    """Bytes at which another lead begins."""
    size = actions.stat().st_size
    with open(actions, "rb") as file:
        cuts = [len(file.readline())]
        for i in range(1, parts):
            file.seek(max(size * i // parts, cuts[-1]))
            file.readline()
            lead = None
            while line := file.readline():
                name = line.split(b",", 1)[0]
                if lead is not None and name != lead:
                    cuts.append(file.tell() - len(line))
                    break
                lead = name
    cuts = sorted(set(cuts)) + [size]
    return list(zip(cuts, cuts[1:]))


def reconcile(equal, result, rows, tally, until):
    """The summary, count by count, with the rows and with the actions."""
    log, run, totals = result["log"], result["simulation"]["run"], result["simulation"]["totals"]
    kinds = {kind: n for kind, n in rows.items() if "." in kind}
    equal("rows read", log["read"], sum(rows.values()))
    equal("rows rejected, for want of a customer", (log["rejected"], log["rejected_by"]["no lead"]), 2 * (rows["rejected"],))
    equal("rows that repeat an invoice at one instant", log["repeated"], rows["repeated"])
    equal("rows applied, by kind", (log["applied"], log["applied_by"]), (sum(kinds.values()), kinds))
    equal("read = applied + no interest + superseded + rejected", log["read"],
          log["applied"] + log["no_interest"] + log["repeated"] + log["superseded"] + log["rejected"])
    equal("customers", log["leads_in_log"], len(EVENTS))
    equal("horizon", datetime.datetime.fromisoformat(run["horizon"]), until)
    equal("customers who entered", totals["leads_entered"], tally["leads entered"])
    equal("customers who got a message", totals["leads_sent"], tally["leads sent"])
    weeks = {(week["week_of"], channel): n for week in result["simulation"]["weeks"] for channel, n in week["sends"].items() if n}
    equal("sends by week and channel", weeks, {(str(key[1]), key[2]): n for key, n in tally.items() if key[0] == "week"})
    for campaign in result["simulation"]["campaigns"]:
        reconcile_campaign(equal, campaign, functools.partial(of, tally))


def of(tally, *key):
    """The counts below a key, by the one part that follows."""
    return {k[len(key)]: n for k, n in tally.items() if len(k) == len(key) + 1 and k[:len(key)] == key}


def reconcile_campaign(equal, campaign, counts):
    name = campaign["name"]
    actions = counts(name)
    entered, exited = actions["entered"], actions["exited"]
    equal(f"{name}: entered and exited", (campaign["entered"], campaign["exited"]), (entered, exited))
    equal(f"{name}: active", campaign["active"], entered - exited)
    equal(f"{name}: exits", {e["reason"]: e["count"] for e in campaign["exits"] if e["count"]}, counts(name, "exit"))
    equal(f"{name}: refused", {cause: n for cause, n in campaign["refused"].items() if n}, counts(name, "refused"))
    goals = {goal["name"]: goal["treated"]["reached"] for goal in campaign["goals"]}
    equal(f"{name}: goals", sum(goals.values()), actions.get("goal", 0))
    for send in campaign["sends"]:
        statement = (name, send["where"].rsplit(":", 1)[1])
        what = f"{name}: {send['content']}"
        ends = {end: send["ends"][end] for end in ["sent_later", *ENDS]}
        asked = counts(statement)["asked"]
        equal(f"{what}: asked, and ended once", (send["asked"], sum(end["count"] for end in ends.values())), (asked, asked))
        equal(f"{what}: deferred", send["deferred"], counts(statement, "deferred"))
        for end, value in ends.items():
            causes = counts(statement, end)
            equal(f"{what}: {end}", (value["count"], value["causes"]), (sum(causes.values()), {c: n for c, n in causes.items() if c}))
    for rule in campaign["rules"]:
        found = counts(name, "rule", rule["where"])
        words = ["deferred", "suppressed", "skipped", "gave_up", "leads"]
        equal(f"{name}: {rule['rule']}", {word: rule[word] for word in words}, {word: found.get(word, 0) for word in words})


class Findings:
    def __init__(self):
        self.failed = self.passed = 0

    def equal(self, what, got, wanted):
        self.passed += got == wanted
        if got != wanted:
            self.failed += 1
            print(f"NOT  {what}: {got}, expected {wanted}")


def simulate(binary, folder, table, threads):
    actions = folder / f"actions_{threads}.csv"
    command = [binary, "simulate", HERE, "--events", folder / "log", "--leads", table, "--source", "invoices", "--format", "json",
               "--rejects", "none", "--actions", actions, "--threads", threads]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise SystemExit(f"simulate failed: {done.stderr}")
    return done.stdout, actions


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nurture", required=True, type=pathlib.Path)
    parser.add_argument("--data", required=True, type=pathlib.Path)
    args = parser.parse_args()
    log = args.data / "online_retail/online_retail.csv.gz"
    if not log.exists():
        print("skipped: the real log is not on this machine")
        return 77
    began = time.monotonic()

    def say(what):
        print(f"{time.monotonic() - began:6.1f} s  {what}", flush=True)

    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "log").mkdir()
        tests = subprocess.run([args.nurture.resolve(), "test", HERE], capture_output=True, text=True, timeout=600)
        say(f"its tests: {tests.stdout.strip().splitlines()[-1]}")
        number = int(os.environ.get("NURTURE_SHOP_COPIES", "2"))
        names, table = copies.write(log, number, folder / "log", folder / "leads.csv")
        say(f"the log, {number} times")
        summary, actions = simulate(args.nurture.resolve(), folder, table, 1)
        say("simulated with one thread")
        again, same = simulate(args.nurture.resolve(), folder, table, 2)
        say("simulated with two threads")
        findings = Findings()
        findings.equal("the programme's own tests pass", tests.returncode, 0)
        findings.equal("the same summary with one and two threads", summary == again, True)
        findings.equal("the same actions with one and two threads", filecmp.cmp(actions, same, shallow=False), True)

        rows, faults, tally = collections.Counter(), [], collections.Counter()
        fork = multiprocessing.get_context("fork")
        with concurrent.futures.ProcessPoolExecutor(mp_context=fork) as pool:
            for counted, events in pool.map(read_log, names):
                rows += counted
                EVENTS.update(events)
        until = horizon()
        say(f"read here: {sum(rows.values()):,} rows, {len(EVENTS):,} customers")
        with concurrent.futures.ProcessPoolExecutor(mp_context=fork) as pool:
            cuts = parts_of(actions, 4 * (os.cpu_count() or 1))
            told = set()
            for more, counted, names in pool.map(functools.partial(check_part, actions, until), *zip(*cuts)):
                faults += more
                tally += counted
                told |= names
        more, counted = check_silent(EVENTS.keys() - told, until)
        faults += more
        tally += counted
    sends = sum(tally[campaign, "sent"] for campaign in CAMPAIGNS)
    say(f"checked: {sends:,} sends, {tally.pop('checks'):,} checks")
    for fault in faults[:20]:
        print(f"NOT  {fault}")
    reconcile(findings.equal, json.loads(summary), rows, tally, until)
    for key in ("score: reached 28", "score: fell below 9", "score: fell below 9 between events", "sent later"):
        print(f"     {key}: {tally[key]:,}")
    for key in sorted((key for key in tally if key[0] == "limit"), key=str):
        if key[4] == key[1]:
            print(f"     at the limit of {key[1]} per {key[2]} days ({key[3]}): {tally[key]:,} times")
    print(f"{findings.passed} counts agree, {findings.failed} do not; {len(faults)} faults")
    return 1 if findings.failed or faults else 0


if __name__ == "__main__":
    sys.exit(main())
