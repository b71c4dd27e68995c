#!/usr/bin/env python3
"""`nurture report`: its data against the summary of the same run, its page as a file, and in a browser."""

import argparse
import collections
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if (path / "generate.toml").exists())
SKIPPED = 77
# What the rows of a report are about.
LABELS = ("name", "label", "on", "reason", "rule", "owner", "where", "week_of", "visit", "from", "to", "event", "content", "messages", "line", "kind")


def value_at(report, place):
    for key in place.split("/")[1:]:
        key = key.replace("~1", "/").replace("~0", "~")
        report = report[int(key)] if isinstance(report, list) else report[key]
    return report


class Reports:
    def __init__(self, nurture, folder):
        self.nurture, self.folder, self.faults, self.checks = nurture, folder, [], 0

    def run(self, *arguments):
        return subprocess.run([self.nurture, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT)

    def check(self, holds, text):
        self.checks += 1
        if not holds:
            self.faults.append(text)

    def equal(self, what, found, wanted):
        self.check(found == wanted, f"{what} is {found}, not {wanted}")

    def log(self, example, count=300):
        log, leads = self.folder / f"{example.name}.ndjson", self.folder / f"{example.name}.csv"
        self.run("log", "generate", example / "generate.toml", "--count", count, "-o", log, "--leads", leads)
        return ["--events", log, "--leads", leads, "--rejects", "none"]

    def without_places(self, name, text):
        """Where Graphviz puts the boxes of a picture is another place now and then: a report without its pictures."""
        report = json.loads(text)
        for flow in report["flows"]:
            self.check((flow["svg"] is None) != (flow["missing"] is None), f"{name}: neither a picture nor why there is none")
            flow["svg"] = None
        return report

    def data(self):
        """Every example: the same summary as `simulate`, the same bytes for any threads, and figures that add up."""
        for example in EXAMPLES:
            options = self.log(example)
            one, four = (self.run("report", example, *options, "--format", "json", "--threads", n) for n in (1, 4))
            self.check(one.returncode == 0, f"{example.name}: {one.stderr}")
            if one.returncode != 0:
                continue
            report, other = self.without_places(example.name, one.stdout), self.without_places(example.name, four.stdout)
            self.check(json.dumps(report) == json.dumps(other), f"{example.name}: another report with four threads")
            self.adds_up(example, options, report)
        return 0

    def adds_up(self, example, options, report):
        simulated = json.loads(self.run("simulate", example, *options, "--format", "json").stdout)
        self.equal(f"{example.name}: the log", report["log"], simulated["log"])
        self.equal(f"{example.name}: the summary", report["simulation"], simulated["simulation"])
        self.equal(f"{example.name}: the experiments", report["experiments"], simulated["experiments"])
        for summary, review in zip(report["simulation"]["campaigns"], report["review"]["campaigns"], strict=True):
            name = f"{example.name}/{summary['name']}"
            self.equal(f"{name}: entered", summary["entered"], summary["active"] + summary["exited"])
            self.ways(name, summary, review)
            self.lengths(name, summary, review)
            self.rates(name, summary, review)
        self.messages(example.name, report)
        self.owners(example.name, report)
        self.sources(example, report)

    def ways(self, name, summary, review):
        """What comes into a visit goes out of it, and all ends are those of the summary."""
        balance, ends = collections.Counter(), collections.Counter()
        for step in review["paths"]:
            balance[(step["visit"], step["from"])] -= step["count"]
            if step["to"] == "stage":
                balance[(step["visit"] + 1, step["name"])] += step["count"]
            else:
                ends[(step["to"], step["name"])] += step["count"]
        treated = summary["entered"] - summary["held_out"]
        self.equal(f"{name}: who came in on a way", -balance.pop((0, None), 0), treated)
        self.check(not any(balance.values()), f"{name}: a visit loses somebody: {balance}")
        further = ends[("further", None)]
        if not further:
            self.equal(f"{name}: still in it", ends[("inside", None)], summary["active"] - summary["active_held_out"])
            for row in summary["exits"]:
                self.equal(f"{name}: left as {row['reason']}", ends[("exit", row["reason"])], row["count"] - row["held_out"])
        for stage, row in zip(review["stages"], summary["stages"], strict=True):
            self.equal(f"{name}/{stage['name']}: visits", stage["entries"], row["entered"])
            self.equal(f"{name}/{stage['name']}: returns", stage["memberships"] + stage["returns"], row["entered"])
            self.equal(f"{name}/{stage['name']}: share of", stage["share"]["of"], treated)

    def lengths(self, name, summary, review):
        """A distribution holds as many as were measured, with the middle of the summary."""
        rows = [(stage["name"], stage["time"], row["spent"]) for stage, row in zip(review["stages"], summary["stages"])]
        rows += [("stay", review["stay"], summary["stay"]), ("response", review["response"], summary["sales"]["response"])]
        rows += [(goal["name"], goal["time"], row["treated"]["time"]) for goal, row in zip(review["goals"], summary["goals"])]
        for what, spread, wanted in rows:
            self.equal(f"{name}: {what}", (spread["count"], spread["median_us"], spread["p95_us"]), (wanted["count"], wanted["median_us"], wanted["p95_us"]))
            self.equal(f"{name}: parts of {what}", sum(spread["parts"]) + spread["longer"], spread["count"])
            ranks = [spread[key] for key in ("p10_us", "p25_us", "median_us", "p75_us", "p90_us", "p95_us")]
            self.check(spread["count"] == 0 or ranks == sorted(ranks), f"{name}: {what} goes {ranks}")

    def rates(self, name, summary, review):
        for goal, row in zip(review["goals"], summary["goals"], strict=True):
            for group in ("treated", "held_out"):
                rate, wanted = goal[group], row[group]
                self.equal(f"{name}: {goal['name']} {group}", (rate["part"], rate["of"], rate["rate"]), (wanted["rate_part"], wanted["rate_of"], wanted["rate"]))
                self.check(rate["of"] == 0 or rate["low"] <= rate["rate"] <= rate["high"], f"{name}: {rate} is not in its interval")

    def messages(self, name, report):
        touches, sent = report["review"]["touches"], collections.Counter()
        for campaign in report["simulation"]["campaigns"]:
            for row in campaign["messages"]:
                sent[row["content"]] += row["ends"]["sent"]["count"] + row["ends"]["sent_later"]["count"]
        self.equal(f"{name}: messages by content", sum(content["sent"] for content in report["review"]["contents"]), sum(sent.values()))
        for content in report["review"]["contents"]:
            self.check(content["sent"] >= sent[content["name"]], f"{name}: {content['name']} went out more often")
            for reaction in content["reactions"]:
                self.check(reaction["leads"]["part"] <= min(content["leads"], reaction["events"]), f"{name}: {reaction}")
        leads = sum(row["leads"] for row in touches["per_lead"])
        self.equal(f"{name}: leads with a message", leads, report["simulation"]["totals"]["leads_sent"])
        for rows, key in ((touches["per_lead"], "leads"), (touches["per_week"], "weeks")):
            self.equal(f"{name}: messages by {key}", sum(row["messages"] * row[key] for row in rows), sum(sent.values()))

    def owners(self, name, report):
        """What falls to each is, week by week, what comes up in all."""
        simulation, owners = report["simulation"], report["review"]["owners"]
        for week in simulation["weeks"]:
            own = [each for owner in owners for each in owner["weeks"] if each["week_of"] == week["week_of"]]
            for kind in ("hand_offs", "calls", "tasks"):
                self.equal(f"{name}: {kind} of owners in {week['week_of']}", sum(each[kind] for each in own), week[kind])
        for owner in owners:
            for kind in ("hand_offs", "calls", "tasks"):
                self.equal(f"{name}: {kind} of {owner['name']}", sum(week[kind] for week in owner["weeks"]), owner[kind])
            self.equal(f"{name}: {owner['name']}", max((week["all"] for week in owner["weeks"]), default=0), owner["most_in_a_week"])
        sales = [campaign["sales"] for campaign in simulation["campaigns"]]
        self.equal(f"{name}: answers of owners", sum(owner["answers"]["count"] for owner in owners), sum(each["answered"] for each in sales))
        self.equal(f"{name}: promises missed", sum(owner["missed"] for owner in owners), sum(each["promises_missed"] for each in sales))

    def sources(self, example, report):
        """The source is what was read; the places of the summary have the summary's counts."""
        for source in report["sources"]:
            text = (ROOT / source["path"]).read_text(encoding="utf-8")
            self.equal(f"{source['path']}: the source", "\n".join(source["lines"]), text.rstrip("\n"))
        counts = {f"{source['path']}:{row['line']}": row for source in report["sources"] for row in source["counts"]}
        for campaign in report["simulation"]["campaigns"]:
            for row in campaign["sends"]:
                self.check(row["where"].startswith("<") or row["where"] in counts, f"{row['where']} has no count")

    def groups(self):
        welcome = ROOT / "examples" / "welcome"
        options = self.log(welcome, 2000)
        for by in ("country", "nurturable", "first_name"):
            found = self.run("report", welcome, *options, "--by", by, "--format", "json")
            self.check(found.returncode == 0, f"--by {by}: {found.stderr}")
            report = json.loads(found.stdout)
            groups = report["review"]["breakdown"]["groups"]
            self.check(len(groups) > (0 if by == "nurturable" else 3), f"--by {by}: {[group['name'] for group in groups]}")
            for key in ("leads_entered", "leads_sent"):
                self.equal(f"--by {by}: {key}", sum(group[key] for group in groups), report["simulation"]["totals"][key])
            for at, campaign in enumerate(report["simulation"]["campaigns"]):
                for key in ("entered", "held_out", "active", "exited"):
                    self.equal(f"--by {by}: {key}", sum(group["campaigns"][at][key] for group in groups), campaign[key])
                for i, goal in enumerate(campaign["goals"]):
                    reached = sum(group["campaigns"][at]["goals"][i]["treated"]["part"] for group in groups)
                    self.equal(f"--by {by}: {goal['name']}", reached, goal["treated"]["rate_part"])
            again = self.run("report", welcome, *options, "--by", by, "--format", "json", "--threads", 3).stdout
            self.check(self.without_places(by, again) == self.without_places(by, found.stdout), f"--by {by}: another report with three threads")
        return 0

    def launch(self, count, *more):
        """A campaign that no log has history of, with what is assumed."""
        example = ROOT / "examples" / "before_launch"
        return [example, *self.log(example, count), "--until", "2026-10-31", "--assume", *more]

    def assumed(self):
        """A run that assumes is the one of `simulate`; what is marked is another than history, all else is the same for every seed."""
        options = self.launch(900, "baseline")
        one, four, other = (self.run("report", *options, "--format", "json", *more) for more in (("--threads", 1), ("--threads", 4), ("--seed", 2)))
        self.check(one.returncode == 0, one.stderr)
        report, second = (self.without_places("assumed", found.stdout) for found in (one, other))
        self.check(report == self.without_places("assumed", four.stdout), "another report with four threads")
        simulated = json.loads(self.run("simulate", *options, "--format", "json").stdout)
        self.equal("the summary", report["simulation"], simulated["simulation"])
        self.equal("the experiments", report["experiments"], [])
        self.equal("what is assumed", report["assumed"]["scenario"], "scenario baseline, seed 1")
        self.check("--assume baseline" in report["about"]["command"], report["about"]["command"])
        marked = {row["at"]: row["history"] for row in report["assumed"]["figures"]}
        pairs = set()
        for place, history in marked.items():
            value = value_at(report, place)
            self.check(value != history, f"{place} is marked, and {value} is history")
            if place.startswith("/simulation/"):
                pairs.add((value, history or 0))
        for figure in simulated["assumed"]["figures"]:
            if figure["unit"] == "count":
                self.check((figure["value"] or 0, figure["history"] or 0) in pairs, f"not marked: {figure}")
        self.same_history("", report, second, set(marked), {row["at"] for row in second["assumed"]["figures"]})
        self.messages("assumed", report)
        reactions = sum(row["leads"]["part"] for content in report["review"]["contents"] for row in content["reactions"])
        self.check(reactions > 50, f"only {reactions} leads are assumed to react")
        without = json.loads(self.run("report", *options[:-2], "--format", "json").stdout)
        self.equal("nothing assumed", without["assumed"], None)
        return 0

    def same_history(self, place, one, other, *marked):
        """Where the rows are the same ones, what is marked in neither report is the same in both."""
        if place in ("/about", "/assumed", "/flows", "/leads"):
            return
        if isinstance(one, dict) and isinstance(other, dict):
            for key in one.keys() & other.keys():
                escaped = key.replace("~", "~0").replace("/", "~1")
                self.same_history(f"{place}/{escaped}", one[key], other[key], *marked)
        elif isinstance(one, list) and isinstance(other, list):
            names = lambda rows: [[v for k, v in row.items() if k in LABELS] if isinstance(row, dict) else None for row in rows]
            if names(one) == names(other):
                for at, (mine, theirs) in enumerate(zip(one, other)):
                    self.same_history(f"{place}/{at}", mine, theirs, *marked)
        elif not any(place in each for each in marked):
            self.equal(f"{place} with another seed", other, one)

    def trouble(self):
        """A mistake says what to do, and leaves nothing half-written."""
        welcome = ROOT / "examples" / "welcome"
        log = self.log(welcome, 50)
        self.launch(50)
        kept = sorted(self.folder.iterdir())
        to_json = ("--format", "json")
        for arguments, code, text in [
            ((welcome, *log, *to_json, "--by", "contry"), 2, 'Did you mean "country"?'),
            ((welcome, *log, *to_json, "--by", "consent_on"), 2, "no such attribute"),
            ((welcome, *log, *to_json, "--lead", "lead-7@example.con"), 2, 'Did you mean "lead-7@example.com"?'),
            ((welcome, *log, *to_json, "--until", "soon"), 2, "is not a date"),
            ((welcome, *log, *to_json, "--assume", "baseline"), 2, "has no scenario"),
            ((*self.launch(50, "basline"), *to_json), 2, 'Did you mean "baseline"?'),
            ((welcome, *log, *to_json, "--seed", "2"), 2, "nothing is assumed"),
            ((welcome, *log, *to_json, "-o", self.folder / "no" / "such.json"), 3, "no/such.json"),
            ((welcome, "--events", self.folder / "none.ndjson", *to_json), 3, "none.ndjson"),
            ((self.folder / "none.nurture", *log, *to_json), 3, "none.nurture"),
            ((welcome, *to_json), 2, "--events"),
        ]:
            found = self.run("report", *arguments)
            self.check(found.returncode == code, f"{arguments}: ends with {found.returncode}, not {code}: {found.stderr}")
            self.check(text in found.stderr, f"{arguments}: says {found.stderr}")
            self.check(not found.stdout, f"{arguments}: prints {found.stdout[:80]}")
        found = self.run("report", welcome, *log)
        self.check(found.returncode in (2, 3) and ("-o report.html" in found.stderr or "./dev page" in found.stderr), found.stderr)
        self.equal("left behind", sorted(self.folder.iterdir()), kept)
        return 0

    def hostile(self):
        """A programme and a log whose texts mean something in HTML, in scripts and in patterns."""
        odd = "</script><script>document.title='taken'</script><img src=x onerror=document.title='taken'> $& $' \u2028 {a|b} \\"
        programme = self.folder / "odd.nurture"
        programme.write_text(
            "use std.b2b\nprogram { name \"<b>Odd</b> & co\" }\n"
            'content hello: email { subject "</script><b>{lead.first_name else \'you\'}</b>" }\n'
            "campaign c {\n  enter on lead.created\n  holdout 20%\n  goal won: form.submitted within 20 days\n  lasts at most 60 days as over\n"
            '  stage a { send hello  split way { 50% x { notify "</script>" "<img src=x>" } 50% y { wait 1 day } }  wait 5 days  go to b }\n'
            "  stage b { wait up to 3 days { on email.clicked { go to a } }  exit as done }\n}\n", encoding="utf-8")
        log = self.folder / "odd.ndjson"
        with log.open("w", encoding="utf-8") as out:
            for i in range(120):
                key = f"{i} {odd}"
                day = 1 + i % 20
                row = lambda event, hour, **more: out.write(json.dumps({"lead": key, "event": event, "at": f"2026-03-{day + hour // 24:02}T{hour % 24:02}:00:00Z", **more}) + "\n")
                row("lead.created", 8, first_name=odd)
                if i % 3 == 0:
                    row("email.opened", 9, content="hello", machine=i % 2 == 0)
                if i % 4 == 0:
                    row("email.clicked", 150, content="hello")
                if i % 5 == 0:
                    row("form.submitted", 30, form="<i>" + odd)
        return [programme, "--events", log, "--rejects", "none"]

    def written(self, name, *arguments):
        """The page and its data; nothing where this nurture has no page."""
        page = self.folder / f"{name}.html"
        found = self.run("report", *arguments, "-o", page)
        if found.returncode == 3 and "./dev page" in found.stderr:
            return None
        self.check(found.returncode == 0, f"{name}: {found.stderr}")
        data = self.folder / f"{name}.json"
        self.run("report", *arguments, "--format", "json", "-o", data)
        return page, data

    def pages(self):
        yield "odd", self.hostile()
        for name, more in (("welcome", ["--by", "country", "--lead", "lead-7@example.com"]), ("score_handoff", []), ("trial_experiment", ["--by", "country"])):
            example = ROOT / "examples" / name
            yield name, [example, *self.log(example, 1500), *more]
        yield "before_launch", self.launch(1500, "baseline", "--by", "country")

    def page(self):
        for name, arguments in self.pages():
            made = self.written(name, *arguments)
            if made is None:
                return no_page()
            text = made[0].read_text(encoding="utf-8")
            block = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S).group(1)
            wanted = self.without_places(name, made[1].read_text(encoding="utf-8"))
            wanted["about"]["command"] = wanted["about"]["command"].removesuffix(" --format json")
            self.check(self.without_places(name, block) == wanted, f"{name}: the page holds other data than --format json")
            self.check("<" not in block and "\u2028" not in block, f"{name}: the data could end its element")
            self.equal(f"{name}: scripts", len(re.findall(r"<script[ >]", text)), 2)
            self.check("default-src 'none'" in text and "script-src 'sha256-" in text, f"{name}: no strict policy")
            markup = re.sub(r"<(script|style)[ >].*?</\1>", "", text, flags=re.S)
            self.check(not re.search(r"(src|href)=\"?(https?:)?//|<link|<img|<iframe|@import", markup), f"{name}: asks for another file")
            self.check(len(text.encode()) < 5_000_000, f"{name}: {len(text)} bytes")
        return 0

    def browser(self):
        if not shutil.which("node") or not (HERE / "node_modules" / "playwright-core").exists():
            print("skipped: the browser's driver is not installed; `./dev browser` does that")
            return SKIPPED
        if not pathlib.Path("/usr/bin/chromium").exists():
            print("skipped: there is no Chromium here; `./dev browser` installs it")
            return SKIPPED
        for name, arguments in self.pages():
            made = self.written(name, *arguments)
            if made is None:
                return no_page()
            found = subprocess.run(["node", HERE / "browser.mjs", *made, self.folder / name], capture_output=True, text=True, timeout=1800)
            said = found.stdout.strip().splitlines()
            self.checks += int(said[-1].split()[0]) if found.returncode == 0 and said else 1
            self.faults += [f"{name}: {line}" for line in (said[:-1] if found.returncode == 0 else said + found.stderr.splitlines())]
        return 0


def no_page():
    print("skipped: this nurture has no page; `./dev page` builds it in")
    return SKIPPED


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=["data", "groups", "assumed", "trouble", "page", "browser"])
    parser.add_argument("--nurture", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        reports = Reports(options.nurture, pathlib.Path(folder))
        if getattr(reports, options.part)() == SKIPPED:
            return SKIPPED
    print("\n".join(reports.faults[:40] + [f"{reports.checks - len(reports.faults)} passed, {len(reports.faults)} failed"]))
    return 1 if reports.faults or not reports.checks else 0


if __name__ == "__main__":
    sys.exit(main())
