#!/usr/bin/env python3
"""Stores against the logs that they were made from, and against what happens to files.

examples: every example does the same over a store as over its log, and over what is exported from the store: summary,
          actions, warnings, exit code.
appends:  of every example a log in pieces, imported and appended, is what it is imported at once: replayed, looked at,
          verified, exported; and the same file once its parts are made one.
kills:    an import that is killed at any moment leaves the store that was there, or the new one; so does an append, and the
          next one makes what it would have made.
memory:   an import keeps within what it is given, and writes the file that it writes with any memory.
damage:   flipped bits, cut files and full disks are told, and nothing else is believed; what a replay does not tell of a
          flipped bit does not matter to it: it prints what it prints for the whole store.
"""

import argparse
import concurrent.futures
import filecmp
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

KILLS, APPENDS_KILLED, FLIPS, REPLAYED = 400, 400, 1000, 100
SHARE = 1  # one of so many of these, and of the examples for appends


class Nurture:
    def __init__(self, path, folder):
        self.path, self.folder = path, folder

    def run(self, *arguments):
        return subprocess.run([self.path, *map(str, arguments)], cwd=self.folder, capture_output=True)

    def must(self, *arguments):
        done = self.run(*arguments)
        if done.returncode not in (0, 1):
            raise SystemExit(f"nurture {' '.join(map(str, arguments))}: {done.returncode}\n{done.stderr.decode()}")
        return done

    def kill(self, arguments, after):
        """Begins, and is killed so many seconds later, if it is not done before."""
        process = subprocess.Popen([self.path, *map(str, arguments)], cwd=self.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def generate(self, count, scenario=None):
        self.must("log", "generate", *([scenario] if scenario else []), "--count", count, "-o", "log.ndjson",
                  "--leads", "leads.csv")

    @staticmethod
    def keeping(programme, store="log.store"):
        return ["log", "import", "log.ndjson", "--leads", "leads.csv", "--programme", programme, "-o", store]

    def keep(self, programme, store="log.store"):
        return self.must(*self.keeping(programme, store))

    def all_of(self, programme):
        """All that is told of log.store, and written from it."""
        out = self.replay(programme, "--events", "log.store")
        for form in ("text", "json"):
            out.append(self.must("log", "inspect", "log.store", "--format", form).stdout)
        out.append(self.must("log", "verify", "log.store").stdout)
        self.must("log", "export", "log.store", "-o", "out.ndjson", "--leads", "out.csv", "--accounts", "accounts.csv")
        return out + [(self.folder / name).read_bytes() for name in ("out.ndjson", "out.csv", "accounts.csv")]

    def replay(self, programme, *logs):
        out = []
        for form in ("text", "json"):
            done = self.must("simulate", programme, *logs, "--format", form, "--actions", "actions.ndjson")
            out += [done.returncode, done.stdout, done.stderr, (self.folder / "actions.ndjson").read_bytes()]
        return out


def same_for(nurture, example):
    """What differs for this example, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        here = Nurture(nurture, pathlib.Path(folder))
        scenario = example / "generate.toml"
        here.generate(80, scenario if scenario.exists() else None)
        here.keep(example)
        first = (here.folder / "log.store").read_bytes()
        direct = here.replay(example, "--events", "log.ndjson", "--leads", "leads.csv")
        stored = here.replay(example, "--events", "log.store")
        checked = here.run("log", "verify", "log.store")
        here.keep(example)
        if direct != stored:
            return f"{example.name}: a replay of the store is another than that of the log"
        if wrong := exported(here, example, direct):
            return f"{example.name}: {wrong}"
        if checked.returncode != 0:
            return f"{example.name}: {checked.stderr.decode()}"
        if (here.folder / "log.store").read_bytes() != first:
            return f"{example.name}: another import wrote other bytes"
    return ""


def outcomes(replayed):
    """Of a replay its exit code, actions and summary, without what it says of the log."""
    code, printed, _, actions = replayed[4:]
    return code, json.loads(printed)["simulation"], actions


def exported(here, example, direct):
    """A store, exported and imported again, is replayed as before; from then on it is the same file. Or what differs."""
    for form in ("ndjson", "csv"):
        stores = ["log.store", f"{form}_1.store", f"{form}_2.store"]
        for number, (store, again) in enumerate(zip(stores, stores[1:])):
            log, leads = f"{number}.{form}", f"{number}_leads.{form}"
            here.must("log", "export", store, "-o", log, "--leads", leads)
            here.must("log", "import", log, "--leads", leads, "--programme", example, "-o", again)
        first, second = ((here.folder / store).read_bytes() for store in stores[1:])
        if outcomes(here.replay(example, "--events", stores[1])) != outcomes(direct):
            return f"a replay of what was exported as {form} is another than that of the log"
        if first != second or (here.folder / f"0.{form}").read_bytes() != (here.folder / f"1.{form}").read_bytes():
            return f"a second export as {form} is another than the first"
    return ""


def examples(nurture, folder):
    names = sorted(path for path in folder.iterdir() if path.is_dir())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [wrong for wrong in pool.map(lambda path: same_for(nurture, path), names) if wrong]


def appended_alike(nurture, example):
    """What differs for this example, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        here = Nurture(nurture, pathlib.Path(folder))
        scenario = example / "generate.toml"
        here.generate(80, scenario if scenario.exists() else None)
        lines = (here.folder / "log.ndjson").read_bytes().splitlines(keepends=True)
        pieces = [f"log{number}.ndjson" for number in (1, 2, 3)]
        cuts = [0, len(lines) // 2, len(lines) * 4 // 5, len(lines)]
        for piece, begin, end in zip(pieces, cuts, cuts[1:]):
            (here.folder / piece).write_bytes(b"".join(lines[begin:end]))
        by = ["--programme", example, "-o"]
        here.must("log", "import", *pieces, "--leads", "leads.csv", *by, "log.store")
        at_once = here.all_of(example)
        file = (here.folder / "log.store").read_bytes()
        here.must("log", "import", pieces[0], "--leads", "leads.csv", *by, "log.store")
        for piece in pieces[1:]:
            here.must("log", "import", piece, "--append", *by, "log.store")
        if here.all_of(example) != at_once:
            return f"{example.name}: what was appended is another than at once"
        here.must("log", "compact", "log.store")
        if (here.folder / "log.store").read_bytes() != file:
            return f"{example.name}: parts made one are another file than at once"
    return ""


def appends(nurture, folder):
    names = sorted(path for path in folder.iterdir() if path.is_dir())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [wrong for wrong in pool.map(lambda path: appended_alike(nurture, path), names[::SHARE]) if wrong]


def kills(nurture, folder):
    return imports_killed(nurture, folder) + appends_killed(nurture, folder)


def appends_killed(nurture, folder):
    wrong = []
    draw = random.Random(13)
    with tempfile.TemporaryDirectory() as name:
        here = Nurture(nurture, pathlib.Path(name))
        programme, store = folder / "welcome", here.folder / "log.store"
        here.generate(200, programme / "generate.toml")
        here.keep(programme)
        old, told_old = store.read_bytes(), here.run("log", "verify", "log.store").stdout
        here.generate(4000, programme / "generate.toml")
        append = ["log", "import", "log.ndjson", "--programme", programme, "--append", "-o", "log.store"]
        began = time.monotonic()
        here.must(*append)
        lasts = time.monotonic() - began
        new = store.read_bytes()
        left = {"old": 0, "unfinished": 0, "new": 0}
        for _ in range(APPENDS_KILLED // SHARE):
            store.write_bytes(old)
            here.kill(append, draw.uniform(0, lasts * 1.1))
            now, told = store.read_bytes(), here.run("log", "verify", "log.store")
            left["new" if now == new else "old" if now == old else "unfinished"] += 1
            if not now.startswith(old) or told.returncode != 0 or (now != new and not told.stdout.startswith(told_old)):
                wrong.append("a killed append left neither store")
            if now != new and here.must(*append) and store.read_bytes() != new:
                wrong.append("behind a killed append the next one made another store")
        print(f"{sum(left.values())} kills of an append: {left}")
    return wrong


def imports_killed(nurture, folder):
    wrong = []
    draw = random.Random(11)
    with tempfile.TemporaryDirectory() as name:
        here = Nurture(nurture, pathlib.Path(name))
        programme, store = folder / "welcome", here.folder / "log.store"
        here.generate(200, programme / "generate.toml")
        here.keep(programme)
        old = store.read_bytes()
        here.generate(4000, programme / "generate.toml")
        began = time.monotonic()
        here.keep(programme, "new.store")
        lasts = time.monotonic() - began
        new = (here.folder / "new.store").read_bytes()
        left = {"old": 0, "new": 0}
        for _ in range(KILLS // SHARE):
            store.write_bytes(old)
            here.kill(here.keeping(programme), draw.uniform(0, lasts * 1.1))
            now = store.read_bytes()
            left["old" if now == old else "new"] += 1
            if now not in (old, new) or here.run("log", "verify", "log.store").returncode != 0:
                wrong.append("a killed import left neither store")
            for part in here.folder.glob(".*.part"):
                part.unlink()
        print(f"{sum(left.values())} kills: {left['old']} left the old store, {left['new']} the new one")
    return wrong


class Damage:
    """A store, and what becomes of damaged copies of it."""

    def __init__(self, nurture, programme, folder, appended):
        self.here, self.programme, self.wrong = Nurture(nurture, folder), programme, []
        self.here.generate(2000, programme / "generate.toml")
        self.here.keep(programme)
        self.first = (folder / "log.store").stat().st_size
        self.append = ["log", "import", "log.ndjson", "--programme", programme, "--append", "-o"]
        if appended:
            self.here.generate(1000, programme / "generate.toml")
            self.here.must(*self.append, "log.store")
        self.whole = (folder / "log.store").read_bytes()
        self.printed = self.here.must("simulate", programme, "--events", "log.store").stdout

    def told(self, what, name, done):
        if done.returncode != 3 or name.encode() not in done.stderr or done.stdout:
            self.wrong.append(f"{what}: {done.args} gave {done.returncode}, {done.stderr.decode()}")

    def flipped(self, number, at, bit):
        """One bit is another: `log verify` tells, a replay tells or does not mind."""
        name = f"bad{number}.store"
        content = bytearray(self.whole)
        content[at] ^= 1 << bit
        (self.here.folder / name).write_bytes(content)
        what = f"bit {bit} of byte {at} flipped"
        self.told(what, name, self.here.run("log", "verify", name))
        if number < REPLAYED // SHARE and at >= 8:
            done = self.here.run("simulate", self.programme, "--events", name)
            if done.stdout != self.printed or done.returncode != 0:
                self.told(what, name, done)
        (self.here.folder / name).unlink()

    def cut(self, size):
        (self.here.folder / "cut.store").write_bytes(self.whole[:size])
        for command in [("log", "verify", "cut.store"), ("log", "inspect", "cut.store"),
                        ("simulate", self.programme, "--events", "cut.store")]:
            self.told(f"cut to {size} bytes", "cut.store", self.here.run(*command))

    def full_disk(self):
        full = self.here.run("log", "import", "log.ndjson", "--programme", self.programme, "-o", "/dev/full")
        if full.returncode != 3 or b"the disk is full" not in full.stderr:
            self.wrong.append(f"a full disk gave {full.returncode}: {full.stderr.decode()}")
        if [path.name for path in self.here.folder.iterdir() if path.name.endswith(".part")]:
            self.wrong.append("a part is left")

    def full_disk_behind(self):
        """What is left of an append that finds no room is what was there."""
        store = self.here.folder / "full.store"
        store.write_bytes(self.whole)
        blocks = len(self.whole) // 512 + 100
        full = subprocess.run(["sh", "-c", f'ulimit -f {blocks}; trap "" XFSZ; exec "$@"', "sh", self.here.path,
                               *map(str, self.append), "full.store"], cwd=self.here.folder, capture_output=True)
        if full.returncode != 3 or b"cannot append to full.store" not in full.stderr:
            self.wrong.append(f"no room to append gave {full.returncode}: {full.stderr.decode()}")
        if store.read_bytes() != self.whole:
            self.wrong.append("an append without room changed the store")


def damage(nurture, folder):
    return damage_to(nurture, folder, False) + damage_to(nurture, folder, True)


def damage_to(nurture, folder, appended):
    draw = random.Random(12)
    with tempfile.TemporaryDirectory() as name:
        damaged = Damage(nurture, folder / "welcome", pathlib.Path(name), appended)
        size = len(damaged.whole)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            flips = [(number, draw.randrange(size), draw.randrange(8)) for number in range(FLIPS // SHARE)]
            list(pool.map(lambda flip: damaged.flipped(*flip), flips))
        behind = (damaged.first + 4095) // 4096 * 4096  # where the second part begins, if there is one
        for cut in [8, 100, 4095, 4096, 4097, size // 2, size - 1, *([behind + 9, behind + 4096] if appended else [])]:
            damaged.cut(cut)
        damaged.full_disk()
        damaged.full_disk_behind()
        print(f"{len(flips)} flips of a store of {size} bytes")
        return damaged.wrong


LEADS, BOUND = 600_000, 64  # MB; the log is more than four times as long


def peak_of(arguments, folder):
    """Exit code and what the process took at most, in bytes; what this one takes counts, too, as that one began as it."""
    process = subprocess.Popen([str(each) for each in arguments], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    return os.waitstatus_to_exitcode(status), used.ru_maxrss * 1024


def memory(nurture, folder):
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        here = Nurture(nurture, pathlib.Path(name))
        programme = folder / "welcome"
        here.generate(LEADS, programme / "generate.toml")
        size = (here.folder / "log.ndjson").stat().st_size
        if size < 4 * BOUND << 20:
            wrong.append(f"the log is too short: {size}")
        command = [nurture, "log", "import", "log.ndjson", "--leads", "leads.csv", "--programme", programme]
        code, peak = peak_of([*command, "--memory", f"{BOUND}MB", "-o", "parts.store"], here.folder)
        here.keep(programme, "whole.store")
        if code != 0 or not filecmp.cmp(here.folder / "parts.store", here.folder / "whole.store", shallow=False):
            wrong.append(f"within {BOUND} MB the file is another, or none: {code}")
        if peak > BOUND << 20:
            wrong.append(f"within {BOUND} MB it took {peak}")
        limited = subprocess.run(["sh", "-c", 'ulimit -f 20000; trap "" XFSZ; exec "$@"', "sh", *map(str, command),
                                  "--memory", f"{BOUND}MB", "-o", "none.store"], cwd=here.folder, capture_output=True)
        if limited.returncode != 3 or b"cannot keep what does not fit into memory in" not in limited.stderr:
            wrong.append(f"no room to put anything aside gave {limited.returncode}: {limited.stderr.decode()}")
        left = sorted(path.name for path in here.folder.iterdir())
        if left != ["leads.csv", "log.ndjson", "parts.store", "whole.store"]:
            wrong.append(f"left are {left}")
        print(f"{size >> 20} MB of log within {BOUND} MB: {peak >> 20} MB")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["examples", "appends", "kills", "damage", "memory"])
    parser.add_argument("--nurture", required=True)
    parser.add_argument("--examples", required=True, type=pathlib.Path)
    parser.add_argument("--share", type=int, default=1, help="try one of so many")
    options = parser.parse_args()
    global SHARE
    SHARE = options.share
    wrong = globals()[options.part](os.path.abspath(options.nurture), options.examples.absolute())
    for each in wrong:
        print(each)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
