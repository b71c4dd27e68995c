#!/usr/bin/env python3
"""Every rule and every construct has a golden in tests/golden/rules that shows it, and a page that explains it.

A rule is a number of docs/semantics.md: a bold one (`**5.1 Membership.**`), or a chapter without bold ones (`## 9 Tests`).
Rule 5.1 is shown by goldens named 5_1_*, chapter 9 by goldens named 9_*.

A construct is a row of docs/reference/overview.md. The section it stands in says what its golden is called (SECTIONS). The
words of its name stand on one line of a file of that golden, and on one of an example, compiled by docs.py, of the page (or
the section of it) that the row points to. What stands in parentheses is no part of the name: it tells two of one name apart,
or gives the declaration of which this is a part. Every keyword of the grammar stands in one of these tables.

Another way of writing is text in backticks in the first column of a table of docs/reference/spelling.md. It stands in the
golden of that table (SPELLINGS).

Every golden there is named after a rule or a construct, and its first line gives the number of a rule.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GOLDENS = ROOT / "tests/golden/rules"
SEMANTICS = ROOT / "docs/semantics.md"
OVERVIEW = ROOT / "docs/reference/overview.md"
SPELLING = ROOT / "docs/reference/spelling.md"
GRAMMAR = ROOT / "grammar/Nurture.g4"

# What the goldens of a section begin with. With {}, its name goes on with that of the row, or with the first words of it:
# 5_clause_audience, 5_statement_take_back. With (), with what stands in parentheses there.
SECTIONS = {
    "Declarations": "3_{}",
    "Parts of declarations": "3_()",
    "Types": "3_types",
    "Operators": "4_",
    "Questions about the past": "3_2_",
    "Clauses": "5_clause_{}",
    "Ways in": "5_entry_{}",
    "Statements": "5_statement_{}",
    "Tests": "9_",
}
# Rows that goldens of another name show, alone or together: what that begins with.
ELSEWHERE = {
    ("Declarations", "test"): "9_",
    ("Declarations", "campaign"): "5_",
    ("Parts of declarations", "origin (source)"): "7_3_",
    ("Clauses", "at stage"): "5_entry_",
    ("Clauses", "on"): "5_clause_triggers",
    ("Clauses", "when"): "5_clause_triggers",
    ("Clauses", "on silence of"): "5_clause_triggers",
    ("Clauses", "never"): "5_5_never",
    ("Clauses", "quiet hours"): "5_5_permission",
    ("Clauses", "sales hold"): "5_7_",
    ("Clauses", "owner"): "5_clause_running",
    ("Clauses", "version"): "5_clause_running",
    ("Clauses", "status"): "5_clause_running",
    ("Clauses", "overdue"): "5_clause_running",
    ("Clauses", "on edit"): "5_clause_running",
    ("Clauses", "follow"): "3_rules",
    ("Clauses", "stage"): "5_9_go_to",
    ("Ways in", "before"): "5_entry_dated",
    ("Ways in", "on silence of"): "5_entry_silence",
    ("Ways in", "if"): "5_entry_",
    ("Statements", "send now or skip"): "5_5_now_or_skip",
    ("Questions about the past", "count of leads"): "5_14_account_campaign",
    ("Questions about the past", "any lead"): "5_14_account_campaign",
    ("Questions about the past", "no lead"): "5_14_account_campaign",
    ("Questions about the past", "account is with sales"): "5_14_account_campaign",
    ("Statements", "to leads"): "5_14_account_campaign",
    ("Statements", "by account (of a split)"): "5_14_account_campaign",
    ("Statements", "wait of (inside a window)"): "6_1_time_in_window",
    ("Statements", "if none left"): "5_statement_send_next_of",
    ("Statements", "otherwise"): "5_8_otherwise",
    ("Statements", "move on"): "5_8_",
    ("Statements", "keep waiting"): "5_8_",
    ("Statements", "add to score"): "5_statement_add_score",
    ("Statements", "add to audience"): "5_statement_audience",
    ("Statements", "remove from audience"): "5_statement_audience",
    ("Statements", "call webhook"): "5_statement_webhook",
}
# Keywords that are not part of the language: answered with the right word.
NO_WORDS = {"alert", "equals", "stop"}
# The tables of the page of spellings, in its order.
SPELLINGS = ["12_accepted", "12_answered"]

BOLD_RULE = re.compile(r"^\*\*(\d+\.\d+)\b", re.M)
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
        return f"there is no golden {prefix}…"
    if not any(has_words(words, text) for text in named):
        return f"no golden {prefix}… has it"
    return ""


def carries(stem, prefix, name):
    """The rest of the golden's name is that of the row, or one begins as the other does, word by word."""
    rest, words = stem.removeprefix(prefix).split("_"), re.sub(r"[()]", "", name).split()
    return stem.startswith(prefix) and all(a == b for a, b in zip(rest, words))


def construct_faults(section, row, files):
    name, words = row[0], re.sub(r" \(.*\)", "", row[0])
    prefix = ELSEWHERE.get((section, name), SECTIONS[section]).replace("()", name.rpartition("(")[2].rstrip(")"))
    own = prefix.endswith("{}")
    prefix = prefix.removesuffix("{}")
    named = [text for stem, text in files.items()
             if (carries(stem, prefix, name) if own else stem.startswith(prefix))]
    found = [golden_fault(words, named, prefix + words.replace(" ", "_") if own else prefix), page_fault(words, row[-1])]
    return [f"{section}, {name}: {fault}" for fault in found if fault]


def spelling_faults(files):
    faults = []
    for stem, (_, rows) in zip(SPELLINGS, tables(SPELLING), strict=True):
        spans = [span.replace("\\|", "|") for row in rows for span in re.findall(r"`([^`]+)`", row[0])]
        faults += [f"spelling.md: {stem} does not have “{span}”" for span in spans if span not in files.get(stem, "")]
    return faults


def keyword_faults():
    words = re.findall(r"^(?:[A-Z_]+: '[a-z_]+'(?: 's'\?)?; ?)+", GRAMMAR.read_text(encoding="utf-8"), re.M)
    words = set(re.findall(r"'([a-z_]{2,})'", " ".join(words))) - NO_WORDS
    known = " ".join(re.findall(r"`([^`]+)`", OVERVIEW.read_text(encoding="utf-8")))
    return [f"overview.md: nothing is written with “{word}”" for word in sorted(words)
            if not re.search(rf"\b{word}s?\b", known)]


def main():
    goldens = {path.stem: path.read_text(encoding="utf-8") for path in sorted(GOLDENS.glob("*.golden"))}
    files = {stem: "\n".join(GOLDEN_FILE.findall(text)) for stem, text in goldens.items()}
    faults, constructs = [], 0
    prefixes = {prefix.removesuffix("{}").removesuffix("()") for prefix in SECTIONS.values()} | set(SPELLINGS)
    for rule in rules():
        prefix = rule.replace(".", "_") + "_"
        prefixes.add(prefix)
        if not any(stem.startswith(prefix) for stem in goldens):
            faults.append(f"rule {rule}: there is no golden {prefix}…")
    for section, rows in tables(OVERVIEW):
        if section not in SECTIONS:
            faults.append(f"overview.md: nothing says what the goldens of “{section}” are called")
            continue
        constructs += len(rows)
        for row in rows:
            faults += construct_faults(section, row, files)
    faults += spelling_faults(files) + keyword_faults()
    for stem, text in goldens.items():
        if not any(stem.startswith(prefix) for prefix in prefixes):
            faults.append(f"{stem}: it is named after no rule and no construct")
        if not re.match(r"# §\d", text):
            faults.append(f"{stem}: its first line does not give the number of a rule")
    print("\n".join(faults))
    print(f"{len(rules())} rules, {constructs} constructs, {len(goldens)} goldens, {len(faults)} faults")
    return 1 if faults or not goldens or not constructs else 0


if __name__ == "__main__":
    sys.exit(main())
