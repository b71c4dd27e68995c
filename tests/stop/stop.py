#!/usr/bin/env python3
"""Stops commands on their way: no file is left half written, what was done is said, the exit code tells the signal."""

import argparse
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

LINE = b'{"lead":"ada","at":"2026-03-05T10:00:00Z","event":"page.viewed","url":"/a"}\n'
ROWS = 300_000


class Fault(Exception):
    pass


def must(condition, what):
    if not condition:
        raise Fault(what)


def started(nurture, folder, arguments, reads=True):
    """The command, having been given rows, with more to come."""
    process = subprocess.Popen([nurture, *map(str, arguments)], cwd=folder, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if reads:
        process.stdin.write(LINE * ROWS)
        process.stdin.flush()
    return process


def wait_for_part(folder):
    """Until something is half written."""
    for _ in range(600):
        if list(folder.glob(".*.part")):
            return
        time.sleep(0.05)
    raise Fault("nothing was begun")


def stopped_by(number, nurture, folder, examples, bound):
    process = started(nurture, folder, ["log", "import", "-", "--programme", examples / "welcome", "-o", "log.store",
                                        *bound])
    wait_for_part(folder)
    process.send_signal(number)
    code, said = process.wait(60), process.stderr.read().decode()
    must(code == 128 + number, f"{number.name}: exit {code}")
    must(said.startswith("nurture: stopped while reading, after ") and said.endswith("; no file was written\n"),
         f"{number.name}: it says {said!r}")
    must(not list(folder.iterdir()), f"{number.name}: left {[path.name for path in folder.iterdir()]}")


def tells_what_was_written(nurture, folder, examples):
    """The reading is over, and its rejects are kept; the run is stopped."""
    (folder / "log.ndjson").write_bytes(LINE + b"no row\n")
    fifo = folder / "actions"
    subprocess.run(["mkfifo", fifo], check=True)
    # Its actions go to a pipe that nobody reads, so it stands still after its rejects are kept.
    process = started(nurture, folder, ["simulate", examples / "welcome", "--events", "log.ndjson", "--actions",
                                        "actions"], reads=False)
    for _ in range(600):
        if (folder / "nurture-rejects.ndjson").exists():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    code, said = process.wait(60), process.stderr.read().decode()
    must(code == 130, f"after the rejects: exit {code}")
    must(said.endswith("; written: nurture-rejects.ndjson\n"), f"after the rejects: it says {said!r}")


def closed_pipe(nurture, folder, examples):
    (folder / "log.ndjson").write_bytes(LINE * 10)
    process = subprocess.Popen([nurture, "log", "inspect", "log.ndjson"], cwd=folder, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    process.stdout.close()
    code, said = process.wait(60), process.stderr.read().decode()
    must(code in (128 + signal.SIGPIPE, 0) and not said, f"a closed pipe: exit {code}, it says {said!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nurture", required=True)
    parser.add_argument("--examples", required=True, type=pathlib.Path)
    options = parser.parse_args()
    tries = [lambda folder, number=number, bound=bound: stopped_by(number, options.nurture, folder, options.examples,
                                                                   bound)
             for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) for bound in ([], ["--memory", "64MB"])]
    tries += [lambda folder: tells_what_was_written(options.nurture, folder, options.examples),
              lambda folder: closed_pipe(options.nurture, folder, options.examples)]
    faults = []
    for attempt in tries:
        with tempfile.TemporaryDirectory() as folder:
            try:
                attempt(pathlib.Path(folder))
            except (Fault, subprocess.TimeoutExpired) as fault:
                faults.append(str(fault))
    print("\n".join(faults) or "nothing half done")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
