"""Programmes that give every finding there is: the examples of the pages of diagnostics, a folder each."""

import sys

from readers import ROOT

sys.path.append(str(ROOT / "tests/docs"))
from diagnostics import BLOCK, COMPANION, EVENTS, NOT_ON_A_PAGE, write_companions  # noqa: E402


def write(folder, logs=False):
    """The codes that are to be found, in the order of their folders; those that take a log where `logs` says so."""
    codes = []
    for page in sorted((ROOT / "docs/diagnostics").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        blocks = BLOCK.findall(text)
        files = COMPANION.findall(text)
        if page.stem in NOT_ON_A_PAGE or (not logs and EVENTS in dict(files)):
            continue
        programme = folder / page.stem
        programme.mkdir(parents=True)
        # What is not ASCII before it, on its line too, where that can be.
        (programme / "é 100%.nurture").write_text("// “é😀”\n" + blocks[0], encoding="utf-8")
        write_companions(page.stem, files, programme)
        codes.append(page.stem)
    return codes
