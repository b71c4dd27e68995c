#!/usr/bin/env python3
"""Compares every example with versions of itself.

`same`: in another layout, without its comments, its declarations shuffled, its constants renamed: no difference.
`edits`: with one small edit (a number, a word in quotes, a unit, a line taken out) outside tests and comments: if the
programme still checks, that must be a difference, and the same one backwards.
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|\s+|[A-Za-z_][A-Za-z_0-9]*|\d+|.', re.S)
UNSAID = r"(let|use)\b|(start_of_week\s+Monday|reenter\s+never|while with sales\s+pause|status\s+live|priority\s+0)$"
UNITS = {"minute": "hour", "minutes": "hours", "hour": "day", "hours": "days", "day": "week", "days": "weeks"}


def diff(binary, before, after):
    done = subprocess.run([binary, "diff", before, after], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def declarations(text):
    """The top level of a file, each declaration with what stands before it."""
    parts, current, depth, begun = [], "", 0, False
    tokens = TOKEN.findall(text)
    for i, token in enumerate(tokens):
        comment = token.startswith("//")
        if depth == 0 and begun and not token.isspace() and not comment and current.rstrip(" ").endswith("\n") \
                and re.fullmatch(r"[a-z]+", token) and re.match(
                    r"(use|program|lead|account|event|let|segment|content|stream|score|window|calendar|policy|rules|"
                    r"template|campaign|table|source|scenario|property|test)$", token) \
                and not re.search(r"(\band|\bor|\bnot|[:(,=])\s*$", current):
            parts.append(current)
            current, begun = "", False
        current += token
        depth += token in "{([" if len(token) == 1 else 0
        depth -= token in "})]" if len(token) == 1 else 0
        begun |= not token.isspace() and not comment
    return parts + [current]


def other_layout(text):
    """One word a line where that is allowed, and no comments."""
    out = []
    for token in TOKEN.findall(text):
        if token.startswith("//"):
            continue
        out.append("\n\n   " if "\n" in token and token.isspace() else token)
    return "".join(out)


def renamed_lets(text):
    for name in re.findall(r"^let (\w+)", text, re.M):
        text = re.sub(rf"(?<![\w.\"]){name}(?![\w\"])", name + "_renamed", text)
    return text


def shuffled(text):
    parts = declarations(text)
    random.Random(7).shuffle(parts)
    return "\n".join(parts)


def edits(text):
    """(what, text) of each."""
    in_test = []
    for part in declarations(text):
        skip = re.search(r"^\s*(//[^\n]*\s*)*test\b", part) is not None
        in_test += [skip] * len(part)
    at = 0
    for token in TOKEN.findall(text):
        here, at = at, at + len(token)
        if in_test[here] or token.startswith("//"):
            continue
        for new in replacements(token):
            line = text.count("\n", 0, here) + 1
            yield f"line {line}: {token} -> {new}", text[:here] + new + text[at:]
    lines, here = text.split("\n"), 0
    for i, line in enumerate(lines):
        here += len(line) + 1
        words = line.split("//")[0].strip()
        whole = words and all(words.count(a) == words.count(b) for a, b in ("{}", "()", "[]"))
        # A constant or a file that nobody misses means nothing, nor does what holds unsaid.
        if whole and not in_test[min(here, len(text)) - 2] and not re.match(UNSAID, words):
            yield f"line {i + 1} taken out: {words}", "\n".join(lines[:i] + lines[i + 1:])


def replacements(token):
    if token.isdigit():
        yield str(int(token) + 1)
    if token.startswith('"') and len(token) > 2:
        yield token[:-1] + 'x"'
    if token in UNITS:
        yield UNITS[token]
    swap = {"and": "or", "or": "and", "is": "is not", "never": "always", "email": "sms", "<": "<=", ">": ">="}
    if token in swap:
        yield swap[token]


def versions(folder, change):
    """A copy of an example with each of its files changed."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = pathlib.Path(scratch) / folder.name
        shutil.copytree(folder, copy)
        for path in copy.rglob("*.nurture"):
            path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        yield copy


def same(binary, folder):
    faults = []
    for change in (other_layout, shuffled, renamed_lets):
        for copy in versions(folder, change):
            code, text = diff(binary, folder, copy)
            if code != 0:
                faults.append(f"{folder.name}, {change.__name__}: {code}\n{text}")
    return faults, 3


def edited(binary, folder, share):
    faults, tried = [], 0
    for path in sorted(folder.rglob("*.nurture")):
        text = path.read_text(encoding="utf-8")
        for number, (what, new) in enumerate(edits(text)):
            if number % share or new == text:
                continue
            with tempfile.TemporaryDirectory() as scratch:
                copy = pathlib.Path(scratch) / folder.name
                shutil.copytree(folder, copy)
                (copy / path.relative_to(folder)).write_text(new, encoding="utf-8")
                code, said = diff(binary, folder, copy)
                if code == 3 and "has errors" in said:
                    continue
                tried += 1
                if code != 1 or diff(binary, copy, folder)[0] != 1:
                    faults.append(f"{path.relative_to(ROOT)}, {what}: {code}\n{said}")
    return faults, tried


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["same", "edits"])
    parser.add_argument("--nurture", required=True)
    parser.add_argument("--share", type=int, default=7, help="try one edit of so many")
    parser.add_argument("--only", default="", help="examples whose name contains this")
    args = parser.parse_args()
    binary = str(pathlib.Path(args.nurture).resolve())
    folders = sorted({p.parent for p in (ROOT / "examples").rglob("*.nurture")})
    folders = [f for f in folders if args.only in f.name and f.parent == ROOT / "examples"]
    work = same if args.what == "same" else lambda b, f: edited(b, f, args.share)
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(lambda folder: work(binary, folder), folders))
    faults = [fault for found, _ in results for fault in found]
    tried = sum(count for _, count in results)
    print("\n".join(faults + [f"{tried} versions of {len(folders)} examples, {len(faults)} wrong"]))
    return 1 if faults or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
