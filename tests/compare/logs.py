#!/usr/bin/env python3
"""Holds what `nurture diff --events` counts against the actions that `nurture simulate` writes of each version.

Examples that come with a description of a log are changed in several ways and replayed over one. All counts, and the first
example of each difference, are worked out here once more, from the two files of actions; and the report is the same for
any number of threads.
"""

import argparse
import collections
import datetime
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DEEDS = {"set", "score", "enroll", "remove", "audience_add", "audience_remove", "webhook", "taken_back"}
FATES = ("same", "earlier", "later", "other", "lost", "added")

# What is changed, for every file of an example.
CHANGES = {
    "longer waits": lambda text: re.sub(r"wait (\d+) days", lambda m: f"wait {int(m[1]) + 2} days", text),
    "a holdout": lambda text: re.sub(r"holdout \d+%", "holdout 20%", text),
    "fewer sends": lambda text: re.sub(r"\n +send (\w+)\n(?=[^§]*send \1\n)", "\n", text, count=1),
    "another reason": lambda text: re.sub(r"exit as (\w+)\n", r"exit as \1_again\n", text),
    "other shares": lambda text: re.sub(r"\b(\d+)% (\w+) +\{", share, text),
    "another event": lambda text: text + "\nevent another.kind by lead\n",
    "other hours": lambda text: re.sub(r"\b09:00\b", "11:00", text),
    "other stages": lambda text: re.sub(r"\b((?:stage|go to) \w+)", r"\1_renamed", text),
    "nothing": lambda text: text + "\n// a comment\n",
}


def share(found):
    """Of two halves, one more and one less."""
    share.more = not getattr(share, "more", False)
    return f"{int(found[1]) + (5 if share.more else -5)}% {found[2]} {{" if found[1] == "50" else found[0]


def run(*command, **more):
    return subprocess.run([str(each) for each in command], capture_output=True, text=True, timeout=300, **more)


def committees(work, count):
    """A log of companies whose leads are in one unit of replay, some of whom turn out to be one."""
    draw = random.Random(11)
    kinds = ["page.viewed"] * 6 + ["email.clicked", "email.replied", "demo.requested", "sales.accepted", "sales.rejected",
                                   "opportunity.created", "email.unsubscribed"]
    with open(work / "accounts.csv", "w", encoding="utf-8") as accounts:
        accounts.write("account,target,tier,name,owner\n")
        for i in range(count // 5):
            accounts.write(f"firm{i:04},{'true' if i % 4 else 'false'},{'ab'[i % 2]},Firm {i},Rose\n")
    with open(work / "leads.csv", "w", encoding="utf-8") as leads:
        leads.write("lead,account,role\n")
        for i in range(count):
            role = draw.choice(["champion", "economic_buyer", "technical_evaluator", ""])
            leads.write(f"lead{i:04},{f'firm{i % (count // 5):04}' if i % 9 else ''},{role}\n")
    start = datetime.datetime(2026, 1, 5, 9)
    with open(work / "log.ndjson", "w", encoding="utf-8") as log:
        for minutes in sorted(draw.randrange(200 * 24 * 60) for _ in range(count * 12)):
            event = {"lead": f"lead{draw.randrange(count):04}", "event": draw.choice(kinds),
                     "at": (start + datetime.timedelta(minutes=minutes)).isoformat() + "Z"}
            if event["event"] == "page.viewed":
                event["url"] = draw.choice(["/", "/pricing", "/about"])
            if event["event"] == "email.clicked":
                event["content"] = "everyone"
            log.write(json.dumps(event) + "\n")


def decisions(path):
    """Per member and facet: (group, instant, detail) in order."""
    out = collections.defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        member = row.get("lead") or "account " + row["account"]
        action, campaign, utc = row["action"], row.get("campaign"), row["utc"]
        if not campaign:
            continue
        if action in ("entered", "held_out"):
            out[member, "entries", campaign, ""].append((utc, action))
        elif action == "sent":
            out[member, "messages", campaign, row["content"]].append((utc, ""))
        elif action == "handed_off":
            out[member, "hand-offs to sales", campaign, ""].append((utc, ""))
        elif action in ("assigned", "notified"):
            what = (row.get("work", ""), row.get("name", "")) if action == "assigned" else ("notify", "")
            out[member, "calls, tasks and notes", campaign, what].append((utc, ""))
        elif action == "goal":
            out[member, "goals reached", campaign, row["goal"]].append((utc, ""))
        elif action == "exited":
            out[member, "exits", campaign, ""].append((utc, row["reason"]))
        elif action == "split":
            out[member, "passes of splits", campaign, row["split"]].append((utc, row["branch"]))
        elif action in DEEDS:
            out[member, "other actions", campaign, (action, row.get("attribute", ""), row.get("to", ""))].append((utc, ""))
    return out


def fates_of(facet, before, after):
    """Of one group: how many of each fate, and what is lost and added."""
    counts = collections.Counter()
    if facet in ("entries", "exits", "passes of splits"):
        for old, now in zip(before, after):
            if old[1] != now[1]:
                counts["other"] += 1
            elif facet == "passes of splits" or old[0] == now[0]:
                counts["same"] += 1
            else:
                counts["earlier" if now[0] < old[0] else "later"] += 1
        counts["lost"] += max(0, len(before) - len(after))
        counts["added"] += max(0, len(after) - len(before))
        return counts, [], []
    old, now = list(before), list(after)
    for each in before:
        if each in now:
            counts["same"] += 1
            old.remove(each)
            now.remove(each)
    for first, second in zip(old, now):
        counts["earlier" if second[0] < first[0] else "later"] += 1
    pairs = min(len(old), len(now))
    return counts, [each[0] for each in old[pairs:]], [each[0] for each in now[pairs:]]


def totals(before, after):
    """Per facet the fates; and the members that are treated differently."""
    sums, different = collections.defaultdict(collections.Counter), set()
    unpaired = collections.defaultdict(lambda: ([], []))
    for key in sorted(set(before) | set(after), key=str):
        member, facet, campaign, _ = key
        counts, lost, added = fates_of(facet, before.get(key, []), after.get(key, []))
        sums[facet] += counts
        if sum(counts.values()) > counts["same"] or lost or added:
            different.add(member)
        pair = unpaired[member, facet, campaign]
        pair[0].extend(lost)
        pair[1].extend(added)
    for (_, facet, _), (lost, added) in unpaired.items():
        if facet == "messages":
            for utc in list(lost):
                if utc in added:
                    lost.remove(utc)
                    added.remove(utc)
                    sums[facet]["other"] += 1
        sums[facet]["lost"] += len(lost)
        sums[facet]["added"] += len(added)
    return sums, different


def wrong(report, before, after):
    faults = []
    sums, different = totals(before, after)
    seen = set()
    for row in report["totals"]:
        facet = row["of"]
        if facet == "inside at the end":  # no action
            continue
        seen.add(facet)
        for fate in FATES:
            if row[fate] != sums[facet][fate]:
                faults.append(f"{facet} {fate}: {row[fate]}, by the actions {sums[facet][fate]}")
        for version, actions in (("before", before), ("after", after)):
            count = sum(len(all) for key, all in actions.items() if key[1] == facet)
            if row[version] != count:
                faults.append(f"{facet} {version}: {row[version]}, by the actions {count}")
    faults += [f"{facet} is missing" for facet in sums if facet not in seen and sum(sums[facet].values())]
    listed = collections.Counter()
    for row in report["differences"]:
        listed[row["of"], row["fate"]] += row["count"]
        if row["leads"] > row["count"]:
            faults.append(f"{row}: more leads than differences")
    for row in report["totals"]:
        for fate in FATES[1:]:
            if row[fate] != listed[row["of"], fate]:
                faults.append(f"{row['of']} {fate}: {row[fate]}, but {listed[row['of'], fate]} are listed")
    at_the_end = any(row["of"] == "inside at the end" for row in report["differences"])
    if report["different"] < len(different) or (not at_the_end and report["different"] != len(different)):
        faults.append(f"{report['different']} treated differently, by the actions {len(different)}")
    return faults


def compare(binary, example, what, work):
    old, new = work / "before", work / "after"
    for copy in (old, new):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(example, copy)
    for path in new.rglob("*.nurture"):
        text = path.read_text(encoding="utf-8")
        path.write_text(CHANGES[what](text[:text.find('\ntest "')] + "\n"), encoding="utf-8")
    log = ["--events", work / "log.ndjson", "--rejects", "none"]
    for option in ("leads", "accounts"):
        if (work / f"{option}.csv").exists():
            log += [f"--{option}", work / f"{option}.csv"]
    reports = [run(binary, "diff", old, new, "--format", "json", "--threads", threads, *log) for threads in (1, 3)]
    if "has errors" in reports[0].stderr:
        return None
    if reports[0].returncode not in (0, 1) or reports[0].stdout != reports[1].stdout:
        return [f"exit code {reports[0].returncode}, or not the same for 3 threads\n{reports[0].stderr}"]
    report = json.loads(reports[0].stdout)["log"]
    actions = []
    for copy in (old, new):
        done = run(binary, "simulate", copy, "--actions", work / "actions.ndjson", *log)
        if done.returncode not in (0, 1):
            return [done.stderr]
        actions.append(decisions(work / "actions.ndjson"))
    faults = wrong(report, *actions)
    if what in ("nothing", "other stages") and report["different"]:
        faults.append("nothing changed, and yet there are differences")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nurture", required=True)
    parser.add_argument("--count", type=int, default=300, help="leads")
    parser.add_argument("--share", type=int, default=1, help="try one change of so many on each example")
    parser.add_argument("--only", default="", help="examples whose name contains this")
    args = parser.parse_args()
    binary = pathlib.Path(args.nurture).resolve()
    faults, tried = [], 0
    examples = sorted(path.parent for path in (ROOT / "examples").glob("*/*.nurture"))
    for number, example in enumerate(dict.fromkeys(examples)):
        scenario = example / "generate.toml"
        if args.only not in example.name or not (scenario.exists() or example.name == "buying_committee"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            work = pathlib.Path(folder)
            if scenario.exists():
                made = run(binary, "log", "generate", scenario, "--count", args.count, "-o", "log.ndjson", "--leads",
                           "leads.csv", cwd=work)
                faults += [f"{scenario}: {made.stderr}"] if made.returncode else []
            else:
                committees(work, args.count)
            # Each example another part of the changes.
            for what in [what for i, what in enumerate(CHANGES) if (i + number) % args.share == 0]:
                found = compare(binary, example, what, work)
                tried += found is not None
                faults += [f"{example.name}, {what}: {each}" for each in found or []]
    print("\n".join(faults + [f"{tried} pairs of versions compared, {len(faults)} wrong"]))
    return 1 if faults or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
