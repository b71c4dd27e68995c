#!/usr/bin/env python3
"""Compiles every example in the documentation, and runs every command it shows.

Fenced blocks by their info string:

    ```nurture              a whole programme: `nurture check` finds nothing, and the tests in it pass
    ```nurture condition    lines that are each a condition over lead, account and time
    ```nurture statements   statements of a stage; an `exit` is added where they could run off its end
    ```csv reps.csv         a file that the examples of its page read
    ```console              lines `$ command` run in the project's folder, each followed by exactly what it prints

Anything else is left alone. The pages of diagnostics are tested by diagnostics.py.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TZDATA = re.compile(r"time-zone data [0-9]{4}[a-z]")
HAS_TEST = re.compile(r'^test "', re.M)
BODY = re.compile(r'\bbody +"([^"]+)"')
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.M | re.S)

PRELUDE = (
    'use std.b2b\ncontent hello: email { subject "Hello" }\n'
    "window plant_hours { Monday to Friday 06:00 to 14:00 }\n"
)
STAGE = PRELUDE + """campaign example {
  enter on form.submitted
  lasts at most 900 days as timed_out
  stage only {
    on demo.requested { go to other }
%s
    exit as done
  }
  stage other { send hello  wait 1 day  exit as done }
}
"""


def conditions(body):
    lines = [line for line in body.splitlines() if line.strip() and not line.lstrip().startswith("//")]
    return PRELUDE + "".join(f"segment condition_{i}: {line}\n" for i, line in enumerate(lines)), len(lines)


def statements(body):
    """A block that ends in `exit` or `stay` needs no other; the prelude's own `exit` would be out of reach."""
    text = STAGE % body
    last = [line for line in body.splitlines() if line.strip()][-1].strip()
    return text.replace("\n    exit as done\n  }\n  stage other", "\n  }\n  stage other") if last.startswith(("exit ", "stay")) else text


def companions(text):
    """The files that a page shows for its examples to read: name and text."""
    return [(info.split()[1], body) for info, body in FENCE.findall(text) if info.startswith("csv ")]


def check(programme, binary, files):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "example.nurture"
        path.write_text(programme, encoding="utf-8")
        # An example shows one thing, and is no campaign that anybody would run.
        (path.parent / "nurture.toml").write_text('[levels]\npractice = "off"\n', encoding="utf-8")
        for name, text in files:
            (path.parent / name).write_text(text, encoding="utf-8")
        for body in BODY.findall(programme):
            (path.parent / body).parent.mkdir(parents=True, exist_ok=True)
            (path.parent / body).write_text("Hello\n", encoding="utf-8")
        done = subprocess.run([binary, "check", str(path)], capture_output=True, text=True, timeout=60)
        if done.returncode == 0 and HAS_TEST.search(programme):
            tests = subprocess.run([binary, "test", str(path)], capture_output=True, text=True, timeout=60)
            if tests.returncode != 0:
                return tests.returncode, tests.stdout + tests.stderr
        return done.returncode, done.stderr


def run_example(info, body, binary, files):
    """An empty text if the block is as it says."""
    words = info.split()
    if words == ["nurture", "condition"]:
        programme = conditions(body)[0]
    elif words == ["nurture", "statements"]:
        programme = statements(body)
    else:
        programme = body
    code, said = check(programme, binary, files)
    wanted_warnings = words == ["nurture", "condition"]
    return "" if code == 0 and (wanted_warnings or not said) else said or f"exit code {code}"


def run_console(body, binary, scratch):
    """Runs a session in a copy of the project's examples, so that it may write files there."""
    env = dict(os.environ, NO_COLOR="1", PATH=f"{binary.parent}:{os.environ['PATH']}", LC_ALL="C.UTF-8")
    said, wanted = "", ""
    for chunk in re.split(r"^\$ ", body, flags=re.M)[1:]:
        command, _, output = chunk.partition("\n")
        done = subprocess.run(["sh", "-c", command], cwd=scratch, env=env, capture_output=True, text=True, timeout=300)
        said += f"$ {command}\n{done.stdout}{done.stderr}".rstrip() + "\n"
        wanted += f"$ {command}\n{output}".rstrip() + "\n"
    # Which release of the zone database a machine has is not ours to say.
    said, wanted = (TZDATA.sub("time-zone data …", text) for text in (said, wanted))
    if said == wanted:
        return ""
    return f"the page shows:\n{wanted}\nbut the commands print:\n{said}"


def page(path, binary):
    faults, count = [], 0
    text = path.read_text(encoding="utf-8")
    files = companions(text)
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(ROOT / "examples", pathlib.Path(scratch) / "examples")
        for match in FENCE.finditer(text):
            info, body = match.group(1).strip(), match.group(2)
            if not info.startswith("nurture") and info != "console":
                continue
            count += 1
            said = run_console(body, binary, scratch) if info == "console" else run_example(info, body, binary, files)
            if said:
                line = text.count("\n", 0, match.start()) + 1
                faults.append(f"{path.relative_to(ROOT)}:{line}: ```{info}\n{said}\n")
    return faults, count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nurture", required=True, type=pathlib.Path, help="the binary under test")
    parser.add_argument("pages", nargs="*", type=pathlib.Path, help="only these")
    args = parser.parse_args()
    binary = args.nurture.resolve()
    pages = [p.resolve() for p in args.pages] or sorted(
        p for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/README.md")]
        if p.parent.name != "diagnostics")
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(lambda p: page(p, binary), pages))
    faults = [fault for found, _ in results for fault in found]
    count = sum(n for _, n in results)
    print("\n".join(faults))
    print(f"{count - len(faults)} passed, {len(faults)} failed")
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())
