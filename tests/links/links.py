#!/usr/bin/env python3
"""Checks every #include between stages, and every link line, against the one picture of who may know whom."""

import pathlib
import re
import sys

MAY_KNOW = {
    "runtime/base": set(),
    "runtime/calendar": {"runtime/base"},
    "runtime/statistics": {"runtime/base"},
    "runtime/bytecode": {"runtime/base"},
    "runtime/vm": {"runtime/base", "runtime/bytecode", "runtime/calendar"},
    "runtime/store": {"runtime/base", "runtime/bytecode"},
    "runtime/host": {"runtime/base"},
    "runtime/database": {"runtime/base"},
    "runtime/generate": {"runtime/base", "runtime/calendar"},
}
MAY_KNOW["runtime/jit"] = MAY_KNOW["runtime/vm"] | {"runtime/vm"}
MAY_KNOW["runtime/eventlog"] = MAY_KNOW["runtime/vm"] | {"runtime/vm", "runtime/store"}
MAY_KNOW["runtime/message"] = MAY_KNOW["runtime/vm"] | {"runtime/vm"}
MAY_KNOW["runtime/outcome"] = MAY_KNOW["runtime/vm"] | {"runtime/vm", "runtime/store"}
MAY_KNOW["runtime/fit"] = MAY_KNOW["runtime/outcome"] | {"runtime/outcome", "runtime/statistics"}
MAY_KNOW["runtime/review"] = MAY_KNOW["runtime/outcome"] | {"runtime/outcome", "runtime/statistics"}
MAY_KNOW["runtime/engine"] = MAY_KNOW["runtime/outcome"] | {"runtime/outcome"}
MAY_KNOW["runtime/experiment"] = MAY_KNOW["runtime/engine"] | {"runtime/engine", "runtime/statistics"}
MAY_KNOW["runtime/testing"] = MAY_KNOW["runtime/engine"] | {"runtime/engine"}

COMPILER = ["source", "diagnostics", "ast", "syntax", "sema", "flow", "ir", "codegen", "driver"]
for index, stage in enumerate(COMPILER):
    MAY_KNOW[f"compiler/{stage}"] = {f"compiler/{left}" for left in COMPILER[:index]} | {
        "runtime/base", "runtime/calendar", "runtime/bytecode"}
MAY_KNOW["compiler/format"] = {f"compiler/{left}" for left in COMPILER[:4]}
MAY_KNOW["compiler/compare"] = {f"compiler/{left}" for left in COMPILER[:5]} | {"runtime/base", "runtime/calendar"}
MAY_KNOW["compiler/picture"] = MAY_KNOW["compiler/flow"] | {"compiler/flow", "compiler/compare"}
MAY_KNOW["compiler/findings"] = {f"compiler/{left}" for left in COMPILER[:5]} | {"runtime/base"}
MAY_KNOW["compiler/practice"] = MAY_KNOW["compiler/flow"] | {"compiler/flow"}
MAY_KNOW["compiler/recall"] = {f"compiler/{left}" for left in COMPILER[:5]} | {"runtime/base", "stdlib"}
MAY_KNOW["compiler/report"] = {f"compiler/{left}" for left in COMPILER[:2]} | {"runtime/base"}
MAY_KNOW["compiler/icalendar"] = {"runtime/base", "runtime/calendar"}
MAY_KNOW["compiler/sema"] |= {"compiler/icalendar"}
MAY_KNOW["compiler/driver"] |= {"stdlib", "compiler/findings", "compiler/practice"}
MAY_KNOW["compiler/ast"] -= {"compiler/diagnostics"}
MAY_KNOW["stdlib"] = {"runtime/base"}

INCLUDE = re.compile(r'^\s*#include "((?:runtime|compiler)/[a-z]+|stdlib|tools|tests)/', re.M)
ANTLR = re.compile(r'#include [<"]antlr4')
LINK = re.compile(r"\bnurture_([a-z]+)\b")


def stage_of(path, root):
    parts = path.relative_to(root).parts
    return parts[0] if parts[0] == "stdlib" else "/".join(parts[:2])


def main(root):
    faults, files = [], 0
    folders = {name.split("/")[-1]: name for name in MAY_KNOW}
    for side in ("runtime", "compiler", "stdlib"):
        for path in sorted((root / side).rglob("*")):
            if path.suffix not in (".h", ".cpp") and path.name != "CMakeLists.txt" or path.parent == root / side and side != "stdlib":
                continue
            files += 1
            here, text = stage_of(path, root), path.read_text(encoding="utf-8")
            known = MAY_KNOW.get(here)
            if known is None:
                faults.append(f"{path.relative_to(root)}: stage {here} is not in tests/links/links.py")
                continue
            seen = {match for match in INCLUDE.findall(text)}
            if path.name == "CMakeLists.txt":
                seen = {folders[name] for name in LINK.findall(text) if name in folders}
            faults += [f"{path.relative_to(root)}: {here} must not know {other}" for other in sorted(seen - known - {here})]
            if ANTLR.search(text) and here != "compiler/syntax":
                faults.append(f"{path.relative_to(root)}: ANTLR stays inside compiler/syntax")
    print("\n".join(faults + [f"{files - len(faults)} passed, {len(faults)} failed"]))
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
