"""Compares the calendar with Python's zoneinfo: every zone, every transition from 1990 to 2037.

Usage: check_zones.py DRIVER. Both sides read the system's time-zone data.
"""
import datetime as dt
import os
import subprocess
import sys
import tempfile

os.environ.pop("PYTHONTZPATH", None)
try:
    import zoneinfo
except ImportError:
    print("SKIPPED: this python3 has no zoneinfo")
    sys.exit(77)
zoneinfo.reset_tzpath()

DAY = 86_400_000_000
HOUR = 3_600_000_000
SECOND = 1_000_000
EPOCH = dt.datetime(1970, 1, 1)
EPOCH_ORDINAL = EPOCH.toordinal()
MICRO = dt.timedelta(microseconds=1)
AROUND = [0, 1, SECOND, 60 * SECOND, 1800 * SECOND, HOUR, HOUR + 1, 2 * HOUR, 3 * HOUR, 12 * HOUR, DAY, DAY + 1]
SHIFTS = [(0, 1, 0), (0, -1, 0), (0, 7, 0), (1, 0, 0), (-1, 0, 0), (1, 1, HOUR), (12, 0, 0), (0, 0, DAY)]


def naive(micros):
    """Microseconds as a datetime without a zone: exact, unlike timestamps."""
    return EPOCH + dt.timedelta(days=micros // DAY, microseconds=micros % DAY)


def micros_of(moment):
    delta = moment - EPOCH
    return delta.days * DAY + delta.seconds * SECOND + delta.microseconds


def offset_of(delta):
    return delta.days * DAY + delta.seconds * SECOND


class Oracle:
    def __init__(self, name):
        self.zone = zoneinfo.ZoneInfo(name)

    def to_local(self, instant):
        """Microseconds of the local clock reading."""
        return micros_of(self.zone.fromutc(naive(instant).replace(tzinfo=self.zone)).replace(tzinfo=None))

    def from_local(self, local):
        # fold 0: of a time that exists twice the earlier, and in a gap the offset before it (later by the gap).
        return local - offset_of(self.zone.utcoffset(naive(local)))

    def add(self, instant, months, days, micros):
        if months or days:
            local = naive(self.to_local(instant))
            count = local.year * 12 + local.month - 1 + months
            year, month = count // 12, count % 12 + 1
            day = min(local.day, month_length(year, month))
            local = local.replace(year=year, month=month, day=day) + dt.timedelta(days=days)
            instant = self.from_local(micros_of(local))
        return instant + micros


def month_length(year, month):
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).day


def file_of(name):
    """The file behind a name: links share one, and its questions are made once."""
    return next(os.path.realpath(p) for p in (os.path.join(d, name) for d in zoneinfo.TZPATH) if os.path.exists(p))


def transitions(name):
    """Instants from 1990 to 2037 at which the offset changes, with the offsets before and after."""
    zone = zoneinfo.ZoneInfo(name)

    def offset(seconds):
        moment = dt.datetime.fromtimestamp(seconds, zone)
        return offset_of(moment.utcoffset())

    found = []
    low = int(dt.datetime(1990, 1, 1, tzinfo=dt.timezone.utc).timestamp())
    end = int(dt.datetime(2038, 1, 1, tzinfo=dt.timezone.utc).timestamp())
    before = offset(low)
    while low < end:
        high = low + 86_400
        after = offset(high)
        if after != before:
            a, b = low, high  # offset(a) == before, offset(b) != before
            while b - a > 1:
                middle = (a + b) // 2
                if offset(middle) == before:
                    a = middle
                else:
                    b = middle
            found.append((b * SECOND, before, offset(b)))
            low, before = b, offset(b)
        else:
            low = high
    return found


class Script:
    """Questions for the driver and the answers expected."""

    def __init__(self):
        self.questions = []
        self.wanted = []
        self.places = []
        self.transitions = 0

    def ask(self, place, question, answer):
        self.questions.append(question)
        self.wanted.append(answer)
        self.places.append(place)


def local_text(micros):
    return f"{micros // DAY} {micros % DAY}"


def ask_around(script, name, oracle, instant, before, after):
    place = f"{name} at {naive(instant)}Z"
    for distance in AROUND:
        for moment in (instant + distance, instant - distance):
            script.ask(place, f"l {moment}", local_text(oracle.to_local(moment)))
    # Every minute-sized spot that matters inside the gap or fold, its edges, and a little outside.
    edges = sorted((instant + before, instant + after))
    width = edges[1] - edges[0]
    for local in [edges[0] + part * width // 6 for part in range(-2, 9)] + [e + d for e in edges for d in (-1, 1)]:
        script.ask(place, f"f {local // DAY} {local % DAY}", str(oracle.from_local(local)))
    for months, days, micros in SHIFTS:
        for start in (instant - HOUR, instant - 1, instant + HOUR // 2):
            # Start so that the sum falls beside the transition, and start beside it.
            for moment in (start, start - days * DAY - months * 30 * DAY):
                sum_ = oracle.add(moment, months, days, micros)
                script.ask(place, f"a {moment} {months} {days} {micros}", str(sum_))


def run(driver, lines):
    with tempfile.TemporaryFile("w+") as questions:
        questions.write("\n".join(lines) + "\n")
        questions.seek(0)
        return subprocess.run([driver], stdin=questions, capture_output=True, text=True, check=True).stdout.splitlines()


def script_for(name):
    script = Script()
    oracle = Oracle(name)
    found = transitions(name)
    script.transitions = len(found)
    for instant, before, after in found:
        ask_around(script, name, oracle, instant, before, after)
    for year in range(1990, 2060):  # far from any transition, and beyond the last one that the database lists
        for month in (1, 3, 7, 10):
            instant = micros_of(dt.datetime(year, month, 31, 12, 30))
            script.ask(name, f"l {instant}", local_text(oracle.to_local(instant)))
            script.ask(name, f"a {instant} 1 0 0", str(oracle.add(instant, 1, 0, 0)))
    for year in (2040, 2051):  # the rule that goes on after that
        for day in range(0, 365, 2):
            instant = micros_of(dt.datetime(year, 1, 1, 12, 30)) + day * DAY
            script.ask(name, f"l {instant}", local_text(oracle.to_local(instant)))
    return script


def main():
    driver = sys.argv[1]
    names = sorted(zoneinfo.available_timezones() - {"Factory", "localtime", "posixrules"})
    ours = set(run(driver, ["n"]))
    missing = [n for n in names if n not in ours]
    if missing:
        print("zones missing from the calendar:", missing)
        return 1
    failures = checks = changes = 0
    failed = []
    scripts = {}
    for name in names:
        file = file_of(name)
        if file not in scripts:
            scripts[file] = script_for(name)
        script = scripts[file]
        changes += script.transitions
        answers = run(driver, [f"z {name}"] + script.questions)
        checks += len(script.wanted)
        for place, question, wanted, got in zip(script.places, script.questions, script.wanted, answers, strict=True):
            if wanted != got:
                failures += 1
                if name not in failed:
                    failed.append(name)
                if failures <= 20:
                    print(f"{name} (as {place}): {question}: want {wanted}, got {got}")
    print(f"{len(names)} zones, {changes} transitions, {checks} checks, {failures} failures")
    if failed:
        print("failed:", *failed)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
