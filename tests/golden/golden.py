#!/usr/bin/env python3
"""Runs the golden files: each holds its input, one or more commands, and what they must print.

A golden is a text file with sections. A section begins with a line `--- <what>`:

    # one line that says what this shows
    --- file broken.nurture        a file of the scratch folder the commands run in
    --- run                        a command line, given to sh; `nurture` is the binary under test
    --- exit 1                     its exit code (0 if the section is absent)
    --- stdout                     what it prints (must be empty if absent)
    --- stderr                     likewise

Several `run` sections follow one another in the same folder. A command that names no file of the golden may use
$EXAMPLES (the examples folder); $GOLDEN is this folder, whose actions.py makes a table of the actions of a simulation.
What `nurture check` says of good practice, and of what conditions and other campaigns leave of one (W0503 to W0514), is
left out, so that an example may be short; a golden gets the codes that it is named after, and one that brings a nurture.toml of its own gets what that says.
With --update the sections after each `run` are rewritten from what it does now.
"""

import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TABLE = ROOT / "compiler/diagnostics/diagnostics.def"


# What conditions, windows and other campaigns leave of a campaign: nothing to do with most examples.
GUARDS = [f"W05{number:02}" for number in range(3, 15)]
# What these print is what native code prints.
RUNS = re.compile(r"^--- run\n.*\bnurture (simulate|report|diff|explain|test|graph .*--events)\b", re.MULTILINE)
TZDATA = re.compile(r'(time-zone data |"tzdata": ?")[0-9]{4}[a-z]')


def parse(path):
    header, sections, current = [], [], None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("--- "):
            current = [line[4:].strip(), []]
            sections.append(current)
        elif current is None:
            header.append(line)
        else:
            current[1].append(line)
    return header, [(name, body(lines)) for name, lines in sections]


def body(lines):
    """A section's text; blank lines before the next section are layout, not content."""
    while lines and lines[-1] == "":
        lines.pop()
    return "".join(line + "\n" for line in lines)


def steps(sections):
    """The files, then each command with what is expected of it."""
    files, runs = [], []
    for name, text in sections:
        if name.startswith("file "):
            files.append((name[5:], text))
        elif name == "run":
            runs.append({"command": text.strip(), "exit": 0, "stdout": "", "stderr": ""})
        elif name.startswith("exit ") and runs:
            runs[-1]["exit"] = int(name[5:])
        elif name in ("stdout", "stderr") and runs:
            runs[-1][name] = text
        else:
            raise ValueError(f'no section "{name}" here')
    return files, runs


def execute(run, folder, binary):
    env = dict(os.environ, NO_COLOR="1", EXAMPLES="../examples", GOLDEN=str(HERE), LC_ALL="C.UTF-8")
    env["XDG_CACHE_HOME"] = f"{folder}.cache"
    env["PATH"] = f"{binary.parent}:{env['PATH']}"
    done = subprocess.run(["sh", "-c", run["command"]], cwd=folder, env=env, capture_output=True, timeout=120)
    text = {"stdout": done.stdout.decode("utf-8", "replace"), "stderr": done.stderr.decode("utf-8", "replace")}
    for name in text:
        text[name] = text[name].replace(str(ROOT), "$ROOT")
        # Which release of the zone database a machine has is not ours to say.
        text[name] = TZDATA.sub(r"\1$TZDATA", text[name])
        if text[name] and not text[name].endswith("\n"):
            text[name] += "\n"
        text[name] = body(text[name].splitlines())
    return {"command": run["command"], "exit": done.returncode, **text}


def render(header, files, runs):
    out = ["\n".join(header).rstrip("\n")]
    out += [f"--- file {name}\n{text}" for name, text in files]
    for run in runs:
        out.append(f"--- run\n{run['command']}\n")
        if run["exit"]:
            out.append(f"--- exit {run['exit']}\n")
        out += [f"--- {name}\n{run[name]}" for name in ("stdout", "stderr") if run[name]]
    return "\n".join(out)


def practice_levels(path):
    """The nurture.toml of a golden that has none."""
    code = path.stem.partition("_")[0]
    own = f'{code} = "{severity_of(code)}"\n' if path.parent.name == "practice" else ""
    if not code.startswith("W05"):
        own += "".join(f'{each} = "off"\n' for each in GUARDS)
    return f'[levels]\npractice = "off"\n{own}'


def severity_of(code):
    """What the table says that a code is: warning, advice."""
    return re.search(rf'"{code}", Severity::(\w+)', TABLE.read_text(encoding="utf-8"))[1].lower()


def check(path, binary, update):
    header, sections = parse(path)
    files, runs = steps(sections)
    if not runs:
        return f"{path}: no `run` section\n"
    with tempfile.TemporaryDirectory() as scratch:
        folder = f"{scratch}/work"
        os.mkdir(folder)
        # Where this checkout stands is not to be seen in what a command prints, nor in how wide it prints it.
        os.symlink(ROOT / "examples", f"{scratch}/examples")
        for name, text in files:
            target = pathlib.Path(folder) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        levels = pathlib.Path(folder) / "nurture.toml"
        if not levels.exists():
            levels.write_text(practice_levels(path), encoding="utf-8")
        actual = [execute(run, folder, binary) for run in runs]
    if actual == runs:
        return ""
    if update:
        path.write_text(render(header, files, actual), encoding="utf-8")
        return ""
    wanted, got = (render(header, files, r).splitlines(True) for r in (runs, actual))
    return "".join(difflib.unified_diff(wanted, got, str(path.relative_to(ROOT)), "now"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nurture", required=True, type=pathlib.Path, help="the binary under test")
    parser.add_argument("--update", action="store_true", help="rewrite the expectations")
    parser.add_argument("--native", action="store_true", help="only those that run a programme, with --jit=on")
    parser.add_argument("filters", nargs="*", help="only goldens whose path contains one of these")
    args = parser.parse_args()
    goldens = sorted(p for p in HERE.rglob("*.golden") if not args.filters or any(f in str(p) for f in args.filters))
    if args.native:
        os.environ["NURTURE_JIT"] = "on"
        goldens = [p for p in goldens if RUNS.search(p.read_text(encoding="utf-8"))]
    binary = args.nurture.resolve()
    if binary.name != "nurture" or not os.access(binary, os.X_OK):
        sys.exit(f"{args.nurture} is no program named nurture: build it first (./dev build)")
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(lambda p: check(p, binary, args.update), goldens))
    failed = [text for text in results if text]
    sys.stdout.write("".join(failed))
    print(f"{len(goldens) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not goldens else 0


if __name__ == "__main__":
    sys.exit(main())
