#!/usr/bin/env python3
"""What `nurture fmt` does to every programme of the tree, seen from outside: to the examples, to what comes along, and to the
files of the goldens, each together with the files beside it.

Laid out twice is laid out once. Nothing is lost: the same comments in the same order, the same syntax, and where it compiles
the same module, but for its lines and for words that have another way of writing. And without its indentation and its
columns a file is laid out as it was."""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PLACE = re.compile(r"line \d+ column \d+|(?<=\.nurture):\d+(?=\")")
NAMED = re.compile(r'(\d+) ("(?:[^"\\]|\\.)*")')  # a row of a table, and what it says
TEXT = re.compile(r"(\{ (?:type \{ kind choice[^}]*\} )?value) (\d+) \}")
LABEL = re.compile(r'label "(?:[^"\\]|\\.)*"')  # how the source says it, for people
CHANNEL = re.compile(r"\(send \[[a-z_]+\] ")  # goes where the content says the same


def files_of_golden(path):
    name, lines, out = None, [], {}
    for line in [*path.read_text(encoding="utf-8").splitlines(), "--- end"]:
        if line.startswith("--- "):
            if name:
                out[name] = ("\n".join(lines).rstrip("\n") + "\n").encode()
            name = line[9:].strip() if line.startswith("--- file ") else None
            lines = []
        else:
            lines.append(line)
    return out


def units():
    """Files that stand beside one another, by the place they are from."""
    for folder in [*sorted(p for p in (ROOT / "examples").iterdir() if p.is_dir()), ROOT / "stdlib", ROOT / "tests/realdata"]:
        yield folder, {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    for golden in sorted((ROOT / "tests/golden").rglob("*.golden")):
        files = files_of_golden(golden)
        if any(name.endswith(".nurture") for name in files):
            yield golden, files


def tokens(text):
    """The text in pieces: quoted texts, comments, and what stands between them."""
    return re.findall(r'"(?:[^"\n])*"?|(?://|#)[^\n]*|[^"#/]+|/', text)


def comments(text):
    return [piece.lstrip("#/ ").rstrip() for piece in tokens(text) if piece[0] == "#" or piece[:2] == "//"]


def squeezed(text):
    """Without indentation and without columns; the lines stay."""
    out = ""
    for piece in tokens(text):
        if piece[0] not in '"#' and piece[:2] != "//":
            piece = re.sub(r"[ \t]+", " ", piece)
            piece = re.sub(r"\n ", "\n", piece)
        out += piece
    return out


class Command:
    def __init__(self, binary):
        self.binary = binary

    def __call__(self, *words, cwd, text=None):
        return subprocess.run([self.binary, *words], cwd=cwd, input=text, capture_output=True, timeout=60,
                              env=dict(os.environ, NO_COLOR="1"))


def module(nurture, folder, programme):
    done = nurture("disasm", programme, cwd=folder)
    if done.returncode != 0:
        return None
    text = PLACE.sub("", done.stdout.decode())
    begin, end = text.index("strings ["), text.index("\n]")
    strings = [line.strip() for line in text[begin:end].splitlines()[1:]]

    def name(found):
        """Strings by what they say: their rows are others where a label more or less stands among them."""
        row, said = int(found[1]), found[2]
        return said if row < len(strings) and strings[row] == said else found[0]

    rest = TEXT.sub(lambda found: f"{found[1]} {strings[int(found[2])]} }}", text[:begin] + text[end:])
    return " ".join(LABEL.sub("", NAMED.sub(name, rest)).split())


def syntax(nurture, folder, name):
    done = nurture("check", "--dump", "ast", name, cwd=folder)
    return CHANNEL.sub("(send ", done.stdout.decode()) if done.returncode == 0 else None


def check(nurture, unit):
    """The faults of a unit; how many of its files parse, and how many programmes compile that have changed."""
    where, files = unit
    faults, names = [], sorted(name for name in files if name.endswith(".nurture"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        whole, changed = [], {}
        for name in names:
            once = nurture("fmt", "-", cwd=folder, text=files[name])
            if once.returncode != 0:
                continue
            whole.append(name)
            if once.stdout != files[name]:
                changed[name] = once.stdout

            def fault(what):
                faults.append(f"{where.relative_to(ROOT)}: {name}: {what}")

            if nurture("fmt", "-", cwd=folder, text=once.stdout).stdout != once.stdout:
                fault("laid out again, it changes")
            if comments(files[name].decode()) != comments(once.stdout.decode()):
                fault("other comments")
            if nurture("fmt", "-", cwd=folder, text=squeezed(files[name].decode()).encode()).stdout != once.stdout:
                fault("without its indentation it is laid out otherwise")
        if not changed:
            return faults, len(whole), 0
        # A programme is a file, or a folder with all below it.
        programmes = sorted({*names, *(str(parent) for name in names for parent in pathlib.PurePath(name).parents)})
        modules = {programme: module(nurture, folder, programme) for programme in programmes}
        trees = {name: syntax(nurture, folder, name) for name in changed}
        for name, text in changed.items():
            (folder / name).write_bytes(text)
        for name, before in trees.items():
            if before != syntax(nurture, folder, name):
                faults.append(f"{where.relative_to(ROOT)}: {name}: another syntax tree")
        for programme, before in modules.items():
            if before != module(nurture, folder, programme):
                faults.append(f"{where.relative_to(ROOT)}: {programme}: another module")
    return faults, len(whole), sum(m is not None for m in modules.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nurture", required=True, type=pathlib.Path)
    parser.add_argument("--share", type=int, default=1, help="try one golden of so many, and one example")
    args = parser.parse_args()
    nurture = Command(args.nurture.resolve())
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(lambda unit: check(nurture, unit), list(units())[::args.share]))
    faults = [fault for found, _, _ in results for fault in found]
    files, modules = sum(r[1] for r in results), sum(r[2] for r in results)
    for fault in faults:
        print(fault)
    print(f"{files} files laid out, {modules} programmes changed by it, compiled before and after; {len(faults)} faults")
    return 1 if faults or files < 300 // args.share or modules < 100 // args.share else 0


if __name__ == "__main__":
    sys.exit(main())
