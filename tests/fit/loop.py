#!/usr/bin/env python3
"""Fit closes the loop: a log is made from a scenario and learned from. The intervals of what was learned hold what the
scenario says, and simulating with it comes to the log's funnel again."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

LEADS = 6000
PROGRAMME = """use std.b2b

program { name "loop"  timezone "UTC" }

content first: email { subject "One" }
content second: email { subject "Two" }
content third: email { subject "Three" }

campaign welcome {
  enter on lead.created
  lasts at most 90 days as expired
  exit on email.unsubscribed as unsubscribed
  on email.clicked { go to interested }

  stage touches {
    send first
    wait 20 days
    send second
    wait 20 days
    send third
    wait 40 days
    exit as done
  }

  stage interested {
    hand off to sales "Clicked"
    wait 20 days
    exit as handed_over
  }
}
"""
TRUTH = """
scenario truth {
  after send of first if lead.country is "DE" { email.opened 40% within 7 days, half by 5 hours, 90% by 2 days }
  after send of first { email.opened 30% within 7 days, half by 5 hours, 90% by 2 days }
  after send of second {
    email.opened 22% within 7 days, half by 5 hours, 90% by 2 days
    email.clicked 6% within 7 days, half by 1 day
  }
  after send of email {
    email.opened 12% within 7 days, half by 5 hours, 90% by 2 days
    email.clicked 3% within 7 days, half by 1 day
    email.unsubscribed 1.5% within 7 days, half by 1 day
  }
  after hand off {
    one of {
      sales.accepted 60% within 5 days, half by 4 hours
      sales.rejected 20% within 5 days
    }
  }
}
"""
# What the scenario says of (event, content, country), in 100 causes; content "" are hand-offs.
RATES = {
    ("email.opened", "first", "DE"): 40,
    ("email.opened", "first", "FR"): 30,
    ("email.opened", "second", ""): 22,
    ("email.opened", "third", ""): 12,
    ("email.clicked", "first", ""): 3,
    ("email.clicked", "second", ""): 6,
    ("email.clicked", "third", ""): 3,
    ("email.unsubscribed", "first", ""): 1.5,
    ("email.unsubscribed", "second", ""): 1.5,
    ("email.unsubscribed", "third", ""): 1.5,
    ("sales.accepted", None, ""): 60,
    ("sales.rejected", None, ""): 20,
}
UNTIL = "2025-08-01"
SEED = "7"


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def write_leads(folder):
    with open(folder / "leads.csv", "w") as table, open(folder / "created.ndjson", "w") as log:
        table.write("lead,country,email_consent\n")
        for i in range(LEADS):
            table.write(f"lead-{i:05},{'DE' if i % 2 else 'FR'},given\n")
            at = f"2025-01-{1 + i % 28:02}T{i % 24:02}:{i % 60:02}:00Z"
            log.write(json.dumps({"lead": f"lead-{i:05}", "event": "lead.created", "at": at}) + "\n")


def write_history(folder):
    """What the run did and what it assumed, as the log of somebody to whom it happened."""
    events = [json.loads(line) for line in open(folder / "created.ndjson")]
    for line in open(folder / "actions.ndjson"):
        action = json.loads(line)
        about = {"lead": action["lead"], "at": action["utc"]}
        if action["action"] == "sent":
            events.append({**about, "event": "email.sent", "content": action["content"]})
        elif action["action"] == "reacted":
            event = {**about, "event": action["event"]}
            if action["event"] in ("email.opened", "email.clicked"):
                event["content"] = action["content"]
            events.append(event)
        elif action["action"] == "handed_off":
            events.append({**about, "event": "lead.handed_over"})
    with open(folder / "history.ndjson", "w") as log:
        for event in sorted(events, key=lambda e: e["at"]):
            log.write(json.dumps(event) + "\n")


def intervals(fit):
    """Those of rules that have sends of their own: (event, content, segment) to a pair, in 100 causes."""
    found = {}
    for cause in fit["causes"]:
        for rule in cause["rules"]:
            for line in rule["lines"]:
                if line["pooled"]:
                    continue
                content = None if cause["cause"] == "hand off" else rule.get("content", "any")
                low, high = line["interval"]
                found[line["event"], content, rule.get("lead", {}).get("country", "")] = (100 * low, 100 * high)
    return found


def check_rates(fit):
    found = intervals(fit)
    missed = []
    for key, rate in RATES.items():
        assert key in found, f"{key} was not learned; there are {sorted(map(str, found))}"
        low, high = found[key]
        if not low <= rate <= high:
            missed.append(f"{key}: {rate} % lies outside {low:.2f} to {high:.2f} %")
    # Of 12 intervals of 95 %, three or more miss in 2 % of worlds. The draws are those of a seed: always the same.
    assert len(missed) <= 2, "\n".join(missed)
    return len(RATES), missed


def figures(document):
    return {(f["group"], f["figure"]): f for f in document["assumed"]["figures"]}


def check_funnel(folder, nurture):
    """The log is one draw of the truth; what was learned comes to it again, by chance alone higher or lower."""
    common = ("programme", "--events", "created.ndjson", "--leads", "leads.csv", "--until", UNTIL, "--format", "json")
    true = figures(json.loads(run(folder, nurture, "simulate", *common, "--assume", "truth", "--seed", SEED, "--runs", "1")))
    learned = figures(json.loads(run(folder, nurture, "simulate", *common, "--assume", "learned", "--runs", "100")))
    checked, outside = 0, []
    for key, log in true.items():
        # Of what a log is too short to tell, the horizon decides: only counts of what is over.
        if log["unit"] != "count" or not log["assumed"] or log["mean"] < 30:
            continue
        again = learned.get(key)
        assert again, f"{key} is not there with what was learned"
        checked += 1
        if not again["low"] <= log["mean"] <= again["high"]:
            outside.append(f"{' '.join(key)}: {log['mean']:g} in the log, {again['low']:g} to {again['high']:g} with the fit")
    assert checked >= 10, f"only {checked} figures"
    assert len(outside) <= checked // 10, "\n".join(outside)
    return checked, outside


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nurture", required=True)
    nurture = str(pathlib.Path(parser.parse_args().nurture).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "programme").mkdir()
        (folder / "programme/welcome.nurture").write_text(PROGRAMME)
        (folder / "programme/truth.nurture").write_text("use std.b2b\n" + TRUTH)
        write_leads(folder)
        log = ("--events", "created.ndjson", "--leads", "leads.csv")
        run(folder, nurture, "simulate", "programme", *log, "--until", UNTIL, "--assume", "truth", "--seed", SEED,
            "--actions", "actions.ndjson")
        write_history(folder)
        history = ("--events", "history.ndjson", "--leads", "leads.csv", "--by", "country")
        fit = json.loads(run(folder, nurture, "fit", "programme", *history, "--format", "json"))["fit"]
        rates, missed = check_rates(fit)
        run(folder, nurture, "fit", "programme", *history, "-o", "programme/learned.nurture")
        counts, outside = check_funnel(folder, nurture)
    for each in missed + outside:
        print("by chance: " + each)
    print(f"{rates} intervals of rates, {len(missed)} missed; {counts} figures of the funnel, {len(outside)} outside")
    return 0


if __name__ == "__main__":
    sys.exit(main())
