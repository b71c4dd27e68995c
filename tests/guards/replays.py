#!/usr/bin/env python3
"""Holds what `nurture check` says of conditions (W0503 to W0506) against replays.

Draws campaigns with conditions over attributes, the event, the entry, the past and a score, and a log for each; every
branch and trigger says that it was come to. What is reported as never reached must not be reached by any lead; where a
whole condition is reported as always so, nothing below it in its `if` may be.
"""

import argparse
import concurrent.futures
import datetime
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

VOCABULARY = """program { name "drawn"  timezone "UTC" }
lead {
  colour: choice [red, green, blue] = green  size: choice [small, big]?  open: boolean = false  paid: boolean?
  seats: integer?  other: integer?  code: text?  since: date?
}
event form.submitted by lead { form: text }
event page.viewed by lead { url: text  seconds: integer? }
event lead.updated by system
content hello: email { subject "Hello" }
score s { page.viewed gives 4 }
campaign drawn {
  reenter always
  lasts at most 20 days as late"""
VALUES = {
    "colour": ["red", "green", "blue"], "size": ["small", "big", None], "open": [True, False],
    "paid": [True, False, None], "seats": [0, 1, 2, 3, 4, None], "other": [0, 1, 2, 3, None],
    "code": ["a", "ab", "b", "ba", "abb", "c", None], "since": ["2026-01-05", "2025-01-01", None],
}
SETS = ["set lead.colour to red", "set lead.open to true", "set lead.open to false", "set lead.seats to 2",
        "set lead.seats to lead.other", 'set lead.code to "ab"', "set lead.size to big", "clear lead.size",
        "clear lead.seats", "clear lead.code", "add 6 to score.s"]
NEVER = ("W0503", "W0505", "W0506")


class Campaign:
    """Lines of text; per note the line whose condition leads to it, and the lines of the `if` that go before it."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = VOCABULARY.splitlines()
        self.asked, self.above = [], []
        self.draw()

    def one(self, *of):
        return self.random.choice(of)

    def below(self, n):
        return self.random.randrange(n)

    def emit(self, line):
        self.lines.append(line)
        return len(self.lines)

    def note(self, line, above=()):
        self.emit(f'notify "x" "n{len(self.asked)}"')
        self.asked.append(line)
        self.above.append(list(above))

    def atom(self, event):
        forms = [
            f"lead.colour {self.one('is', 'is not')} {self.one('red', 'green', 'blue')}",
            f"lead.size {self.one('is', 'is not')} {self.one('small', 'big')}",
            self.one("lead.open", "lead.paid", "sent(hello)", "lead.since > today", "lead.colour in [red, green]"),
            f"lead.seats {self.one('is', 'is not', '<', '<=', '>', '>=')} {self.below(4)}",
            f'lead.code {self.one("is", "is not", "starts with", "ends with", "contains")} "{self.one("a", "ab", "b")}"',
            f"{self.one('lead.size', 'lead.paid', 'lead.seats', 'lead.code')} is {self.one('known', 'unknown')}",
            self.one('any(page.viewed where url is "a")', "none(page.viewed)", f"count(page.viewed) >= {self.below(4)}"),
            self.one("score.s > 5", "score.s <= 5", "score.s > 10", "lead.seats between 1 and 2"),
            f'entry.form {self.one("is", "is not")} "{self.one("a", "b")}"',
            f'(lead.code else "a") is "{self.one("a", "b")}"',
            self.one("lead.seats + 1 > lead.other", "lead.seats < lead.other", "lead.other <= lead.seats"),
        ]
        if event:
            forms += 3 * [f'url is "{self.one("a", "b")}"', 'url starts with "a"', "seconds is known",
                          f"seconds {self.one('<', '>=')} {self.below(3)}"]
        return self.one(*forms)

    def condition(self, depth, event=False):
        kind = self.below(5) if depth else 0
        if kind == 1:
            return f"({self.condition(depth - 1, event)} or {self.condition(depth - 1, event)})"
        if kind in (2, 3):
            return f"({self.condition(depth - 1, event)} and {self.condition(depth - 1, event)})"
        return f"not ({self.condition(depth - 1, event)})" if kind == 4 else self.atom(event)

    def body(self, depth, may_wait, event=False):
        for _ in range(1 + self.below(3)):
            kind = self.below(8)
            if kind < 4 and depth:
                self.branch(depth, may_wait, event)
            elif kind == 4 and may_wait:
                self.emit(f"wait {1 + self.below(30)} hours")
            elif kind == 5:
                self.emit("send hello now or skip" if not may_wait or self.below(2) else "send hello")
            elif kind > 5:
                self.emit(self.one(*SETS))

    def branch(self, depth, may_wait, event):
        lines = []
        for i in range(1 + self.below(3)):
            line = self.emit(f"{'else ' if i else ''}if {self.condition(2, event)} {{")
            self.note(line, lines)
            lines.append(line)
            self.body(depth - 1, may_wait, event)
            self.emit("}")
        self.note(self.emit("else {") + 1, lines)
        self.body(depth - 1, may_wait, event)
        self.emit("}")

    def trigger(self, head, event, end=""):
        self.note(self.emit(head + " {"))
        self.body(1, False, event)
        self.emit(end + "}")

    def draw(self):
        for form in "ab"[: 1 + self.below(2)]:
            also = f" if {self.condition(1)}".replace("entry.form", "form") if self.below(2) else ""
            self.emit(f'enter on form.submitted where form is "{form}"{also}')
        if self.below(2):
            self.emit("audience " + self.condition(1).replace("entry.form", "lead.code"))
        for _ in range(self.below(4)):
            self.trigger(f"on page.viewed where {self.condition(1, True)}", True)
        if self.below(3) == 0:
            self.trigger(f"when {self.condition(1)}", False)
        self.emit("stage only {")
        self.body(2, True)
        self.emit("wait up to 2 days {")
        for _ in range(2):
            self.trigger(f"on page.viewed where {self.condition(1, True)}", True, "keep waiting ")
        self.emit("}")
        self.body(2, True)
        self.emit("exit as done } }")

    def log(self):
        for lead in range(60):
            at = datetime.datetime(2026, 1, 1) + datetime.timedelta(minutes=self.below(600))
            for _ in range(6 + self.below(20)):
                at += datetime.timedelta(minutes=self.below(1200) if self.below(7) else 0)
                yield {"lead": f"l{lead}", "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), **self.event()}

    def event(self):
        kind = self.below(3)
        if kind == 0:
            return {"event": "lead.updated", **{k: self.one(*v) for k, v in VALUES.items() if self.below(2)}}
        if kind == 1:
            seconds = {"seconds": self.below(4)} if self.below(3) else {}
            return {"event": "page.viewed", "url": self.one("a", "b", "ab"), **seconds}
        return {"event": "form.submitted", "form": self.one("a", "b")}


def whole(line, column):
    """Whether a finding there is about the whole condition of the line, not a part of it."""
    head = re.match(r"(?:else )?if |on page\.viewed where |when ", line)
    return head is not None and column <= len(head[0]) + 1


def look(seed, binary):
    """What was said and came otherwise, and how many findings there were."""
    drawn = Campaign(seed)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "drawn.nurture").write_text("\n".join(drawn.lines) + "\n", encoding="utf-8")
        (folder / "log.ndjson").write_text("".join(json.dumps(e) + "\n" for e in drawn.log()), encoding="utf-8")
        checked = subprocess.run([binary, "check", "--no-cache", "--format", "json", "drawn.nurture"], cwd=folder,
                                 capture_output=True, text=True, timeout=60)
        found = json.loads(checked.stdout)["diagnostics"]
        subprocess.run([binary, "simulate", "drawn.nurture", "--events", "log.ndjson", "--actions", "out.ndjson"],
                       cwd=folder, capture_output=True, text=True, timeout=60, check=True)
        actions = [json.loads(line) for line in (folder / "out.ndjson").read_text(encoding="utf-8").splitlines()]
    reached = {int(a["note"][1:]) for a in actions if re.fullmatch(r"n\d+", a.get("note", ""))}
    said = [f for f in found if f["code"] in (*NEVER, "W0504")]
    faults = []
    for f in said:
        line = drawn.lines[f["line"] - 1]
        about = f["code"] != "W0503" and f["code"] != "W0504" or whole(line, f["column"])
        for note in reached if about else ():
            if f["line"] == drawn.asked[note] and f["code"] in NEVER:
                faults.append(f"campaign {seed}, {f['code']}: a lead came here: {line}")
            if f["line"] in drawn.above[note] and f["code"] == "W0504":
                faults.append(f"campaign {seed}, {f['code']}: a lead went past: {line}")
    return faults, len(said)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nurture", required=True, type=pathlib.Path, help="the binary under test")
    parser.add_argument("--campaigns", type=int, default=150, help="how many are drawn")
    parser.add_argument("--seed", type=int, default=1, help="of the first")
    args = parser.parse_args()
    binary = args.nurture.resolve()
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        looked = list(pool.map(lambda seed: look(seed, binary), range(args.seed, args.seed + args.campaigns)))
    faults = [fault for each, _ in looked for fault in each]
    print("\n".join(faults))
    print(f"{args.campaigns} campaigns, {sum(said for _, said in looked)} findings, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
