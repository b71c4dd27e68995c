#!/usr/bin/env python3
"""Every rule and every construct has a golden in tests/golden/rules that shows it, and a page that explains it.

A rule is a number of docs/semantics.md: a bold one (`**5.1 Membership.**`), or a chapter without bold ones (`## 9 Tests`).
Rule 5.1 is shown by goldens named 5_1_*, chapter 9 by goldens named 9_*.

A construct is a row of docs/reference/overview.md. The section it stands in says what its golden is called (SECTIONS). The
words of its name stand on one line of a file of that golden, and on one of an example, compiled by docs.py, of the page (or
the section of it) that the row points to. What stands in parentheses only tells two of one name apart.

Another way of writing is text in backticks in the first column of a table of docs/reference/spelling.md. It stands in the
golden of that table (SPELLINGS).

Every golden there is named after a rule or a construct, and its first line gives the number.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GOLDENS = ROOT / "tests/golden/rules"
SEMANTICS = ROOT / "docs/semantics.md"
OVERVIEW = ROOT / "docs/reference/overview.md"
SPELLING = ROOT / "docs/reference/spelling.md"

# What the goldens of a section begin with. With {}, each row has its own, named after it: 5_clause_audience.
SECTIONS = {
    "Declarations": "3_{}",
    "Types": "3_types",
    "Operators": "4_",
    "Questions about the past": "3_2_",
    "Clauses": "5_clause_{}",
    "Ways in": "5_entry_{}",
    "Statements": "5_statement_{}",
    "Tests": "9_",
}
# Rows that goldens of another chapter show.
ELSEWHERE = {("Declarations", "test"): "9_", ("Declarations", "campaign"): "5_"}
# The tables of the page of spellings, in its order.
SPELLINGS = ["12_accepted", "12_answered"]

BOLD_RULE = re.compile(r"^\*\*(\d+\.\d+) ", re.M)
CHAPTER = re.compile(r"^## (\d+) ", re.M)
EXAMPLE = re.compile(r"^```nurture[^\n]*\n(.*?)^```$", re.M | re.S)
GOLDEN_FILE = re.compile(r"^--- file [^\n]*\n(.*?)(?=^--- |\Z)", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)#]+)(?:#([^)]*))?\)")
CELL = re.compile(r"(?<!\\)\|")


def rules():
    """The published numbers."""
    text = SEMANTICS.read_text(encoding="utf-8")
    bold = BOLD_RULE.findall(text)
    return bold + [n for n in CHAPTER.findall(text) if not any(rule.startswith(n + ".") for rule in bold)]


def tables(path):
    """The tables of a page, each a list of rows of cells, with the heading it stands under."""
    heading, found, before = "", [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:].strip()
        if line.startswith("|---"):
            found.append((heading, []))
        elif line.startswith("| ") and before.startswith("|"):
            found[-1][1].append([cell.strip() for cell in CELL.split(line)[1:-1]])
        before = line
    return found


def has_words(name, text):
    """The words stand on one line, in this order; a sign (`<=`) between spaces."""
    words = (rf"(?<!\w){re.escape(w)}(?!\w)" if w[0].isalpha() else rf" {re.escape(w)} " for w in name.split())
    return re.search(".*".join(words), text) is not None


def section_of(page, wanted):
    """The text under the heading with this anchor, up to the next heading of its level."""
    text, level = [], 0
    for line in page.splitlines():
        heading = re.match(r"(#+) (.*)", line)
        if heading and level and len(heading[1]) <= level:
            break
        if heading and re.sub(r"[^\w\- ]", "", heading[2].lower()).replace(" ", "-") == wanted:
            level = len(heading[1])
        if level:
            text.append(line + "\n")
    return "".join(text)


def page_fault(words, cell):
    link = LINK.search(cell)
    path = OVERVIEW.parent / link[1] if link else None
    if not path or not path.is_file():
        return "there is no page for it"
    page = path.read_text(encoding="utf-8")
    if link[2]:
        page = section_of(page, link[2])
    if not page:
        return f"{link[1]} has no section #{link[2]}"
    if not any(has_words(words, example) for example in EXAMPLE.findall(page)):
        return f"no example of {link[1]}{'#' + link[2] if link[2] else ''} has it"
    return ""


def golden_fault(words, named, prefix):
    if not named:
        return f"there is no golden {prefix}"
    if not any(has_words(words, text) for text in named):
        return f"no golden {prefix} has it"
    return ""


def construct_faults(section, row, files, prefixes):
    name, words = row[0], re.sub(r" \(.*\)", "", row[0])
    prefix = ELSEWHERE.get((section, name), SECTIONS[section])
    if "{}" in prefix:
        prefix = prefix.format(re.sub(r"[()]", "", name).replace(" ", "_"))
        named = [text for stem, text in files.items() if stem == prefix or stem.startswith(prefix + "_")]
    else:
        named = [text for stem, text in files.items() if stem.startswith(prefix)]
    prefixes.add(prefix)
    found = [golden_fault(words, named, prefix), page_fault(words, row[-1])]
    return [f"{section}, {name}: {fault}" for fault in found if fault]


def spelling_faults(files):
    faults = []
    for stem, (_, rows) in zip(SPELLINGS, tables(SPELLING), strict=True):
        spans = [span.replace("\\|", "|") for row in rows for span in re.findall(r"`([^`]+)`", row[0])]
        faults += [f"spelling.md: {stem} does not have “{span}”" for span in spans if span not in files.get(stem, "")]
    return faults


def main():
    goldens = {path.stem: path.read_text(encoding="utf-8") for path in sorted(GOLDENS.glob("*.golden"))}
    files = {stem: "\n".join(GOLDEN_FILE.findall(text)) for stem, text in goldens.items()}
    faults, prefixes, constructs = [], set(SPELLINGS), 0
    for rule in rules():
        prefix = rule.replace(".", "_") + "_"
        prefixes.add(prefix)
        if not any(stem.startswith(prefix) for stem in goldens):
            faults.append(f"rule {rule}: there is no golden {prefix}*")
    for section, rows in tables(OVERVIEW):
        if section not in SECTIONS:
            faults.append(f"overview.md: nothing says what the goldens of “{section}” are called")
            continue
        constructs += len(rows)
        for row in rows:
            faults += construct_faults(section, row, files, prefixes)
    faults += spelling_faults(files)
    for stem, text in goldens.items():
        if not any(stem.startswith(prefix) for prefix in prefixes):
            faults.append(f"{stem}: it is named after no rule and no construct")
        if not re.match(rf"# §{stem.split('_')[0]}(?!\d)", text):
            faults.append(f"{stem}: its first line does not give the number")
    print("\n".join(faults))
    print(f"{len(rules())} rules, {constructs} constructs, {len(goldens)} goldens, {len(faults)} faults")
    return 1 if faults or not goldens or not constructs else 0


if __name__ == "__main__":
    sys.exit(main())
