"""Programmes that give every finding there is: the examples of the pages of diagnostics, a folder each."""

import sys

from readers import ROOT

sys.path.append(str(ROOT / "tests/docs"))
from diagnostics import BLOCK, COMPANION, NOT_ON_A_PAGE, levels  # noqa: E402


def write(folder):
    """The codes that are to be found, in the order of their folders."""
    codes = []
    for page in sorted((ROOT / "docs/diagnostics").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        blocks = BLOCK.findall(text)
        if page.stem in NOT_ON_A_PAGE:
            continue
        programme = folder / page.stem
        programme.mkdir(parents=True)
        # What is not ASCII before it, on its line too, where that can be.
        (programme / "é 100%.nurture").write_text("// “é😀”\n" + blocks[0], encoding="utf-8")
        for name, companion in COMPANION.findall(text):
            (programme / name).write_text(companion, encoding="utf-8")
        (programme / "nurture.toml").write_text(levels(page.stem), encoding="utf-8")
        codes.append(page.stem)
    return codes
