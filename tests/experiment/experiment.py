#!/usr/bin/env python3
"""Experiments, counted and computed a second time: from the actions of a replay, and from the log itself."""

import argparse
import collections
import datetime
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

Z = 1.959963984540054


def run(command, folder, exit_code=0):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != exit_code:
        raise AssertionError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def wilson(x, n):
    p, middle = x / n, (x + Z * Z / 2) / (n + Z * Z)
    half = Z * math.sqrt(n * p * (1 - p) + Z * Z / 4) / (n + Z * Z)
    return max(0, middle - half), min(1, middle + half)


def newcombe(x, n, y, m):
    (l1, u1), (l2, u2), p, q = wilson(x, n), wilson(y, m), x / n, y / m
    return p - q - math.hypot(p - l1, u2 - q), p - q + math.hypot(u1 - p, q - l2)


def near(got, wanted, what, margin=1e-9):
    assert abs(got - wanted) <= margin, f"{what}: {got}, wanted {wanted}"


def check_arms(experiment, counted):
    """`counted`: {arm: units}, {(goal, arm): (reached, of)}"""
    units, grounds = counted
    name = f"{experiment['campaign']} {experiment['name']}"
    assert {arm["name"]: arm["assigned"] for arm in experiment["arms"]} == units, (name, units, experiment["arms"])
    for goal in experiment["goals"]:
        base = next(arm for arm in goal["arms"] if arm["arm"] == experiment["against"])
        for arm in goal["arms"]:
            at = f"{name}, {goal['name']}, {arm['arm']}"
            assert (arm["reached"], arm["of"]) == grounds[goal["name"], arm["arm"]], (at, arm, grounds)
            low, high = wilson(arm["reached"], arm["of"])
            near(arm["low"], low, at), near(arm["high"], high, at)
            if arm is base:
                assert arm["lift"] is None
                continue
            low, high = newcombe(arm["reached"], arm["of"], base["reached"], base["of"])
            near(arm["lift"]["low"], low, at), near(arm["lift"]["high"], high, at)


PROGRAMME = """program { name "both" timezone "UTC" }
lead { plan: text? }
event trial.started by lead {}
event paid by lead {}
content hello: email { subject "Hello" body "hello.md" }
content again: email { subject "Again" body "hello.md" }
policy rest { holdout 20% }
campaign trial {
  enter on trial.started
  reenter after 3 days
  holdout 25%
  goal bought: paid within 10 days
  goal ever: paid
  goal read: paid within 10 days of send
  lasts at most 60 days as over
  stage first {
    send hello
    wait 2 days
    split way {
      30% one { send again }
      70% two {}
    }
    wait 5 days
    exit as done
  }
}
"""
DAY = 86400


def world(folder, leads):
    """A log in which many come back; the day of each event by a small generator of its own."""
    draw = random.Random(5)
    events = []
    for n in range(leads):
        for _ in range(draw.randint(1, 3)):
            at = draw.randint(0, 60 * DAY)
            events.append((at, f"lead{n:05}", "trial.started"))
            if draw.random() < 0.4:
                events.append((at + draw.randint(0, 20 * DAY), f"lead{n:05}", "paid"))
    stamp = "2026-{:02}-{:02}T{:02}:{:02}:{:02}Z"
    with open(folder / "log.ndjson", "w", encoding="utf-8") as out:
        for at, lead, kind in sorted(events):
            day, second = divmod(at, DAY)
            month, day = divmod(day, 28)
            text = stamp.format(1 + month, 1 + day, second // 3600, second // 60 % 60, second % 60)
            out.write(json.dumps({"lead": lead, "at": text, "event": kind}) + "\n")


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def arm_of(own, kind):
    """The arm of one lead in campaign trial, where its time begins, and the line from which on goals count."""
    held_out = own[0]["action"] == "held_out"
    if kind == "holdout":
        return ("held out" if held_out else "treated"), own[0], 0
    if kind == "policy_holdout":
        stopped = any(line["action"] == "suppressed" for line in own)
        return (None if held_out else "held out" if stopped else "written to"), own[0], 0
    split = next((i for i, line in enumerate(own) if line["action"] == "split"), None)
    if split is None:
        return None, None, 0
    begin = next(line for line in own if line["membership"] == own[split]["membership"])
    return own[split]["branch"], begin, split


def recount(actions, kind, horizon):
    """Units and grounds, from the decisions alone. Every `bought` has ten days, `ever` has no end."""
    units, grounds = collections.Counter(), collections.defaultdict(lambda: [0, 0])
    by_lead = collections.defaultdict(list)
    for line in actions:
        if line.get("campaign") == "trial":
            by_lead[line["lead"]].append(line)
    for own in by_lead.values():
        arm, begin, since = arm_of(own, kind)
        if arm is None:
            continue
        units[arm] += 1
        for goal, days in (("bought", 10), ("ever", 10_000)):
            end = min(seconds(begin["utc"]) + days * DAY, horizon if goal == "ever" else math.inf)
            credit = next((i for i, line in enumerate(own) if line["action"] == "goal" and line["goal"] == goal
                           and line["membership"] >= begin["membership"] and seconds(line["utc"]) <= end), None)
            if end > horizon or credit is not None and credit < since:
                continue
            grounds[goal, arm][0] += credit is not None
            grounds[goal, arm][1] += 1
    return dict(units), {key: tuple(value) for key, value in grounds.items()}


def replay(nurture, folder):
    (folder / "trial.nurture").write_text(PROGRAMME, encoding="utf-8")
    (folder / "hello.md").write_text("Hello\n", encoding="utf-8")
    world(folder, 1500)
    command = [nurture, "simulate", "trial.nurture", "--events", "log.ndjson", "--format", "json"]
    told = run([*command, "--threads", "1", "--actions", "actions.ndjson"], folder)
    assert told == run([*command, "--threads", "3"], folder), "another table with three threads"
    document = json.loads(told)
    actions = [json.loads(line) for line in open(folder / "actions.ndjson", encoding="utf-8")]
    horizon = seconds(document["simulation"]["run"]["horizon"])
    kinds = [experiment["kind"] for experiment in document["experiments"]]
    assert kinds == ["holdout", "policy_holdout", "split"], kinds
    for experiment in document["experiments"]:
        assert experiment["left_out"] == ["read"], experiment
        check_arms(experiment, recount(actions, experiment["kind"], horizon))


# The published e-mail experiment: arm, leads, visits, conversions.
MAIL = [("Mens E-Mail", 21307, 3894, 267), ("No E-Mail", 21306, 2262, 122), ("Womens E-Mail", 21387, 3238, 189)]
# Newcombe's interval of each lift against No E-Mail: statsmodels 0.15, confint_proportions_2indep.
LIFTS = {("visit", "Mens E-Mail"): (0.0766, 0.06995330808373154, 0.08322674127411137),
         ("visit", "Womens E-Mail"): (0.0452, 0.03889409535998813, 0.051574342962213596),
         ("bought", "Mens E-Mail"): (0.00681, 0.005014344671481533, 0.008640723396917826),
         ("bought", "Womens E-Mail"): (0.00311, 0.0015016571318770087, 0.00474547131367293)}


def mail_log(path):
    """Everybody is assigned on one day; who converts is among those who visit."""
    number = 0
    with open(path, "w", encoding="utf-8") as out:
        for arm, leads, visits, conversions in MAIL:
            for n in range(leads):
                number += 1
                events = [("2026-01-01T00:00:00Z", "mail.assigned")]
                events += [("2026-01-05T08:00:00Z", "visit")] if n < visits else []
                events += [("2026-01-06T08:00:00Z", "order.placed")] if n < conversions else []
                for at, kind in events:
                    line = {"lead": f"lead{number:06}", "at": at, "event": kind}
                    out.write(json.dumps(line | ({"arm": arm} if kind == "mail.assigned" else {})) + "\n")
        out.write(json.dumps({"lead": "last", "at": "2026-01-20T00:00:00Z", "event": "visit"}) + "\n")


def mail(nurture, folder):
    mail_log(folder / "log.ndjson")
    command = [nurture, "experiment", "log.ndjson", "--arm", "mail.assigned.arm", "--against", "No E-Mail",
               "--goal", "visit: visit within 14 days", "--goal", "bought: order.placed within 14 days"]
    told = run([*command, "--format", "json", "--threads", "1"], folder)
    assert told == run([*command, "--format", "json", "--threads", "3"], folder), "another table with three threads"
    (experiment,) = json.loads(told)["experiments"]
    units = {arm: leads for arm, leads, _, _ in MAIL}
    grounds = {("visit", arm): (visits, leads) for arm, leads, visits, _ in MAIL}
    grounds |= {("bought", arm): (conversions, leads) for arm, leads, _, conversions in MAIL}
    check_arms(experiment, (units, grounds))
    for goal in experiment["goals"]:
        for arm in goal["arms"]:
            if arm["arm"] == "No E-Mail":
                continue
            lift, low, high = LIFTS[goal["name"], arm["arm"]]
            near(arm["lift"]["difference"], lift, "published lift", 0.00005 if lift > 0.01 else 0.000005)
            near(arm["lift"]["low"], low, "statsmodels"), near(arm["lift"]["high"], high, "statsmodels")
            assert arm["lift"]["looks"]["p"] < 0.05, arm
    near(experiment["sample_ratio_p"], 0.9036929575604196, "SciPy")
    text = run(command, folder)
    for lift in ("+7.66", "+4.52", "+0.681", "+0.311"):
        assert lift in text, (lift, text)


PARTS = {"replay": replay, "mail": mail}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--nurture", required=True, type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        PARTS[options.part](options.nurture.resolve(), pathlib.Path(folder))
    print(f"{options.part}: as computed a second time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
