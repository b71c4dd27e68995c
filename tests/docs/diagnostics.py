#!/usr/bin/env python3
"""Every code of diagnostics.def has a page and a golden, and they are about that code and nothing else.

For each code:

    docs/diagnostics/<code>.md               its first ```nurture block gives the code and no other, once; its second
                                             block, what to write instead, checks clean; a ```csv name block is a
                                             file that both read. With a ```ndjson events.ndjson block both are
                                             checked with that log, and leads.csv as its leads; a ```toml
                                             nurture.toml block stands in that file too
    tests/golden/diagnostics/<code>.golden   shows the code and no other; its first line is the title of the page
    tests/golden/practice/<code>.golden      the same of a code of good practice (W11 to W15), and
    tests/golden/practice/<code>_silent.golden  shows where it has nothing to say; examples about another code are read
                                             without those of practice, so that they may be short

What cannot be shown so is listed here, with the reason.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TABLE = ROOT / "compiler/diagnostics/diagnostics.def"
CODE = re.compile(r'"([EW][0-9]{4})"')
BLOCK = re.compile(r"^```nurture\n(.*?)^```$", re.M | re.S)
COMPANION = re.compile(r"^```(?:csv|ndjson|toml) ([^\n]+)\n(.*?)^```$", re.M | re.S)
EVENTS, LEADS, LEVELS = "events.ndjson", "leads.csv", "nurture.toml"
SAID = re.compile(r"^(?:error|warning|advice)\[([EW][0-9]+)\]", re.M)

# Pages without an example.
NOT_ON_A_PAGE = {
    "E0110": "a page is UTF-8 itself",
    "E0111": "it takes four megabytes",
    "E0112": "it takes two hundred brackets",
    "E0312": "it takes two files; the golden has them",
}


def practice(code):
    return code.startswith("W1") and not code.startswith("W10")


def levels(code):
    """A nurture.toml under which practice says nothing but this."""
    own = re.search(rf'"{code}", Severity::(\w+)', TABLE.read_text(encoding="utf-8"))[1].lower()
    return '[levels]\npractice = "off"\n' + (f'{code} = "{own}"\n' if practice(code) else "")


def write_companions(code, files, folder):
    """The files beside the example of a page, as (name, text), and its nurture.toml."""
    (folder / LEVELS).write_text(levels(code), encoding="utf-8")
    for name, text in files:
        with (folder / name).open("a" if name == LEVELS else "w", encoding="utf-8") as out:
            out.write(text)


def log_options(names):
    """How `nurture check` is told of the log of a page."""
    if EVENTS not in names:
        return []
    return ["--events", EVENTS] + (["--leads", LEADS] if LEADS in names else [])


def said(code, programme, binary, files):
    """The codes that `nurture check` prints, in order."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "example.nurture"
        path.write_text(programme, encoding="utf-8")
        write_companions(code, files, path.parent)
        done = subprocess.run([binary, "check", str(path), *log_options([name for name, _ in files])], cwd=folder,
                              capture_output=True, text=True, timeout=60, env=dict(os.environ, NO_COLOR="1"))
        return SAID.findall(done.stderr)


def page_faults(code, binary):
    path = ROOT / "docs/diagnostics" / f"{code}.md"
    if not path.exists():
        return ["there is no page"]
    text = path.read_text(encoding="utf-8")
    faults = [] if text.startswith(f"# {code}: ") else ["the page does not begin with its code and title"]
    if code in NOT_ON_A_PAGE:
        return faults
    blocks = BLOCK.findall(text)
    if len(blocks) != 2:
        return faults + [f"the page has {len(blocks)} examples, not one and what to write instead"]
    files = COMPANION.findall(text)
    bad, good = (said(code, block, binary, files) for block in blocks)
    if bad != [code]:
        faults.append(f"the example of the page gives {' '.join(bad) or 'nothing'}")
    if good:
        faults.append(f"what the page says to write instead gives {' '.join(good)}")
    return faults


def golden_faults(code):
    folder = ROOT / "tests/golden" / ("practice" if practice(code) else "diagnostics")
    path = folder / f"{code}.golden"
    if not path.exists():
        return ["there is no golden"]
    text = path.read_text(encoding="utf-8")
    shown = SAID.findall(text)
    faults = [] if shown == [code] else [f"the golden shows {' '.join(shown) or 'no code'}"]
    if not text.startswith(f"# {code}: "):
        faults.append("the golden does not begin with its code and title")
    return faults + (silent_faults(folder, code) if practice(code) else [])


def silent_faults(folder, code):
    path = folder / f"{code}_silent.golden"
    if not path.exists():
        return ["there is no golden in which it is silent"]
    shown = SAID.findall(path.read_text(encoding="utf-8"))
    return [f"the silent golden shows {' '.join(shown)}"] if shown else []



def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nurture", required=True, type=pathlib.Path, help="the binary under test")
    args = parser.parse_args()
    binary = args.nurture.resolve()
    codes = CODE.findall(TABLE.read_text(encoding="utf-8"))
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        pages = list(pool.map(lambda code: page_faults(code, binary), codes))
    faults = [f"{code}: {fault}" for code, found in zip(codes, pages) for fault in found + golden_faults(code)]
    strays = {p.stem for p in (ROOT / "docs/diagnostics").glob("*.md")} - set(codes)
    faults += [f"{code}: there is a page, and no such code" for code in sorted(strays)]
    faults += [f"{code}: there are several of this code" for code in sorted({c for c in codes if codes.count(c) > 1})]
    print("\n".join(faults))
    print(f"{len(codes)} codes, {len(faults)} faults")
    return 1 if faults or not codes else 0


if __name__ == "__main__":
    sys.exit(main())
