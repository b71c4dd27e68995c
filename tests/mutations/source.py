"""A programme's text with its structure: where campaigns, stages and statements begin and end.

Only laid-out files are read, such as the examples are: a statement or clause begins its line, and braces tell what belongs
to it. Strings and comments are blanked in `mask`, which has the length of the text, so that a search finds words only.
"""

import dataclasses
import re

STRING_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*')


def blank(match):
    word = match[0]
    return '"' + " " * (len(word) - 2) + '"' if word.startswith('"') else " " * len(word)


@dataclasses.dataclass(frozen=True)
class Block:
    """Something with braces: `head` up to the opening one."""

    name: str
    begin: int
    open: int
    end: int


class Source:
    """Without its tests: what they say of the names in a campaign would hide what a fault in it gives."""

    def __init__(self, text):
        self.mask = STRING_OR_COMMENT.sub(blank, text)
        self.text = text
        for test in list(self.blocks(r'^test "')):
            self.text = without(self.text, test)
            self.mask = without(self.mask, test)

    def blocks(self, head, mask=None, within=None):
        """Everything whose head matches and that has braces."""
        mask = self.mask if mask is None else mask
        low, high = (within.open, within.end) if within else (0, len(mask))
        for match in re.finditer(head, mask[:high], re.M):
            if match.start() < low:
                continue
            opening = mask.find("{", match.end() - (1 if match[0].endswith("{") else 0))
            if opening < 0 or opening >= high:
                continue
            name = match.groupdict().get("name", "")
            yield Block(name, match.start(), opening, closing(mask, opening) + 1)

    def campaigns(self):
        return list(self.blocks(r"^(?:campaign|template) (?P<name>\w+)\b(?! from)"))

    def stages(self, campaign):
        return list(self.blocks(r"^  stage (?P<name>\w+)", within=campaign))

    def line(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def find(self, pattern, within=None):
        low, high = (within.begin, within.end) if within else (0, len(self.mask))
        return list(re.compile(pattern, re.M).finditer(self.mask, low, high))


def without(text, block):
    """Its lines remain, and are empty."""
    return text[: block.begin] + re.sub(r"[^\n]", " ", text[block.begin : block.end]) + text[block.end :]


def closing(mask, opening):
    """Where the brace closes that opens there."""
    depth = 0
    for i in range(opening, len(mask)):
        depth += {"{": 1, "}": -1}.get(mask[i], 0)
        if depth == 0:
            return i
    return len(mask) - 1
